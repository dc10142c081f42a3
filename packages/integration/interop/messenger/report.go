package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/status-im/status-go/protocol"
)

type facts map[string]interface{}

var outLock sync.Mutex

// say writes one line.
func say(event string, what facts) {
	what["event"] = event
	line, err := json.Marshal(what)
	if err != nil {
		line = []byte(fmt.Sprintf(`{"event":"unprintable","reason":%q}`, err.Error()))
	}
	outLock.Lock()
	defer outLock.Unlock()
	fmt.Fprintln(os.Stdout, string(line))
}

// receive takes what has arrived, as an app does by its own clock.
func (p *person) receive() {
	for range time.Tick(100 * time.Millisecond) {
		response, err := p.messenger.RetrieveAll()
		if err != nil {
			say("retrieve-failed", facts{"reason": err.Error()})
			continue
		}
		report("received", response)
	}
}

// report says what is in a response of the messenger: `received.message`, `sent.chat`, …
func report(how string, response *protocol.MessengerResponse) {
	if response == nil {
		return
	}
	for _, message := range response.Messages {
		say(how+".message", messageFacts(message))
	}
	for _, chat := range response.Chats {
		say(how+".chat", chatFacts(chat))
	}
	for _, c := range response.Contacts {
		say(how+".contact", facts{"id": c.ID, "name": c.Name, "photo": c.Photo, "tags": c.SystemTags})
	}
	for _, i := range response.Installations {
		say(how+".installation", facts{"id": i.ID, "enabled": i.Enabled, "metadata": i.InstallationMetadata})
	}
}

func messageFacts(m *protocol.Message) facts {
	what := facts{
		"id": m.ID, "from": m.From, "chat": m.LocalChatID, "text": m.Text, "content": int32(m.ContentType),
		"type": int32(m.MessageType), "clock": m.Clock, "reply": m.ResponseTo, "ens": m.EnsName,
	}
	if sticker := m.GetSticker(); sticker != nil {
		what["sticker"] = facts{"pack": sticker.Pack, "hash": sticker.Hash}
	}
	return what
}

func chatFacts(chat *protocol.Chat) facts {
	members := []facts{}
	for _, member := range chat.Members {
		members = append(members, facts{"id": member.ID, "admin": member.Admin, "joined": member.Joined})
	}
	return facts{"id": chat.ID, "name": chat.Name, "kind": int(chat.ChatType), "active": chat.Active, "members": members}
}
