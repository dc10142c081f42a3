package main

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/whisper/whisperv6"

	"status-stack-interop/shh"
)

// geth is the Whisper of go-ethereum.
type geth struct{ *whisperv6.Whisper }

func newGeth(minPow float64, maxSize uint32) shh.Node {
	return geth{whisperv6.New(&whisperv6.Config{
		MaxMessageSize:     maxSize,
		MinimumAcceptedPOW: minPow,
	})}
}

func (node geth) Listen(next shh.Command) (func() []shh.Received, error) {
	keys, err := next.Keys()
	if err != nil {
		return nil, err
	}
	filter := &whisperv6.Filter{
		Messages: map[common.Hash]*whisperv6.ReceivedMessage{},
		AllowP2P: true,
		Topics:   next.Topics(),
		KeyAsym:  keys.Private,
		KeySym:   next.SymKey,
	}
	if _, err := node.Subscribe(filter); err != nil {
		return nil, err
	}
	return func() (messages []shh.Received) {
		for _, m := range filter.Retrieve() {
			opened := shh.Received{Hash: m.EnvelopeHash, Payload: m.Payload, Topic: m.Topic[:], Sent: m.Sent, Pow: m.PoW}
			messages = append(messages, opened.SignedBy(m.Src))
		}
		return messages
	}, nil
}

func (node geth) Post(next shh.Command) (common.Hash, error) {
	keys, err := next.Keys()
	if err != nil {
		return common.Hash{}, err
	}
	params := &whisperv6.MessageParams{
		TTL:      next.TTL,
		Topic:    whisperv6.BytesToTopic(next.Topic),
		WorkTime: 5,
		PoW:      next.Pow,
		Payload:  next.Payload,
		KeySym:   next.SymKey,
		Dst:      keys.Receiver,
		Src:      keys.Private,
	}
	message, err := whisperv6.NewSentMessage(params)
	if err != nil {
		return common.Hash{}, err
	}
	envelope, err := message.Wrap(params)
	if err != nil {
		return common.Hash{}, err
	}
	return shh.Deliver(next, envelope, node.SendP2PMessage, node.Send)
}

func (node geth) Pool() (envelopes []shh.Pooled) {
	for _, e := range node.Envelopes() {
		envelopes = append(envelopes, shh.Pooled{Hash: e.Hash(), Topic: e.Topic[:], Size: 20 + len(e.Data)})
	}
	return envelopes
}
