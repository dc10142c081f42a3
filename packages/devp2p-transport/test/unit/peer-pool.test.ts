import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { type CompleteEnode, formatEnode, parseCompleteEnode, peerIdOf } from '@status-stack/rlpx'
import { createArgumentChecks, createEmitter } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { createPeerPool, type PeerStore, type RememberedPeer } from '../../src/discovery/peer-pool.ts'
import type { Host, HostEvents, PeerInfo } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'

const nodeAt = (host: string): CompleteEnode => ({
  publicKey: publicKeyOf(generatePrivateKey()),
  host,
  tcpPort: 30_303,
  udpPort: 30_303
})

/** A host whose dials end as the test says. */
function fakeHost(answer: (node: CompleteEnode) => 'shh' | 'eth' | 'fail' = () => 'shh') {
  const { on, emit } = createEmitter<Pick<HostEvents, 'peerconnected' | 'peerdisconnected'>>(
    { peerconnected: true, peerdisconnected: true },
    createArgumentChecks(message => new TypeError(message))
  )
  const peers = new Map<string, PeerInfo>()
  const dialed: string[] = []
  const host = {
    peerId: '00'.repeat(32),
    peers: () => [...peers.values()],
    dial: async (url: string): Promise<PeerInfo> => {
      const node = parseCompleteEnode(url)
      dialed.push(node.host)
      await new Promise<void>(resolve => setImmediate(resolve))
      const outcome = answer(node)
      if (outcome === 'fail') throw new Error('refused')
      const info: PeerInfo = {
        peerId: peerIdOf(node.publicKey),
        publicKey: node.publicKey,
        remoteAddress: node.host,
        remotePort: node.tcpPort,
        direction: 'outbound',
        flags: { static: false, trusted: false },
        clientName: 'fake',
        protocolVersion: 5,
        capabilities: [{ name: outcome, version: outcome === 'shh' ? 6 : 63, offset: 16 }],
        connectedAtMs: 0
      }
      peers.set(info.peerId, info)
      emit('peerconnected', info)
      return info
    },
    on: on as Host['on']
  }
  return {
    host,
    dialed,
    peers,
    lose: (peerId: string) => {
      const info = peers.get(peerId)
      if (info === undefined) return
      peers.delete(peerId)
      emit('peerdisconnected', { ...info, ending: { by: 'network', failure: 'network' } })
    }
  }
}

test('the pool looks until its targets are met, then asks and dials no more, and resumes when a peer leaves', async () => {
  const time = createVirtualTime()
  const { host, peers, dialed, lose } = fakeHost(({ host: address }) => (address.startsWith('9.') ? 'eth' : 'shh'))
  let asked = 0
  const all = [nodeAt('9.1.0.1'), nodeAt('20.1.0.1'), nodeAt('20.2.0.1'), nodeAt('20.3.0.1'), nodeAt('20.4.0.1')]
  const pool = createPeerPool(
    {
      host,
      clock: time.clock,
      scheduler: time.scheduler,
      sources: [
        {
          name: 'test',
          find: async () => {
            asked++
            return all
          }
        }
      ]
    },
    { targets: [{ name: 'shh', version: 6, count: 2 }] }
  )
  await pool.start()
  await time.advance(10_000)
  expect(pool.status()).toMatchObject({ searching: false, targets: [{ wanted: 2, connected: 2 }] })
  const quiet = { asked, dialed: dialed.length }
  await time.advance(600_000)
  expect({ asked, dialed: dialed.length }).toEqual(quiet)
  expect(time.pendingTimers()).toBe(0)
  const first = [...peers.values()].find(({ capabilities }) => capabilities[0]?.name === 'shh')
  lose(first?.peerId ?? '')
  expect(pool.status().searching).toBe(true)
  await time.advance(5_000)
  expect(pool.status()).toMatchObject({ searching: false, targets: [{ connected: 2 }] })
  expect(peers.has(first?.peerId ?? '')).toBe(false)
  await pool.stop()
})

test('searching is fast at first, slow later; candidates that fail are left alone for longer each time', async () => {
  const time = createVirtualTime()
  const { host, dialed } = fakeHost(() => 'fail')
  const asked: number[] = []
  const start = time.clock.nowMs()
  const node = nodeAt('20.1.0.1')
  const pool = createPeerPool(
    {
      host,
      clock: time.clock,
      scheduler: time.scheduler,
      sources: [
        {
          name: 'test',
          find: async () => {
            asked.push(time.clock.nowMs() - start)
            return [node]
          }
        }
      ]
    },
    { targets: [{ name: 'shh', version: 6, count: 1 }] }
  )
  await pool.start()
  await time.advance(3_600_000)
  const gaps = asked.slice(1).map((at, i) => at - (asked[i] ?? 0))
  expect(gaps.slice(0, 9).every(gap => gap === 3_000)).toBe(true)
  expect(gaps.slice(12).every(gap => gap === 30_000)).toBe(true)
  // 35 s, 70 s, 140 s …: a handful of dials in an hour.
  expect(dialed.length).toBeGreaterThan(4)
  expect(dialed.length).toBeLessThan(12)
  await pool.stop()
  expect(time.pendingTimers()).toBe(0)
})

test('good peers are remembered over a restart and tried first; old and unreadable ones are not', async () => {
  const time = createVirtualTime()
  let stored: readonly RememberedPeer[] = []
  const store: PeerStore = {
    load: async () => stored,
    save: async peers => {
      stored = peers
    }
  }
  const first = fakeHost()
  const node = nodeAt('20.1.0.1')
  const deps = { clock: time.clock, scheduler: time.scheduler, store }
  const options = { targets: [{ name: 'shh', version: 6, count: 1 }] }
  const pool = createPeerPool(
    { ...deps, host: first.host, sources: [{ name: 'test', find: async () => [node] }] },
    options
  )
  await pool.start()
  await time.advance(5_000)
  await pool.stop()
  expect(stored).toEqual([{ enode: formatEnode(node), lastSeenMs: expect.any(Number) }])
  stored = [
    ...stored,
    { enode: formatEnode(nodeAt('20.9.0.1')), lastSeenMs: 0 },
    { enode: 'garbage', lastSeenMs: 1e15 }
  ]
  const second = fakeHost()
  const again = createPeerPool(
    { ...deps, host: second.host, sources: [{ name: 'test', find: async () => [nodeAt('20.5.0.1')] }] },
    options
  )
  await again.start()
  await time.advance(5_000)
  expect(second.dialed).toEqual(['20.1.0.1'])
  await again.stop()
})

test('one network cannot fill the pool: two peers of a /24 at most, LAN exempt; candidates are bounded', async () => {
  const time = createVirtualTime()
  const crowd = fakeHost()
  const pool = createPeerPool(
    {
      host: crowd.host,
      clock: time.clock,
      scheduler: time.scheduler,
      sources: [
        { name: 'attacker', find: async () => Array.from({ length: 300 }, (_, i) => nodeAt(`66.6.6.${i % 250}`)) },
        {
          name: 'honest',
          find: async () => [nodeAt('20.1.0.1'), nodeAt('10.0.0.1'), nodeAt('10.0.0.2'), nodeAt('10.0.0.3')]
        },
        { name: 'broken', find: () => Promise.reject(new Error('away')) }
      ]
    },
    { targets: [{ name: 'shh', version: 6, count: 12 }] }
  )
  await pool.start()
  await time.advance(120_000)
  const from66 = [...crowd.peers.values()].filter(({ remoteAddress }) => remoteAddress.startsWith('66.'))
  expect(from66).toHaveLength(limits.poolNetwork)
  expect(crowd.peers.size).toBeGreaterThanOrEqual(6)
  expect(pool.status().candidates).toBeLessThanOrEqual(limits.poolCandidates)
  await pool.stop()
})

test('a clock that is set back leaves no candidate alone for longer', async () => {
  const time = createVirtualTime()
  let backMs = 0
  let isUp = false
  const { host, peers } = fakeHost(() => (isUp ? 'shh' : 'fail'))
  const all = [nodeAt('20.1.0.1')]
  const pool = createPeerPool(
    {
      host,
      clock: { nowMs: () => time.clock.nowMs() - backMs },
      scheduler: time.scheduler,
      sources: [{ name: 'test', find: async () => all }]
    },
    { targets: [{ name: 'shh', version: 6, count: 1 }], retryMs: 35_000 }
  )
  await pool.start()
  await time.advance(1_000)
  isUp = true
  backMs = 3_600_000
  await time.advance(70_000)
  expect(peers.size).toBe(1)
  await pool.stop()
})
