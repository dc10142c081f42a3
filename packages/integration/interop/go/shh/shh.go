// Package shh holds what the Whisper implementations that we are tried against have in common: the commands they are
// given, the facts they answer with, and the keys in between.
package shh

import (
	"crypto/ecdsa"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/p2p"
)

// Command is one line of standard input.
type Command struct {
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
	ID       hexutil.Bytes `json:"id"`   // the rest is for requests to mailservers
	From     uint32        `json:"from"`
	To       uint32        `json:"to"`
	Limit    uint32        `json:"limit"`
	Cursor   hexutil.Bytes `json:"cursor"`
}

// Received is a message that a filter opened.
type Received struct {
	Hash    common.Hash
	Payload []byte
	Topic   hexutil.Bytes
	Sent    uint32
	Pow     float64
	Signer  []byte // public key, 65 bytes, when it was signed
}

// Pooled is an envelope that a node keeps until it expires.
type Pooled struct {
	Hash  common.Hash
	Topic hexutil.Bytes
	Size  int
}

// Node is what the implementations can do. The first five are their own methods.
type Node interface {
	Protocols() []p2p.Protocol
	Start(server *p2p.Server) error
	Stop() error
	SetBloomFilter(bloom []byte) error
	SetMinimumPoW(pow float64) error
	// Listen answers a function that takes what was opened since it was last called.
	Listen(next Command) (func() []Received, error)
	Post(next Command) (common.Hash, error)
	Pool() []Pooled
}

// Keys of a command that have to be decoded; nil where it has none.
type Keys struct {
	Private  *ecdsa.PrivateKey
	Receiver *ecdsa.PublicKey
}

// Keys decodes the asymmetric keys.
func (next Command) Keys() (keys Keys, err error) {
	if len(next.Key) > 0 {
		if keys.Private, err = crypto.ToECDSA(next.Key); err != nil {
			return keys, err
		}
	}
	if len(next.Receiver) > 0 {
		keys.Receiver, err = crypto.UnmarshalPubkey(next.Receiver)
	}
	return keys, err
}

// Topics as a filter takes them: none admits every envelope.
func (next Command) Topics() [][]byte {
	if len(next.Topic) == 0 {
		return nil
	}
	return [][]byte{next.Topic}
}

// SignedBy adds who signed the message, if anybody did.
func (message Received) SignedBy(key *ecdsa.PublicKey) Received {
	if key != nil {
		message.Signer = crypto.FromECDSAPub(key)
	}
	return message
}

// Deliver sends an envelope to the one peer that the command names, or to all.
func Deliver[E interface{ Hash() common.Hash }](next Command, envelope E, direct func([]byte, E) error, all func(E) error) (common.Hash, error) {
	if len(next.Peer) > 0 {
		return envelope.Hash(), direct(next.Peer, envelope)
	}
	return envelope.Hash(), all(envelope)
}
