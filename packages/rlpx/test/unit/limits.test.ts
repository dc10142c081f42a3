import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { formatEnode } from '../../src/enode.ts'
import { limits } from '../../src/limits.ts'
import { resolveHostOptions } from '../../src/options.ts'
import { decodeDisconnect, decodeHello } from '../../src/p2p/messages.ts'
import { createExpiringSet } from '../../src/peers/expiring.ts'
import { noise, snappy } from '../../src/testing/index.ts'
import { startedHost, until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

const enode = (host: string): string =>
  formatEnode({ publicKey: publicKeyOf(generatePrivateKey()), host, tcpPort: 30_303 })

test('a Hello with too many capabilities is refused, a long client name is cut', () => {
  const key = new Uint8Array(64).fill(1)
  const hello = (count: number, name = 'x'): Uint8Array =>
    encodeRlp([5, name, Array.from({ length: count }, (_, i) => [`c${i}`, 1]), 0, key])
  expect(decodeHello(hello(limits.helloCapabilities)).capabilities).toHaveLength(limits.helloCapabilities)
  expect(() => decodeHello(hello(limits.helloCapabilities + 1))).toThrow('at most 64 capabilities')
  expect(decodeHello(hello(1, 'n'.repeat(1000))).clientName).toHaveLength(limits.clientNameCharacters)
})

test('a Disconnect over its size is not looked into', () => {
  const reason = encodeRlp([4, 'x'.repeat(limits.disconnectBytes)])
  expect(reason.length).toBeGreaterThan(limits.disconnectBytes)
  expect(decodeDisconnect(reason)).toBe(0)
})

test('unread packets of one peer are bounded by what they cost, however small they are', async () => {
  const t = await target(
    {},
    {
      capabilities: [{ name: 'shh', version: 6, length: 128, run: () => new Promise(() => undefined) }]
    }
  )
  const x = await t.stranger()
  await x.session()
  await until(() => t.host.peers().length === 1)
  const before = t.host.metrics().framesIn
  const most = Math.ceil(limits.unreadBytes / (1 + limits.packetOverheadBytes))
  for (let i = 0; i < 2 * most; i++) x.frame(17, snappy(Uint8Array.of(i & 255)))
  await until(() => t.host.metrics().framesIn - before >= most)
  for (let i = 0; i < 10; i++) await t.time.settle()
  expect(t.host.metrics().framesIn - before).toBe(most)
  const stopped = t.host.stop()
  await t.time.advance(5_000)
  await stopped
})

test('unfinished frames of all peers are bounded: who has held much for longest is closed, not who came last', async () => {
  const t = await target()
  const frameBytes = 10 << 20
  const body = new Uint8Array(frameBytes)
  const peers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const x = await t.stranger()
      await x.session()
      const frame = x.sealFrame(17, body)
      return { x, frame }
    })
  )
  await until(() => t.host.peers().length === peers.length)
  const [patient, ...others] = peers
  const honest = others.at(-1)
  // Some bytes of a frame, for as long as the others need: it holds too little to be closed for them.
  patient?.x.raw(patient.frame.subarray(0, 1000))
  for (const { x, frame } of others.slice(0, -1)) {
    x.raw(frame.subarray(0, -1))
    await t.settle()
  }
  expect(t.removed).toHaveLength(0)
  expect(7 * frameBytes).toBeGreaterThan(limits.unfinishedFrameBytes)
  honest?.x.raw(honest.frame.subarray(0, -1))
  await t.settle()
  expect(peers.map(({ x }) => x.isClosed())).toEqual([false, true, false, false, false, false, false, false])
  expect(t.removed).toMatchObject([{ ending: { by: 'network', failure: 'too-large' } }])
})

test('a frame that is finished counts no more', async () => {
  const t = await target()
  const x = await t.stranger()
  await x.session()
  const payload = snappy(noise(8 << 20))
  const frames = Math.ceil(limits.unfinishedFrameBytes / payload.length) + 1
  for (let i = 0; i < frames; i++) {
    const frame = x.sealFrame(17, payload)
    x.raw(frame.subarray(0, -1))
    x.raw(frame.subarray(-1))
    await t.settle()
  }
  expect(t.sink.packets).toHaveLength(frames)
  expect(t.removed).toHaveLength(0)
})

test('remembered addresses and bans are bounded: what expires first makes room', () => {
  const time = createVirtualTime()
  const set = createExpiringSet(time.clock, 100)
  set.add('first', 1_000)
  for (let i = 0; i < 500; i++) set.add(`k${i}`, 10_000 + i)
  expect(set.size()).toBe(100)
  expect(set.has('first')).toBe(false)
  expect(set.has('k499')).toBe(true)
  expect(limits.throttleEntries).toBeGreaterThan(0)
})

test('static peers and queued dials are bounded', async () => {
  const host = await startedHost(
    { carrier: { dial: () => new Promise(() => undefined), listen: () => Promise.reject(new Error('no')) } },
    { listen: false, maxConcurrentDials: 1 }
  )
  const urls = Array.from({ length: limits.staticPeers }, (_, i) => enode(`9.${i >> 8}.${i & 255}.1`))
  for (const url of urls) host.addStatic(url)
  expect(() => host.addStatic(enode('9.99.9.9'))).toThrow(expect.objectContaining({ code: 'refused' }))
  // As many dials wait as there are places; one more is refused.
  expect(host.metrics().staticPeers).toBe(limits.staticPeers)
  await expect(host.dial(enode('8.8.8.8'))).rejects.toMatchObject({ code: 'refused' })
  expect(host.metrics().pendingOutbound).toBe(1)
})

test('options outside their range are refused once, with their name', () => {
  for (const [name, value] of [
    ['maxPeers', -1],
    ['maxPeers', 1.5],
    ['maxPendingInbound', 0],
    ['pingIntervalMs', 0],
    ['maxMessageBytes', 0x1000000],
    ['sendLimitBytes', 1],
    ['protocolVersion', 6],
    ['clientName', ''],
    ['clientName', 'ü']
  ] as const) {
    expect(() => resolveHostOptions({ [name]: value }), name).toThrow(name)
  }
  expect(() => resolveHostOptions({ listen: { port: 65_536 } })).toThrow('listen.port')
  expect(resolveHostOptions()).toMatchObject({
    maxPeers: 25,
    redialDelayMs: 35_000,
    redialDelayLocalMs: 1_000,
    listen: { port: 0 }
  })
})
