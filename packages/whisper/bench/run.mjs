// `node bench/run.mjs [--json]`: the rows of the privacy layer, ours and its baselines side by side, in one process.
import * as crypto from '@status-stack/crypto'
import { build, compare, comparison, peers, report } from '../../../tools/bench-harness.mjs'

build(`${import.meta.dirname}/..`)
const peer = await peers(import.meta.dirname)
const whisper = await import('@status-stack/whisper')
const wire = await import('@status-stack/whisper/wire')
const testing = await import('@status-stack/whisper/testing')
const { RLP } = await peer('@ethereumjs/rlp')
const { keccak_256 } = await peer('@noble/hashes/sha3.js')

const clock = { nowMs: () => Date.now() }
const random = testing.createSeededRandom('bench')
const alice = testing.createTestKey(new Uint8Array(32).fill(1))
const bob = testing.createTestKey(new Uint8Array(32).fill(2))
const symmetric = { kind: 'symmetric', key: new Uint8Array(32).fill(7) }
const topic = Uint8Array.of(1, 2, 3, 4)
const jobs = []
// A node's timers keep no process alive; a bench that waits for one must.
const alive = setInterval(() => undefined, 1000)

// Proof of work: one try of a message of 324 hashed bytes.
{
  const prefix = random.bytes(316)
  const tries = 4096
  const search = crypto.prepareNonceSearch(prefix)
  const message = new Uint8Array(324)
  message.set(prefix)
  const view = new DataView(message.buffer)
  jobs.push(
    await compare(
      `proof of work, one try, 324 bytes hashed, one core (${search.variant})`,
      {
        ours: () => void search.search(200, 0, tries),
        'loop over noble keccak_256': () => {
          for (let nonce = 0; nonce < tries; nonce++) {
            view.setBigUint64(316, BigInt(nonce))
            if (keccak_256(message)[0] === 256) throw new Error('unreachable')
          }
        }
      },
      { units: tries, rounds: 5, aim: '40 x' }
    )
  )
}

// The same on threads: tries in a fixed time, two workers beside one, in turns.
{
  const prefix = random.bytes(316)
  const rates = { two: [], one: [] }
  const searchers = { two: whisper.createPowSearcher(clock, 2), one: whisper.createPowSearcher(clock, 1) }
  for (const searcher of Object.values(searchers)) await searcher.search(prefix, 200, { timeMs: 300 })
  for (let round = 0; round < 5; round++) {
    for (const name of ['two', 'one']) {
      let tried = 0
      const began = performance.now()
      let until = began
      await searchers[name].search(prefix, 200, {
        timeMs: 1000,
        onProgress: ({ tries }) => {
          tried = tries
          until = performance.now()
        }
      })
      rates[name].push(((until - began) * 1e6) / tried)
    }
  }
  const median = list => list.sort((a, b) => a - b)[list.length >> 1]
  jobs.push(
    comparison(
      'proof of work, one try, threads',
      [
        { name: 'two workers', ns: median(rates.two) },
        { name: 'one worker', ns: median(rates.one) }
      ],
      '1.8 x'
    )
  )
  for (const searcher of Object.values(searchers)) await searcher.stop()
}

// Opening signed messages, each backend.
const payload = random.bytes(150)
const opening = async (job, key, interest, aim) => {
  const data = wire.sealMessage({ payload, key, signer: alice }, random)
  const open = backend => () => {
    crypto.useEcBackend(backend)
    if (typeof wire.openMessage(data, interest) === 'string') throw new Error('not opened')
  }
  const hashes = backend => () => {
    crypto.useEcBackend(backend)
    crypto.useHashBackend('js')
    if (typeof wire.openMessage(data, interest) === 'string') throw new Error('not opened')
    crypto.useHashBackend('auto')
  }
  jobs.push(
    await compare(job, { native: open('native'), 'noble curve': open('noble'), 'noble only': hashes('noble') }, { aim })
  )
  crypto.useEcBackend('auto')
}
await opening('open a signed symmetric envelope', symmetric, symmetric, '15 x')
await opening(
  'open a signed asymmetric envelope',
  { kind: 'asymmetric', publicKey: bob.publicKey },
  { kind: 'asymmetric', identity: bob },
  '20 x'
)

// Decode, hash and PoW of an envelope as it comes in.
function sealed(dataLength, at = topic, nonce = 5n) {
  const now = Math.floor(Date.now() / 1000)
  return wire.encodeEnvelope({ expiry: now + 3600, ttl: 3600, topic: at, data: random.bytes(dataLength), nonce })
}
{
  const bytes = sealed(536)
  const leadingZeros = digest => {
    const at = digest.findIndex(byte => byte !== 0)
    return at * 8 + Math.clz32(digest[at]) - 24
  }
  jobs.push(
    await compare(
      `decode, hash and PoW of an envelope of ${bytes.length} bytes`,
      {
        ours: () => {
          const envelope = wire.decodeEnvelope(bytes)
          return void (wire.envelopeHash(bytes)[0] + wire.envelopePowOfBytes(bytes, envelope))
        },
        '@ethereumjs/rlp and noble': () => {
          const fields = RLP.decode(bytes)
          const hash = keccak_256(bytes)
          const short = RLP.encode(fields.slice(0, 4))
          const worked = new Uint8Array(short.length + 8)
          worked.set(short)
          worked.set(fields[4], worked.length - fields[4].length)
          const ttl = Number(`0x${Buffer.from(fields[1]).toString('hex')}`)
          return void (hash[0] + 2 ** leadingZeros(keccak_256(worked)) / short.length / ttl)
        }
      },
      { aim: '6 x' }
    )
  )
}

// Envelopes a node takes, with few and with many filters on other topics.
async function acceptingNode(filters) {
  const node = whisper.createWhisper(
    {},
    { minPow: 0, confirmations: false, rateLimitPerPeer: 0, poolMaxBytes: 2 ** 34 }
  )
  await node.start()
  for (let i = 0; i < filters; i++) {
    const at = new Uint8Array(4)
    new DataView(at.buffer).setUint32(0, 0xf0000000 + i)
    node.filters.add({ key: { kind: 'symmetric', key: random.bytes(32) }, topics: [at] })
  }
  const pair = testing.createLinkPair()
  void node.attach(pair.left).catch(() => undefined)
  void (async () => {
    for await (const _ of pair.right.packets());
  })()
  await pair.right.send(0, wire.encodeStatus({ minPow: 0, bloom: new Uint8Array(64), light: false }))
  let nonce = 0n
  const batch = 200
  return {
    batch,
    take: async () => {
      nonce += BigInt(batch)
      const envelopes = Array.from({ length: batch }, (_, i) => sealed(284, topic, nonce + BigInt(i)))
      const before = node.info().messages
      await pair.right.send(1, wire.encodeMessages(envelopes))
      while (node.info().messages < before + batch) await new Promise(resolve => setImmediate(resolve))
    },
    stop: () => node.stop()
  }
}
{
  const many = await acceptingNode(10_000)
  const few = await acceptingNode(10)
  jobs.push(
    await compare(
      'accept an envelope of 310 bytes',
      { 'with 10 000 filters': many.take, 'with 10 filters': few.take },
      { units: many.batch, aim: '0.8 x or more' }
    )
  )
  await many.stop()
  await few.stop()
}

// What a relay adds: from the packet that comes in to the packet that goes out.
async function relay(forwarding) {
  const node = whisper.createWhisper({}, { minPow: 0, forwarding, rateLimitPerPeer: 0 })
  await node.start()
  const [source, sink] = ['3', '4'].map(name => {
    const pair = testing.createLinkPair({ right: name.repeat(64) })
    void node.attach(pair.left).catch(() => undefined)
    return pair.right
  })
  let arrived = () => undefined
  const read = async (link, on) => {
    for await (const { code } of link.packets()) if (code === 1) on()
  }
  void read(sink, () => arrived())
  void read(source, () => undefined)
  for (const link of [source, sink]) await link.send(0, wire.encodeStatus({ minPow: 0, light: false }))
  await new Promise(resolve => setTimeout(resolve, 50))
  let nonce = 0n
  return {
    pass: async () => {
      nonce += 1n
      const bytes = sealed(284, topic, nonce)
      const done = new Promise(resolve => {
        arrived = resolve
      })
      await source.send(1, wire.encodeMessages([bytes]))
      await done
    },
    stop: () => node.stop()
  }
}
{
  const immediate = await relay('immediate')
  const batched = await relay(300)
  const [ours] = (await compare('', { ours: immediate.pass }, { rounds: 7 })).results
  const waits = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    await batched.pass()
    waits.push((performance.now() - began) * 1e6)
  }
  const ns = waits.sort((a, b) => a - b)[2]
  jobs.push(
    comparison(
      'latency that a relay adds',
      [
        { name: 'immediate', ns: ours.ns },
        { name: 'batches every 300 ms, as geth', ns }
      ],
      '60 x'
    )
  )
  await immediate.stop()
  await batched.stop()
}

clearInterval(alive)
report('whisper', jobs)
