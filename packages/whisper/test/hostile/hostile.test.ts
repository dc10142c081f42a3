import { encodeRlp } from '@status-stack/rlp'
import type { TimeSlicer } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { type Envelope, encodeEnvelope } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeMessageResponse } from '../../src/packets/confirmations.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeP2pMessages, encodeRequestComplete } from '../../src/packets/p2p.ts'
import { encodePowRequirement } from '../../src/packets/requirements.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import {
  collect,
  connect,
  type HandPeer,
  handPeer,
  node,
  peerIdOf,
  place,
  stepSlicer,
  time,
  topic,
  unhurried
} from '../support.ts'

const now = 1_600_000_000
const poolMaxBytes = 256 * 1024
const random = createSeededRandom('hostile')
const status = encodeStatus({ minPow: 0, light: false, confirmations: true })

let counter = 0n
function junk(change: Partial<Envelope> = {}): Uint8Array {
  counter += 1n
  return encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data: random.bytes(40), nonce: counter, ...change })
}

/** A node between an honest peer and an attacker; `serves` says whether the honest one still gets through both ways. */
async function besieged(options = {}, slicer: TimeSlicer = unhurried) {
  const clock = time()
  const honest = node(clock, 'honest')
  const whisper = node(clock, 'node', { poolMaxBytes, ...options }, slicer)
  await honest.start()
  await whisper.start()
  await connect(clock, [honest, 'honest'], [whisper, 'node'])
  const attacker = handPeer(whisper, 'attacker')
  await attacker.send(packetCodes.status, status)
  await clock.settle()
  const { route, interest } = place(Uint8Array.of(0xaa, 0xbb, 0xcc, 0))
  const heard = collect(whisper.subscribe(interest))
  const answered = collect(honest.subscribe(interest))
  const serves = async (): Promise<boolean> => {
    const before = [heard.length, answered.length] as const
    const pow = { target: 0.05, timeSeconds: 5 }
    await honest.post({ route, payload: Uint8Array.of(1), pow })
    await clock.settle()
    await whisper.post({ route, payload: Uint8Array.of(2), pow })
    await clock.settle()
    return heard.length === before[0] + 2 && answered.length === before[1] + 2
  }
  const stop = async () => {
    await whisper.stop()
    await honest.stop()
  }
  return { clock, whisper, attacker, serves, stop }
}

const ended = async (attacker: HandPeer) => (await Promise.race([attacker.ended, Promise.resolve('open')])) as unknown

test('a flood of valid envelopes without work fills the pool to its bound and no further', async () => {
  const { clock, whisper, attacker, serves, stop } = await besieged()
  for (let i = 0; i < 20; i++) {
    await attacker.send(packetCodes.messages, encodeMessages(Array.from({ length: 200 }, () => junk())))
    await clock.settle()
    expect(whisper.info().memory).toBeLessThanOrEqual(poolMaxBytes)
  }
  expect(whisper.info().messages).toBeGreaterThan(100)
  expect(await serves()).toBe(true)
  await stop()
})

test('a flood under a rate limit is read slowly while others are served', async () => {
  const { clock, whisper, attacker, serves, stop } = await besieged({ rateLimitPerPeer: 50 })
  for (let i = 0; i < 500; i++) await attacker.send(packetCodes.messages, encodeMessages([junk()]))
  await clock.settle()
  expect(whisper.bandwidth().peers.get(peerIdOf('attacker'))?.messages.packetsIn).toBeLessThan(60)
  expect(await serves()).toBe(true)
  await stop()
})

test('low PoW, wrong clocks and wrong blooms are refused, one by one, at no cost to others', async () => {
  const reasons: string[] = []
  const { clock, whisper, attacker, serves, stop } = await besieged({ minPow: 0.01, bloom: 'interests' })
  whisper.on('enveloperefused', fact => reasons.push(fact.reason))
  const bad = [
    junk({ data: new Uint8Array(5000) }),
    junk({ expiry: now + 10_000 }),
    junk({ expiry: 0xffffffff, ttl: 1 }),
    junk({ expiry: 5, ttl: 10 }),
    junk({ expiry: now - 5 }),
    junk({ expiry: 0, ttl: 0 }),
    junk({ ttl: 0, expiry: now, topic: Uint8Array.of(1, 1, 1, 0) })
  ]
  await attacker.send(packetCodes.messages, encodeMessages(bad))
  await clock.settle()
  expect(reasons).toEqual([
    'low-pow',
    'from-future',
    'from-future',
    'from-future',
    'expired',
    'very-old',
    'bloom-mismatch'
  ])
  expect(whisper.info().messages).toBe(0)
  expect(await ended(attacker)).toBe('open')
  expect(await serves()).toBe(true)
  await stop()
})

test('nested RLP, truncated RLP and wrong shapes end that link at once, in linear work', async () => {
  const nested = new Uint8Array(1 << 20).fill(0xc1)
  nested[nested.length - 1] = 0xc0
  const deep = (levels: number): Uint8Array => {
    let bytes: Uint8Array = Uint8Array.of(0xc0)
    for (let i = 0; i < levels; i++) bytes = encodeMessages([bytes])
    return bytes
  }
  const emptyLists = encodeMessages([new Uint8Array((1 << 20) - 8).fill(0xc0)])
  const bytesOnly = encodeMessages([new Uint8Array((1 << 20) - 8).fill(0x01)])
  const attacks = [
    nested,
    deep(2000),
    emptyLists,
    bytesOnly,
    Uint8Array.of(),
    Uint8Array.of(0xff),
    Uint8Array.of(0xf8, 0xff),
    Uint8Array.of(0xfb, 0x7f, 0xff, 0xff, 0xff),
    Uint8Array.of(0xff, 255, 255, 255, 255, 255, 255, 255, 255),
    encodeMessages([junk().slice(0, -1)]),
    encodeMessages([encodeRlp([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])])
  ]
  for (const payload of attacks) {
    for (const code of [packetCodes.messages, packetCodes.messageResponse]) {
      const { clock, attacker, serves, stop } = await besieged()
      await attacker.send(code, payload)
      await clock.settle()
      // An unreadable inner response of packet 12 is only ignored.
      if (code === packetCodes.messages) expect(await ended(attacker)).toMatchObject({ origin: 'peer' })
      expect(await serves()).toBe(true)
      await stop()
    }
  }
})

test('random bytes on any code never do more than end that link', async () => {
  for (let i = 0; i < 60; i++) {
    const { clock, whisper, attacker, stop } = await besieged()
    whisper.trustPeer(peerIdOf('attacker'))
    const length = random.bytes(1)[0] ?? 0
    for (const code of [0, 1, 2, 3, 11, 12, 20, 123, 124, 125, 126, 127]) {
      await attacker.send(code, random.bytes(length)).catch(() => undefined)
    }
    await clock.settle()
    const outcome = await ended(attacker)
    if (outcome !== 'open') expect(outcome).toMatchObject({ origin: 'peer' })
    expect(whisper.peers().some(({ peerId }) => peerId === peerIdOf('honest'))).toBe(true)
    await stop()
  }
})

test('an oversized packet ends the link before it is decoded', async () => {
  const { clock, attacker, serves, stop } = await besieged({ maxMessageSize: 4096 })
  await attacker.send(packetCodes.messages, new Uint8Array(4097).fill(0xc1))
  await clock.settle()
  expect(await ended(attacker)).toMatchObject({ code: 'packet-too-large' })
  expect(await serves()).toBe(true)
  await stop()
})

test('a batch of bad envelopes gets an answer that fits a packet', async () => {
  const { attacker, stop } = await besieged()
  const bad = Array.from({ length: limits.sentErrors + 100 }, () => junk({ expiry: 1, data: new Uint8Array(0) }))
  await attacker.send(packetCodes.messages, encodeMessages(bad))
  while (attacker.received.every(({ code }) => code !== packetCodes.messageResponse)) {
    await new Promise(resolve => setTimeout(resolve, 0))
  }
  const answer = attacker.received.find(({ code }) => code === packetCodes.messageResponse)
  expect(answer?.payload.length).toBeLessThan(1 << 20)
  expect(answer && decodeMessageResponse(answer.payload)?.errors).toHaveLength(limits.sentErrors)
  await stop()
})

test('a second Status and trusted-only packets of strangers change nothing', async () => {
  const { clock, whisper, attacker, serves, stop } = await besieged()
  await attacker.send(packetCodes.status, encodeStatus({ minPow: 1e9, bloom: new Uint8Array(64), light: true }))
  await attacker.send(packetCodes.p2pMessage, encodeP2pMessages([junk()]))
  await attacker.send(packetCodes.p2pRequestComplete, Uint8Array.of(0x81))
  await attacker.send(packetCodes.p2pSyncResponse, Uint8Array.of(0xff))
  await attacker.send(
    packetCodes.p2pRequestComplete,
    encodeRequestComplete({ kind: 'failed', requestId: new Uint8Array(32), error: 'x' })
  )
  await clock.settle()
  expect(await ended(attacker)).toBe('open')
  expect(whisper.peers().find(({ peerId }) => peerId === peerIdOf('attacker'))).toMatchObject({
    minPow: 0,
    trusted: false,
    fullNode: true
  })
  expect(await serves()).toBe(true)
  await stop()
})

test('confirmations for packets that were never sent are ignored', async () => {
  const { clock, whisper, attacker, serves, stop } = await besieged()
  const acknowledged: string[] = []
  whisper.on('envelopeacknowledged', fact => acknowledged.push(fact.peerId))
  for (let i = 0; i < 100; i++) {
    await attacker.send(packetCodes.batchAcknowledged, encodeRlp(random.bytes(32)))
    await attacker.send(packetCodes.messageResponse, encodeRlp([1, [random.bytes(32), []]]))
    await attacker.send(packetCodes.messageResponse, encodeRlp([2, random.bytes(32)]))
  }
  await clock.settle()
  expect(acknowledged).toEqual([])
  expect(await serves()).toBe(true)
  await stop()
})

test('a peer that makes us answer and never reads is closed; others do not wait for it', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { poolMaxBytes })
  await whisper.start()
  const never = new Promise<void>(() => undefined)
  let sends = 0
  const attached = whisper
    .attach({
      peerId: peerIdOf('sink'),
      flags: { static: false, trusted: false },
      packets: async function* () {
        yield { code: 0, payload: status }
        for (;;) yield { code: packetCodes.messages, payload: encodeMessages([]) }
      },
      send: (code: number, _payload: Uint8Array, options?: { signal?: AbortSignal | undefined }) => {
        sends += 1
        if (code === packetCodes.status) return Promise.resolve()
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('gone')))
          void never
        })
      },
      close: async () => undefined
    })
    .then(
      () => 'closed',
      error => error.code
    )
  expect(await attached).toBe('closed')
  expect(sends).toBeLessThan(limits.waitingAnswers)
  expect(whisper.peers()).toEqual([])
  await whisper.stop()
})

test('changing requirements all the time costs no more than one look at the pool each', async () => {
  const { clock, whisper, attacker, serves, stop } = await besieged()
  await attacker.send(packetCodes.messages, encodeMessages(Array.from({ length: 300 }, () => junk())))
  for (let i = 0; i < 200; i++) {
    await attacker.send(packetCodes.powRequirement, encodePowRequirement(i % 2 === 0 ? 0 : 1e9))
  }
  await clock.settle()
  expect(whisper.info().memory).toBeLessThanOrEqual(poolMaxBytes)
  expect(await serves()).toBe(true)
  await stop()
})

const shortest = (nonce: number): Uint8Array =>
  encodeEnvelope({ expiry: now + 5, ttl: 0, topic, data: new Uint8Array(0), nonce: BigInt(nonce) })

test('a packet of the most envelopes it can hold asks for the time at each of them', async () => {
  const slicer = stepSlicer()
  const { whisper, attacker, stop } = await besieged({}, slicer)
  const before = slicer.pauses()
  const count = 2000
  await attacker.send(packetCodes.messages, encodeMessages(Array.from({ length: count }, (_, i) => shortest(i))))
  while (attacker.received.every(({ code }) => code !== packetCodes.batchAcknowledged)) {
    await new Promise(resolve => setTimeout(resolve, 0))
  }
  // Once when it is checked, once when it is judged.
  expect(slicer.pauses() - before).toBeGreaterThanOrEqual(2 * count)
  expect(whisper.info().memory).toBeLessThanOrEqual(poolMaxBytes)
  await stop()
})
