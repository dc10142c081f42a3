import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { capabilitiesText } from '../../src/capability.ts'
import { formatEnode, peerIdOf } from '../../src/enode.ts'
import type { Host, HostOptions } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { admission, winsDuplicate } from '../../src/peers/admission.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { once, record, sinkCapability, startedHost, until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

const network = createMemoryNetwork()
let machines = 0

async function node(options: HostOptions = {}, sink = sinkCapability()): Promise<Host> {
  machines++
  const address = `172.16.${machines >> 8}.${machines & 255}`
  return startedHost(
    { capabilities: [sink], carrier: network.carrier(address) },
    { listen: { port: 30_303 }, ...options }
  )
}

test('T-21 no shared capability is 3, a duplicate 5, self 10, a full table 4 except for trusted peers', async () => {
  const { host, stranger } = await target({ maxPeers: 2 })
  const useless = await stranger()
  await useless.session({ capabilities: [{ name: 'eth', version: 63 }] })
  await useless.closed
  expect(useless.reason()).toBe(3)
  const first = await stranger()
  await first.session()
  await until(() => host.peers().length === 1)
  const again = await stranger(undefined, first.privateKey)
  await again.session()
  await again.closed
  expect(again.reason()).toBe(5)
  expect(first.isClosed()).toBe(false)
  const second = await stranger()
  await second.session()
  await until(() => host.peers().length === 2)
  const third = await stranger()
  await third.session()
  await third.closed
  expect(third.reason()).toBe(4)
  const key = generatePrivateKey()
  host.addTrusted(peerIdOf(publicKeyOf(key)))
  const trusted = await stranger(undefined, key)
  await trusted.session()
  await until(() => host.peers().length === 3)
  expect(host.peers().find(({ flags }) => flags.trusted)?.peerId).toBe(peerIdOf(publicKeyOf(key)))
})

test('T-21 who shares no capability is named by what it announces, to the one that dials and the one that listens', async () => {
  const listening = await node({}, { ...sinkCapability(), name: 'shh', version: 6 })
  const dialing = await node({}, { ...sinkCapability(), name: 'waku', version: 1 })
  const [refused, failed] = [record(listening, 'refused'), record(dialing, 'dialfailed')]
  await expect(dialing.dial(listening.enode())).rejects.toMatchObject({ details: { reason: 3, theirs: 'shh/6' } })
  await until(() => refused.length === 1)
  expect(refused).toMatchObject([{ reason: 'useless-peer', theirs: 'waku/1' }])
  expect(failed).toMatchObject([{ theirs: 'shh/6' }])
})

test('words of a stranger are not among the names of its capabilities, which are few', () => {
  const named = (...names: string[]) => capabilitiesText(names.map(name => ({ name, version: 1 })))
  expect(named('waku', 'shh')).toBe('shh/1, waku/1')
  expect(named('\u001b[2J', 'les', 'waytoolong')).toBe('les/1')
  const many = Array.from({ length: limits.namedCapabilities + 1 }, (_, i) => `c${i}`)
  expect(named(...many).split(', ')).toHaveLength(limits.namedCapabilities)
})

test('T-21 a node that meets itself says 10', async () => {
  const privateKey = generatePrivateKey()
  const { stranger, refused } = await target({}, { privateKey })
  const self = await stranger(undefined, privateKey)
  await self.session()
  await self.closed
  expect(self.reason()).toBe(10)
  expect(refused).toMatchObject([{ reason: 'self', stage: 'handshake' }])
})

test('T-22 a rejection before Hello is understood by our dialer', async () => {
  const full = await node({ maxPeers: 0 })
  const dialer = await node()
  const refusals = record(dialer, 'refused')
  await expect(dialer.dial(full.enode())).rejects.toMatchObject({
    code: 'disconnected',
    details: { reason: 4, name: 'too-many-peers' }
  })
  expect(refusals).toMatchObject([{ reason: 'refused-by-peer', direction: 'outbound', reasonCode: 4 }])
})

test('T-23 Ping goes out every 15 s, silence of 30 s drops the connection', async () => {
  const { host, stranger, time, removed } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  const pings = (): number => x.received.filter(({ id }) => id === 2).length
  await time.advance(14_999)
  expect(pings()).toBe(0)
  await time.advance(1)
  expect(pings()).toBe(1)
  await time.advance(14_999)
  expect(pings()).toBe(1)
  expect(removed).toEqual([])
  await time.advance(1)
  expect(removed).toMatchObject([{ ending: { by: 'network', failure: 'timeout' } }])
  // Nothing is said to a silent peer.
  expect(x.reason()).toBeUndefined()
})

test('T-25 one accept per 30 s from a public address or /64; LAN and loopback are exempt', async () => {
  const { host, network: net, stranger, time, refused } = await target()
  const silent = async (from: string) => {
    const x = await stranger(from)
    await time.settle()
    return x
  }
  await silent('8.8.8.8')
  const throttled = await silent('8.8.8.8')
  await throttled.closed
  // Closed silently, without a handshake.
  expect(throttled.received).toEqual([])
  await silent('8.8.8.9')
  await silent('2001:4860::1')
  await silent('2001:4860::ffff')
  await silent('2001:4860:0:1::1')
  for (const local of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '172.31.0.1', 'fe80::1', '::1']) {
    await silent(local)
    await silent(local)
  }
  expect(refused).toMatchObject([
    { reason: 'throttled', stage: 'accept', remoteAddress: '8.8.8.8' },
    { reason: 'throttled', remoteAddress: '2001:4860::ffff' }
  ])
  expect(host.metrics().refused).toMatchObject({ throttled: 2 })
  await time.advance(30_000)
  await silent('8.8.8.8')
  expect(refused.filter(({ reason }) => reason === 'throttled')).toHaveLength(2)
  expect(net).toBeDefined()
})

test('T-26 a static node is dialed again no sooner than 35 s after the last attempt, for ever', async () => {
  const time = createVirtualTime()
  const attempts: number[] = []
  const host = await startedHost(
    {
      clock: time.clock,
      scheduler: time.scheduler,
      carrier: {
        ...network.carrier('172.30.0.1'),
        dial: async () => {
          attempts.push(time.clock.nowMs())
          throw new Error('refused')
        }
      }
    },
    { listen: { port: 1 } }
  )
  host.addStatic(formatEnode({ publicKey: publicKeyOf(generatePrivateKey()), host: '9.9.9.9', tcpPort: 30_303 }))
  await time.advance(34_999)
  expect(attempts).toHaveLength(1)
  await time.advance(1)
  expect(attempts).toHaveLength(2)
  await time.advance(24 * 3_600_000)
  const gaps = attempts.slice(1).map((at, i) => at - (attempts[i] ?? 0))
  expect(Math.min(...gaps)).toBe(35_000)
  expect(Math.max(...gaps)).toBe(140_000)
  expect(attempts.length).toBeGreaterThan(600)
})

test('T-26 a private address is dialed again after 1 s, and soon after the connection was lost', async () => {
  const time = createVirtualTime()
  let dials = 0
  const carrier = network.carrier('172.30.0.2')
  const sink = sinkCapability()
  const host = await startedHost(
    {
      capabilities: [sink],
      clock: time.clock,
      scheduler: time.scheduler,
      carrier: {
        ...carrier,
        dial: (to, options) => {
          dials++
          return carrier.dial(to, options)
        }
      }
    },
    { listen: { port: 1 } }
  )
  const other = await node()
  host.addStatic(other.enode())
  await until(() => host.peers().length === 1)
  expect(dials).toBe(1)
  const gone = once(host, 'peerdisconnected')
  await sink.links[0]?.close('done')
  await gone
  await time.advance(999)
  expect(dials).toBe(1)
  await time.advance(1)
  await until(() => host.peers().length === 1)
  expect(dials).toBe(2)
})

test('T-27 a static dial passes the limit of its dialer; a trusted peer passes both limits inbound', async () => {
  const hub = await node({ maxPeers: 1, maxInboundPeers: 0 })
  const friend = await node()
  const stranger = await node()
  await expect(stranger.dial(hub.enode())).rejects.toMatchObject({ details: { reason: 4 } })
  hub.addTrusted(friend.peerId)
  await friend.dial(hub.enode())
  await until(() => hub.peers().length === 1)
  // Full now, and still the static dial goes out and stays.
  const far = await node()
  const info = await hub.dial(far.enode(), { static: true })
  expect(info.flags).toMatchObject({ static: true })
  expect(hub.peers()).toHaveLength(2)
  // An ordinary dial of ours does not.
  const extra = await node()
  await expect(hub.dial(extra.enode())).rejects.toMatchObject({ details: { reason: 4 } })
})

test('bans by id and by address hold for accepts and dials, expire, and close what is connected', async () => {
  const { host, stranger, time, refused, removed } = await target()
  const key = generatePrivateKey()
  const x = await stranger('10.5.5.5', key)
  await x.session()
  await until(() => host.peers().length === 1)
  host.ban({ peerId: peerIdOf(publicKeyOf(key)) }, 60_000)
  await x.closed
  expect(removed).toMatchObject([{ ending: { by: 'us', reason: 'requested' } }])
  const again = await stranger('10.5.5.6', key)
  await again.session()
  await again.closed
  expect(refused).toMatchObject([{ reason: 'banned', stage: 'handshake' }])
  const url = formatEnode({ publicKey: publicKeyOf(key), host: '10.5.5.5', tcpPort: 1 })
  await expect(host.dial(url)).rejects.toMatchObject({ code: 'refused' })
  host.ban({ address: '10.5.5.7' })
  const byAddress = await stranger('10.5.5.7')
  await byAddress.closed
  expect(byAddress.received).toEqual([])
  expect(refused[1]).toMatchObject({ reason: 'banned', stage: 'accept', remoteAddress: '10.5.5.7' })
  host.unban({ address: '10.5.5.7' })
  await time.advance(60_001)
  const back = await stranger('10.5.5.7', key)
  await back.session()
  await until(() => host.peers().length === 1)
})

test('of two connections the one dialed by the larger id wins, seen from both ends', () => {
  for (const [own, other] of [
    ['a', 'b'],
    ['b', 'a']
  ] as const) {
    // The candidate is inbound here exactly where it is outbound there.
    const here = winsDuplicate(own, other, 'inbound', 'outbound')
    const there = winsDuplicate(other, own, 'outbound', 'inbound')
    expect(here).toBe(there)
    expect(here).toBe(other > own)
    expect(winsDuplicate(own, other, 'inbound', 'inbound')).toBe(false)
  }
})

test('the order of the checks: full, full of inbound, already connected, self', () => {
  const view = { ownPeerId: 'a', maxPeers: 1, maxInboundPeers: 1, peers: 0, inboundPeers: 0, existing: undefined }
  const candidate = { peerId: 'a', direction: 'inbound' as const, flags: { static: false, trusted: false } }
  const existing = { direction: 'inbound' as const }
  expect(admission({ ...view, peers: 1, inboundPeers: 1, existing }, candidate)).toMatchObject({
    why: 'too-many-peers'
  })
  expect(admission({ ...view, maxPeers: 2, peers: 1, inboundPeers: 1, existing }, candidate)).toMatchObject({
    why: 'too-many-inbound'
  })
  expect(admission({ ...view, existing }, candidate)).toMatchObject({ why: 'already-connected' })
  expect(admission(view, candidate)).toMatchObject({ why: 'self', reason: 'connected-to-self' })
  expect(admission(view, { ...candidate, peerId: 'b' })).toEqual({ kind: 'admit' })
})

test('dials are shared, bounded, aborted and timed out', async () => {
  const time = createVirtualTime()
  let started = 0
  const host = await startedHost(
    {
      clock: time.clock,
      scheduler: time.scheduler,
      carrier: {
        ...network.carrier('172.30.0.3'),
        dial: (_to, { signal }) => {
          started++
          return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
        }
      }
    },
    { listen: { port: 1 }, maxConcurrentDials: 2 }
  )
  const url = (): string => formatEnode({ publicKey: publicKeyOf(generatePrivateKey()), host: '9.9.9.9', tcpPort: 1 })
  const first = url()
  const controller = new AbortController()
  const outcomes = Promise.allSettled([
    host.dial(first),
    host.dial(first, { signal: controller.signal }),
    host.dial(url()),
    host.dial(url())
  ])
  await time.settle()
  expect(started).toBe(2)
  expect(host.metrics().pendingOutbound).toBe(2)
  controller.abort()
  await time.advance(15_000)
  expect(started).toBe(3)
  await time.advance(15_000)
  const results = await outcomes
  expect(results.map(result => (result.status === 'rejected' ? result.reason.code : 'done'))).toEqual([
    'timeout',
    'aborted',
    'timeout',
    'timeout'
  ])
  expect(host.metrics().pendingOutbound).toBe(0)
})

test('removing a static peer says 0 and stops dialing it', async () => {
  const left = await node()
  const right = await node()
  await left.dial(right.enode(), { static: true })
  await until(() => right.peers().length === 1)
  const removed = once(right, 'peerdisconnected')
  await left.removePeer(right.enode())
  expect((await removed).ending).toMatchObject({ by: 'peer', reasonCode: 0 })
  expect(left.metrics().staticPeers).toBe(0)
})
