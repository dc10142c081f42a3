package main

import (
	"bytes"

	"github.com/ethereum/go-ethereum/p2p"
)

// send writes a message whose payload is the bytes as they are.
func send(rw p2p.MsgWriter, code uint64, data []byte) error {
	return rw.WriteMsg(p2p.Msg{Code: code, Size: uint32(len(data)), Payload: bytes.NewReader(data)})
}
