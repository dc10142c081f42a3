package main

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/whisper/whisperv6"
)

// geth is the Whisper of go-ethereum.
type geth struct{ shh *whisperv6.Whisper }

func newGeth(minPow float64) node {
	return geth{whisperv6.New(&whisperv6.Config{
		MaxMessageSize:     whisperv6.DefaultMaxMessageSize,
		MinimumAcceptedPOW: minPow,
	})}
}

func (node geth) protocols() []p2p.Protocol      { return node.shh.Protocols() }
func (node geth) start(server *p2p.Server) error { return node.shh.Start(server) }
func (node geth) stop()                          { _ = node.shh.Stop() }
func (node geth) setBloom(bloom []byte) error    { return node.shh.SetBloomFilter(bloom) }
func (node geth) setPow(pow float64) error       { return node.shh.SetMinimumPoW(pow) }

func (node geth) listen(next command) (func() []received, error) {
	filter := &whisperv6.Filter{Messages: map[common.Hash]*whisperv6.ReceivedMessage{}, AllowP2P: true}
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
		for _, message := range filter.Retrieve() {
			opened := received{message.EnvelopeHash, message.Payload, message.Topic[:], message.Sent, message.PoW, nil}
			if message.Src != nil {
				opened.signer = crypto.FromECDSAPub(message.Src)
			}
			messages = append(messages, opened)
		}
		return messages
	}, nil
}

func (node geth) post(next command) (common.Hash, error) {
	params := &whisperv6.MessageParams{
		TTL:      next.TTL,
		Topic:    whisperv6.BytesToTopic(next.Topic),
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
	message, err := whisperv6.NewSentMessage(params)
	if err != nil {
		return common.Hash{}, err
	}
	envelope, err := message.Wrap(params)
	if err != nil {
		return common.Hash{}, err
	}
	if len(next.Peer) > 0 {
		return envelope.Hash(), node.shh.SendP2PMessage(next.Peer, envelope)
	}
	return envelope.Hash(), node.shh.Send(envelope)
}

func (node geth) pool() (envelopes []pooled) {
	for _, envelope := range node.shh.Envelopes() {
		envelopes = append(envelopes, pooled{envelope.Hash(), envelope.Topic[:], 20 + len(envelope.Data)})
	}
	return envelopes
}
