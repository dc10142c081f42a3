package main

import (
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/status-im/status-go/whisper/v6"

	"status-stack-interop/shh"
)

// mailer asks mailservers; only status-go's Whisper knows how to.
type mailer interface {
	// request seals a payload and asks with it, as Status clients do.
	request(next shh.Command) error
	// ask sends the plain form.
	ask(next shh.Command) error
	// sync fetches what another mailserver keeps.
	sync(next shh.Command) error
}

// archive is as much of a mailserver as a requester of a sync needs: it tells what it would keep.
type archive struct{}

func (archive) Archive(envelope *whisper.Envelope) {
	say("archived", map[string]interface{}{"hash": envelope.Hash()})
}
func (archive) DeliverMail([]byte, *whisper.Envelope)          {}
func (archive) Deliver([]byte, whisper.MessagesRequest)        {}
func (archive) SyncMail([]byte, whisper.SyncMailRequest) error { return nil }

func (node status) request(next shh.Command) error {
	keys, err := next.Keys()
	if err != nil {
		return err
	}
	params := &whisper.MessageParams{
		TTL:      50,
		WorkTime: 5,
		PoW:      next.Pow,
		Payload:  next.Payload,
		KeySym:   next.SymKey,
		Src:      keys.Private,
		Dst:      keys.Receiver,
	}
	message, err := whisper.NewSentMessage(params)
	if err != nil {
		return err
	}
	envelope, err := message.Wrap(params, time.Now())
	if err != nil {
		return err
	}
	say("requested", map[string]interface{}{"id": envelope.Hash()})
	return node.RequestHistoricMessagesWithTimeout(next.Peer, envelope, 0)
}

func (node status) ask(next shh.Command) error {
	if err := node.AllowP2PMessagesFromPeer(next.Peer); err != nil {
		return err
	}
	request := whisper.MessagesRequest{ID: next.ID, From: next.From, To: next.To, Limit: next.Limit, Cursor: next.Cursor, Bloom: next.Bloom}
	if err := request.Validate(); err != nil {
		return err
	}
	return node.SendMessagesRequest(next.Peer, request)
}

func (node status) sync(next shh.Command) error {
	node.RegisterMailServer(archive{})
	if err := node.AllowP2PMessagesFromPeer(next.Peer); err != nil {
		return err
	}
	return node.SyncMessages(next.Peer, whisper.SyncMailRequest{
		Lower: next.From, Upper: next.To, Bloom: next.Bloom, Limit: next.Limit, Cursor: next.Cursor,
	})
}

// detail spells out what a mailserver answered.
func detail(data interface{}) map[string]interface{} {
	switch answer := data.(type) {
	case *whisper.MailServerResponse:
		facts := map[string]interface{}{"last": answer.LastEnvelopeHash, "cursor": hexutil.Bytes(answer.Cursor)}
		if answer.Error != nil {
			facts["reason"] = answer.Error.Error()
		}
		return facts
	case whisper.SyncEventResponse:
		return map[string]interface{}{"cursor": hexutil.Bytes(answer.Cursor), "reason": answer.Error}
	default:
		return nil
	}
}
