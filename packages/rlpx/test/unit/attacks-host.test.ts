import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { peerIdOf } from '../../src/enode.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { record, sinkCapability, startedHost, until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

test('X07 a Hello with another key than the handshake proved gets reason 9', async () => {
  const { host, stranger, refused } = await target()
  for (const key of [new Uint8Array(64).fill(1), publicKeyOf(generatePrivateKey()).subarray(1)]) {
    const x = await stranger()
    await x.session({ key })
    await x.closed
    expect(x.reason()).toBe(9)
  }
  for (const key of [new Uint8Array(0), new Uint8Array(10).fill(1), new Uint8Array(64)]) {
    const x = await stranger()
    await x.session({ key })
    await x.closed
    expect(x.reason()).toBe(7)
  }
  expect(refused.map(({ reason }) => reason)).toEqual([
    'unexpected-identity',
    'unexpected-identity',
    'invalid-identity',
    'invalid-identity',
    'invalid-identity'
  ])
  expect(host.peers()).toEqual([])
})

test('X08 a stranger who claims the id of a connected peer does not touch it', async () => {
  const { host, stranger, sink, removed } = await target()
  const honest = await stranger()
  await honest.session()
  await until(() => host.peers().length === 1)
  const x = await stranger()
  await x.session({ key: honest.publicKey.subarray(1) })
  await x.closed
  expect(host.peers().map(({ peerId }) => peerId)).toEqual([peerIdOf(honest.publicKey)])
  honest.frame(17, Uint8Array.of(1, 0, 5))
  await until(() => sink.packets.length === 1)
  expect(removed).toEqual([])
  expect(honest.isClosed()).toBe(false)
})

test('X09 40 connections first, then 40 handshakes, 5 places: 5 peers', async () => {
  const { host, stranger, refused, settle } = await target({ maxPeers: 5 })
  const strangers = await Promise.all(Array.from({ length: 40 }, () => stranger()))
  await Promise.all(strangers.map(x => x.session()))
  await until(() => host.metrics().pendingInbound === 0)
  await settle()
  expect(host.peers()).toHaveLength(5)
  expect(refused).toHaveLength(35)
  expect(refused.every(({ reason }) => reason === 'too-many-peers')).toBe(true)
  expect(strangers.filter(x => x.reason() === 4)).toHaveLength(35)
})

test('X24 a key that is not on the curve is refused before a dial: no slot is used', async () => {
  const { host } = await target({ maxConcurrentDials: 3 })
  for (let i = 0; i < 10; i++) {
    await expect(host.dial(`enode://${'01'.repeat(64)}@192.0.2.9:30303`)).rejects.toMatchObject({
      code: 'invalid-text'
    })
  }
  expect(host.metrics()).toMatchObject({ pendingOutbound: 0, dialsStarted: 0 })
})

test('X26 a code of 128 and a message over 16 MB are refused at the call; the connection stays', async () => {
  const { host, stranger, sink, settle } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  const [link] = sink.links
  await expect(link?.send(128, Uint8Array.of(1))).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(link?.send(1, new Uint8Array(0x1000000))).rejects.toMatchObject({ code: 'too-large', origin: 'caller' })
  await link?.send(127, Uint8Array.of(1))
  await settle()
  await until(() => x.received.some(({ id }) => id === 143))
  expect(host.peers()).toHaveLength(1)
})

test('X28 two hosts that dial each other at the same moment end with one connection, dialed by the larger id', async () => {
  for (let round = 0; round < 15; round++) {
    const network = createMemoryNetwork()
    const make = (address: string) =>
      startedHost({ capabilities: [sinkCapability()], carrier: network.carrier(address) }, { listen: { port: 30_303 } })
    const left = await make('192.0.2.1')
    const right = await make('192.0.2.2')
    const [a, b] = await Promise.all([left.dial(right.enode()), right.dial(left.enode())])
    expect(a.peerId).toBe(right.peerId)
    expect(b.peerId).toBe(left.peerId)
    const settled = (): boolean =>
      [left, right].every(h => {
        const m = h.metrics()
        return m.pendingInbound === 0 && m.pendingOutbound === 0 && h.peers().length === 1
      })
    await until(settled)
    const [larger, smaller] = left.peerId > right.peerId ? [left, right] : [right, left]
    expect(larger.peers()[0]?.direction).toBe('outbound')
    expect(smaller.peers()[0]?.direction).toBe('inbound')
    const events = record(left, 'peerdisconnected')
    await left.stop()
    await right.stop()
    expect(events.length).toBeLessThanOrEqual(1)
  }
})
