import { generatePrivateKey } from '@status-stack/crypto'
import { nonsense, outcome, takenNonsense } from '@status-stack/rlpx/testing'
import { expect, test } from 'vitest'
import * as discovery from '../../src/discovery/index.ts'
import * as index from '../../src/index.ts'
import { TransportError } from '../../src/index.ts'
import * as nat from '../../src/nat/index.ts'

/** Functions for which some nonsense is a fine argument. */
const takes: Readonly<Record<string, readonly unknown[]>> = {
  // Any text is an address, a name, or neither; no URLs are no nodes.
  isLan: ['deadbeef'],
  isLoopback: ['deadbeef'],
  isSpecial: ['deadbeef'],
  createDnsList: [nonsense[4]]
}

const api = { ...index, ...discovery, ...nat }
const privateKey = generatePrivateKey()

const isRefusal = (error: unknown): boolean =>
  TransportError.is(error) &&
  (error.origin === 'caller' || ['malformed', 'too-large', 'bad-compression'].includes(error.code))

test('every function of the package refuses nonsense with its own error, as the caller’s fault', async () => {
  const { TransportError: _, ...functions } = api
  expect(await takenNonsense(functions, { isRefusal, takes })).toEqual([])
})

test('options, keys and lengths are refused by name', async () => {
  const calls: readonly (readonly [string, () => unknown])[] = [
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(31), capabilities: [] })],
    ['privateKey', () => api.createHost({ privateKey: new Uint8Array(32), capabilities: [] })],
    ['capabilities[0]', () => api.createHost({ privateKey, capabilities: [undefined as never] })],
    ['run', () => api.createHost({ privateKey, capabilities: [{ name: 'x', version: 1, length: 1 } as never] })],
    ['listen.host', () => api.createHost({ privateKey, capabilities: [] }, { listen: { host: 7 as never } })],
    ['privateKey', () => api.createDiscovery({ privateKey: 'x' as never })],
    ['listen.port', () => api.createDiscovery({ privateKey }, { listen: { port: 70_000 } })],
    ['replyTimeoutMs', () => api.createDiscovery({ privateKey }, { replyTimeoutMs: Number.NaN })],
    ['bootnodes[0]', () => api.createDiscovery({ privateKey }, { bootnodes: [7 as never] })],
    ['tcpPort', () => api.createNat({}, { listenAddress: '0.0.0.0', tcpPort: -1 })],
    ['refreshMs', () => api.createNat({}, { listenAddress: '0.0.0.0', tcpPort: 1, refreshMs: 0 })],
    ['seq', () => api.createRecord(privateKey, 1 as never, {})],
    ['tcp', () => api.createRecord(privateKey, 1n, { tcp: 70_000 })],
    ['timeoutMs', () => api.probeClock(`enode://${'0'.repeat(128)}@1.1.1.1:1`, { timeoutMs: 0 })]
  ]
  for (const [name, call] of calls) {
    const error = await outcome(call)
    expect(error, name).toMatchObject({ code: 'invalid-argument', origin: 'caller' })
    expect((error as Error).message).toContain(name)
  }
})
