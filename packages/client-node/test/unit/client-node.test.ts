import type { PeerLink } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { MemoryLevel } from 'memory-level'
import { afterEach, expect, test } from 'vitest'
import { type ClientNode, type ClientNodeOptions, createClientNode } from '../../src/index.ts'

const nodes: ClientNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(node => node.stop({ hurry: true })))
})

const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

async function open(byte: number, options: ClientNodeOptions = {}): Promise<ClientNode> {
  const node = await createClientNode(
    {
      identity: createIdentityKey(keyOf(byte)),
      database: new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' }),
      storageKey: keyOf(byte + 100),
      privateKey: keyOf(byte + 50)
    },
    options
  )
  nodes.push(node)
  return node
}

const keyHexOf = (node: ClientNode): string => /\/\/([0-9a-f]+)@/.exec(node.host.enode())?.[1] ?? ''

const listening = { listen: { host: '127.0.0.1', port: 0 } } as const

/** A message of the other side, once it is there. */
const received = (node: ClientNode): Promise<string> =>
  new Promise(resolve => {
    const off = node.client.on('message', ({ text, outgoing }) => {
      if (outgoing) return
      off()
      resolve(text)
    })
  })

for (const privacy of ['whisper', 'waku', 'both'] as const) {
  test(`two of them talk over ${privacy}, the one that listens and the one that dials`, async () => {
    const bob = await open(2, { ...listening, privacy })
    await bob.start()
    const alice = await open(1, { privacy, peers: [bob.host.enode()] })
    const connected = new Promise<string>(resolve => alice.on('peerconnected', ({ peerId }) => resolve(peerId)))
    await alice.start()
    expect(await connected).toBe(bob.host.peerId)
    const arrived = received(bob)
    await alice.client.send({ kind: 'one-to-one', publicKey: bob.client.publicKey }, { text: `hello over ${privacy}` })
    expect(await arrived).toBe(`hello over ${privacy}`)
  })
}

test('without start it connects to nothing, and keeps what is to be sent', async () => {
  const bob = await open(2, listening)
  await bob.start()
  const alice = await open(1, { peers: [bob.host.enode()] })
  const to = { kind: 'one-to-one', publicKey: bob.client.publicKey } as const
  await alice.client.send(to, { text: 'kept' })
  expect([alice.client.connected(), bob.host.peers()]).toEqual([false, []])
  const arrived = received(bob)
  await alice.start()
  expect(await arrived).toBe('kept')
})

test('each link goes through what wraps it, and a peer that stays away is told once', async () => {
  const wrapped: string[] = []
  const wrapLink = (link: PeerLink): PeerLink => {
    wrapped.push(link.peerId)
    return link
  }
  const bob = await open(2, listening)
  await bob.start()
  const alice = await open(1, { peers: [bob.host.enode()], wrapLink })
  const connected = new Promise<void>(resolve => alice.on('peerconnected', () => resolve()))
  await alice.start()
  await connected
  expect(wrapped).toEqual([bob.host.peerId])
  await expect(open(3, { peers: ['enode://nonsense'] })).rejects.toMatchObject({ code: 'enode' })
  const carol = await open(4, { peers: [bob.host.enode().replace(/:\d+$/, ':1')] })
  const lost = new Promise<string>(resolve => carol.on('peerunreachable', ({ peerId }) => resolve(peerId)))
  await carol.start()
  expect([await lost, [...carol.unreachable]]).toEqual([bob.host.peerId, [bob.host.peerId]])
})

test('it starts once and stops at any time; the database stays open', async () => {
  const database = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' })
  const deps = { identity: createIdentityKey(keyOf(1)), database, storageKey: keyOf(9), privateKey: keyOf(8) }
  const node = await createClientNode(deps, listening)
  const starting = [node.start(), node.start()]
  await node.stop({ hurry: true })
  await Promise.all(starting)
  expect(database.status).toBe('open')
  const again = await createClientNode(deps, listening)
  await again.stop()
  await database.close()
})

test('a full disk keeps no link and no port: all of it ends, and what failed is said last', async () => {
  const disk = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' })
  let isFull = false
  let aheadMs = 0
  const clock = { nowMs: () => Date.now() + aheadMs }
  const database = new Proxy(disk, {
    get: (target, property) => {
      if (isFull && property === 'batch') return () => Promise.reject(new Error('disk full'))
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  const bob = await open(2, listening)
  await bob.start()
  const alice = await createClientNode(
    { identity: createIdentityKey(keyOf(1)), database, storageKey: keyOf(9), privateKey: keyOf(8), clock },
    { ...listening, peers: [bob.host.enode()] }
  )
  const connected = new Promise<void>(resolve => alice.on('peerconnected', () => resolve()))
  await alice.start()
  await connected
  const enode = alice.host.enode()
  const nobody = createIdentityKey(keyOf(7)).publicKey
  await alice.client.send({ kind: 'one-to-one', publicKey: nobody }, { text: 'never confirmed' })
  // Whatever is tried again in time is due.
  aheadMs = 3_600_000
  isFull = true
  await expect(alice.stop()).rejects.toMatchObject({ code: 'store-failed' })
  expect(alice.host.peers()).toEqual([])
  const late = await open(3, { peers: [enode] })
  const refused = new Promise<void>(resolve => late.on('peerunreachable', () => resolve()))
  await late.start()
  await refused
})

test('the best mailserver that can be reached is waited for: a better one only until it has refused', async () => {
  const server = await open(2, listening)
  await server.start()
  const there = { enode: server.host.enode(), peerId: server.host.peerId }
  const gone = await open(5, listening)
  const away = {
    enode: there.enode.replace(/\/\/[0-9a-f]+@(.*):\d+$/, `//${keyHexOf(gone)}@$1:1`),
    peerId: gone.host.peerId
  }
  const { signal } = new AbortController()
  const reader = await open(1, { mailservers: [away, there] })
  // Not started, it has none.
  expect(await reader.whenMailserver({ timeoutMs: 1, signal })).toBe(false)
  await reader.start()
  // Longer than any test may take: that the better one is away has to be learned from it.
  expect(await reader.whenMailserver({ timeoutMs: 2 ** 30, signal })).toBe(true)
  expect(reader.unreachable).toEqual(new Set([away.peerId]))
  expect(reader.client.peers().map(({ peerId }) => peerId)).toEqual([there.peerId])
  // Connected, it answers at once, whatever the time.
  expect(await reader.whenMailserver({ timeoutMs: 0, signal })).toBe(true)
})

test('an interruption ends the wait for a mailserver with its reason', async () => {
  const server = await open(2, listening)
  const reader = await open(1, { mailservers: [{ enode: server.host.enode(), peerId: server.host.peerId }] })
  const ending = new AbortController()
  const waiting = reader.whenMailserver({ timeoutMs: 60_000, signal: ending.signal })
  ending.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(reader.whenMailserver({ timeoutMs: 60_000, signal: ending.signal })).rejects.toThrow('enough')
})
