package main

import (
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/status-im/status-go/whisper/v6"
)

// status is the Whisper of status-go: confirmations, rate limits, direct messages as lists.
type status struct{ shh *whisper.Whisper }

func newStatus(minPow float64) node {
	return status{whisper.New(&whisper.Config{
		MaxMessageSize:     whisper.DefaultMaxMessageSize,
		MinimumAcceptedPOW: minPow,
	})}
}

func (node status) protocols() []p2p.Protocol   { return node.shh.Protocols() }
func (node status) stop()                       { _ = node.shh.Stop() }
func (node status) setBloom(bloom []byte) error { return node.shh.SetBloomFilter(bloom) }
func (node status) setPow(pow float64) error    { return node.shh.SetMinimumPoW(pow) }

func (node status) start(server *p2p.Server) error {
	events := make(chan whisper.EnvelopeEvent, 1024)
	node.shh.SubscribeEnvelopeEvents(events)
	go func() {
		for event := range events {
			say(string(event.Event), map[string]interface{}{
				"hash":   event.Hash,
				"batch":  event.Batch,
				"peer":   event.Peer.String(),
				"errors": fmt.Sprint(event.Data),
			})
		}
	}()
	return node.shh.Start(server)
}

func (node status) listen(next command) (func() []received, error) {
	store := whisper.NewMemoryMessageStore()
	filter := &whisper.Filter{Messages: store, AllowP2P: true}
	if len(next.Topic) > 0 {
		filter.Topics = [][]byte{next.Topic}
	}
	if len(next.Key) > 0 {
		private, err := crypto.ToECDSA(next.Key)
		if err != nil {
			return nil, err
		}
		filter.KeyAsym = private
	} else {
		filter.KeySym = next.SymKey
	}
	if _, err := node.shh.Subscribe(filter); err != nil {
		return nil, err
	}
	return func() (messages []received) {
		opened, _ := store.Pop()
		for _, message := range opened {
			one := received{message.EnvelopeHash, message.Payload, message.Topic[:], message.Sent, message.PoW, nil}
			if message.Src != nil {
				one.signer = crypto.FromECDSAPub(message.Src)
			}
			messages = append(messages, one)
		}
		return messages
	}, nil
}

func (node status) post(next command) (common.Hash, error) {
	params := &whisper.MessageParams{
		TTL:      next.TTL,
		Topic:    whisper.BytesToTopic(next.Topic),
		WorkTime: 5,
		PoW:      next.Pow,
		Payload:  next.Payload,
		KeySym:   next.SymKey,
	}
	var err error
	if len(next.Receiver) > 0 {
		if params.Dst, err = crypto.UnmarshalPubkey(next.Receiver); err != nil {
			return common.Hash{}, err
		}
	}
	if len(next.Key) > 0 {
		if params.Src, err = crypto.ToECDSA(next.Key); err != nil {
			return common.Hash{}, err
		}
	}
	message, err := whisper.NewSentMessage(params)
	if err != nil {
		return common.Hash{}, err
	}
	envelope, err := message.Wrap(params, time.Now())
	if err != nil {
		return common.Hash{}, err
	}
	if len(next.Peer) > 0 {
		return envelope.Hash(), node.shh.SendP2PMessage(next.Peer, envelope)
	}
	return envelope.Hash(), node.shh.Send(envelope)
}

func (node status) pool() (envelopes []pooled) {
	for _, envelope := range node.shh.Envelopes() {
		envelopes = append(envelopes, pooled{envelope.Hash(), envelope.Topic[:], 20 + len(envelope.Data)})
	}
	return envelopes
}
