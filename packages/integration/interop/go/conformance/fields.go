package main

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// The fields of a case. What is missing, null or of another kind is the zero value: the comparison will show it.
type fields map[string]json.RawMessage

func (f fields) read(name string, into interface{}) { _ = json.Unmarshal(f[name], into) }

func (f fields) has(name string) bool {
	raw, there := f[name]
	return there && string(raw) != "null"
}

func (f fields) text(name string) (value string)   { f.read(name, &value); return value }
func (f fields) number(name string) (value uint32) { f.read(name, &value); return value }

func (f fields) bytes(name string) []byte {
	text := f.text(name)
	if len(text) < 2 {
		return nil
	}
	value, _ := hex.DecodeString(text[2:])
	return value
}

func (f fields) float(name string) float64 {
	value, _ := strconv.ParseFloat(f.text(name), 64)
	return value
}

func (f fields) privateKey(name string) (*ecdsa.PrivateKey, error) {
	return crypto.ToECDSA(f.bytes(name))
}

func (f fields) publicKey(name string) (*ecdsa.PublicKey, error) {
	return crypto.UnmarshalPubkey(f.bytes(name))
}

func hexOf(value []byte) string { return "0x" + hex.EncodeToString(value) }

// JSON has no infinity.
func floatOf(value float64) interface{} {
	if math.IsInf(value, 1) {
		return "+Inf"
	}
	return value
}

func keyOf(key *ecdsa.PublicKey) interface{} {
	if key == nil {
		return nil
	}
	return hexutil.Bytes(crypto.FromECDSAPub(key))
}
