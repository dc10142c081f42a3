package main

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/ethereum/go-ethereum/p2p/enode"
	"github.com/status-im/status-go/protocol"
	"github.com/status-im/status-go/protocol/protobuf"
)

// open begins a chat with one person.
func open(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
	key, err := publicKeyOf(c.To)
	if err != nil {
		return nil, err
	}
	return p.enter(protocol.CreateOneToOneChat(c.Name, key))
}

// join enters a public chat.
func join(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.enter(protocol.CreatePublicChat(c.Chat))
}

func (p *person) enter(chat protocol.Chat) (*protocol.MessengerResponse, error) {
	if err := p.messenger.SaveChat(&chat); err != nil {
		return nil, err
	}
	return nil, p.messenger.Join(chat)
}

func send(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	message := &protocol.Message{}
	message.ChatId = c.Chat
	message.Text = c.Text
	message.ResponseTo = c.Reply
	message.EnsName = c.Ens
	message.ContentType = protobuf.ChatMessage_TEXT_PLAIN
	if c.Content != 0 {
		message.ContentType = protobuf.ChatMessage_ContentType(c.Content)
	}
	if c.Hash != "" {
		message.Payload = &protobuf.ChatMessage_Sticker{Sticker: &protobuf.StickerMessage{Hash: c.Hash, Pack: c.Pack}}
	}
	return p.messenger.SendChatMessage(ctx, message)
}

// contact adds a person, which tells them; for one who had asked, it accepts.
func contact(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.SendContactUpdate(ctx, c.To, c.Ens, c.Image)
}

// history asks a mailserver, page by page, for what the messenger's filters take.
func history(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	node, err := enode.ParseV4(c.Enode)
	if err != nil {
		return nil, err
	}
	id := node.ID().Bytes()
	if err := p.shh.AllowP2PMessagesFromPeer(id); err != nil {
		return nil, err
	}
	var cursor []byte
	for {
		cursor, err = p.messenger.RequestHistoricMessages(ctx, id, c.From, uint32(time.Now().Unix()), cursor)
		if err != nil {
			return nil, err
		}
		say("page", facts{"cursor": hex.EncodeToString(cursor)})
		if len(cursor) == 0 {
			return nil, nil
		}
	}
}
