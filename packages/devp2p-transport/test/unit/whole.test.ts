import { networkInterfaces } from 'node:os'
import { generatePrivateKey } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { createMemoryNetwork } from '@status-stack/rlpx/testing'
import { afterEach, expect, test } from 'vitest'
import {
  createDiscovery,
  createLocalRecord,
  createPeerPool,
  type Discovery,
  type PeerPool
} from '../../src/discovery/index.ts'
import { createHost, type Host } from '../../src/index.ts'
import { createNat } from '../../src/nat/index.ts'
import { createMemoryDatagrams } from '../../src/testing/index.ts'
import { codec } from '../helpers/discovery.ts'
import { sinkCapability, startedHost, until } from '../helpers/hosts.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()))
})

/** A whole node: host, discovery, pool, on one address. */
async function wholeNode(
  world: {
    time: ReturnType<typeof createVirtualTime>
    streams: ReturnType<typeof createMemoryNetwork>
    datagrams: ReturnType<typeof createMemoryDatagrams>
  },
  address: string,
  bootnodes: string[],
  count: number
): Promise<{ host: Host; discovery: Discovery; pool: PeerPool }> {
  const privateKey = generatePrivateKey()
  const { clock, scheduler } = world.time
  const record = createLocalRecord({ privateKey, clock }, { ip: address, tcp: 30_303, udp: 30_303 })
  const host = createHost(
    { privateKey, capabilities: [sinkCapability()], carrier: world.streams.carrier(address), clock, scheduler },
    { listen: { host: address, port: 30_303 } }
  )
  const discovery = createDiscovery(
    { privateKey, clock, scheduler, datagrams: world.datagrams.carrier(address), codec, record: record.current },
    { listen: { host: address, port: 30_303 }, tcpPort: 30_303, bootnodes }
  )
  const pool = createPeerPool(
    { host, clock, scheduler, sources: [{ name: 'discovery', find: options => discovery.randomNodes(options) }] },
    { targets: [{ name: 'shh', version: 6, count }] }
  )
  await host.start()
  await discovery.start()
  await pool.start()
  stops.push(async () => {
    await pool.stop()
    await discovery.stop()
    const stopped = host.stop()
    await world.time.advance(5_000)
    await stopped
  })
  return { host, discovery, pool }
}

test('nodes that know one bootnode find each other through discovery and connect until their targets are met', async () => {
  const world = { time: createVirtualTime(), streams: createMemoryNetwork(), datagrams: createMemoryDatagrams() }
  const boot = await wholeNode(world, '20.0.0.1', [], 0)
  const nodes = []
  for (let i = 1; i <= 5; i++) nodes.push(await wholeNode(world, `20.${i}.0.1`, [boot.host.enode()], 2))
  for (let i = 0; i < 40; i++) await world.time.advance(3_000)
  for (const { pool, host } of nodes) {
    expect(pool.status()).toMatchObject({ searching: false })
    expect(host.peers().length).toBeGreaterThanOrEqual(2)
  }
  // Nothing is asked for any more but what keeps the table fresh.
  const [first] = nodes
  expect(first?.discovery.known().length).toBeGreaterThanOrEqual(3)
})

test('the external address of the gateway goes into the enode URL and, with a new seq, into the record', async () => {
  const privateKey = generatePrivateKey()
  const time = createVirtualTime()
  const record = createLocalRecord({ privateKey, clock: time.clock }, { tcp: 30_303 })
  const host = await startedHost({ privateKey })
  const before = record.current().seq
  const nat = createNat(
    { scheduler: time.scheduler },
    {
      nat: 'extip:77.1.1.1',
      listenAddress: '0.0.0.0',
      tcpPort: 30_303,
      onAddress: ip => {
        host.setExternalAddress(ip)
        record.update({ ip })
      }
    }
  )
  await nat.start()
  expect(host.enode()).toContain('@77.1.1.1:')
  expect(record.current()).toMatchObject({ ip: '77.1.1.1', tcp: 30_303 })
  expect(record.current().seq).toBeGreaterThan(before)
  await nat.stop()
  host.setAdvertisedPorts({ tcpPort: 30_399, udpPort: 30_398 })
  expect(host.enode()).toContain(':30399?discport=30398')
  host.setAdvertisedPorts({})
  expect(host.enode()).not.toContain('discport')
  host.setExternalAddress(undefined)
  expect(host.enode()).toContain('@127.0.0.1:')
})

const hasIpv6 = Object.values(networkInterfaces()).some(entries => entries?.some(({ address }) => address === '::1'))

test.skipIf(!hasIpv6)('two hosts talk over IPv6', async () => {
  const sink = sinkCapability()
  const left = await startedHost({}, { listen: { host: '::1' } })
  const right = await startedHost({ capabilities: [sink] }, { listen: { host: '::1' } })
  expect(right.enode()).toContain('@[::1]:')
  const info = await left.dial(right.enode())
  expect(info.remoteAddress).toBe('::1')
  await until(() => right.peers().length === 1)
  expect(right.peers()[0]?.remoteAddress).toBe('::1')
})

test('an IPv4 peer of a dual-stack listener is shown as IPv4', async () => {
  const left = await startedHost()
  const right = await startedHost({}, { listen: { host: hasIpv6 ? '::' : '0.0.0.0' } })
  await left.dial(right.enode())
  await until(() => right.peers().length === 1)
  expect(right.peers()[0]?.remoteAddress).toBe('127.0.0.1')
})
