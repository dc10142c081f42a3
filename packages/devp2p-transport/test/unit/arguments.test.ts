import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import * as api from '../../src/index.ts'
import { TransportError } from '../../src/index.ts'
import { openCapability, startedHost, until } from '../helpers/hosts.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** What a caller in JavaScript passes by mistake. */
const nonsense: readonly unknown[] = [undefined, null, 7, 'deadbeef', [], {}, new Uint8Array(3), () => undefined]

/** Functions for which some of that is a fine argument. */
const takes: Readonly<Record<string, readonly unknown[]>> = {
  // Any bytes are a reason or none, any number has a name or none.
  decodeDisconnect: [nonsense[6]],
  reasonName: nonsense,
  // Any text is an address, a name, or neither; any bytes can be compressed; no URLs are no nodes.
  isLan: ['deadbeef'],
  isLoopback: ['deadbeef'],
  isSpecial: ['deadbeef'],
  compressSnappy: [nonsense[6]],
  createDnsList: [nonsense[4]]
}

const privateKey = generatePrivateKey()
const publicKey = publicKeyOf(privateKey)

async function outcome(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return 'nothing thrown'
  } catch (error) {
    return error
  }
}

const isRefusal = (error: unknown): boolean =>
  TransportError.is(error) &&
  (error.origin === 'caller' || ['malformed', 'too-large', 'bad-compression'].includes(error.code))

test('every function of the package refuses nonsense with its own error, as the caller’s fault', async () => {
  const odd: string[] = []
  for (const [name, value] of Object.entries(api)) {
    if (typeof value !== 'function' || name === 'TransportError') continue
    for (const argument of nonsense) {
      if (takes[name]?.includes(argument) === true) continue
      const error = await outcome(() => (value as AnyFunction)(argument))
      if (!isRefusal(error)) odd.push(`${name}(${String(argument)}): ${String(error)}`)
    }
  }
  expect(odd).toEqual([])
})

test('options, keys and lengths are refused by name', async () => {
  const calls: readonly (readonly [string, () => unknown])[] = [
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(31), capabilities: [] })],
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(32), capabilities: [] })],
    ['capability', () => api.createHost({ privateKey, capabilities: [undefined as never] })],
    ['run', () => api.createHost({ privateKey, capabilities: [{ name: 'x', version: 1, length: 1 } as never] })],
    ['listen.host', () => api.createHost({ privateKey, capabilities: [] }, { listen: { host: 7 as never } })],
    ['privateKey', () => api.createDiscovery({ privateKey: 'x' as never })],
    ['listen.port', () => api.createDiscovery({ privateKey }, { listen: { port: 70_000 } })],
    ['replyTimeoutMs', () => api.createDiscovery({ privateKey }, { replyTimeoutMs: Number.NaN })],
    ['enode', () => api.createDiscovery({ privateKey }, { bootnodes: [7 as never] })],
    ['tcpPort', () => api.createNat({}, { listenAddress: '0.0.0.0', tcpPort: -1 })],
    ['refreshMs', () => api.createNat({}, { listenAddress: '0.0.0.0', tcpPort: 1, refreshMs: 0 })],
    ['seq', () => api.createRecord(privateKey, 1 as never, {})],
    ['tcp', () => api.createRecord(privateKey, 1n, { tcp: 70_000 })],
    ['publicKey', () => api.formatEnode({ publicKey: publicKey.slice(1) })],
    ['publicKey', () => api.peerIdOf(publicKey.slice(1))],
    ['remotePublicKey', () => api.createInitiator({ privateKey, remotePublicKey: new Uint8Array(65) }, {} as never)],
    ['nonce', () => api.encodeAck('eip8', { ephemeralPublicKey: publicKey, nonce: new Uint8Array(31) })],
    ['form', () => api.decodeAck('new' as never, new Uint8Array(1))],
    ['reason', () => api.encodeDisconnect('bored' as never)],
    ['timeoutMs', () => api.probeClock(`enode://${'0'.repeat(128)}@1.1.1.1:1`, { timeoutMs: 0 })]
  ]
  for (const [name, call] of calls) {
    const error = await outcome(call)
    expect(error, name).toMatchObject({ code: 'invalid-argument', origin: 'caller' })
    expect((error as Error).message).toContain(name)
  }
})

test('methods of a host and of a link refuse strings as bytes and numbers as names', async () => {
  const held = openCapability()
  const one = await startedHost({ capabilities: [held.capability] })
  const two = await startedHost()
  await one.dial(two.enode())
  await until(() => held.links.length === 1)
  const link = held.links[0]?.link
  const calls: readonly (() => unknown)[] = [
    () => one.dial(7 as never),
    () => one.addStatic(undefined as never),
    () => one.addTrusted(7 as never),
    () => one.removePeer(null as never),
    () => one.ban(undefined as never),
    () => one.ban({ peerId: 7 as never }),
    () => one.ban({ address: '1.1.1.1' }, Number.NaN),
    () => one.unban('1.1.1.1' as never),
    () => one.setExternalAddress(7 as never),
    () => one.setAdvertisedPorts({ tcpPort: 70_000 }),
    () => link?.send(0, 'hello' as never),
    () => link?.send(0, [1, 2, 3] as never),
    () => link?.send(1.5, new Uint8Array(1))
  ]
  for (const call of calls) {
    expect(await outcome(call), String(call)).toMatchObject({ code: 'invalid-argument', origin: 'caller' })
  }
  expect(one.peers()).toHaveLength(1)
  held.links[0]?.finish()
})

test('T-28 names with an underscore are hosts like others; names that cannot be are refused', () => {
  const url = (host: string): string => `enode://${Buffer.from(publicKey.subarray(1)).toString('hex')}@${host}:30303`
  for (const host of ['my_node', 'status_go_1.status_default', 'localhost', 'node.example.org.', '8.8.8.8', 'a-b.c'])
    expect(api.parseEnode(url(host)).host).toBe(host)
  for (const host of [
    'a b',
    'a\u0000b',
    '-a',
    'a-',
    'a..b',
    '1.2.3',
    '1.2.3.256',
    'a%b',
    'é',
    `${'a'.repeat(64)}.b`,
    '[::::]'
  ])
    expect(() => api.parseEnode(url(host)), host).toThrow(expect.objectContaining({ code: 'invalid-text' }))
})
