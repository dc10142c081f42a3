// An implementation that the conformance runner can test: go-ethereum 1.9.5's Whisper, by the line protocol of docs/conformance.md.
//
//	go build -o whisper-conformance ./conformance
//	status-stack conformance --command ./whisper-conformance
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
)

type request struct {
	Id      int    `json:"id"`
	Op      string `json:"op"`
	File    string `json:"file"`
	Section string `json:"section"`
	Input   fields `json:"input"`
}

type output map[string]interface{}

// An operation gets the fields of a case and answers with what it made of them, or an error. A refusal says that the input is not valid.
type operation func(fields) (output, error)

type refusal struct{ error }

var operations = map[string]operation{
	"whisper-envelope/valid/reproduce":             seal,
	"whisper-envelope/valid/decode":                open,
	"whisper-envelope/open/decode":                 tryToOpen,
	"whisper-envelope/rlp_decode/decode":           decodeEnvelope,
	"whisper-misc/topic_from_bytes/reproduce":      topicFromBytes,
	"whisper-misc/topic_to_bloom/reproduce":        topicToBloom,
	"whisper-misc/bloom_match/reproduce":           bloomMatch,
	"whisper-misc/envelope_pow/reproduce":          envelopePow,
	"whisper-misc/sym_key_from_password/reproduce": symKeyFromPassword,
	"whisper-misc/packet_messages/decode":          packetMessages,
	"status-topics/public_chat/reproduce":          publicChat,
	"rlpx/ecies/reproduce":                         eciesEncrypt,
	"rlpx/ecies/decode":                            eciesDecrypt,
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<16), 1<<24)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var next request
		if err := json.Unmarshal(lines.Bytes(), &next); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := answers.Encode(answer(next)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func answer(next request) (line output) {
	if next.Op == "hello" {
		return output{
			"id":             next.Id,
			"protocol":       1,
			"implementation": output{"name": "go-ethereum whisperv6", "version": "1.9.5"},
			"sections":       names(),
		}
	}
	// What goes wrong with one case must not end the others.
	defer func() {
		if cause := recover(); cause != nil {
			line = output{"id": next.Id, "error": fmt.Sprint(cause)}
		}
	}()
	run, known := operations[next.File[:len(next.File)-len(".json")]+"/"+next.Section+"/"+next.Op]
	if !known {
		return output{"id": next.Id, "unsupported": "no such operation"}
	}
	made, err := run(next.Input)
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return output{"id": next.Id, "refused": err.Error()}
	case err != nil:
		return output{"id": next.Id, "error": err.Error()}
	}
	return output{"id": next.Id, "output": made}
}

func names() (list []string) {
	for name := range operations {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
