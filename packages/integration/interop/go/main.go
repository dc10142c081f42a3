// A live Whisper node of another implementation, driven over standard input and output, one JSON object a line. It
// exists so that our own nodes can be tried against code that we did not write: go-ethereum's Whisper, or with
// -implementation status-go the one of Status.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/log"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/p2p/enode"

	"status-stack-interop/shh"
)

var outLock sync.Mutex

func say(event string, facts map[string]interface{}) {
	if facts == nil {
		facts = map[string]interface{}{}
	}
	facts["event"] = event
	line, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	outLock.Lock()
	defer outLock.Unlock()
	fmt.Println(string(line))
}

func main() {
	implementation := flag.String("implementation", "geth", "geth or status-go")
	minPow := flag.Float64("minpow", 0.2, "proof of work required of envelopes")
	maxSize := flag.Uint("maxsize", 1024*1024, "largest packet it takes and largest message it posts, bytes")
	verbosity := flag.Int("verbosity", 0, "log level on standard error, 0 to 5")
	flag.Parse()
	log.Root().SetHandler(log.LvlFilterHandler(log.Lvl(*verbosity), log.StreamHandler(os.Stderr, log.TerminalFormat(false))))

	var node shh.Node
	switch *implementation {
	case "geth":
		node = newGeth(*minPow, uint32(*maxSize))
	case "status-go":
		node = newStatus(*minPow, uint32(*maxSize))
	default:
		fail(fmt.Errorf("unknown implementation %q", *implementation))
	}
	key, err := crypto.GenerateKey()
	if err != nil {
		fail(err)
	}
	server := &p2p.Server{Config: p2p.Config{
		PrivateKey:      key,
		Name:            "interop",
		MaxPeers:        10,
		ListenAddr:      "127.0.0.1:0",
		NoDiscovery:     true,
		EnableMsgEvents: true,
		Protocols:       node.Protocols(),
	}}
	if err := server.Start(); err != nil {
		fail(err)
	}
	if err := node.Start(server); err != nil {
		fail(err)
	}
	events := make(chan *p2p.PeerEvent, 1024)
	subscription := server.SubscribeEvents(events)
	defer subscription.Unsubscribe()
	go watchPeers(events)
	go watchPool(node)

	say("listening", map[string]interface{}{"enode": server.Self().URLv4(), "id": server.Self().ID().String()})
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(make([]byte, 1<<16), 1<<24)
	for input.Scan() {
		var next shh.Command
		if err := json.Unmarshal(input.Bytes(), &next); err != nil {
			say("failed", map[string]interface{}{"reason": err.Error()})
			continue
		}
		if err := run(next, server, node); err != nil {
			say("failed", map[string]interface{}{"do": next.Do, "reason": err.Error()})
		}
	}
	_ = node.Stop()
	server.Stop()
}

func run(next shh.Command, server *p2p.Server, node shh.Node) error {
	switch next.Do {
	case "dial":
		peer, err := enode.ParseV4(next.Enode)
		if err != nil {
			return err
		}
		server.AddPeer(peer)
	case "listen":
		take, err := node.Listen(next)
		if err != nil {
			return err
		}
		go watchFilter(take)
	case "post":
		hash, err := node.Post(next)
		if err != nil {
			return err
		}
		say("posted", map[string]interface{}{"hash": hash})
		return nil
	case "bloom":
		if err := node.SetBloomFilter(next.Bloom); err != nil {
			return err
		}
	case "pow":
		if err := node.SetMinimumPoW(next.Pow); err != nil {
			return err
		}
	case "request", "ask", "sync":
		client, able := node.(mailer)
		if !able {
			return fmt.Errorf("this implementation knows no mailservers")
		}
		actions := map[string]func(shh.Command) error{"request": client.request, "ask": client.ask, "sync": client.sync}
		if err := actions[next.Do](next); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown command %q", next.Do)
	}
	say("done", map[string]interface{}{"do": next.Do})
	return nil
}

func watchPeers(events chan *p2p.PeerEvent) {
	for event := range events {
		facts := map[string]interface{}{"peer": event.Peer.String(), "error": event.Error}
		if event.MsgCode != nil {
			facts["code"] = *event.MsgCode
			facts["size"] = *event.MsgSize
		}
		say(string(event.Type), facts)
	}
}

func watchFilter(take func() []shh.Received) {
	for range time.Tick(50 * time.Millisecond) {
		for _, message := range take() {
			facts := map[string]interface{}{
				"hash":    message.Hash,
				"payload": hexutil.Bytes(message.Payload),
				"topic":   message.Topic,
				"sent":    message.Sent,
				"pow":     message.Pow,
			}
			if message.Signer != nil {
				facts["signer"] = hexutil.Bytes(message.Signer)
			}
			say("message", facts)
		}
	}
}

// watchPool reports every envelope once: relaying means that it is pooled here and goes on to the other peers.
func watchPool(node shh.Node) {
	known := map[common.Hash]bool{}
	for range time.Tick(50 * time.Millisecond) {
		for _, envelope := range node.Pool() {
			if !known[envelope.Hash] {
				known[envelope.Hash] = true
				say("pooled", map[string]interface{}{"hash": envelope.Hash, "topic": envelope.Topic, "size": envelope.Size})
			}
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
