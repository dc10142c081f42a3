import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { envelopeBloom, filterBloom } from '../../src/bloom.ts'
import { decodeEnvelope, type Envelope, encodeEnvelope, envelopeHash } from '../../src/envelope.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeMessageResponse } from '../../src/packets/confirmations.ts'
import { decodeMessages, encodeMessages } from '../../src/packets/messages.ts'
import { decodeBloomFilter, decodePowRequirement } from '../../src/packets/requirements.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { envelopePow, powOf } from '../../src/pow.ts'
import { judgeEnvelope } from '../../src/relay/acceptance.ts'
import { handPeer, node, place, time, topic } from '../support.ts'

const now = 1_600_000_000

function envelope(change: Partial<Envelope> = {}): Envelope {
  return { expiry: now + 10, ttl: 10, topic, data: new Uint8Array(100), nonce: 0n, ...change }
}

function judge(change: Partial<Envelope>, requirements = {}) {
  const given = envelope(change)
  return judgeEnvelope(
    given,
    { pow: future => envelopePow(given, future), bloom: () => envelopeBloom(given.topic) },
    {
      minPow: 0,
      toleratedMinPow: 0,
      bloom: undefined,
      toleratedBloom: undefined,
      maxMessageSize: 1 << 20,
      syncAllowanceSeconds: 10,
      ...requirements
    },
    now
  )
}

async function listening(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  await clock.settle()
  const refused: string[] = []
  whisper.on('enveloperefused', fact => refused.push(fact.reason))
  const send = async (...envelopes: readonly Envelope[]) => {
    await peer.send(packetCodes.messages, encodeMessages(envelopes.map(encodeEnvelope)))
    await clock.settle()
  }
  return { clock, whisper, peer, refused, send }
}

test('W-10 envelopes with 4 or 6 elements, a 3-byte topic, a non-minimal integer or a 9-byte nonce are refused', () => {
  const good = [now, 10, topic, new Uint8Array(3), 5]
  expect(decodeEnvelope(encodeRlp(good)).nonce).toBe(5n)
  const bad = [
    good.slice(0, 4),
    [...good, 1],
    [now, 10, topic.slice(0, 3), new Uint8Array(3), 5],
    [Uint8Array.of(0, 1), 10, topic, new Uint8Array(3), 5],
    [now, 10, topic, new Uint8Array(3), new Uint8Array(9).fill(1)],
    [now, 10, topic, [], 5]
  ]
  for (const items of bad) {
    expect(() => decodeEnvelope(encodeRlp(items))).toThrow(expect.objectContaining({ code: 'invalid-envelope' }))
  }
})

test('W-11 envelope hash and RLP match the example', () => {
  const bytes = encodeEnvelope({
    expiry: 1_600_000_050,
    ttl: 50,
    topic: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
    data: Uint8Array.of(1, 2, 3),
    nonce: 1024n
  })
  expect(bytesToHex(bytes)).toBe('d2845f5e10323284deadbeef83010203820400')
  expect(bytesToHex(envelopeHash(bytes))).toBe('3304dd82626f53a77e421a8d86b6c4053fdeba1b44ae39a1c9c63b47b71eb1eb')
})

test('W-12 ttl 0 has infinite PoW, the future makes PoW smaller, two divisions', () => {
  expect(envelopePow(envelope({ ttl: 0 }))).toBe(Number.POSITIVE_INFINITY)
  expect(judge({ ttl: 0, expiry: now }, { minPow: 1e300, toleratedMinPow: 1e300 }).kind).toBe('accepted')
  const late = judge({ expiry: now + 15 })
  expect(late.kind === 'accepted' && late.pow).toBe(envelopePow(envelope({ expiry: now + 15 }), 6))
  expect(powOf(3, 49, 10)).toBe(8 / 49 / 10)
})

test('W-13 sent = now + 10 is accepted, now + 11 is from the future', () => {
  expect(judge({ expiry: now + 20 }).kind).toBe('accepted')
  expect(judge({ expiry: now + 21 })).toMatchObject({ kind: 'refused', reason: 'from-future' })
})

test('W-14 expiry = now is accepted, now − 1 … now − 20 dropped, now − 21 very old', () => {
  expect(judge({ expiry: now }).kind).toBe('accepted')
  for (const ago of [1, 10, 20]) expect(judge({ expiry: now - ago }).kind).toBe('dropped')
  expect(judge({ expiry: now - 21 })).toMatchObject({ kind: 'refused', reason: 'very-old' })
})

test('W-15 a ttl above the expiry is from the future', () => {
  expect(judge({ expiry: now, ttl: now + 1 })).toMatchObject({ kind: 'refused', reason: 'from-future' })
  expect(judge({ expiry: now, ttl: now }).kind).toBe('accepted')
})

test('the first failing check decides: clock, age, size, PoW, bloom', () => {
  const strictest = {
    minPow: 1e9,
    toleratedMinPow: 1e9,
    bloom: new Uint8Array(64),
    toleratedBloom: new Uint8Array(64),
    maxMessageSize: 100
  }
  const reasons = [
    judge({ expiry: now + 100 }, strictest),
    judge({ expiry: now - 100 }, strictest),
    judge({}, strictest),
    judge({ data: new Uint8Array(10) }, strictest),
    judge({ data: new Uint8Array(10) }, { ...strictest, minPow: 0 }),
    judge({ data: new Uint8Array(80) }, { ...strictest, minPow: 0, bloom: undefined })
  ]
  expect(reasons.map(verdict => (verdict.kind === 'refused' ? verdict.reason : verdict.kind))).toEqual([
    'from-future',
    'very-old',
    'too-large',
    'low-pow',
    'bloom-mismatch',
    'accepted'
  ])
})

test('W-16 a PoW change is tolerated for 10 s, then enforced; packet 2 goes to all peers', async () => {
  const { clock, whisper, peer, refused, send } = await listening()
  await whisper.setMinPow(50)
  await clock.settle()
  expect(peer.received.filter(({ code }) => code === 2).map(({ payload }) => decodePowRequirement(payload))).toEqual([
    50
  ])
  await clock.advance(9000)
  await send(envelope({ expiry: now + 19 }))
  expect(whisper.info().messages).toBe(1)
  await clock.advance(1000)
  await send(envelope({ expiry: now + 20, nonce: 1n }))
  expect(refused).toEqual(['low-pow'])
  await expect(whisper.setMinPow(-1)).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(whisper.setMinPow(Number.NaN)).rejects.toMatchObject({ code: 'invalid-argument' })
  await whisper.stop()
})

test('W-16 a lower minimum is in force at once', async () => {
  const { whisper, refused, send } = await listening({ minPow: 50 })
  await send(envelope())
  expect(refused).toEqual(['low-pow'])
  await whisper.setMinPow(0)
  await send(envelope({ nonce: 1n }))
  expect(whisper.info().messages).toBe(1)
  await whisper.stop()
})

test('W-17 a bloom change is tolerated for 10 s; packet 3 is sent; subscriptions widen a filter only if there is one', async () => {
  const { clock, whisper, peer, refused, send } = await listening()
  const filters = () => peer.received.filter(({ code }) => code === 3).map(({ payload }) => decodeBloomFilter(payload))
  const other = Uint8Array.of(9, 9, 9, 0)
  await whisper.subscribe(place(other).interest).ready
  expect(filters()).toEqual([])
  expect(whisper.info().bloomFilter).toBeUndefined()
  await whisper.setBloomFilter(filterBloom([other]))
  await clock.settle()
  expect(filters()).toEqual([filterBloom([other])])
  await clock.advance(9000)
  await send(envelope({ expiry: now + 19 }))
  expect(whisper.info().messages).toBe(1)
  await clock.advance(1000)
  await send(envelope({ expiry: now + 20, nonce: 1n }))
  expect(refused).toEqual(['bloom-mismatch'])
  await whisper.subscribe(place().interest).ready
  expect(filters().at(-1)).toEqual(filterBloom([other, topic]))
  await send(envelope({ expiry: now + 20, nonce: 2n }))
  expect(whisper.info().messages).toBe(2)
  await expect(whisper.setBloomFilter(new Uint8Array(63))).rejects.toThrow('invalid bloom filter size: 63')
  await whisper.stop()
})

test('W-19 the OR variant is advertised, the overwriting one matched', async () => {
  const colliding = Uint8Array.of(0, 1, 2, 0)
  const { clock, whisper, peer, send } = await listening({ bloom: 'interests' })
  await whisper.subscribe(place(colliding).interest).ready
  await clock.settle()
  const [announced] = peer.received.filter(({ code }) => code === 3)
  expect(announced && bytesToHex(decodeBloomFilter(announced.payload)).slice(0, 4)).toBe('0700')
  // A go-ethereum peer announces the overwriting variant and must still get the topic from us.
  await peer.send(packetCodes.bloomFilter, encodeRlp(envelopeBloom(colliding)))
  await clock.settle()
  await send(envelope({ topic: colliding }))
  expect(whisper.info().messages).toBe(1)
  await whisper.post({ route: place(colliding).route, payload: Uint8Array.of(1) })
  await clock.settle()
  expect(peer.received.filter(({ code }) => code === 1)).toHaveLength(1)
  await whisper.stop()
})

test('W-18 the vectors of the issue: 00010200, 10118000, ffffff07', () => {
  const bits = (bloom: Uint8Array) => [...Array(512).keys()].filter(n => ((bloom[n >> 3] ?? 0) & (1 << (n & 7))) !== 0)
  const topics = [Uint8Array.of(0, 1, 2, 0), Uint8Array.of(0x10, 0x11, 0x80, 0), Uint8Array.of(255, 255, 255, 7)]
  expect(topics.map(each => bits(envelopeBloom(each)))).toEqual([[2], [17, 128], [511]])
  expect(topics.map(each => bits(filterBloom([each])))).toEqual([[0, 1, 2], [16, 17, 128], [511]])
})

test('W-20 a bad envelope: strict mode ends the link after the whole batch, clock errors spared; by default it stays', async () => {
  const good = envelope({ nonce: 7n })
  const wrongTopic = envelope({ topic: Uint8Array.of(0, 0, 200, 0) })
  const future = envelope({ expiry: now + 1000 })
  for (const strict of [false, true]) {
    const { clock, whisper, peer, send, refused } = await listening({ strict, bloom: 'interests' })
    await whisper.subscribe(place().interest).ready
    await clock.settle()
    await send(future)
    expect(whisper.connected()).toBe(true)
    await send(wrongTopic, good)
    expect(refused).toEqual(['from-future', 'bloom-mismatch'])
    expect(whisper.info().messages).toBe(1)
    expect(whisper.connected()).toBe(!strict)
    if (strict) expect(await peer.ended).toMatchObject({ code: 'bad-envelope', origin: 'peer' })
    await whisper.stop()
  }
})

test('W-39 the confirmation hash is Keccak-256 of the batch bytes, and packet 12 precedes 11', async () => {
  const { whisper, peer, send } = await listening()
  await send(envelope())
  await send()
  const answers = peer.received.filter(({ code }) => code === 11 || code === 12)
  expect(answers.map(({ code }) => code)).toEqual([12, 11, 12, 11])
  const batches = [encodeMessages([encodeEnvelope(envelope())]), encodeMessages([])].map(keccak256)
  expect(answers.filter(({ code }) => code === 12).map(({ payload }) => decodeMessageResponse(payload)?.batch)).toEqual(
    batches
  )
  expect(answers.filter(({ code }) => code === 11).map(({ payload }) => payload.subarray(1))).toEqual(batches)
  await whisper.stop()
  const quiet = await listening({ confirmations: false })
  await quiet.send(envelope())
  expect(quiet.peer.received.map(({ code }) => code)).toEqual([0])
  await quiet.whisper.stop()
})

test('a peer whose Status says nothing of confirmations, as that of go-ethereum, gets none', async () => {
  const { clock, whisper } = await listening()
  const plain = handPeer(whisper, 'plain')
  await plain.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await plain.send(packetCodes.messages, encodeMessages([encodeEnvelope(envelope())]))
  await clock.settle()
  expect(plain.received.map(({ code }) => code)).toEqual([0])
  await whisper.stop()
})

test('W-40 error entries carry hash, code and description', async () => {
  const { whisper, peer, send } = await listening({ minPow: 1 })
  const bad = envelope()
  await send(bad)
  const response = peer.received.find(({ code }) => code === 12)
  expect(response && decodeMessageResponse(response.payload)?.errors).toEqual([
    { hash: envelopeHash(encodeEnvelope(bad)), code: 37, description: 'envelope with low PoW received' }
  ])
  await whisper.stop()
})

test('W-24 outgoing batches stay below 1 MiB and lose nothing', async () => {
  const { clock, whisper, peer } = await listening()
  const { route } = place()
  peer.pair.cut()
  await clock.settle()
  for (let i = 0; i < 30; i++) await whisper.post({ route, payload: new Uint8Array(100_000).fill(i) })
  const late = handPeer(whisper, 'late')
  await late.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  await clock.settle()
  const packets = late.received.filter(({ code }) => code === packetCodes.messages)
  expect(packets.length).toBeGreaterThan(2)
  for (const { payload } of packets) expect(payload.length).toBeLessThanOrEqual(1 << 20)
  const hashes = packets.flatMap(({ payload }) => decodeMessages(payload)).map(bytes => bytesToHex(envelopeHash(bytes)))
  expect(new Set(hashes).size).toBe(30)
  expect(hashes).toHaveLength(30)
  await whisper.stop()
})
