// A messenger of status-go (package protocol, January 2020) on a live Whisper node, driven over standard input and telling over
// standard output what it does and sees, one JSON object a line. It exists so that our client can be tried against a messenger
// that we did not write.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	_ "github.com/mutecomm/go-sqlcipher"
	gethbridge "github.com/status-im/status-go/eth-node/bridge/geth"
	"github.com/status-im/status-go/eth-node/types"
	enstypes "github.com/status-im/status-go/eth-node/types/ens"
	"github.com/status-im/status-go/protocol"
	"go.uber.org/zap"
)

// services is what a messenger asks of the node it runs in; only Whisper is there.
type services struct{ shh types.Whisper }

func (services) NewENSVerifier(*zap.Logger) enstypes.ENSVerifier { return nil }
func (services) AddPeer(string) error                            { return nil }
func (services) RemovePeer(string) error                         { return nil }
func (s services) GetWhisper(interface{}) (types.Whisper, error) { return s.shh, nil }

func main() {
	data := flag.String("data", "", "folder for key, installation id and database")
	datasync := flag.Bool("datasync", false, "send direct messages over MVDS")
	minPow := flag.Float64("minpow", 0, "proof of work required of envelopes")
	verbose := flag.Bool("verbose", false, "the messenger's log on standard error")
	flag.Parse()
	if *data == "" {
		fail(fmt.Errorf("-data names no folder"))
	}
	check(os.MkdirAll(*data, 0o700))

	key := keptKey(filepath.Join(*data, "key"))
	installation := kept(filepath.Join(*data, "installation"), func() string { return uuid.New().String() })
	shh, server := startNode(keptKey(filepath.Join(*data, "nodekey")), *minPow)

	logger := zap.NewNop()
	if *verbose {
		logger, _ = zap.NewDevelopment()
	}
	options := []protocol.Option{
		protocol.WithCustomLogger(logger),
		protocol.WithMessagesPersistenceEnabled(),
		protocol.WithDatabaseConfig(filepath.Join(*data, "messenger.db"), "password"),
	}
	if *datasync {
		options = append(options, protocol.WithDatasync())
	}
	messenger, err := protocol.NewMessenger(key, services{gethbridge.NewGethWhisperWrapper(shh)}, installation, options...)
	check(err)
	check(messenger.Init())

	person := &person{messenger, server, shh}
	say("ready", facts{
		"key": publicKeyText(&key.PublicKey), "enode": server.Self().URLv4(), "id": server.Self().ID().String(),
		"installation": installation,
	})
	go person.receive()
	person.obey(bufio.NewScanner(os.Stdin))
	_ = messenger.Shutdown()
	server.Stop()
}

// obey runs the commands one after another until the input ends.
func (p *person) obey(input *bufio.Scanner) {
	input.Buffer(make([]byte, 1<<16), 1<<24)
	for input.Scan() {
		var next command
		err := json.Unmarshal(input.Bytes(), &next)
		if err == nil {
			err = p.run(next)
		}
		if err != nil {
			say("failed", facts{"number": next.Number, "do": next.Do, "reason": err.Error()})
		}
	}
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
