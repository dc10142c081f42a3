package main

import (
	crand "crypto/rand"
	"errors"
	mrand "math/rand"
)

// What is random in a vector is recorded in it. The packages under test draw from these two sources: they are made to give what was recorded.

type recorded struct{ queue [][]byte }

func (r *recorded) Read(into []byte) (int, error) {
	if len(r.queue) == 0 {
		return 0, errors.New("more randomness was drawn than was recorded")
	}
	n := copy(into, r.queue[0])
	if r.queue[0] = r.queue[0][n:]; len(r.queue[0]) == 0 {
		r.queue = r.queue[1:]
	}
	return n, nil
}

// withRandom runs work with the recorded values in place of crypto/rand.
func withRandom(values [][]byte, work func() error) error {
	before := crand.Reader
	defer func() { crand.Reader = before }()
	crand.Reader = &recorded{queue: values}
	return work()
}

// saltSource is what crypto/rand has to give for this salt: whisperv6 mixes in math/rand.
func saltSource(salt []byte) []byte {
	const seed = 1
	mixed := make([]byte, len(salt))
	_, _ = mrand.New(mrand.NewSource(seed)).Read(mixed)
	mrand.Seed(seed)
	for i := range mixed {
		mixed[i] ^= salt[i]
	}
	return mixed
}

// keySource is what crypto/rand has to give for this private key: crypto/elliptic flips bits of the second byte.
func keySource(privateKey []byte) []byte {
	source := append([]byte{}, privateKey...)
	if len(source) > 1 {
		source[1] ^= 0x42
	}
	return source
}
