import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import * as carrier from '../../src/carrier.ts'
import * as index from '../../src/index.ts'
import { TransportError } from '../../src/index.ts'
import { createMemoryNetwork, nonsense, outcome, takenNonsense } from '../../src/testing/index.ts'
import * as wire from '../../src/wire.ts'
import { openCapability, startedHost, until } from '../helpers/hosts.ts'

/** Functions for which some nonsense is a fine argument. */
const takes: Readonly<Record<string, readonly unknown[]>> = {
  // Any bytes are a reason or none, any number has a name or none.
  decodeDisconnect: [nonsense[6]],
  reasonName: nonsense,
  // Any text is an address, a name, or neither; any bytes can be compressed.
  isLan: ['deadbeef'],
  isLoopback: ['deadbeef'],
  isSpecial: ['deadbeef'],
  compressSnappy: [nonsense[6]],
  isLocal: ['deadbeef'],
  addressBytes: ['deadbeef'],
  addressKey: ['deadbeef'],
  networkKey: ['deadbeef']
}

// What makes errors and checks is for packages that know their types.
const { notAllowed, callerError, peerError, environmentError, abortedError, throwIfAborted, checkPositive, ...rules } =
  carrier
const api = { ...index, ...wire, ...rules }
const network = createMemoryNetwork().carrier('127.0.0.1')
const privateKey = generatePrivateKey()
const publicKey = publicKeyOf(privateKey)

const isRefusal = (error: unknown): boolean =>
  TransportError.is(error) &&
  (error.origin === 'caller' || ['malformed', 'too-large', 'bad-compression'].includes(error.code))

test('every function of the package refuses nonsense with its own error, as the caller’s fault', async () => {
  const { TransportError: _, ...functions } = api
  expect(await takenNonsense(functions, { isRefusal, takes })).toEqual([])
})

test('options, keys and lengths are refused by name', async () => {
  const calls: readonly (readonly [string, () => unknown])[] = [
    ['carrier', () => api.createHost({ privateKey, capabilities: [] } as never)],
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(31), capabilities: [], carrier: network })],
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(32), capabilities: [], carrier: network })],
    ['capabilities[0]', () => api.createHost({ privateKey, capabilities: [undefined as never], carrier: network })],
    [
      'run',
      () =>
        api.createHost({ privateKey, capabilities: [{ name: 'x', version: 1, length: 1 } as never], carrier: network })
    ],
    [
      'listen.host',
      () => api.createHost({ privateKey, capabilities: [], carrier: network }, { listen: { host: 7 as never } })
    ],
    ['publicKey', () => api.formatEnode({ publicKey: publicKey.slice(1) })],
    ['publicKey', () => api.peerIdOf(publicKey.slice(1))],
    ['remotePublicKey', () => api.createInitiator({ privateKey, remotePublicKey: new Uint8Array(65) }, {} as never)],
    ['nonce', () => api.encodeAck('eip8', { ephemeralPublicKey: publicKey, nonce: new Uint8Array(31) })],
    ['form', () => api.decodeAck('new' as never, new Uint8Array(1))],
    ['reason', () => api.encodeDisconnect('bored' as never)]
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
    () => one.accept(undefined as never),
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
