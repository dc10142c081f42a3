package main

import (
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/status-im/status-go/whisper/v6"

	"status-stack-interop/shh"
)

// status is the Whisper of status-go: confirmations, rate limits, direct messages as lists.
type status struct{ *whisper.Whisper }

func newStatus(minPow float64, maxSize uint32) shh.Node {
	return status{whisper.New(&whisper.Config{
		MaxMessageSize:     maxSize,
		MinimumAcceptedPOW: minPow,
	})}
}

// Start reports what becomes of envelopes as well: go-ethereum has no such events.
func (node status) Start(server *p2p.Server) error {
	events := make(chan whisper.EnvelopeEvent, 1024)
	node.SubscribeEnvelopeEvents(events)
	go func() {
		for event := range events {
			say(string(event.Event), map[string]interface{}{
				"hash":   event.Hash,
				"batch":  event.Batch,
				"peer":   event.Peer.String(),
				"errors": fmt.Sprint(event.Data),
				"answer": detail(event.Data),
			})
		}
	}()
	return node.Whisper.Start(server)
}

func (node status) Listen(next shh.Command) (func() []shh.Received, error) {
	keys, err := next.Keys()
	if err != nil {
		return nil, err
	}
	store := whisper.NewMemoryMessageStore()
	filter := &whisper.Filter{
		Messages: store,
		AllowP2P: true,
		Topics:   next.Topics(),
		KeyAsym:  keys.Private,
		KeySym:   next.SymKey,
	}
	if _, err := node.Subscribe(filter); err != nil {
		return nil, err
	}
	return func() (messages []shh.Received) {
		taken, _ := store.Pop()
		for _, m := range taken {
			opened := shh.Received{Hash: m.EnvelopeHash, Payload: m.Payload, Topic: m.Topic[:], Sent: m.Sent, Pow: m.PoW}
			messages = append(messages, opened.SignedBy(m.Src))
		}
		return messages
	}, nil
}

func (node status) Post(next shh.Command) (common.Hash, error) {
	keys, err := next.Keys()
	if err != nil {
		return common.Hash{}, err
	}
	params := &whisper.MessageParams{
		TTL:      next.TTL,
		Topic:    whisper.BytesToTopic(next.Topic),
		WorkTime: 5,
		PoW:      next.Pow,
		Payload:  next.Payload,
		KeySym:   next.SymKey,
		Dst:      keys.Receiver,
		Src:      keys.Private,
	}
	message, err := whisper.NewSentMessage(params)
	if err != nil {
		return common.Hash{}, err
	}
	envelope, err := message.Wrap(params, time.Now())
	if err != nil {
		return common.Hash{}, err
	}
	direct := func(peer []byte, envelope *whisper.Envelope) error { return node.SendP2PMessage(peer, envelope) }
	return shh.Deliver(next, envelope, direct, node.Send)
}

func (node status) Pool() (envelopes []shh.Pooled) {
	for _, e := range node.Envelopes() {
		envelopes = append(envelopes, shh.Pooled{Hash: e.Hash(), Topic: e.Topic[:], Size: 20 + len(e.Data)})
	}
	return envelopes
}
