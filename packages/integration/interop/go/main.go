// A live go-ethereum Whisper node, driven over standard input and output, one JSON object a line. It exists so that
// our own nodes can be tried against code that we did not write.
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
	"github.com/ethereum/go-ethereum/whisper/whisperv6"
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
	minPow := flag.Float64("minpow", whisperv6.DefaultMinimumPoW, "proof of work required of envelopes")
	verbosity := flag.Int("verbosity", 0, "log level of go-ethereum on standard error, 0 to 5")
	flag.Parse()
	log.Root().SetHandler(log.LvlFilterHandler(log.Lvl(*verbosity), log.StreamHandler(os.Stderr, log.TerminalFormat(false))))

	key, err := crypto.GenerateKey()
	if err != nil {
		fail(err)
	}
	shh := whisperv6.New(&whisperv6.Config{MaxMessageSize: whisperv6.DefaultMaxMessageSize, MinimumAcceptedPOW: *minPow})
	server := &p2p.Server{Config: p2p.Config{
		PrivateKey:      key,
		Name:            "interop",
		MaxPeers:        10,
		ListenAddr:      "127.0.0.1:0",
		NoDiscovery:     true,
		EnableMsgEvents: true,
		Protocols:       shh.Protocols(),
	}}
	if err := server.Start(); err != nil {
		fail(err)
	}
	if err := shh.Start(server); err != nil {
		fail(err)
	}
	events := make(chan *p2p.PeerEvent, 1024)
	subscription := server.SubscribeEvents(events)
	defer subscription.Unsubscribe()
	go func() {
		for event := range events {
			facts := map[string]interface{}{"peer": event.Peer.String(), "error": event.Error}
			if event.MsgCode != nil {
				facts["code"] = *event.MsgCode
				facts["size"] = *event.MsgSize
			}
			say(string(event.Type), facts)
		}
	}()
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
	_ = shh.Stop()
	server.Stop()
}

func run(next command, server *p2p.Server, shh *whisperv6.Whisper) error {
	switch next.Do {
	case "dial":
		node, err := enode.ParseV4(next.Enode)
		if err != nil {
			return err
		}
		server.AddPeer(node)
	case "listen":
		return listen(next, shh)
	case "post":
		return post(next, shh)
	case "bloom":
		return shh.SetBloomFilter(next.Bloom)
	case "pow":
		return shh.SetMinimumPoW(next.Pow)
	default:
		return fmt.Errorf("unknown command %q", next.Do)
	}
	say("done", map[string]interface{}{"do": next.Do})
	return nil
}

func listen(next command, shh *whisperv6.Whisper) error {
	filter := &whisperv6.Filter{Messages: map[common.Hash]*whisperv6.ReceivedMessage{}}
	if len(next.Topic) > 0 {
		filter.Topics = [][]byte{next.Topic}
	}
	if len(next.Key) > 0 {
		private, err := crypto.ToECDSA(next.Key)
		if err != nil {
			return err
		}
		filter.KeyAsym = private
	} else {
		filter.KeySym = next.SymKey
	}
	if _, err := shh.Subscribe(filter); err != nil {
		return err
	}
	go func() {
		for range time.Tick(50 * time.Millisecond) {
			for _, message := range filter.Retrieve() {
				facts := map[string]interface{}{
					"hash":    message.EnvelopeHash,
					"payload": hexutil.Bytes(message.Payload),
					"topic":   message.Topic,
					"sent":    message.Sent,
					"pow":     message.PoW,
				}
				if message.Src != nil {
					facts["signer"] = hexutil.Bytes(crypto.FromECDSAPub(message.Src))
				}
				say("message", facts)
			}
		}
	}()
	say("done", map[string]interface{}{"do": next.Do})
	return nil
}

func post(next command, shh *whisperv6.Whisper) error {
	params := &whisperv6.MessageParams{
		TTL:      next.TTL,
		Topic:    whisperv6.BytesToTopic(next.Topic),
		WorkTime: 5,
		PoW:      next.Pow,
		Payload:  next.Payload,
		KeySym:   next.SymKey,
	}
	if len(next.Receiver) > 0 {
		receiver, err := crypto.UnmarshalPubkey(next.Receiver)
		if err != nil {
			return err
		}
		params.Dst = receiver
	}
	if len(next.Key) > 0 {
		signer, err := crypto.ToECDSA(next.Key)
		if err != nil {
			return err
		}
		params.Src = signer
	}
	message, err := whisperv6.NewSentMessage(params)
	if err != nil {
		return err
	}
	envelope, err := message.Wrap(params)
	if err != nil {
		return err
	}
	if err := shh.Send(envelope); err != nil {
		return err
	}
	say("posted", map[string]interface{}{"hash": envelope.Hash()})
	return nil
}

// watchPool reports every envelope once: relaying means that it is pooled here and goes on to the other peers.
func watchPool(shh *whisperv6.Whisper) {
	known := map[string]bool{}
	for range time.Tick(50 * time.Millisecond) {
		for _, envelope := range shh.Envelopes() {
			hash := envelope.Hash().Hex()
			if !known[hash] {
				known[hash] = true
				say("pooled", map[string]interface{}{"hash": hash, "topic": envelope.Topic, "size": 20 + len(envelope.Data)})
			}
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
