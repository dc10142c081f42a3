import { createClientNode } from '@status-stack/client-node'
import { bytesToHex, generatePrivateKey, publicKeyOf, randomBytes } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createDiscovery, createDnsList, createPeerPool } from '@status-stack/devp2p-transport/discovery'
import { createNat } from '@status-stack/devp2p-transport/nat'
import { createInspector } from '@status-stack/inspector'
import { createNodeHost, createRelay, privacyNodes, serveMetrics } from '@status-stack/relay-node'
import { addWhisper, createSimulation, shrinkSchedule } from '@status-stack/simulator'
import { createIdentityKey } from '@status-stack/status-accounts'
import { createClient } from '@status-stack/status-client'
import { createSealer, memorySessionStore } from '@status-stack/status-pfs'
import { createSync, memorySyncStore } from '@status-stack/status-sync'
import { createBridge, createWaku } from '@status-stack/waku'
import { createWebSocketHost, webSocketCarrier } from '@status-stack/websocket-transport'
import { listenWebSocket, webSocketServerCarrier } from '@status-stack/websocket-transport/server'
import { createWhisper } from '@status-stack/whisper'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { createLevelStore } from '@status-stack/whisper-mailserver/level'
import { createPostgresStore } from '@status-stack/whisper-mailserver/postgres'
import { createRpc } from '@status-stack/whisper-rpc'
import { serveHttp } from '@status-stack/whisper-rpc/server'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { type Entrance, misuses } from './misuse.ts'

const privateKey = generatePrivateKey()
const identity = createIdentityKey(privateKey)
const { publicKey } = createIdentityKey(generatePrivateKey())
const enode = `enode://${bytesToHex(publicKey.subarray(1))}@127.0.0.1:30303`
const peerId = 'ab'.repeat(32)
const clock = { nowMs: () => 1_600_000_000_000 }
const random = { bytes: randomBytes }
const scheduler = { after: () => () => {} }
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const ports = { clock, random, scheduler, logger }
const capabilities = [{ name: 'x', version: 1, length: 1, run: async () => {} }]
const here = { host: '127.0.0.1', port: 0 }
const stop = (made: { readonly stop: () => unknown }): unknown => made.stop()
const close = (made: { readonly close: () => unknown }): unknown => made.close()
/** What not every package asks of a logger. */
const isExtra = (path: string): boolean => /logger\.(debug|info|warn|error)$/.test(path)

const entrances: Readonly<Record<string, Entrance>> = {
  createWhisper: {
    errors: ['WhisperError'],
    args: () => [
      ports,
      {
        ...{ minPow: 0.1, maxMessageSize: 2000, bloom: 'full', light: false, restrictLightLinks: true, strict: false },
        ...{ confirmations: true, forwarding: 300, randomDelayMs: 1, handshakeTimeoutMs: 5, syncAllowanceSeconds: 1 },
        ...{ toleranceMs: 1, defaultTtlSeconds: 5, defaultPow: { target: 0.1, timeSeconds: 1 }, poolMaxBytes: 10_000 },
        ...{
          maxPeers: 4,
          rateLimitPerPeer: 1,
          rateLimitExempt: ['x'],
          maxFilters: 5,
          mailserverPassword: 'x',
          powWorkers: 1
        }
      }
    ],
    call: createWhisper,
    fits: (path, value) => (typeof value === 'number' && path === '1.defaultPow.target') || isExtra(path),
    open: ['0', '0.clock', '0.random', '0.scheduler', '0.logger']
  },
  createWaku: {
    errors: ['WhisperError'],
    args: () => [ports, { interest: 'full', byteLimitPerPeer: 0, light: false }],
    call: createWaku,
    fits: isExtra,
    open: ['0', '0.clock', '0.random', '0.scheduler', '0.logger']
  },
  createBridge: {
    errors: ['WhisperError'],
    args: () => [new Sides(), { maxWaitingBytes: 5000 }],
    call: createBridge,
    end: stop,
    open: ['0']
  },
  createHost: {
    errors: ['TransportError'],
    args: () => [
      { privateKey, capabilities, ...ports },
      { listen: here, clientName: 'a', protocolVersion: 5, maxPeers: 4, netRestrict: '127.0.0.0/8', dialTimeoutMs: 5 }
    ],
    call: createHost,
    open: ['0', '0.capabilities.0', '0.clock', '0.random', '0.scheduler', '0.logger']
  },
  createWebSocketHost: {
    errors: ['TransportError'],
    args: () => [
      { privateKey, capabilities },
      { clientName: 'a', flowControl: true, origin: 'https://a.example', maxPeers: 4 }
    ],
    call: createWebSocketHost,
    open: ['0', '0.capabilities.0']
  },
  webSocketCarrier: {
    errors: ['TransportError'],
    args: () => [{ flowControl: true, origin: 'https://a.example' }],
    call: webSocketCarrier
  },
  webSocketServerCarrier: {
    errors: ['TransportError'],
    args: () => [
      {
        ...{ path: '/x', origins: ['https://a.example'], trustedProxies: '127.0.0.1/32', pingIntervalMs: 2000 },
        ...{ publicUrl: 'wss://a.example/x', flowControl: true, origin: 'https://a.example' }
      }
    ],
    call: webSocketServerCarrier
  },
  listenWebSocket: {
    errors: ['TransportError'],
    args: () => [{ ...here, path: '/x', origins: ['https://a.example'] }, () => {}],
    call: listenWebSocket,
    end: close
  },
  createDiscovery: {
    errors: ['TransportError'],
    args: () => [
      { privateKey, clock, random, scheduler, record: () => undefined, onOwnAddress: () => {} },
      { listen: here, tcpPort: 1, bootnodes: [enode], netRestrict: '127.0.0.0/8', replyTimeoutMs: 5 }
    ],
    call: createDiscovery,
    fits: (path, value) => path === '1.tcpPort' && typeof value === 'function',
    open: ['0', '0.clock', '0.random', '0.scheduler']
  },
  createDnsList: {
    errors: ['TransportError'],
    args: () => [[], { clock, random, scheduler }, { timeoutMs: 5, recheckMs: 5, queriesPerSecond: 3 }],
    call: createDnsList,
    open: ['1', '1.clock', '1.random', '1.scheduler']
  },
  createPeerPool: {
    errors: ['TransportError'],
    args: () => [
      {
        ...{ clock, scheduler, logger, sources: [{ name: 'x', find: async () => [] }] },
        host: createNodeHost({ privateKey, capabilities }, { listen: false })
      },
      { targets: [{ name: 'shh', version: 6, count: 3 }], fastSearchMs: 5, rememberMs: 5 }
    ],
    call: createPeerPool,
    fits: path => path.startsWith('0.host.') || path === '0.sources.0.name',
    open: ['0', '0.sources.0', '0.clock', '0.scheduler', '0.logger', '0.host', '0.host.publicKey']
  },
  createNat: {
    errors: ['TransportError'],
    args: () => [
      { scheduler, logger },
      { listenAddress: '0.0.0.0', tcpPort: 1, udpPort: 1, refreshMs: 5, onAddress: () => {} }
    ],
    call: createNat,
    open: ['0', '0.scheduler', '0.logger']
  },
  createSealer: {
    errors: ['PfsError'],
    args: () => [
      { identity, store: memorySessionStore(), clock, random },
      {
        installationId: 'a',
        bundleLifetimeMs: 1e6,
        graceMs: 1,
        cooldownMs: 1e6,
        unconfirmedKeyMs: 1,
        skippedKeyMs: 1,
        maxPeers: 5
      }
    ],
    call: createSealer,
    open: ['0', '0.identity', '0.store', '0.clock', '0.random']
  },
  createSync: {
    errors: ['SyncError'],
    args: () => [
      {
        ...{ self: publicKey, store: memorySyncStore(), clock, random, logger, isKnown: () => true },
        ...{
          output: async () => 'sent',
          settled: async () => {},
          maxBytes: async () => 1000,
          bodyOf: async () => undefined
        }
      },
      {
        ...{ mode: 'batch', tickMs: 300, baseMs: 1000, ceilingMs: 5000, jitter: 0, unsentMs: 1000, giveUpMs: 5000 },
        ...{ requestGiveUpMs: 5000, parallelPeers: 1, limits: { maxPeers: 5 } }
      }
    ],
    call: createSync,
    fits: isExtra,
    open: ['0', '0.store', '0.clock', '0.random', '0.logger']
  },
  createMailserver: {
    errors: ['MailserverError'],
    args: () => [
      { store: memoryEnvelopeStore(), identity, clock, scheduler, logger },
      {
        ...{ password: 'x', minPow: 0, rateLimitSeconds: 1, bindSigner: false, plainRequests: 'serve', maxRequests: 2 },
        ...{ maxRequestsPerAddress: 2, maxRequestsPerPeer: 2, handoverTimeoutMs: 3, retentionDays: 1 }
      }
    ],
    call: createMailserver,
    fits: path => isExtra(path) || path === '0.identity.sign',
    open: ['0', '0.store', '0.identity', '0.clock', '0.scheduler', '0.logger']
  },
  createLevelStore: {
    errors: ['MailserverError'],
    args: () => [{ location: './nowhere', fsync: false, cacheBytes: 1e6 }],
    call: createLevelStore
  },
  createPostgresStore: {
    errors: ['MailserverError'],
    args: () => [{ uri: 'postgresql://mail@localhost/archive', maxConnections: 1, statementTimeoutMs: 5, clock }],
    call: createPostgresStore,
    open: ['0.clock']
  },
  createRpc: {
    errors: ['RpcError'],
    args: () => [
      {
        ...new Node(),
        nodeKey: identity,
        network: { listening: () => true, peerCount: () => 0 },
        mailservers: [enode],
        ...ports
      },
      { flavour: 'geth', wakuBytes: 'hex', networkId: '1', limits: { maxBatch: 5 } }
    ],
    call: createRpc,
    end: stop,
    fits: path => /^0\.(scheduler|whisper\.)/.test(path) || isExtra(path),
    open: [
      ...['0', '0.nodeKey', '0.network', '0.clock', '0.random', '0.scheduler', '0.logger', '0.whisper'],
      ...['capability', 'filters', 'mailserver', 'events', 'exchange'].map(member => `0.whisper.${member}`)
    ]
  },
  serveHttp: {
    errors: ['RpcError'],
    args: () => [
      createRpc({ whisper: createWhisper() }),
      {
        ...here,
        ...{ maxBodyBytes: 100, maxConnections: 5, requestTimeoutMs: 50, idleTimeoutMs: 50, maxBufferedBytes: 50 },
        ...{ onDrop: () => {}, allowedHosts: ['localhost'], allowedOrigins: ['*'], tokenSecret: new Uint8Array(32) },
        ...{ tokenMaxAgeSeconds: 3, insecure: false }
      }
    ],
    call: serveHttp,
    end: close,
    fits: path => path.startsWith('0.limits') || path === '0.stop',
    open: ['0', '0.limits']
  },
  createClient: {
    errors: ['ClientError', 'WhisperError'],
    args: () => [
      {
        ...{ identity, database: new MemoryLevel(), storageKey: randomBytes(32), nodeKey: identity, ...ports },
        ...{ lock: { acquire: async () => () => {} }, names: { publicKeyOf: async () => undefined } },
        ...{ scaleImage: async (image: Uint8Array) => image, whisper: { minPow: 0 } }
      },
      {
        ...{ installationId: 'a', sync: true, pfs: 'on', minimum: 'auto', publishContactCode: true, timers: false },
        ...{
          contactCodeDelayMs: 1000,
          mailservers: [peerId],
          mailserverPasswords: { [peerId]: 'x' },
          autoHistory: true
        },
        ...{ historySeconds: 100, syncTickMs: 100 }
      }
    ],
    call: createClient,
    end: stop,
    fits: isExtra,
    open: [
      '0',
      '0.identity',
      '0.nodeKey',
      '0.clock',
      '0.random',
      '0.scheduler',
      '0.logger',
      '0.lock',
      '0.names',
      '1.mailserverPasswords'
    ]
  },
  createRelay: {
    errors: ['RelayError'],
    args: () => [
      { privateKey, peerStore: { load: async () => [], save: async () => {} } },
      {
        ...{
          listen: here,
          clientName: 'a/1',
          privacy: 'whisper',
          peers: [enode],
          trusted: [enode],
          minPow: 0.1,
          light: false
        },
        ...{
          maxPeers: 5,
          maxPendingInbound: 5,
          dialRatio: 3,
          discovery: 'off',
          bootnodes: [enode],
          discoveryPort: 30_303
        },
        ...{ nat: 'none', netRestrict: '127.0.0.0/8' },
        archive: {
          ...{ store: memoryEnvelopeStore(), password: 'x', privateKey, retentionDays: 1, rateLimitSeconds: 1 },
          ...{ bindSigner: false, plainRequests: 'serve', sources: [{ enode, peerId, fromSeconds: 1 }] }
        },
        webSocket: {
          ...{ ...here, path: '/x', origins: ['https://a.example'], trustedProxies: '127.0.0.1/32' },
          publicUrl: 'wss://a.example/x'
        },
        rpc: { http: { ...here, allowedOrigins: [] }, tokenSecret: new Uint8Array(32), allowedHosts: ['localhost'] },
        metrics: { ...here, allowedHosts: ['localhost'] }
      }
    ],
    call: createRelay,
    end: stop,
    fits: path => path.startsWith('1.archive.store.'),
    open: ['0', '0.peerStore', '1.archive.store']
  },
  privacyNodes: {
    errors: ['RelayError', 'WhisperError'],
    args: () => ['whisper', ports, { handshakeTimeoutMs: 5 }],
    call: privacyNodes,
    fits: isExtra,
    open: ['1', '1.clock', '1.random', '1.scheduler', '1.logger']
  },
  serveMetrics: {
    errors: ['RelayError'],
    args: () => [here, () => ({}), ['localhost']],
    call: serveMetrics,
    end: close
  },
  createClientNode: {
    errors: ['RelayError', 'ClientError'],
    args: () => [
      {
        identity,
        database: new MemoryLevel(),
        storageKey: randomBytes(32),
        privateKey: generatePrivateKey(),
        clock,
        logger
      },
      {
        ...{ privacy: 'whisper', peers: [enode], mailservers: [{ enode, peerId, password: 'x' }], autoHistory: true },
        ...{ listen: here, pfs: 'on', syncRetryMs: 1000, clientName: 'a/1', netRestrict: '127.0.0.0/8' },
        discovery: { bootnodes: [enode], port: 0 }
      }
    ],
    call: createClientNode,
    end: stop,
    fits: isExtra,
    open: ['0', '0.identity', '0.clock', '0.logger']
  },
  createInspector: {
    errors: ['InspectorError'],
    args: () => [
      {
        keys: {
          identities: [identity],
          prekeys: [privateKey],
          generated: [privateKey],
          symmetric: [privateKey],
          chats: ['x']
        },
        ...{ clock, opened: () => undefined }
      }
    ],
    call: createInspector,
    open: ['0.clock', '0.keys.identities.0']
  },
  inspect: {
    errors: ['InspectorError'],
    args: () => [new Uint8Array(4), 'auto'],
    call: (...args: Parameters<ReturnType<typeof createInspector>['inspect']>) => createInspector().inspect(...args),
    fits: (path, value) => path === '0' && value instanceof Uint8Array
  },
  createSimulation: {
    errors: ['SimulatorError'],
    args: () => [{ seed: '1', startMs: 1, keepTrace: true, replay: [] }],
    call: createSimulation
  },
  'connect of a simulation': {
    errors: ['SimulatorError'],
    args: () => ['a', 'b', { latencyMs: 1, jitterMs: 1, lossRate: 0.1, bytesPerSecond: 1, trusted: true }],
    call: async (...args: never[]) => {
      const simulation = createSimulation({ seed: '1' })
      for (const name of ['a', 'b']) await addWhisper(simulation, name)
      return (simulation.connect as (...args: never[]) => unknown)(...args)
    }
  },
  shrinkSchedule: {
    errors: ['SimulatorError'],
    args: () => [[1, 2], async () => true, { maxRuns: 3 }],
    call: shrinkSchedule,
    fits: path => path.startsWith('0.')
  }
}

/** Nodes are looked at as ports are, not as options: a class keeps the walk out of them. */
class Sides {
  readonly whisper = createWhisper()
  readonly waku = createWaku()
}
class Node {
  readonly whisper = createWhisper()
}

test.each(Object.entries(entrances))('%s refuses every wrong argument by name', async (_, entrance) => {
  expect(await misuses(entrance)).toEqual([])
})

test.each([
  ['WhisperError', () => createWhisper()],
  ['MailserverError', () => createMailserver({ store: memoryEnvelopeStore() })],
  ['TransportError', () => createNodeHost({ privateKey, capabilities })]
] as const)('%s: an event that never comes, and what cannot be called, are refused', (name, make) => {
  const listen = make().on as (...args: unknown[]) => void
  for (const [event, handler, argument] of [
    ['peerconected', () => {}, 'event'],
    ['toString', () => {}, 'event'],
    [undefined, () => {}, 'event'],
    [name === 'MailserverError' ? 'archived' : name === 'WhisperError' ? 'ratelimited' : 'refused', {}, 'handler']
  ])
    expect(() => listen(event, handler)).toThrow(
      expect.objectContaining({ name, code: 'invalid-argument', origin: 'caller', details: { argument } })
    )
})

test('a relay and a messenger that were stopped stay so, and starting twice is starting once', async () => {
  const relay = createRelay({ privateKey: generatePrivateKey() })
  const served: string[] = []
  relay.host.on('listening', fact => served.push(fact.address))
  await Promise.all([relay.start(), relay.start()])
  await relay.start()
  await relay[Symbol.asyncDispose]()
  await relay.stop()
  expect(served).toHaveLength(1)
  await expect(relay.start()).rejects.toMatchObject({ name: 'RelayError', code: 'stopped', origin: 'caller' })
  const node = await createClientNode({
    ...{ identity, database: new MemoryLevel(), storageKey: randomBytes(32), privateKey: generatePrivateKey() }
  })
  await node.start()
  await node.stop()
  await node[Symbol.asyncDispose]()
  await expect(node.start()).rejects.toMatchObject({ name: 'ClientError', code: 'stopped', origin: 'caller' })
  await expect(node.whenMailserver({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'invalid-argument' })
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(node.whenMailserver({ timeoutMs: 5, signal: aborted })).rejects.toThrow('enough')
})

test('a client that was stopped says so, whoever asks it', async () => {
  const client = await createClient({ identity, database: new MemoryLevel(), storageKey: randomBytes(32) })
  await client.start()
  await client.stop()
  const link = { peerId, flags: {}, packets: () => {}, send: () => {}, close: () => {} } as never
  for (const call of [() => client.start(), () => client.attach(link)])
    await expect(call()).rejects.toMatchObject({ name: 'ClientError', code: 'stopped', origin: 'caller' })
})

test('what is plugged in is looked at where it is plugged in, and a page of a sync by name', async () => {
  const refused = (argument: string) => expect.objectContaining({ code: 'invalid-argument', details: { argument } })
  const whisper = createWhisper()
  expect(() => whisper.serve({ archve: {} } as never)).toThrow(refused('archve'))
  expect(() => whisper.serve({ archive: { put: () => {} } } as never)).toThrow(refused('archive.accept'))
  expect(() => whisper.serve({ request: 7 } as never)).toThrow(refused('mailserver.request'))
  expect(() => whisper.exchange.onPooled(undefined as never)).toThrow(refused('take'))
  const mailserver = createMailserver({ store: memoryEnvelopeStore() })
  await mailserver.start()
  const range = { fromSeconds: 1, toSeconds: 2, pageLimt: 1 } as never
  await expect(mailserver.sync({ sync: async () => {} }, peerId, range)).rejects.toEqual(refused('pageLimt'))
  await mailserver.stop()
  const rpc = createRpc({ whisper })
  const server = await serveHttp(rpc, { port: 0 })
  await expect(server.close('now' as never)).rejects.toEqual(refused('graceMs'))
  await server.close()
  await rpc.stop()
  expect(() => createNodeHost({ privateKey, capabilities }).ban({ peerID: peerId } as never)).toThrow(refused('peerID'))
})

test('what a relay is told of requests without a signature is not ignored', () => {
  const archive = { store: memoryEnvelopeStore(), plainRequests: false as never }
  expect(() => createRelay({ privateKey }, { archive })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', details: { argument: 'archive.plainRequests' } })
  )
})

test('a public key is no private one', () => {
  expect(() => createNodeHost({ privateKey: publicKeyOf(privateKey), capabilities })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', details: { argument: 'privateKey', got: 65 } })
  )
})
