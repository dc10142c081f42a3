package main

import (
	"encoding/binary"
	"math/big"
	"strconv"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/whisper/whisperv6"
)

// seal makes the message and the envelope of a case, with the randomness, the time and the work that were recorded.
func seal(in fields) (output, error) {
	params := whisperv6.MessageParams{
		TTL:     in.number("ttl"),
		Topic:   whisperv6.BytesToTopic(in.bytes("topic")),
		Payload: in.bytes("payload"),
		Padding: in.bytes("padding"),
	}
	var err error
	var random [][]byte
	if in.has("signerPrivateKey") {
		if params.Src, err = in.privateKey("signerPrivateKey"); err != nil {
			return nil, err
		}
	}
	if in.text("mode") == "sym" {
		params.KeySym = in.bytes("symKey")
		random = [][]byte{saltSource(in.bytes("salt"))}
	} else {
		if params.Dst, err = in.publicKey("recipientPublicKey"); err != nil {
			return nil, err
		}
		random = [][]byte{keySource(in.bytes("eciesEphemeralPrivateKey")), in.bytes("eciesIv")}
	}
	var envelope *whisperv6.Envelope
	err = withRandom(random, func() error {
		message, err := whisperv6.NewSentMessage(&params)
		if err != nil {
			return err
		}
		envelope, err = message.Wrap(&params)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Wrap takes the time of now, and searches no nonce for a target of 0: both come from the case.
	envelope.Expiry = in.number("sentTimestamp") + params.TTL
	work := whisperv6.MessageParams{PoW: in.float("powTarget"), WorkTime: 60}
	if err := envelope.Seal(&work); err != nil {
		return nil, err
	}
	return describe(envelope, in)
}

// open reads an envelope and the message in it.
func open(in fields) (output, error) {
	envelope, err := envelopeOf(in)
	if err != nil {
		return nil, err
	}
	return describe(envelope, in)
}

// describe says what follows from an envelope, and from its message.
func describe(envelope *whisperv6.Envelope, in fields) (output, error) {
	message, err := decrypt(envelope, in)
	if err != nil {
		return nil, err
	}
	plaintext := message.Raw
	if !parses(message) {
		return nil, refusal{errorText("the message is not valid")}
	}
	encoded, err := rlp.EncodeToBytes(envelope)
	if err != nil {
		return nil, err
	}
	prefix, powHash := work(envelope)
	sizeField := int(plaintext[0] & whisperv6.SizeMask)
	made := output{
		"envelope.data":                   hexOf(envelope.Data),
		"envelope.nonce":                  strconv.FormatUint(envelope.Nonce, 10),
		"envelope.expiry":                 envelope.Expiry,
		"envelope.ttl":                    envelope.TTL,
		"envelope.topic":                  hexOf(envelope.Topic[:]),
		"rlp":                             hexOf(encoded),
		"rlpWithoutNonce":                 hexOf(prefix),
		"hash":                            envelope.Hash(),
		"dataLength":                      len(envelope.Data),
		"dataKeccak256":                   hexOf(crypto.Keccak256(envelope.Data)),
		"size":                            whisperv6.EnvelopeHeaderLength + len(envelope.Data),
		"sentTimestamp":                   envelope.Expiry - envelope.TTL,
		"powDivisorRlpWithoutNonceLength": len(prefix),
		"powHash":                         hexOf(powHash),
		"powLeadingZeroBits":              leadingZeros(powHash),
		"pow":                             floatOf(envelope.PoW()),
		"bloom":                           hexOf(envelope.Bloom()),
		"plaintext":                       hexOf(plaintext),
		"plaintextKeccak256":              hexOf(crypto.Keccak256(plaintext)),
		"flags":                           plaintext[0],
		"payloadLength":                   len(message.Payload),
		"payloadSizeFieldLength":          sizeField,
		"payload":                         hexOf(message.Payload),
		"padding":                         hexOf(message.Padding),
		"paddingLength":                   len(message.Padding),
		"signerPublicKey":                 keyOf(message.Src),
	}
	if message.Signature != nil {
		made["signature"] = hexOf(message.Signature)
	}
	return made, nil
}

// tryToOpen says in which of three ways it ends.
func tryToOpen(in fields) (output, error) {
	envelope, err := envelopeOf(in)
	if err != nil {
		return nil, err
	}
	message, err := decrypt(envelope, in)
	if err != nil {
		return output{"result": "decrypt-error"}, nil
	}
	if !parses(message) {
		return output{"result": "invalid-message"}, nil
	}
	return output{
		"result":          "ok",
		"payload":         hexOf(message.Payload),
		"padding":         hexOf(message.Padding),
		"signerPublicKey": keyOf(message.Src),
	}, nil
}

func decodeEnvelope(in fields) (output, error) {
	envelope, err := envelopeOf(in)
	if err != nil {
		return nil, refusal{err}
	}
	return output{"hash": envelope.Hash()}, nil
}

func envelopePow(in fields) (output, error) {
	envelope, err := envelopeOf(in)
	if err != nil {
		return nil, err
	}
	return output{
		"hash":  envelope.Hash(),
		"size":  whisperv6.EnvelopeHeaderLength + len(envelope.Data),
		"ttl":   envelope.TTL,
		"pow":   floatOf(envelope.PoW()),
		"nonce": strconv.FormatUint(envelope.Nonce, 10),
	}, nil
}

// parses is ValidateAndParse, which reads two kinds of malformed messages past their end: a caller has to catch that.
func parses(message *whisperv6.ReceivedMessage) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return message.ValidateAndParse()
}

func envelopeOf(in fields) (*whisperv6.Envelope, error) {
	var envelope whisperv6.Envelope
	return &envelope, rlp.DecodeBytes(in.bytes("rlp"), &envelope)
}

func decrypt(envelope *whisperv6.Envelope, in fields) (*whisperv6.ReceivedMessage, error) {
	if in.text("mode") == "sym" {
		return envelope.OpenSymmetric(in.bytes("symKey"))
	}
	key, err := in.privateKey("recipientPrivateKey")
	if err != nil {
		return nil, err
	}
	return envelope.OpenAsymmetric(key)
}

// work is what is hashed for the proof of work, without the nonce, and the hash with it.
func work(envelope *whisperv6.Envelope) (prefix, hash []byte) {
	prefix, _ = rlp.EncodeToBytes([]interface{}{envelope.Expiry, envelope.TTL, envelope.Topic, envelope.Data})
	nonce := make([]byte, 8)
	binary.BigEndian.PutUint64(nonce, envelope.Nonce)
	return prefix, crypto.Keccak256(prefix, nonce)
}

func leadingZeros(hash []byte) int { return 256 - new(big.Int).SetBytes(hash).BitLen() }
