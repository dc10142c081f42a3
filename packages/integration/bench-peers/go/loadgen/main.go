// Loadgen measures a Whisper node from outside, over the wire: one round of one mode, one line of JSON. It knows of the node its
// enode URL, its RPC and its process id, so geth's and ours are measured by the same code.
package main

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/log"
)

var (
	target    = flag.String("enode", "", "the node that is sent to")
	last      = flag.String("last", "", "the node that is received from (default: the same)")
	rpcURL    = flag.String("rpc", "", "its JSON-RPC")
	pid       = flag.Int("pid", 0, "its process")
	unit      = flag.Int("unit", 560, "what one envelope counts for in shh_info, as the mode unit answers")
	count     = flag.Int("n", 10000, "envelopes")
	each      = flag.Int("each", 100, "envelopes in a packet")
	rec       = flag.Int("receivers", 0, "peers that receive")
	idle      = flag.Int("idle", 0, "peers that only stay connected")
	ttl       = flag.Int("ttl", 60, "time to live, seconds")
	rate      = flag.Int("rate", 1000, "envelopes a second")
	windows   = flag.Int("windows", 4, "windows of three seconds")
	warm      = flag.Int("warm", 0, "envelopes sent and taken in before the clock starts")
	filters   = flag.Int("filters", 0, "filters that are installed")
	traffic   = flag.String("traffic", "miss", "miss, hit, same, samemiss")
	installs  = flag.String("keys", "", "file with keys and topics of filters that the node has already")
	wait      = flag.Int("wait", 60, "longest wait, seconds")
	secret    = flag.String("key", strings.Repeat("11", 32), "private key of the sender")
	pages     = flag.Int("pages", 1<<30, "most pages")
	limit     = flag.Int("limit", 1000, "envelopes of a page")
	onTopic   = flag.Int("topic", -1, "ask for this one of the hundred topics")
	cycle     = flag.Int("cycle", 1, "topics that the envelopes are spread over")
	confirmed = flag.Bool("confirmed", false, "links that use confirmations")
	follow    = flag.Int("follow", 0, "seconds that the other node is watched")
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("which mode?"))
	}
	mode := os.Args[1]
	check(flag.CommandLine.Parse(os.Args[2:]))
	log.Root().SetHandler(log.DiscardHandler())
	modes := map[string]func() map[string]interface{}{
		"id": identity, "unit": unitOf, "burst": burst, "paced": paced, "latency": latency, "memory": memoryOf, "filters": filtered,
		"survive": survive, "pages": askPages,
	}
	run, known := modes[mode]
	if !known {
		fail(fmt.Errorf("unknown mode %q", mode))
	}
	check(json.NewEncoder(os.Stdout).Encode(run()))
	os.Exit(0)
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	_ = json.NewEncoder(os.Stdout).Encode(map[string]string{"error": err.Error()})
	os.Exit(1)
}

func sender() *Peer {
	key, err := crypto.HexToECDSA(*secret)
	check(err)
	peer, err := Connect(key, *target, nil)
	check(err)
	return peer
}

func receivers(number int, from string) []*Peer {
	var peers []*Peer
	for len(peers) < number {
		peer, err := Connect(nil, from, nil)
		check(err)
		peers = append(peers, peer)
	}
	return peers
}

func node() *RPC { return &RPC{url: *rpcURL} }

// identity answers the enode URL of the sender, for nodes that are to trust it.
func identity() map[string]interface{} {
	key, err := crypto.HexToECDSA(*secret)
	check(err)
	return map[string]interface{}{"enode": fmt.Sprintf("enode://%s@127.0.0.1:1", hex.EncodeToString(crypto.FromECDSAPub(&key.PublicKey)[1:]))}
}

// unitOf sends one envelope and answers what the node counts for it.
func unitOf() map[string]interface{} {
	rpc := node()
	check(sendAll(sender(), pack(someNoise(1), 1)))
	memory := 0
	until(10*time.Second, 5*time.Millisecond, func() bool {
		memory, _, _ = rpc.Pooled(1)
		return memory > 0
	})
	if memory == 0 {
		fail(fmt.Errorf("the node did not take an envelope"))
	}
	return map[string]interface{}{"unit": memory}
}

// topicOf spreads numbers over all topics: ones that look alike would share their bloom bits.
func topicOf(number int) (topic [4]byte) {
	copy(topic[:], crypto.Keccak256([]byte(fmt.Sprint(number))))
	return topic
}

func someNoise(number int) [][]byte {
	envelopes := make([][]byte, number)
	for i := range envelopes {
		envelopes[i] = noise(uint32(*ttl), topicOf(i%*cycle), uint64(i))
	}
	return envelopes
}

// accepted waits until the node has all in its pool and none in its queue.
func accepted(rpc *RPC, want int) bool {
	return until(time.Duration(*wait)*time.Second, 5*time.Millisecond, func() bool {
		pooled, queued, err := rpc.Pooled(*unit)
		return err == nil && pooled >= want && queued == 0
	})
}

func sendAll(peer *Peer, packets [][]byte) error {
	for _, packet := range packets {
		if err := peer.Send(messagesCode, packet); err != nil {
			return err
		}
	}
	return nil
}

// burst sends everything at once. Without receivers it lasts until the node has accepted all, with them until the slowest has all.
func burst() map[string]interface{} {
	rpc := node()
	from := sender()
	out := receivers(*rec, *target)
	time.Sleep(300 * time.Millisecond)
	if *warm > 0 {
		check(sendAll(from, pack(someNoise(*warm), *each)))
		if !accepted(rpc, *warm) {
			fail(fmt.Errorf("not warm after %d s", *wait))
		}
		until(10*time.Second, 10*time.Millisecond, func() bool { return slowest(out) >= int64(*warm) })
		time.Sleep(500 * time.Millisecond)
	}
	packets := pack(someNoise(*count), *each)
	before, ownBefore, start := cpu(*pid), cpu(0), time.Now()
	check(sendAll(from, packets))
	written := time.Since(start)
	total := *warm + *count
	var done bool
	if *rec == 0 {
		done = accepted(rpc, total)
	} else {
		done = until(time.Duration(*wait)*time.Second, 2*time.Millisecond, func() bool { return slowest(out) >= int64(total) })
	}
	end := time.Now()
	if *rec > 0 && done {
		end = time.Unix(0, latest(out))
	}
	took := end.Sub(start).Seconds()
	used, own := cpu(*pid)-before, cpu(0)-ownBefore
	resident, peak := memory(*pid)
	result := map[string]interface{}{
		"done": done, "seconds": took, "perSecond": float64(*count) / took, "cpuMicros": used / float64(*count) * 1e6,
		"cpuPercent": used / took * 100, "ownMicros": own / float64(*count) * 1e6, "written": written.Seconds(),
		"rss": resident, "peak": peak,
	}
	if *rec > 0 {
		result["got"] = slowest(out)
		largest := int64(0)
		for _, peer := range out {
			if peer.largest > largest {
				largest = peer.largest
			}
		}
		result["largestPacket"] = largest
	}
	return result
}

func slowest(peers []*Peer) int64 {
	least := int64(1 << 62)
	for _, peer := range peers {
		if got := peer.Received(); got < least {
			least = got
		}
	}
	return least
}

func latest(peers []*Peer) int64 {
	at := int64(0)
	for _, peer := range peers {
		if peer.last > at {
			at = peer.last
		}
	}
	return at
}

// paced sends a share of the rate every ten milliseconds, in packets of `each` at most.
func paced() map[string]interface{} {
	from := sender()
	out := receivers(*rec, *target)
	time.Sleep(300 * time.Millisecond)
	stop := time.Now().Add(time.Duration(*windows)*3*time.Second + 1500*time.Millisecond)
	sent := 0
	go func() {
		start := time.Now()
		for now := start; now.Before(stop); now = time.Now() {
			due := int(now.Sub(start).Seconds() * float64(*rate))
			var batch [][]byte
			for ; sent < due; sent++ {
				batch = append(batch, noise(uint32(*ttl), topicOf(0), uint64(sent)))
			}
			if sendAll(from, pack(batch, *each)) != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	time.Sleep(1500 * time.Millisecond)
	var percents, rates []float64
	for window := 0; window < *windows; window++ {
		before, got, start := cpu(*pid), slowest(out), time.Now()
		time.Sleep(3 * time.Second)
		took := time.Since(start).Seconds()
		percents = append(percents, (cpu(*pid)-before)/took*100)
		rates = append(rates, float64(slowest(out)-got)/took)
	}
	resident, peak := memory(*pid)
	return map[string]interface{}{"cpuPercent": percents, "gotPerSecond": rates, "rss": resident, "peak": peak, "sent": sent, "got": slowest(out)}
}

// latency sends single envelopes, one every 20 to 60 ms, and times how long each is on its way to the receiver.
func latency() map[string]interface{} {
	if *last == "" {
		last = target
	}
	arrived := make(chan [2]int64, 1000)
	time.Sleep(time.Duration(random.Intn(300)) * time.Millisecond)
	to, err := Connect(nil, *last, func(code uint64, payload []byte) {
		now := time.Now().UnixNano()
		if code != messagesCode {
			return
		}
		for envelope := range items(payload) {
			arrived <- [2]int64{int64(idOf(envelope)), now}
		}
	})
	check(err)
	time.Sleep(time.Duration(random.Intn(300)) * time.Millisecond)
	from := sender()
	time.Sleep(500 * time.Millisecond)
	sent := map[int64]int64{}
	var took []float64
	take := func(got [2]int64) {
		if at, mine := sent[got[0]]; mine {
			took = append(took, float64(got[1]-at)/1e6)
			delete(sent, got[0])
		}
	}
	for i := 0; i < *count; i++ {
		packet := list([][]byte{noise(uint32(*ttl), topicOf(0), uint64(i+1))})
		sent[int64(i+1)] = time.Now().UnixNano()
		check(from.Send(messagesCode, packet))
		next := time.After(time.Duration(20+random.Intn(40)) * time.Millisecond)
		for waiting := true; waiting; {
			select {
			case got := <-arrived:
				take(got)
			case <-next:
				waiting = false
			}
		}
	}
	over := time.After(5 * time.Second)
	for len(sent) > 0 {
		select {
		case got := <-arrived:
			take(got)
			continue
		case <-over:
		}
		break
	}
	to.Close()
	return map[string]interface{}{"ms": took, "lost": len(sent)}
}

// memoryOf fills the pool while idle peers are connected, and looks at the node at rest and after everything has expired.
func memoryOf() map[string]interface{} {
	rpc := node()
	result := map[string]interface{}{}
	note := func(name string) {
		resident, peak := memory(*pid)
		result[name] = resident
		result[name+"Peak"] = peak
	}
	note("start")
	from := sender()
	var peers []*Peer
	for len(peers) < *idle {
		peer, err := Connect(nil, *target, nil)
		check(err)
		peers = append(peers, peer)
	}
	time.Sleep(time.Second)
	note("connected")
	filled := time.Now()
	if *count > 0 {
		packets := pack(someNoise(*count), *each)
		check(sendAll(from, packets))
		result["filled"] = accepted(rpc, *count)
		until(30*time.Second, 20*time.Millisecond, func() bool { return *idle == 0 || slowest(peers) >= int64(*count) })
		result["received"] = int64(0)
		if *idle > 0 {
			result["received"] = slowest(peers)
		}
	}
	pooled, _, err := rpc.Pooled(*unit)
	check(err)
	result["pooled"] = pooled
	time.Sleep(3 * time.Second)
	note("rest")
	before, start := cpu(*pid), time.Now()
	time.Sleep(4 * time.Second)
	result["idleCpuPercent"] = (cpu(*pid) - before) / time.Since(start).Seconds() * 100
	var heap float64
	if rpc.Call(&heap, "perf_gc") == nil {
		result["heap"] = heap / (1 << 20)
		note("collected")
	}
	if *follow > 0 {
		for _, peer := range peers {
			peer.Close()
		}
		time.Sleep(time.Until(filled.Add(time.Duration(*ttl+*follow) * time.Second)))
		pooled, _, _ = rpc.Pooled(*unit)
		result["pooledAfter"] = pooled
		note("expired")
		if rpc.Call(&heap, "perf_gc") == nil {
			result["heapExpired"] = heap / (1 << 20)
			note("expiredCollected")
		}
	}
	return result
}

// filtered installs filters and sends them traffic of really sealed envelopes.
func filtered() map[string]interface{} {
	rpc := node()
	keys, topics := make([][]byte, *filters), make([][4]byte, *filters)
	one := [4]byte{0x51, 0x52, 0x53, 0x54}
	if *installs != "" {
		readKeys(*installs, keys, topics)
	} else {
		var asHex []interface{}
		for i := range keys {
			keys[i] = make([]byte, 32)
			random.Read(keys[i])
			topics[i] = topicOf(i)
			if strings.HasPrefix(*traffic, "same") {
				topics[i] = one
			}
			asHex = append(asHex, "0x"+hex.EncodeToString(keys[i]))
		}
		ids, err := rpc.Batch("shh_addSymKey", asHex)
		check(err)
		var criteria []interface{}
		for i, id := range ids {
			criteria = append(criteria, map[string]interface{}{"symKeyID": id, "topics": []string{"0x" + hex.EncodeToString(topics[i][:])}})
		}
		_, err = rpc.Batch("shh_newMessageFilter", criteria)
		check(err)
	}
	from := sender()
	time.Sleep(300 * time.Millisecond)
	make1 := func(i int) []byte {
		switch {
		case *traffic == "hit" && *filters > 0, *traffic == "same" && *filters > 0:
			filter := random.Intn(*filters)
			return sealed(uint32(*ttl), topics[filter], keys[filter])
		case *traffic == "samemiss":
			return noise(uint32(*ttl), one, uint64(i))
		default:
			return noise(uint32(*ttl), [4]byte{0x90, 1, 2, byte(i)}, uint64(i))
		}
	}
	envelopes := make([][]byte, *warm+*count)
	for i := range envelopes {
		envelopes[i] = make1(i)
	}
	check(sendAll(from, pack(envelopes[:*warm], *each)))
	accepted(rpc, *warm)
	packets := pack(envelopes[*warm:], *each)
	before, start := cpu(*pid), time.Now()
	check(sendAll(from, packets))
	done := accepted(rpc, *warm+*count)
	took := time.Since(start).Seconds()
	used := cpu(*pid) - before
	resident, _ := memory(*pid)
	return map[string]interface{}{
		"done": done, "perSecond": float64(*count) / took, "cpuMicros": used / float64(*count) * 1e6, "rss": resident,
	}
}

// readKeys takes what a node that has its filters already was given: lines of key and topic in hex.
func readKeys(file string, keys [][]byte, topics [][4]byte) {
	text, err := os.ReadFile(file)
	check(err)
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		fields := strings.Fields(line)
		keys[i], err = hex.DecodeString(fields[0])
		check(err)
		topic, err := hex.DecodeString(fields[1])
		check(err)
		copy(topics[i][:], topic)
	}
}

// survive sends a burst into the first of two nodes and watches how many reach the other.
func survive() map[string]interface{} {
	rpc := node() // of the second node
	from := sender()
	time.Sleep(500 * time.Millisecond)
	start := time.Now()
	check(sendAll(from, pack(someNoise(*count), *each)))
	seen := map[string]int{}
	whole := -1.0
	for second := 1; second <= *follow; second++ {
		for time.Since(start) < time.Duration(second)*time.Second {
			pooled, _, err := rpc.Pooled(*unit)
			if err == nil && pooled >= *count && whole < 0 {
				whole = time.Since(start).Seconds()
			}
			time.Sleep(20 * time.Millisecond)
		}
		if pooled, _, err := rpc.Pooled(*unit); err == nil && (second == 2 || second == 10 || second == *follow) {
			seen[fmt.Sprint(second)] = pooled
		}
	}
	return map[string]interface{}{"sent": *count, "pooledAtSecond": seen, "wholeAfter": whole}
}

func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := append([]float64(nil), values...)
	sort.Float64s(sorted)
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
