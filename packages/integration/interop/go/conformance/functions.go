package main

import (
	"crypto/rand"
	"errors"
	"math/bits"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/crypto/ecies"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/whisper/whisperv6"
)

func errorText(text string) error { return errors.New(text) }

func topicFromBytes(in fields) (output, error) {
	topic := whisperv6.BytesToTopic(in.bytes("input"))
	return output{"topic": hexOf(topic[:])}, nil
}

func topicToBloom(in fields) (output, error) {
	bloom := whisperv6.TopicToBloom(whisperv6.BytesToTopic(in.bytes("topic")))
	set := 0
	for _, each := range bloom {
		set += bits.OnesCount8(each)
	}
	return output{"bloom": hexOf(bloom), "bitsSet": set}, nil
}

func bloomMatch(in fields) (output, error) {
	return output{"match": whisperv6.BloomFilterMatch(in.bytes("filter"), in.bytes("sample"))}, nil
}

// One for all: only its key store is used.
var whisper = whisperv6.New(&whisperv6.DefaultConfig)

func keyFromPassword(password string) ([]byte, error) {
	id, err := whisper.AddSymKeyFromPassword(password)
	if err != nil {
		return nil, err
	}
	defer whisper.DeleteSymKey(id)
	return whisper.GetSymKey(id)
}

func symKeyFromPassword(in fields) (output, error) {
	key, err := keyFromPassword(in.text("password"))
	return output{"symKey": hexOf(key)}, err
}

// publicChat is where Status looks for a public chat: its name is the password and, hashed, the topic.
func publicChat(in fields) (output, error) {
	name := in.text("chatId")
	key, err := keyFromPassword(name)
	hash := crypto.Keccak256([]byte(name))
	topic := whisperv6.BytesToTopic(hash)
	return output{"keccak256": hexOf(hash), "topic": hexOf(topic[:]), "symKey": hexOf(key)}, err
}

func packetMessages(in fields) (output, error) {
	var envelopes []*whisperv6.Envelope
	payload := in.bytes("payload")
	if err := rlp.DecodeBytes(payload, &envelopes); err != nil {
		return nil, refusal{err}
	}
	hashes := []common.Hash{}
	for _, envelope := range envelopes {
		hashes = append(hashes, envelope.Hash())
	}
	return output{"envelopeHashes": hashes, "batchHash": hexOf(crypto.Keccak256(payload)), "code": 1}, nil
}

func eciesEncrypt(in fields) (output, error) {
	key, err := in.publicKey("publicKey")
	if err != nil {
		return nil, err
	}
	var sealed []byte
	random := [][]byte{keySource(in.bytes("ephemeralPrivateKey")), in.bytes("iv")}
	err = withRandom(random, func() error {
		sealed, err = ecies.Encrypt(rand.Reader, ecies.ImportECDSAPublic(key), in.bytes("plaintext"), nil, in.bytes("sharedMacData"))
		return err
	})
	return output{"ciphertext": hexOf(sealed)}, err
}

func eciesDecrypt(in fields) (output, error) {
	key, err := in.privateKey("privateKey")
	if err != nil {
		return nil, err
	}
	plaintext, err := ecies.ImportECDSA(key).Decrypt(in.bytes("ciphertext"), nil, in.bytes("sharedMacData"))
	if err != nil {
		return nil, refusal{err}
	}
	return output{"plaintext": hexOf(plaintext), "publicKey": keyOf(&key.PublicKey)}, nil
}
