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
)

type command struct {
	Do       string        `json:"do"`
	Enode    string        `json:"enode"`
	SymKey   hexutil.Bytes `json:"symKey"`
	Receiver hexutil.Bytes `json:"receiver"` // public key, 65 bytes: seals asymmetrically
	Key      hexutil.Bytes `json:"key"`      // private key, 32 bytes: opens (listen) or signs (post)
	Topic    hexutil.Bytes `json:"topic"`
	Payload  hexutil.Bytes `json:"payload"`
	TTL      uint32        `json:"ttl"`
	Pow      float64       `json:"pow"`
	Bloom    hexutil.Bytes `json:"bloom"`
	Peer     hexutil.Bytes `json:"peer"` // node id, 32 bytes: send to this peer alone
}

// received is a message that a filter opened.
type received struct {
	hash    common.Hash
	payload []byte
	topic   hexutil.Bytes
	sent    uint32
	pow     float64
	signer  []byte
}

// pooled is an envelope that a node keeps until it expires.
type pooled struct {
	hash  common.Hash
	topic hexutil.Bytes
	size  int
}

// node is what both implementations can do.
type node interface {
	protocols() []p2p.Protocol
	start(server *p2p.Server) error
	stop()
	// listen answers a function that takes what was opened since it was last called.
	listen(next command) (func() []received, error)
	post(next command) (common.Hash, error)
	pool() []pooled
	setBloom(bloom []byte) error
	setPow(pow float64) error
}

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
	verbosity := flag.Int("verbosity", 0, "log level on standard error, 0 to 5")
	flag.Parse()
	log.Root().SetHandler(log.LvlFilterHandler(log.Lvl(*verbosity), log.StreamHandler(os.Stderr, log.TerminalFormat(false))))

	var shh node
	switch *implementation {
	case "geth":
		shh = newGeth(*minPow)
	case "status-go":
		shh = newStatus(*minPow)
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
		Protocols:       shh.protocols(),
	}}
	if err := server.Start(); err != nil {
		fail(err)
	}
	if err := shh.start(server); err != nil {
		fail(err)
	}
	events := make(chan *p2p.PeerEvent, 1024)
	subscription := server.SubscribeEvents(events)
	defer subscription.Unsubscribe()
	go watchPeers(events)
	go watchPool(shh)

	say("listening", map[string]interface{}{"enode": server.Self().URLv4(), "id": server.Self().ID().String()})
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(make([]byte, 1<<16), 1<<24)
	for input.Scan() {
		var next command
		if err := json.Unmarshal(input.Bytes(), &next); err != nil {
			say("failed", map[string]interface{}{"reason": err.Error()})
			continue
		}
		if err := run(next, server, shh); err != nil {
			say("failed", map[string]interface{}{"do": next.Do, "reason": err.Error()})
		}
	}
	shh.stop()
	server.Stop()
}

func run(next command, server *p2p.Server, shh node) error {
	switch next.Do {
	case "dial":
		peer, err := enode.ParseV4(next.Enode)
		if err != nil {
			return err
		}
		server.AddPeer(peer)
	case "listen":
		take, err := shh.listen(next)
		if err != nil {
			return err
		}
		go watchFilter(take)
	case "post":
		hash, err := shh.post(next)
		if err != nil {
			return err
		}
		say("posted", map[string]interface{}{"hash": hash})
		return nil
	case "bloom":
		if err := shh.setBloom(next.Bloom); err != nil {
			return err
		}
	case "pow":
		if err := shh.setPow(next.Pow); err != nil {
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

func watchFilter(take func() []received) {
	for range time.Tick(50 * time.Millisecond) {
		for _, message := range take() {
			facts := map[string]interface{}{
				"hash":    message.hash,
				"payload": hexutil.Bytes(message.payload),
				"topic":   message.topic,
				"sent":    message.sent,
				"pow":     message.pow,
			}
			if message.signer != nil {
				facts["signer"] = hexutil.Bytes(message.signer)
			}
			say("message", facts)
		}
	}
}

// watchPool reports every envelope once: relaying means that it is pooled here and goes on to the other peers.
func watchPool(shh node) {
	known := map[common.Hash]bool{}
	for range time.Tick(50 * time.Millisecond) {
		for _, envelope := range shh.pool() {
			if !known[envelope.hash] {
				known[envelope.hash] = true
				say("pooled", map[string]interface{}{"hash": envelope.hash, "topic": envelope.topic, "size": envelope.size})
			}
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
