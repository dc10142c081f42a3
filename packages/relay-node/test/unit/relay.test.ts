import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, generatePrivateKey, publicKeyOf, randomBytes } from '@status-stack/crypto'
import type { PeerLink } from '@status-stack/interface'
import { memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createRelay,
  metricsText,
  type Relay,
  type RelayDeps,
  type RelayEvents,
  type RelayOptions
} from '../../src/index.ts'

const someEnode = `enode://${bytesToHex(publicKeyOf(generatePrivateKey()).subarray(1))}@127.0.0.1:30303`
const relays: Relay[] = []
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop()
})

function make(options: RelayOptions = {}, deps: Partial<RelayDeps> = {}): Relay {
  const relay = createRelay({ privateKey: generatePrivateKey(), ...deps }, options)
  relays.push(relay)
  return relay
}

async function running(...given: Parameters<typeof make>): Promise<Relay> {
  const relay = make(...given)
  await relay.start()
  return relay
}

const next = <Name extends keyof RelayEvents>(relay: Relay, name: Name): Promise<RelayEvents[Name]> =>
  new Promise(resolve => {
    const off = relay.on(name, fact => {
      off()
      resolve(fact)
    })
  })

/** Posts an envelope that no one can open. */
const post = (relay: Relay) =>
  (relay.whisper ?? relay.waku)?.postEnvelope({
    topic: randomBytes(4),
    key: { kind: 'symmetric', key: randomBytes(32) },
    payload: randomBytes(16),
    ttlSeconds: 30,
    pow: { target: 0.002, timeSeconds: 5 }
  })

describe('a relay', () => {
  test('closes its archive and all else though a part of it does not stop, and says so', async () => {
    const store = memoryEnvelopeStore()
    let closed = 0
    const close = async (): Promise<void> => {
      closed += 1
    }
    const stuck = { start: async () => undefined, stop: () => Promise.reject(new Error('stuck')) }
    const relay = createRelay(
      { privateKey: generatePrivateKey(), carriers: [stuck] },
      { archive: { store: { ...store, close } }, metrics: { host: '127.0.0.1', port: 0 } }
    )
    const served = next(relay, 'serving')
    await relay.start()
    await expect(relay.stop()).rejects.toThrow('stuck')
    expect(closed).toBe(1)
    await expect(fetch((await served).url)).rejects.toThrow()
  })

  test('that is stopped while it starts runs nothing afterwards', async () => {
    const relay = make({ metrics: { host: '127.0.0.1', port: 0 } })
    const served: string[] = []
    relay.on('serving', ({ url }) => void served.push(url))
    const starting = relay.start()
    await relay.stop()
    await starting
    expect(relay.facts().state).toBe('stopping')
    for (const url of served) await expect(fetch(url)).rejects.toThrow()
    await expect(relay.host.dial(relay.host.enode())).rejects.toMatchObject({ code: 'stopped' })
  })

  test('tells when peers come and go, and passes envelopes on', async () => {
    const middle = await running({ clientName: 'test/1.2' })
    const arrived = next(middle, 'peerconnected')
    const from = await running({ peers: [middle.host.enode()] })
    const to = await running({ peers: [middle.host.enode()] })
    expect(await arrived).toMatchObject({ address: '127.0.0.1' })
    await expect.poll(() => [from, to].every(one => one.whisper?.connected()), { timeout: 60_000 }).toBe(true)
    await post(from)
    await expect.poll(() => to.facts().whisper?.messages, { timeout: 60_000 }).toBe(1)
    expect(middle.facts()).toMatchObject({ state: 'running', clientName: 'test/1.2', named: { wanted: 0 } })
    expect(to.facts().named).toEqual({ wanted: 1, connected: 1 })
    const left = next(middle, 'peerdisconnected')
    await from.stop()
    expect(await left).toMatchObject({ peerId: from.host.peerId, by: 'peer', static: false })
    expect(from.facts().state).toBe('stopping')
  })

  test('says once that a named peer cannot be reached', async () => {
    const gone = await running()
    const enode = gone.host.enode()
    await gone.stop()
    const relay = make({ peers: [enode] })
    const told: string[] = []
    relay.on('peerunreachable', ({ peerId }) => void told.push(peerId))
    const first = next(relay, 'peerunreachable')
    await relay.start()
    await first
    expect(told).toEqual([gone.host.peerId])
  })

  test('archives what it relays, and serves what it took over from another', async () => {
    const server = make({ archive: { store: memoryEnvelopeStore() } })
    const archived = next(server, 'archived')
    await server.start()
    const enode = server.host.enode()
    const client = await running({ peers: [enode] })
    await expect.poll(() => client.whisper?.connected(), { timeout: 60_000 }).toBe(true)
    await post(client)
    expect(await archived).toMatchObject({ envelopes: 1, source: 'live' })
    await client.stop()
    const fromSeconds = Math.floor(Date.now() / 1000) - 600
    const second = make({
      archive: { store: memoryEnvelopeStore(), sources: [{ enode, peerId: server.host.peerId, fromSeconds }] }
    })
    const done = next(second, 'archivesyncdone')
    const finished = next(second, 'syncfinished')
    await second.start()
    expect(await done).toMatchObject({ source: server.host.peerId, envelopes: 1 })
    expect(await finished).toMatchObject({ peerId: server.host.peerId, cursor: '', error: '' })
    expect(second.facts().archive).toMatchObject({ lostEnvelopes: 0 })
  })

  test('a source that says nothing keeps no other one waiting', async () => {
    // They have no archive, so they answer no sync.
    const mute = [await running(), await running()]
    const sources = mute.map(({ host }) => ({ enode: host.enode(), peerId: host.peerId, fromSeconds: 0 }))
    const relay = make({ archive: { store: memoryEnvelopeStore(), sources } })
    const started: string[] = []
    relay.on('archivesyncstarted', ({ source }) => void started.push(source))
    await relay.start()
    await expect.poll(() => started.length, { timeout: 10_000 }).toBe(2)
    expect(new Set(started)).toEqual(new Set(mute.map(({ host }) => host.peerId)))
  })

  test('reports what its archive does not take, and what it gives up', async () => {
    const store = { ...memoryEnvelopeStore(), put: () => Promise.reject(new Error('full')) }
    const server = make({ archive: { store } })
    const failed = next(server, 'archivefailed')
    await server.start()
    const client = await running({ peers: [server.host.enode()] })
    await expect.poll(() => client.whisper?.connected(), { timeout: 60_000 }).toBe(true)
    await post(client)
    expect(await failed).toMatchObject({ envelopes: 1 })
    expect(server.facts().archive?.lostEnvelopes).toBe(0)
    const givenUp = next(server, 'archivegivenup')
    await server.stop()
    expect(await givenUp).toEqual({ envelopes: 1 })
  })

  test('serves the shh API and metrics, and nothing once it is stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-node-'))
    try {
      const path = join(folder, 'shh.ipc')
      const relay = make({ rpc: { ipc: path }, metrics: { host: '127.0.0.1', port: 0 } })
      const served: RelayEvents['serving'][] = []
      relay.on('serving', fact => void served.push(fact))
      await relay.start()
      expect(served).toEqual([
        { what: 'rpc', url: path },
        { what: 'metrics', url: expect.stringMatching(/\/metrics$/) }
      ])
      const url = served[1]?.url ?? ''
      expect(await (await fetch(url)).text()).toContain('status_stack_info{version="0"')
      expect((await fetch(new URL('/readyz', url))).status).toBe(200)
      await relay.stop()
      await expect(fetch(url)).rejects.toThrow()
      expect(existsSync(path)).toBe(false)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('runs further protocols over further carriers', async () => {
    const steps: string[] = []
    const links: PeerLink[] = []
    const relay = make(
      {},
      {
        protocols: [
          {
            capability: { name: 'other', version: 1, length: 4 },
            attach: async link => void links.push(link),
            start: async () => void steps.push('protocol started'),
            stop: async () => void steps.push('protocol stopped')
          }
        ],
        carriers: [
          {
            start: async protocols => {
              steps.push(`carrier started with ${protocols.map(({ capability }) => capability.name).join(' ')}`)
              await protocols[1]?.attach({ peerId: 'ab' } as PeerLink)
            },
            stop: async () => void steps.push('carrier stopped')
          }
        ]
      }
    )
    await relay.start()
    expect(links).toHaveLength(1)
    await relay.stop()
    expect(steps).toEqual(['protocol started', 'carrier started with shh other', 'carrier stopped', 'protocol stopped'])
  })
})

describe('the privacy protocols', () => {
  test('a relay of both carries between a relay of Whisper and one of Waku', async () => {
    const middle = await running({ privacy: 'both', metrics: { host: '127.0.0.1', port: 0 } })
    const peers = [middle.host.enode()]
    const [one, other] = [await running({ peers }), await running({ privacy: 'waku', peers })]
    expect([one.waku, other.whisper]).toEqual([undefined, undefined])
    await expect.poll(() => one.whisper?.connected() && other.waku?.connected(), { timeout: 60_000 }).toBe(true)
    await post(one)
    await expect.poll(() => other.facts().waku?.messages, { timeout: 60_000 }).toBe(1)
    const { bridge, whisper, waku } = middle.facts()
    expect(bridge).toMatchObject({ toWaku: { accepted: 1 }, toWhisper: { accepted: 0 } })
    expect([whisper?.peers, waku?.peers]).toEqual([1, 1])
    expect(metricsText(middle.facts())).toContain(
      'status_stack_bridge_envelopes_total{to="waku",outcome="accepted"} 1\n'
    )
    expect(metricsText(other.facts())).toContain('status_stack_envelopes_live{protocol="waku"} 1\n')
  })

  test('a relay of both archives what either network sends, once', async () => {
    const store = memoryEnvelopeStore()
    const server = make({ privacy: 'both', archive: { store } })
    await server.start()
    const client = await running({ privacy: 'waku', peers: [server.host.enode()] })
    await expect.poll(() => client.waku?.connected(), { timeout: 60_000 }).toBe(true)
    await post(client)
    await expect.poll(() => server.facts().bridge?.toWhisper.accepted, { timeout: 60_000 }).toBe(1)
    await expect.poll(() => server.facts().archive?.archivedEnvelopes, { timeout: 60_000 }).toBe(2)
    const fromSeconds = Math.floor(Date.now() / 1000) - 600
    const sources = [{ enode: server.host.enode(), peerId: server.host.peerId, fromSeconds }]
    const second = make({ privacy: 'both', archive: { store: memoryEnvelopeStore(), sources } })
    const done = next(second, 'archivesyncdone')
    await second.start()
    expect(await done).toMatchObject({ envelopes: 1 })
  })

  test('waku_* is answered where Waku is spoken, and shh_* where Whisper is', async () => {
    const http = { host: '127.0.0.1', port: 0 }
    const ask = async (privacy: RelayOptions['privacy'], method: string): Promise<object> => {
      const relay = make({ privacy, rpc: { http } })
      const served = next(relay, 'serving')
      await relay.start()
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch((await served).url, { method: 'POST', headers, body })
      return (await answer.json()) as object
    }
    expect(await ask('both', 'waku_info')).toHaveProperty('result')
    expect(await ask('both', 'shh_info')).toHaveProperty('result')
    expect(await ask('waku', 'waku_info')).toHaveProperty('result')
    expect(await ask('whisper', 'waku_info')).toHaveProperty('error')
  })
})

describe('a relay with a WebSocket', () => {
  test('is dialed at the URL that it tells, and counts those peers as its own', async () => {
    const server = make({ webSocket: { host: '127.0.0.1', port: 0, path: '/rlpx' } })
    const served = next(server, 'serving')
    await server.start()
    const { what, url } = await served
    expect([what, url]).toEqual(['websocket', expect.stringMatching(/^ws:\/\/[0-9a-f]{128}@127\.0\.0\.1:\d+\/rlpx$/)])
    expect(server.host.enode()).toMatch(/^enode:/)
    const client = await running({ peers: [url] })
    await expect.poll(() => client.whisper?.connected(), { timeout: 60_000 }).toBe(true)
    expect(server.host.peers().map(({ peerId }) => peerId)).toEqual([client.host.peerId])
    await server.stop()
    await expect.poll(() => client.whisper?.connected(), { timeout: 60_000 }).toBe(false)
  })

  test('tells the URL behind its proxy', async () => {
    const publicUrl = 'wss://node.example.org/rlpx'
    const server = make({ webSocket: { host: '127.0.0.1', port: 0, publicUrl } })
    const served = next(server, 'serving')
    await server.start()
    expect((await served).url).toMatch(/^wss:\/\/[0-9a-f]{128}@node\.example\.org\/rlpx$/)
  })
})

describe('a relay that cannot start', () => {
  test('says why, and leaves nothing behind', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const store = memoryEnvelopeStore()
    const listening = make({ listen: { host: '127.0.0.1', port }, archive: { store } })
    await expect(listening.start()).rejects.toMatchObject({
      name: 'RelayError',
      code: 'listen',
      details: { why: 'EADDRINUSE' }
    })
    await expect(make({ metrics: { host: '127.0.0.1', port } }).start()).rejects.toMatchObject({ code: 'metrics' })
    const webSocket = { host: '127.0.0.1', port }
    await expect(make({ webSocket }).start()).rejects.toMatchObject({ code: 'websocket', origin: 'environment' })
    const wrong = { host: '127.0.0.1', port: 0, origins: ['app.example.org'] }
    await expect(make({ webSocket: wrong }).start()).rejects.toMatchObject({ code: 'websocket', origin: 'caller' })
    await expect(make({ rpc: { http: { host: '127.0.0.1', port } } }).start()).rejects.toMatchObject({ code: 'rpc' })
    await new Promise(resolve => taken.close(resolve))
    expect(listening.facts().state).toBe('stopping')
  })

  test('an archive that cannot be opened is named', async () => {
    const store = { ...memoryEnvelopeStore(), open: () => Promise.reject(new Error('no')) }
    await expect(make({ archive: { store } }).start()).rejects.toMatchObject({ code: 'archive' })
  })

  test.each([
    [{ peers: ['enode://nothing'] }, 'enode'],
    [{ bootnodes: ['nothing'] }, 'enode'],
    [{ trusted: ['nothing'] }, 'enode'],
    [{ peers: ['wss://nothing'] }, 'enode'],
    [{ nat: 'magic' }, 'nat'],
    [{ privacy: 'both' as const, light: true }, 'privacy'],
    [
      {
        privacy: 'waku' as const,
        archive: {
          store: memoryEnvelopeStore(),
          sources: [{ enode: someEnode, peerId: '0'.repeat(64), fromSeconds: 0 }]
        }
      },
      'privacy'
    ],
    [{ privacy: 'waku2' as 'waku' }, 'invalid-argument'],
    [{ netRestrict: 'everywhere' }, 'net-restrict']
  ])('%j is refused as %s', (options, code) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code, origin: 'caller' }))
  })
})
