package main

import (
	"crypto/ecdsa"
	"fmt"

	"github.com/ethereum/go-ethereum/p2p"
	"github.com/status-im/status-go/whisper/v6"
)

// startNode starts Whisper on a p2p server on loopback; both tell what they see.
func startNode(key *ecdsa.PrivateKey, minPow float64) (*whisper.Whisper, *p2p.Server) {
	config := whisper.DefaultConfig
	config.MinimumAcceptedPOW = minPow
	shh := whisper.New(&config)
	server := &p2p.Server{Config: p2p.Config{
		PrivateKey: key, Name: "status-go-messenger", MaxPeers: 10, ListenAddr: "127.0.0.1:0", NoDiscovery: true,
		EnableMsgEvents: true, Protocols: shh.Protocols(),
	}}
	check(server.Start())
	check(shh.Start(server))

	envelopes := make(chan whisper.EnvelopeEvent, 4096)
	shh.SubscribeEnvelopeEvents(envelopes)
	go func() {
		for event := range envelopes {
			say(string(event.Event), facts{"hash": event.Hash, "peer": event.Peer.String(), "data": fmt.Sprint(event.Data)})
		}
	}()
	peers := make(chan *p2p.PeerEvent, 4096)
	server.SubscribeEvents(peers)
	go func() {
		for event := range peers {
			if event.Type == p2p.PeerEventTypeAdd || event.Type == p2p.PeerEventTypeDrop {
				say("peer."+string(event.Type), facts{"peer": event.Peer.String(), "error": event.Error})
			}
		}
	}()
	return shh, server
}
