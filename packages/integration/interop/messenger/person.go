package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/p2p/enode"
	"github.com/status-im/status-go/protocol"
	"github.com/status-im/status-go/whisper/v6"
)

// command is one line of input; which fields count depends on Do. Number comes back with the answer.
type command struct {
	Number  int      `json:"number"`
	Do      string   `json:"do"`
	Enode   string   `json:"enode"`
	To      string   `json:"to"`
	Chat    string   `json:"chat"`
	Text    string   `json:"text"`
	Reply   string   `json:"reply"`
	Ens     string   `json:"ens"`
	Image   string   `json:"image"`
	Content int32    `json:"content"`
	Pack    int32    `json:"pack"`
	Hash    string   `json:"hash"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
	ID      string   `json:"id"`
	From    uint32   `json:"from"`
	Pow     float64  `json:"pow"`
	Bloom   string   `json:"bloom"`
}

type person struct {
	messenger *protocol.Messenger
	server    *p2p.Server
	shh       *whisper.Whisper
}

type action func(*person, context.Context, command) (*protocol.MessengerResponse, error)

var actions = map[string]action{
	"dial": func(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
		node, err := enode.ParseV4(c.Enode)
		if err == nil {
			p.server.AddPeer(node)
		}
		return nil, err
	},
	"pow": func(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
		return nil, p.shh.SetMinimumPoW(c.Pow)
	},
	"bloom": func(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
		filter, err := hex.DecodeString(c.Bloom)
		if err != nil {
			return nil, err
		}
		return nil, p.shh.SetBloomFilter(filter)
	},
	"open":    open,
	"join":    join,
	"send":    send,
	"contact": contact,
	"group":   group,
	"confirm": confirm,
	"invite":  invite,
	"promote": promote,
	"remove":  remove,
	"leave":   leave,
	"name":    nameDevice,
	"pair":    pair,
	"enable":  enable,
	"history": history,
}

// run obeys one command and says what came of it.
func (p *person) run(next command) error {
	do, known := actions[next.Do]
	if !known {
		return fmt.Errorf("unknown command %q", next.Do)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	response, err := do(p, ctx, next)
	if err != nil {
		return err
	}
	report("sent", response)
	answer := facts{"number": next.Number, "do": next.Do}
	if response != nil && len(response.Messages) > 0 {
		answer["id"] = response.Messages[0].ID
	}
	if response != nil && len(response.Chats) > 0 {
		answer["chat"] = response.Chats[0].ID
	}
	say("done", answer)
	return nil
}
