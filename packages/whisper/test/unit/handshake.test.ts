import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { filterBloom } from '../../src/bloom.ts'
import { createWhisper, type Whisper } from '../../src/index.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeMessages, encodeMessages } from '../../src/packets/messages.ts'
import { encodePowRequirement } from '../../src/packets/requirements.ts'
import { decodeStatus, encodeStatus } from '../../src/packets/status.ts'
import { powToBits } from '../../src/pow.ts'
import { createLinkPair } from '../../src/testing/index.ts'
import { connect, handPeer, node, peerIdOf, place, time, topic } from '../support.ts'

const violation = (code: string) => expect.objectContaining({ code, origin: 'peer' })

async function started(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  return { clock, whisper }
}

test('W-1 Status encodes to the known bytes of go-ethereum and status-go', async () => {
  expect(bytesToHex(encodeStatus({ minPow: 0.2, light: false }))).toBe('cc06883fc999999999999a8080')
  expect(bytesToHex(encodeStatus({ minPow: 0.000002, light: false, confirmations: true }))).toBe(
    'd106883ec0c6f7a0b5ed8d808001c3808080'
  )
  const { clock, whisper } = await started({ minPow: 0.000002, rateLimitPerAddress: 0, rateLimitPerPeer: 0 })
  const peer = handPeer(whisper, 'peer')
  await clock.settle()
  expect(peer.received.map(({ code, payload }) => [code, bytesToHex(payload)])).toEqual([
    [0, 'd106883ec0c6f7a0b5ed8d808001c3808080']
  ])
  await whisper.stop()
})

test('W-2 Status of 1 to 7 elements is accepted', async () => {
  const all: readonly RlpInput[] = [6, powToBits(0.5), new Uint8Array(64), true, true, [1, 2, 3], 'later']
  const expected = [
    { minPow: 0, light: false, confirmations: false },
    { minPow: 0.5, light: false, confirmations: false },
    { minPow: 0.5, bloom: new Uint8Array(64), light: false, confirmations: false },
    { minPow: 0.5, bloom: new Uint8Array(64), light: true, confirmations: false },
    { minPow: 0.5, bloom: new Uint8Array(64), light: true, confirmations: true }
  ]
  for (let length = 1; length <= 7; length++) {
    const payload = encodeRlp(all.slice(0, length))
    const { rateLimits, knowsConfirmations, ...rest } = decodeStatus(payload)
    expect(rest).toEqual(expected[Math.min(length, 5) - 1])
    expect(knowsConfirmations).toBe(length >= 5)
    expect(rateLimits.topic).toBe(length >= 6 ? 3n : 0n)
    const { clock, whisper } = await started()
    const peer = handPeer(whisper, 'peer')
    await peer.send(packetCodes.status, payload)
    await clock.settle()
    expect(whisper.connected()).toBe(true)
    await whisper.stop()
  }
})

test('W-2 a wrongly typed later element counts as absent', () => {
  expect(decodeStatus(encodeRlp([6, [1], new Uint8Array(64)]))).toMatchObject({ minPow: 0 })
  expect(decodeStatus(encodeRlp([6, [1], new Uint8Array(64)])).bloom).toBeUndefined()
  expect(decodeStatus(encodeRlp([6, 0, 0, 2, true]))).toMatchObject({ light: false, confirmations: true })
  expect(decodeStatus(encodeRlp([6, 0, 0, [1], true]))).toMatchObject({ light: false, confirmations: false })
  expect(decodeStatus(encodeRlp([6, 0, 0, 256, true]))).toMatchObject({ light: false, confirmations: false })
  expect(decodeStatus(encodeRlp([6, 0, 0, 1, true, [1, 2]]))).toMatchObject({ light: true, confirmations: true })
})

test('W-3 wrong version, NaN, infinite or negative PoW and a 63-byte bloom end the link with a subprotocol error', async () => {
  const bad: readonly Uint8Array[] = [
    encodeRlp([5]),
    encodeRlp([7]),
    encodeRlp([]),
    encodeRlp([[6]]),
    encodeRlp(6),
    hexToBytes('c1'),
    encodeRlp([6, 0x7ff8000000000001n]),
    encodeRlp([6, 0x7ff0000000000000n]),
    encodeRlp([6, 0xbff0000000000000n]),
    encodeRlp([6, 0, new Uint8Array(63)])
  ]
  for (const payload of bad) {
    const { clock, whisper } = await started()
    const peer = handPeer(whisper, 'peer')
    await peer.send(packetCodes.status, payload)
    await clock.settle()
    expect(await peer.ended).toMatchObject({ origin: 'peer' })
    expect(peer.pair.closedBy().left).toBe('subprotocol-error')
    expect(whisper.connected()).toBe(false)
    await whisper.stop()
  }
})

test('W-4 empty, absent and all-ones blooms get everything, an all-zero one nothing', async () => {
  const statuses: readonly (readonly [Uint8Array, boolean])[] = [
    [encodeRlp([6]), true],
    [encodeStatus({ minPow: 0, light: false }), true],
    [encodeStatus({ minPow: 0, bloom: new Uint8Array(64).fill(255), light: false }), true],
    [encodeStatus({ minPow: 0, bloom: new Uint8Array(64), light: false }), false],
    [encodeStatus({ minPow: 0, bloom: filterBloom([topic]), light: false }), true]
  ]
  for (const [status, gets] of statuses) {
    const { clock, whisper } = await started()
    const peer = handPeer(whisper, 'peer')
    await peer.send(packetCodes.status, status)
    await clock.settle()
    await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
    await clock.settle()
    expect(peer.received.some(({ code }) => code === packetCodes.messages)).toBe(gets)
    await whisper.stop()
  }
})

test('W-5 another first packet ends the link; a later Status is ignored', async () => {
  const first = await started()
  const rude = handPeer(first.whisper, 'rude')
  await rude.send(packetCodes.messages, encodeMessages([]))
  await first.clock.settle()
  expect(await rude.ended).toEqual(violation('handshake-failed'))
  await first.whisper.stop()

  const { clock, whisper } = await started()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await peer.send(packetCodes.status, encodeStatus({ minPow: 99, light: true }))
  await peer.send(packetCodes.status, Uint8Array.of(0xff))
  await clock.settle()
  expect(whisper.peers()).toMatchObject([{ minPow: 0, light: false }])
  await whisper.stop()
})

test('W-6 a handshake without Status times out', async () => {
  const { clock, whisper } = await started({ handshakeTimeoutMs: 5000 })
  const peer = handPeer(whisper, 'silent')
  await clock.advance(4999)
  expect(peer.pair.closedBy().left).toBeUndefined()
  await clock.advance(1)
  expect(await peer.ended).toEqual(violation('handshake-timeout'))
  expect(peer.pair.closedBy().left).toBe('subprotocol-error')
  await whisper.stop()
})

test('W-8 codes without a meaning are ignored, before and after others', async () => {
  const { clock, whisper } = await started()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  for (const code of [4, 10, 13, 19, 21, 122]) await peer.send(code, Uint8Array.of(0xff, 0xff))
  await clock.settle()
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})

test('W-9 a packet of the maximum size is taken, one byte more ends the link, whatever its code', async () => {
  for (const code of [1, 4, 127]) {
    const { clock, whisper } = await started({ maxMessageSize: 2048 })
    const peer = handPeer(whisper, 'peer')
    await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
    await peer.send(4, new Uint8Array(2048))
    await clock.settle()
    expect(whisper.connected()).toBe(true)
    await peer.send(code, new Uint8Array(2049))
    await clock.settle()
    expect(await peer.ended).toEqual(violation('packet-too-large'))
    await whisper.stop()
  }
})

test('W-42 two light nodes refuse each other when restricted, and meet when not', async () => {
  for (const restrictLightLinks of [true, false]) {
    const clock = time()
    const a = node(clock, 'a', { light: true, restrictLightLinks })
    const b = node(clock, 'b', { light: true, restrictLightLinks })
    await a.start()
    await b.start()
    const link = await connect(clock, [a, 'a'], [b, 'b'])
    expect(a.connected()).toBe(!restrictLightLinks)
    if (restrictLightLinks) expect(await link.left).toEqual(violation('handshake-failed'))
    await a.stop()
    await b.stop()
  }
})

test('a light node relays nothing of others, but what it writes itself', async () => {
  const clock = time()
  const light = node(clock, 'light', { light: true })
  const full = node(clock, 'full')
  await light.start()
  await full.start()
  await connect(clock, [light, 'light'], [full, 'full'])
  const watcher = handPeer(light, 'watcher')
  await watcher.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await full.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.advance(500)
  const messages = () => watcher.received.filter(({ code }) => code === packetCodes.messages)
  expect(light.info().messages).toBe(1)
  expect(messages()).toEqual([])
  await light.post({ route: place().route, payload: Uint8Array.of(2) })
  await clock.settle()
  expect(messages().flatMap(({ payload }) => decodeMessages(payload))).toHaveLength(1)
  await light.stop()
  await full.stop()
})

const statusOf = (confirmations: boolean) => encodeStatus({ minPow: 0, light: false, confirmations })

/** What the node says of its peers, in order. */
function comings(whisper: Whisper): string[] {
  const log: string[] = []
  const short = (id: string) => id.replace(/0+$/, '')
  whisper.on('peerconnected', fact => log.push(`${short(fact.peerId)} came`))
  whisper.on('peerdisconnected', fact => log.push(`${short(fact.peerId)} went`))
  return log
}

test('a listener that throws is logged, and stops neither the node nor the others', async () => {
  const clock = time()
  const errors: unknown[] = []
  const silent = () => undefined
  const logger = { debug: silent, info: silent, warn: silent, error: (...said: unknown[]) => void errors.push(said) }
  const whisper = createWhisper({ logger, clock: clock.clock, scheduler: clock.scheduler })
  await whisper.start()
  whisper.on('peerconnected', () => {
    throw new Error('not now')
  })
  const log = comings(whisper)
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, statusOf(true))
  await clock.settle()
  expect(log).toEqual(['peer came'])
  expect(errors).toEqual([['a listener failed', { event: 'peerconnected', error: 'Error: not now' }]])
  await whisper.stop()
})

test('one link beyond maxPeers is refused', async () => {
  const { clock, whisper } = await started({ maxPeers: 2 })
  for (const name of ['first', 'second']) handPeer(whisper, name)
  await clock.settle()
  expect(await handPeer(whisper, 'third').ended).toMatchObject({ code: 'too-many-peers' })
  await whisper.stop()
})

test('a second link of a peer that answers on its first is refused, at once', async () => {
  const { clock, whisper } = await started()
  const other = node(clock, 'other')
  await other.start()
  await connect(clock, [other, 'other'], [whisper, 'node'])
  const log = comings(whisper)
  const second = handPeer(whisper, 'other')
  await clock.settle()
  expect(await second.ended).toMatchObject({ code: 'duplicate-peer', origin: 'environment' })
  expect(second.received).toEqual([])
  expect(log).toEqual([])
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
  await other.stop()
})

test('a peer that vanished without a word comes back: its silent link ends and the new one serves', async () => {
  const { clock, whisper } = await started()
  const log = comings(whisper)
  const vanished = handPeer(whisper, 'peer')
  await vanished.send(packetCodes.status, statusOf(true))
  await clock.settle()
  const back = handPeer(whisper, 'peer')
  await back.send(packetCodes.status, statusOf(true))
  await clock.advance(2499)
  // It was asked by what everybody who confirms answers.
  expect(vanished.received.at(-1)).toEqual({ code: packetCodes.messages, payload: encodeMessages([]) })
  expect(back.received).toEqual([])
  // Others of the same id do not queue up behind it.
  expect(await handPeer(whisper, 'peer').ended).toMatchObject({ code: 'duplicate-peer' })
  await clock.advance(1)
  expect(await vanished.ended).toBeUndefined()
  expect(back.received[0]?.code).toBe(packetCodes.status)
  expect(log).toEqual(['peer came', 'peer went', 'peer came'])
  expect(whisper.peers().map(({ peerId }) => peerId)).toEqual([peerIdOf('peer')])
  await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  expect(back.received.at(-1)?.code).toBe(packetCodes.messages)
  await whisper.stop()
})

test('any packet of an older link keeps it; one whose peer confirms nothing cannot be asked and stays', async () => {
  const { clock, whisper } = await started()
  const talking = handPeer(whisper, 'talking')
  await talking.send(packetCodes.status, statusOf(true))
  const geth = handPeer(whisper, 'geth')
  await geth.send(packetCodes.status, statusOf(false))
  await clock.settle()
  const [again, geth2] = [handPeer(whisper, 'talking'), handPeer(whisper, 'geth')]
  await clock.advance(2000)
  await talking.send(packetCodes.powRequirement, encodePowRequirement(0.1))
  await clock.settle()
  expect(await again.ended).toMatchObject({ code: 'duplicate-peer' })
  await clock.advance(500)
  expect(await geth2.ended).toMatchObject({ code: 'duplicate-peer' })
  expect(geth.received.map(({ code }) => code)).toEqual([packetCodes.status])
  expect(whisper.peers()).toHaveLength(2)
  await whisper.stop()
})

test('an older link that ends while it is asked makes room at once, also before its Status', async () => {
  const { clock, whisper } = await started()
  const [early, cut] = [handPeer(whisper, 'early'), handPeer(whisper, 'cut')]
  await cut.send(packetCodes.status, statusOf(true))
  await clock.advance(1000)
  const next = [handPeer(whisper, 'early'), handPeer(whisper, 'cut')]
  cut.pair.cut()
  await clock.settle()
  expect(next.map(({ received }) => received.length)).toEqual([0, 1])
  await clock.advance(2500)
  expect(await early.ended).toBeUndefined()
  expect(next.map(({ received }) => received.length)).toEqual([1, 1])
  await whisper.stop()
})

test('two nodes link again while one of them still has their old link, within the handshake of the other', async () => {
  const { clock, whisper } = await started()
  const back = node(clock, 'other')
  await back.start()
  // The end of the first link was heard on one side only.
  const silent = handPeer(whisper, 'ghost')
  await silent.send(packetCodes.status, statusOf(true))
  await clock.settle()
  const pair = createLinkPair({ left: peerIdOf('node'), right: peerIdOf('ghost') })
  const ends = [whisper.attach(pair.left), back.attach(pair.right)]
  await clock.advance(5000)
  expect(back.connected()).toBe(true)
  await whisper.stop()
  await back.stop()
  await Promise.all(ends)
})

test('a link that waits for an older one does not outlive the node', async () => {
  const { clock, whisper } = await started()
  const older = handPeer(whisper, 'peer')
  await older.send(packetCodes.status, statusOf(true))
  await clock.settle()
  const waiting = handPeer(whisper, 'peer')
  await clock.settle()
  await whisper.stop()
  expect(await waiting.ended).toMatchObject({ code: 'link-closed' })
  expect(waiting.received).toEqual([])
  expect(whisper.connected()).toBe(false)
})

test('setLight counts for links from then on, and for what is relayed at once', async () => {
  const { clock, whisper } = await started()
  const [a, b] = ['a', 'b'].map(name => handPeer(whisper, name))
  for (const peer of [a, b]) await peer?.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await clock.settle()
  const light = (peer: typeof a) => peer?.received[0] && decodeStatus(peer.received[0].payload).light
  expect(light(a)).toBe(false)
  whisper.setLight(true)
  const other = node(clock, 'other')
  await other.start()
  await connect(clock, [other, 'other'], [whisper, 'node'])
  await other.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  expect(whisper.info().messages).toBe(1)
  expect(a?.received.some(({ code }) => code === packetCodes.messages)).toBe(false)
  const late = handPeer(whisper, 'late')
  await clock.settle()
  expect(light(late)).toBe(true)
  whisper.setLight(false)
  await other.post({ route: place().route, payload: Uint8Array.of(2) })
  await clock.settle()
  expect(a?.received.filter(({ code }) => code === packetCodes.messages)).toHaveLength(1)
  await whisper.stop()
  await other.stop()
})
