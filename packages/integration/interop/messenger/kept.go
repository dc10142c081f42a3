package main

import (
	"crypto/ecdsa"
	"encoding/hex"
	"os"
	"strings"

	"github.com/status-im/status-go/eth-node/crypto"
	"github.com/status-im/status-go/eth-node/types"
)

// kept reads a value from a file, or creates one and keeps it there.
func kept(path string, create func() string) string {
	if content, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(content))
	}
	value := create()
	check(os.WriteFile(path, []byte(value), 0o600))
	return value
}

func keptKey(path string) *ecdsa.PrivateKey {
	key, err := crypto.HexToECDSA(kept(path, func() string {
		key, err := crypto.GenerateKey()
		check(err)
		return hex.EncodeToString(crypto.FromECDSA(key))
	}))
	check(err)
	return key
}

func publicKeyText(key *ecdsa.PublicKey) string { return types.EncodeHex(crypto.FromECDSAPub(key)) }

func publicKeyOf(text string) (*ecdsa.PublicKey, error) {
	bytes, err := types.DecodeHex(text)
	if err != nil {
		return nil, err
	}
	return crypto.UnmarshalPubkey(bytes)
}
