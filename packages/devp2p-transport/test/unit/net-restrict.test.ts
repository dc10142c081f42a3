import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { formatEnode } from '@status-stack/rlpx'
import { afterEach, describe, expect, test } from 'vitest'
import { createDiscovery } from '../../src/discovery/discv4.ts'
import { type DiscoveryWorld, discoveryWorld } from '../helpers/discovery.ts'
import { record, startedHost, until } from '../helpers/hosts.ts'

const worlds: DiscoveryWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()))
})

describe('a host that keeps to networks', () => {
  test('connects to a name only at an address inside', async () => {
    const server = await startedHost()
    const { port } = new URL(server.enode().replace('enode:', 'http:'))
    const named = formatEnode({ publicKey: server.publicKey, host: 'localhost', tcpPort: Number(port) })
    const shut = await startedHost({}, { listen: false, netRestrict: '10.0.0.0/8,fd00::/8' })
    const failed = record(shut, 'dialfailed')
    await expect(shut.dial(named)).rejects.toMatchObject({ code: 'refused', details: { why: 'not-allowed' } })
    expect(failed).toMatchObject([{ peerId: server.peerId, code: 'refused' }])
    expect(server.metrics().accepted).toBe(0)
    const open = await startedHost({}, { listen: false, netRestrict: '127.0.0.0/8' })
    expect((await open.dial(named)).peerId).toBe(server.peerId)
  })

  test('refuses a list it cannot read when it is made', () => {
    expect(() => createDiscovery({ privateKey: generatePrivateKey() }, { netRestrict: 'everybody' })).toThrow(
      expect.objectContaining({ code: 'invalid-text' })
    )
  })
})

test('discovery answers, asks and passes on nobody outside the networks', async () => {
  const made = discoveryWorld()
  worlds.push(made)
  const boot = await made.node('10.0.0.1')
  const outside = await made.node('10.0.1.1', { bootnodes: [boot.enode] })
  const inside = await made.node('10.0.0.2', { bootnodes: [boot.enode] })
  await made.time.advance(5_000)
  await until(() => boot.discovery.known().length === 2)
  const keeper = await made.node('10.0.0.3', { bootnodes: [boot.enode, outside.enode], netRestrict: '10.0.0.0/24' })
  // What outside sends is dropped before its signature is looked at.
  const pinged = outside.discovery.ping(keeper.enode).catch(() => undefined)
  const looked = keeper.discovery.lookup(publicKeyOf(generatePrivateKey()))
  let done = false
  const both = Promise.all([looked, pinged]).finally(() => {
    done = true
  })
  while (!done) await made.time.advance(100)
  const [found] = await both
  expect(found.map(({ host }) => host).sort()).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(keeper.discovery.known().map(({ host }) => host)).not.toContain('10.0.1.1')
  expect(inside.discovery.known().map(({ host }) => host)).toContain('10.0.0.3')
  expect(outside.discovery.known().map(({ host }) => host)).not.toContain('10.0.0.3')
  expect(keeper.discovery.stats().dropped['not-allowed']).toBeGreaterThan(0)
})
