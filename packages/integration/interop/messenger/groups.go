package main

import (
	"context"

	"github.com/status-im/status-go/protocol"
)

func group(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.CreateGroupChatWithMembers(ctx, c.Name, c.Members)
}

func confirm(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.ConfirmJoiningGroup(ctx, c.Chat)
}

func invite(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.AddMembersToGroupChat(ctx, c.Chat, c.Members)
}

func promote(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.AddAdminsToGroupChat(ctx, c.Chat, c.Members)
}

func remove(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.RemoveMemberFromGroupChat(ctx, c.Chat, c.To)
}

func leave(p *person, ctx context.Context, c command) (*protocol.MessengerResponse, error) {
	return p.messenger.LeaveGroupChat(ctx, c.Chat)
}
