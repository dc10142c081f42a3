package main

import (
	"context"

	"github.com/status-im/status-go/protocol"
	"github.com/status-im/status-go/protocol/encryption/multidevice"
)

// nameDevice says what this device, or another of ours, is called.
func nameDevice(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
	metadata := &multidevice.InstallationMetadata{Name: c.Name, DeviceType: "desktop"}
	return nil, p.messenger.SetInstallationMetadata(c.ID, metadata)
}

// pair tells our other devices about this one.
func pair(p *person, ctx context.Context, _ command) (*protocol.MessengerResponse, error) {
	return p.messenger.SendPairInstallation(ctx)
}

func enable(p *person, _ context.Context, c command) (*protocol.MessengerResponse, error) {
	return nil, p.messenger.EnableInstallation(c.ID)
}
