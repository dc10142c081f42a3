import { bytesToHex } from '@status-stack/crypto'
import { createLinkPair } from '@status-stack/whisper/testing'
import {
  encodeMessages,
  encodeSyncRequest,
  encodeSyncResponse,
  envelopeHash,
  filterBloom,
  packetCodes
} from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import { createMailserver, memoryEnvelopeStore } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import {
  archived,
  envelope,
  envelopeOf,
  epoch,
  everything,
  node,
  nothing,
  otherTopic,
  topic,
  until,
  type World,
  world
} from '../support/world.ts'

const upper = epoch + 10_000
const sourceId = 'a'.repeat(64)

function request(rest: Partial<Parameters<typeof encodeSyncRequest>[0]> = {}): Uint8Array {
  return encodeSyncRequest({ lower: 0, upper, bloom: everything, limit: 1000, cursor: nothing, ...rest })
}

function response(rest: Partial<Parameters<typeof encodeSyncResponse>[0]> = {}): Uint8Array {
  return encodeSyncResponse({ envelopes: [], cursor: nothing, final: false, error: '', ...rest })
}

/** A second mailserver, linked to the first. */
async function second(source: World, given: Parameters<typeof createMailserver>[1] = {}) {
  const { time } = source
  const store = memoryEnvelopeStore()
  const whisper = node(time, 'second')
  await whisper.start()
  const server = createMailserver({ store, clock: time.clock, scheduler: time.scheduler }, given)
  await server.start()
  whisper.serve(server.port)
  const pair = createLinkPair({ left: sourceId, right: 'b'.repeat(64) })
  void source.whisper.attach(pair.left)
  void whisper.attach(pair.right).catch(() => undefined)
  await until(time, () => whisper.connected() && source.whisper.connected())
  return { store, whisper, server, pair }
}

async function filled(count: number, given: Parameters<typeof world>[0] = {}) {
  const source = await world(given)
  const stored = Array.from({ length: count }, (_, i) =>
    envelope(epoch + i, { topic: i % 2 === 0 ? topic : otherTopic })
  )
  await source.put(...stored.map((bytes, i) => archived(bytes, epoch + i, i % 2 === 0 ? topic : otherTopic)))
  return { ...source, stored }
}

test('M-24 sync transfers everything by cursor and ends with final = true', async () => {
  const source = await filled(25)
  const target = await second(source)
  const finished: string[] = []
  target.server.on('syncfinished', fact => finished.push(fact.cursor))
  const result = await target.server.sync(target.whisper.mailserver, sourceId, {
    fromSeconds: epoch,
    toSeconds: upper,
    pageLimit: 10
  })
  expect(result).toEqual({ envelopes: 25, pages: 3 })
  expect(await target.store.size()).toEqual(await source.store.size())
  expect(finished.map(cursor => cursor.length)).toEqual([72, 72, 0])
  // Again: nothing doubles. A part by bloom and range.
  await target.server.sync(target.whisper.mailserver, sourceId, { fromSeconds: epoch, toSeconds: upper })
  expect((await target.store.size()).envelopes).toBe(25)
  const part = await target.server.sync(target.whisper.mailserver, sourceId, {
    fromSeconds: epoch,
    toSeconds: epoch + 9,
    bloom: filterBloom([topic])
  })
  expect(part).toEqual({ envelopes: 5, pages: 1 })
  await target.whisper.stop()
  await target.server.stop()
  await source.stop()
})

test('M-24 the packets of a sync: bundles, then the cursor with final, no request id', async () => {
  const { peer, time, stored, stop } = await filled(5)
  const client = await peer('client')
  await client.send(packetCodes.p2pSyncRequest, request({ limit: 3 }))
  await until(time, () => client.syncResponses().some(({ final }) => final))
  const [one, two, end] = client.syncResponses()
  expect(one).toEqual({ envelopes: stored.slice(0, 2), cursor: nothing, final: false, error: '' })
  expect(two).toEqual({ envelopes: stored.slice(2, 3), cursor: nothing, final: false, error: '' })
  expect(end).toMatchObject({ envelopes: [], final: true, error: '' })
  expect(bytesToHex(end?.cursor.subarray(4) ?? nothing)).toBe(bytesToHex(envelopeHash(stored[2] ?? nothing)))
  await stop()
})

test('M-24 packets of a sync stay below 1 MiB', async () => {
  const { peer, put, time, stop } = await world()
  // All that packet 127 could take, and with the headers of packet 124 one byte too many.
  const big = [524_286, 1024 * 1024 - 524_286 - 5].map((size, i) => envelopeOf(size, epoch + i))
  await put(...big.map((bytes, i) => archived(bytes, epoch + i)))
  const client = await peer('client')
  await client.send(packetCodes.p2pSyncRequest, request())
  await until(time, () => client.syncResponses().some(({ final }) => final))
  const sizes = client.received
    .filter(({ code }) => code === packetCodes.p2pSyncResponse)
    .map(({ payload }) => payload.length)
  expect(Math.max(...sizes)).toBeLessThan(1024 * 1024)
  expect(client.syncResponses().flatMap(({ envelopes }) => envelopes)).toHaveLength(2)
  await stop()
})

test('M-25 limit 0 or 1001 and lower > upper disconnect', async () => {
  for (const wrong of [{ limit: 0 }, { limit: 1001 }, { lower: 5, upper: 4 }]) {
    const { peer, stop } = await world()
    const client = await peer('client')
    await client.send(packetCodes.p2pSyncRequest, request(wrong))
    expect(await client.ended).toMatchObject({ code: 'invalid-sync-request', origin: 'peer' })
    expect(client.syncResponses()).toEqual([])
    await stop()
  }
})

test('M-25 packet 124 of an untrusted peer is ignored, of a trusted one archived', async () => {
  const { peer, time, whisper, store, server, stop } = await world()
  const ended: string[] = []
  server.on('syncfinished', fact => ended.push(fact.error))
  const client = await peer('client')
  await client.send(packetCodes.p2pSyncResponse, response({ envelopes: [envelope(epoch)], final: true }))
  await client.send(packetCodes.messages, encodeMessages([]))
  await time.settle()
  expect((await store.size()).envelopes).toBe(0)
  whisper.trustPeer(client.id)
  // Unchecked: far too old, no work.
  await client.send(packetCodes.p2pSyncResponse, response({ envelopes: [envelope(epoch - 100_000)] }))
  await client.send(packetCodes.p2pSyncResponse, response({ final: true }))
  await until(time, () => ended.length === 1)
  expect((await store.size()).envelopes).toBe(1)
  await client
    .send(packetCodes.p2pSyncResponse, response({ envelopes: [new Uint8Array(20).fill(0x81)] }))
    .catch(() => undefined)
  expect(await client.ended).toMatchObject({ origin: 'peer' })
  await stop()
})

test('an empty bloom is told, then the source drops the link; too many requests are told and the link stays', async () => {
  const { peer, time, stop } = await filled(1, { options: { rateLimitSeconds: 60 } })
  const hasty = await peer('hasty')
  await hasty.send(packetCodes.p2pSyncRequest, request())
  await hasty.send(packetCodes.p2pSyncRequest, request())
  await until(time, () => hasty.syncResponses().some(({ error }) => error !== ''))
  expect(hasty.syncResponses()).toContainEqual({
    envelopes: [],
    cursor: nothing,
    final: false,
    error: 'requests per seconds limit exceeded'
  })
  // Sync and delivery share one rate.
  expect((await hasty.ask({ upper })).completion).toMatchObject({ error: 'rate limit exceeded' })
  expect(hasty.isConnected()).toBe(true)
  const wrong = await peer('wrong')
  await wrong.send(packetCodes.p2pSyncRequest, request({ bloom: nothing }))
  expect(await wrong.ended).toBeUndefined()
  expect(wrong.syncResponses()).toEqual([
    { envelopes: [], cursor: nothing, final: false, error: 'request is invalid: bloom filter is empty' }
  ])
  await stop()
})

/** A mailserver that asks a source played by the test. */
async function asking(options: Parameters<typeof createMailserver>[1] = {}) {
  const made = await world({ options })
  const source = await made.peer('source')
  const sync = (rest = {}) =>
    made.server.sync(made.whisper.mailserver, source.id, { fromSeconds: epoch, toSeconds: upper, ...rest })
  const asked = () => source.received.filter(({ code }) => code === packetCodes.p2pSyncRequest).length
  return {
    ...made,
    source,
    sync,
    asked,
    answer: (rest = {}) => source.send(packetCodes.p2pSyncResponse, response(rest))
  }
}

test('a source that refuses, falls silent or goes in circles ends the sync', async () => {
  const { time, sync, asked, answer, source, server, stop } = await asking({ syncTimeoutMs: 5000 })
  const refused = sync()
  await until(time, () => asked() === 1)
  await expect(sync()).rejects.toMatchObject({ code: 'invalid-argument' })
  await answer({ error: 'rate limit' })
  await expect(refused).rejects.toMatchObject({ code: 'sync-failed' })

  const silent = sync()
  const outcome = silent.catch(error => error)
  await until(time, () => asked() === 2)
  await time.advance(4000)
  await answer({ envelopes: [envelope(epoch)] })
  await time.advance(4000)
  expect(source.isConnected()).toBe(true)
  await time.advance(1000)
  expect(await outcome).toMatchObject({ code: 'sync-timeout' })

  const circling = sync()
  const circled = circling.catch(error => error)
  await until(time, () => asked() === 3)
  await answer({ final: true, cursor: new Uint8Array(36).fill(1) })
  expect(await circled).toMatchObject({ code: 'sync-failed' })

  const repeating = sync()
  const repeated = repeating.catch(error => error)
  for (let page = 4; page <= 5; page++) {
    await until(time, () => asked() === page)
    await answer({ envelopes: [envelope(epoch)] })
    await answer({ final: true, cursor: new Uint8Array(36).fill(1) })
  }
  expect(await repeated).toMatchObject({ code: 'sync-failed' })

  const stopping = sync().catch(error => error)
  await until(time, () => asked() === 6)
  await server.stop()
  expect(await stopping).toMatchObject({ code: 'not-running' })
  await stop()
})

test('a source that sends nothing in many packets is silent', async () => {
  const { time, sync, asked, answer, stop } = await asking({ syncTimeoutMs: 5000 })
  const outcome = sync().catch(error => error)
  await until(time, () => asked() === 1)
  await time.advance(4000)
  await answer({})
  await time.advance(1000)
  expect(await outcome).toMatchObject({ code: 'sync-timeout' })
  await stop()
})

test('a source that always has another page ends the sync after a day', async () => {
  const pageMs = 3_000_000
  const { time, sync, asked, answer, stop } = await asking({ syncTimeoutMs: 3_600_000 })
  let isOver = false
  const outcome = sync()
    .catch(error => error)
    .finally(() => {
      isOver = true
    })
  const pages = Math.ceil(limits.longestSyncMs / pageMs)
  for (let page = 1; page <= pages; page++) {
    await until(time, () => asked() === page)
    expect(isOver).toBe(false)
    await answer({ envelopes: [envelope(epoch + page)] })
    await time.advance(page < pages ? pageMs : limits.longestSyncMs - (pages - 1) * pageMs)
    if (page < pages) await answer({ final: true, cursor: new Uint8Array(36).fill(page) })
  }
  expect(await outcome).toMatchObject({ code: 'sync-failed' })
  await stop()
})

test('a sync ends with its signal, and fails when the source is not connected', async () => {
  const { time, sync, asked, server, whisper, stop } = await asking()
  const stopper = new AbortController()
  const aborted = sync({ signal: stopper.signal }).catch((error: unknown) => error)
  await until(time, () => asked() === 1)
  const reason = new Error('enough')
  stopper.abort(reason)
  expect(await aborted).toBe(reason)
  await expect(
    server.sync(whisper.mailserver, 'd'.repeat(64), { fromSeconds: epoch, toSeconds: upper })
  ).rejects.toMatchObject({ code: 'unknown-peer' })
  await stop()
})

test('what cannot be stored ends the sync', async () => {
  const inner = memoryEnvelopeStore()
  const made = await world({ store: { ...inner, put: () => Promise.reject(new Error('disk')) } })
  const source = await made.peer('source')
  const syncing = made.server
    .sync(made.whisper.mailserver, source.id, { fromSeconds: epoch, toSeconds: upper })
    .catch(error => error)
  await until(made.time, () => source.received.some(({ code }) => code === packetCodes.p2pSyncRequest))
  await source.send(packetCodes.p2pSyncResponse, response({ envelopes: [envelope(epoch)] }))
  expect(await syncing).toMatchObject({ code: 'sync-failed' })
  expect(source.isConnected()).toBe(true)
  await made.stop()
})
