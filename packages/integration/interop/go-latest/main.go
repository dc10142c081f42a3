// A live discovery node of today’s go-ethereum, driven over standard input and output, one JSON object a line. As a bootnode it
// is what go-ethereum's cmd/devp2p discv4 listen is: a node that does not know its own address. As a peer it is a p2p.Server with one
// protocol, which sends back what it gets.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/p2p/discover"
	"github.com/ethereum/go-ethereum/p2p/enode"
)

var outLock sync.Mutex

func say(event string, facts map[string]interface{}) {
	if facts == nil {
		facts = map[string]interface{}{}
	}
	facts["event"] = event
	line, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	outLock.Lock()
	defer outLock.Unlock()
	fmt.Println(string(line))
}

func fail(err error) {
	say("failed", map[string]interface{}{"reason": err.Error()})
	os.Exit(1)
}

// command is one line of standard input.
type command struct {
	Do    string `json:"do"`
	Enode string `json:"enode"`
}

// finder is what both modes offer.
type finder interface {
	LookupPubkey(*ecdsa.PublicKey) []*enode.Node
	RequestENR(*enode.Node) (*enode.Node, error)
	Close()
}

// echo sends each message back, with its code.
func echo() p2p.Protocol {
	return p2p.Protocol{Name: "echo", Version: 1, Length: 4, Run: func(peer *p2p.Peer, rw p2p.MsgReadWriter) error {
		say("connected", map[string]interface{}{"id": peer.ID().String(), "name": peer.Name()})
		for {
			msg, err := rw.ReadMsg()
			if err != nil {
				return err
			}
			data, err := io.ReadAll(msg.Payload)
			if err != nil {
				return err
			}
			say("echoed", map[string]interface{}{"code": msg.Code, "bytes": len(data)})
			if err := send(rw, msg.Code, data); err != nil {
				return err
			}
		}
	}}
}

func main() {
	boot := flag.String("boot", "", "enode URL to begin with")
	mode := flag.String("mode", "bootnode", "bootnode or peer")
	flag.Parse()
	key, err := crypto.GenerateKey()
	if err != nil {
		fail(err)
	}
	var boots []*enode.Node
	if *boot != "" {
		node, err := enode.ParseV4(*boot)
		if err != nil {
			fail(err)
		}
		boots = append(boots, node)
	}
	if *mode == "peer" {
		server := &p2p.Server{Config: p2p.Config{
			PrivateKey: key, Name: "interop", MaxPeers: 10, ListenAddr: "127.0.0.1:0", NoDiscovery: true,
			BootstrapNodes: boots, Protocols: []p2p.Protocol{echo()},
		}}
		if err := server.Start(); err != nil {
			fail(err)
		}
		say("listening", map[string]interface{}{"enode": server.Self().URLv4(), "id": server.Self().ID().String()})
		drive(nil, server)
		server.Stop()
		return
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		fail(err)
	}
	db, err := enode.OpenDB("")
	if err != nil {
		fail(err)
	}
	node, err := discover.ListenUDP(conn, enode.NewLocalNode(db, key), discover.Config{PrivateKey: key, Bootnodes: boots})
	if err != nil {
		fail(err)
	}
	address := conn.LocalAddr().(*net.UDPAddr)
	self := enode.NewV4(&key.PublicKey, address.IP, 0, address.Port)
	say("listening", map[string]interface{}{"enode": self.URLv4(), "id": self.ID().String()})
	drive(node, nil)
	node.Close()
}

func drive(node finder, server *p2p.Server) {
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var next command
		if err := json.Unmarshal(input.Bytes(), &next); err != nil {
			say("failed", map[string]interface{}{"reason": err.Error()})
			continue
		}
		if err := run(next, node, server); err != nil {
			say("failed", map[string]interface{}{"do": next.Do, "reason": err.Error()})
		}
	}
}

func run(next command, node finder, server *p2p.Server) error {
	switch next.Do {
	case "dial":
		peer, err := enode.ParseV4(next.Enode)
		if err != nil {
			return err
		}
		server.AddPeer(peer)
	case "lookup":
		ids := []string{}
		target, err := crypto.GenerateKey()
		if err != nil {
			return err
		}
		for _, found := range node.LookupPubkey(&target.PublicKey) {
			ids = append(ids, found.ID().String())
		}
		say("found", map[string]interface{}{"ids": ids})
	case "record":
		peer, err := enode.ParseV4(next.Enode)
		if err != nil {
			return err
		}
		record, err := node.RequestENR(peer)
		if err != nil {
			return err
		}
		say("record", map[string]interface{}{"id": record.ID().String(), "ip": record.IP().String(), "udp": record.UDP(), "tcp": record.TCP()})
	default:
		return fmt.Errorf("unknown command %q", next.Do)
	}
	return nil
}
