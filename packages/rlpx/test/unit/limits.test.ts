import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { formatEnode, peerIdOf } from '../../src/enode.ts'
import type { HostOptions } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { resolveHostOptions } from '../../src/options.ts'
import { decodeDisconnect, decodeHello } from '../../src/p2p/messages.ts'
import { createExpiringSet } from '../../src/peers/expiring.ts'
import { noise, snappy } from '../../src/testing/index.ts'
import { openCapability, startedHost, until } from '../helpers/hosts.ts'
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

/** Peers of a host whose capabilities read nothing but what the test reads, in the order in which they came. */
async function unreadPeers(count: number, options: HostOptions = {}) {
  const open = openCapability()
  const t = await target(options, { capabilities: [open.capability] })
  const peers = await Promise.all(
    Array.from({ length: count }, async () => {
      const x = await t.stranger()
      // Without compression: a frame that is counted is delivered.
      await x.session({ version: 4 })
      return x
    })
  )
  await until(() => open.links.length === count)
  const linkOf = ({ publicKey }: { readonly publicKey: Uint8Array }) =>
    open.links
      .find(({ link }) => link.peerId === peerIdOf(publicKey))
      ?.link.packets()
      [Symbol.asyncIterator]()
  const framesIn = (): number => t.host.metrics().framesIn
  const stop = async (): Promise<void> => {
    for (const opened of open.links) opened.finish()
    await t.host.stop()
  }
  return { t, peers, linkOf, framesIn, stop }
}

const largeMessage = new Uint8Array(10 << 20)

test('what is unread of all peers is bounded: who has left much unread for longest is closed, not who came last', async () => {
  const { t, peers, linkOf, stop } = await unreadPeers(8)
  const [patient, ...others] = peers
  // Something, for as long as the others need: too little to be closed for them.
  patient?.frame(17, new Uint8Array(1000))
  for (const x of others) {
    await t.settle()
    expect(t.removed).toHaveLength(0)
    x.frame(17, largeMessage)
  }
  await until(() => t.removed.length === 1)
  await t.settle()
  expect(7 * largeMessage.length).toBeGreaterThan(limits.totalUnreadBytes)
  expect(peers.map(x => x.isClosed())).toEqual([false, true, false, false, false, false, false, false])
  expect(t.removed).toMatchObject([{ ending: { by: 'network', failure: 'too-large' } }])
  const [first, second] = others
  // Nothing of it is held any more.
  expect(await (first && linkOf(first))?.next()).toMatchObject({ done: true })
  expect(await (second && linkOf(second))?.next()).toMatchObject({ done: false })
  await stop()
})

test('a packet of ordinary size from each peer is never too much', async () => {
  const count = limits.totalUnreadBytes / limits.unreadBytes + 6
  const { t, peers, framesIn, stop } = await unreadPeers(count, { maxPeers: count, maxPendingInbound: count })
  const before = framesIn()
  const packet = new Uint8Array(limits.unreadBytes)
  for (const x of peers) x.frame(17, packet)
  await until(() => framesIn() === before + count)
  expect(t.removed).toEqual([])
  await stop()
})

test('what an ended connection left unread counts for as long as a capability may read it', async () => {
  const { t, peers, linkOf, framesIn, stop } = await unreadPeers(7)
  for (const x of peers) {
    const before = t.removed.length
    const frames = framesIn()
    x.frame(17, largeMessage)
    await until(() => framesIn() > frames)
    x.stream.destroy()
    await until(() => t.removed.length > before)
  }
  expect(t.removed.every(({ ending }) => ending.failure === 'network')).toBe(true)
  const [first, ...others] = peers.map(x => linkOf(x))
  expect(await first?.next()).toMatchObject({ done: true })
  for (const link of others) expect(await link?.next()).toMatchObject({ done: false })
  await stop()
})

test('while half of it is unread, no connection is read ahead, and each goes on as it is read', async () => {
  const { t, peers, linkOf, framesIn, stop } = await unreadPeers(5)
  const [small, ...large] = peers
  for (const x of large) x.frame(17, largeMessage)
  await until(() => framesIn() === peers.length + large.length)
  const before = framesIn()
  for (let i = 0; i < 3; i++) small?.frame(17, Uint8Array.of(i))
  const link = small && linkOf(small)
  for (let read = 1; read <= 3; read++) {
    await until(() => framesIn() === before + read)
    await t.settle()
    expect(framesIn()).toBe(before + read)
    expect(await link?.next()).toMatchObject({ value: { payload: Uint8Array.of(read - 1) } })
  }
  // Two of the large ones are read: there is room to read ahead.
  for (const x of large.slice(0, 2)) await linkOf(x)?.next()
  for (let i = 0; i < 3; i++) small?.frame(17, Uint8Array.of(i))
  await until(() => framesIn() === before + 6)
  await stop()
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

test('a full set looks at none but the first for each further address', () => {
  const time = createVirtualTime()
  const set = createExpiringSet(time.clock, limits.throttleEntries)
  for (let i = 0; i < limits.throttleEntries; i++) set.add(`k${i}`, 30_000)
  // With a look at all of them this took half a minute.
  const began = performance.now()
  for (let i = 0; i < 4 * limits.throttleEntries; i++) set.add(`more${i}`, 30_000 + i)
  expect(performance.now() - began).toBeLessThan(3000)
  expect(set.size()).toBe(limits.throttleEntries)
  expect(set.has('k0')).toBe(false)
})

test('a key that is added again, or deleted, ends when it was said last', () => {
  const time = createVirtualTime()
  const set = createExpiringSet(time.clock, 2)
  set.add('a', 1000)
  set.add('b', 2000)
  set.add('a', 5000)
  set.add('c', 3000)
  expect(['a', 'b', 'c'].map(set.has)).toEqual([true, false, true])
  set.delete('c')
  set.delete('unknown')
  set.add('d', 4000)
  expect(set.size()).toBe(2)
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
