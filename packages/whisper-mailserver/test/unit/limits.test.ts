import { createVirtualTime } from '@status-stack/interface/testing'
import { packetCodes } from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import {
  createMailserver,
  limits,
  type MailserverOptions,
  memoryEnvelopeStore,
  type StoredEnvelope
} from '../../src/index.ts'
import { createLevelStore } from '../../src/level/index.ts'
import { createRateLimiter } from '../../src/request/rate-limiter.ts'
import { createHandover } from '../../src/serving/handover.ts'
import { createTurns } from '../../src/serving/turns.ts'
import { folder, openLevel } from '../support/level.ts'
import { archived, envelope, epoch, everything, fullRequest, key, sealRequest, until, world } from '../support/world.ts'

const upper = epoch + 10_000

/** An archive whose walks wait until they are let go. */
function heldStore() {
  const inner = memoryEnvelopeStore()
  const waiting: (() => void)[] = []
  let walks = 0
  return {
    store: {
      ...inner,
      query: async function* (query: Parameters<typeof inner.query>[0]): AsyncGenerator<readonly StoredEnvelope[]> {
        walks += 1
        await new Promise<void>(resolve => {
          waiting.push(resolve)
        })
        yield* inner.query(query)
      }
    },
    walks: () => walks,
    letGo: () => {
      for (const resolve of waiting.splice(0)) resolve()
    }
  }
}

test('maxRequests: further requests are told that the server is busy, at once and without counting for the rate', async () => {
  const { store, walks, letGo } = heldStore()
  const { peer, time, stop } = await world({ store, options: { maxRequests: 2, rateLimitSeconds: 1000 } })
  const [one, two, three] = [await peer('one'), await peer('two'), await peer('three')]
  await one.request({ upper })
  await two.request({ upper })
  await until(time, () => walks() === 2)
  expect((await three.ask({ upper })).completion).toMatchObject({ kind: 'failed', error: 'server is busy' })
  expect(three.isConnected()).toBe(true)
  letGo()
  await until(time, () => one.completions().length + two.completions().length === 2)
  await three.request({ upper })
  await until(time, () => walks() === 3)
  letGo()
  await until(time, () => three.completions().length === 2)
  expect(three.completions().at(-1)).toMatchObject({ kind: 'done' })
  await stop()
})

test('maxRequestsPerPeer: more requests of one peer wait, its link unread; others are served', async () => {
  const { store, walks, letGo } = heldStore()
  const { peer, time, server, stop } = await world({ store, options: { maxRequestsPerPeer: 2 } })
  const [greedy, other] = [await peer('greedy'), await peer('other')]
  const ids = []
  for (let i = 0; i < 5; i++) ids.push(await greedy.request({ upper, lower: i }))
  await until(time, () => walks() === 2)
  await other.request({ upper })
  await until(time, () => walks() === 3)
  expect(server.stats().running).toBe(3)
  letGo()
  await until(time, () => other.completions().length === 1)
  while (greedy.completions().length < 5) {
    letGo()
    expect(server.stats().running).toBeLessThanOrEqual(2)
    await time.settle()
  }
  expect(greedy.completions().map(({ requestId }) => requestId)).toEqual(ids)
  await stop()
})

test('handoverTimeoutMs: a peer that takes nothing is closed and its place given on', async () => {
  const { peer, put, time, server, stop } = await world({ options: { handoverTimeoutMs: 5000, maxRequests: 1 } })
  await put(...Array.from({ length: 10 }, (_, i) => archived(envelope(epoch + i), epoch + i)))
  const deaf = await peer('deaf', { capacity: 3, deaf: true })
  await deaf.request({ upper, batch: false })
  await time.settle()
  await time.advance(4000)
  expect(server.stats().running).toBe(1)
  expect(deaf.isConnected()).toBe(true)
  await time.advance(2000)
  expect(await deaf.ended).toBeUndefined()
  const other = await peer('other')
  expect((await other.ask({ upper })).bundles.flat()).toHaveLength(10)
  await stop()
})

test('a walk ends with the link of who asked for it', async () => {
  const inner = memoryEnvelopeStore()
  let reason: unknown
  const { peer, time, server, stop } = await world({
    store: {
      ...inner,
      // Finds nothing for ever, as a narrow filter in a large archive.
      query: async function* ({ signal }) {
        for (;;) {
          await time.settle()
          reason = signal?.reason
          signal?.throwIfAborted()
          if (reason === 1) yield []
        }
      }
    }
  })
  const client = await peer('client')
  await client.request({ upper })
  await until(time, () => server.stats().running === 1)
  client.pair.cut()
  await until(time, () => server.stats().running === 0)
  expect(reason).toBeDefined()
  await stop()
})

test('stop ends answers under way and waits for them', async () => {
  const { store, walks, letGo } = heldStore()
  const { peer, time, server, whisper } = await world({ store })
  const client = await peer('client')
  await client.request({ upper })
  await until(time, () => walks() === 1)
  let isStopped = false
  const stopping = server.stop().then(() => {
    isStopped = true
  })
  await time.settle()
  expect(isStopped).toBe(false)
  letGo()
  await stopping
  expect(client.completions()).toEqual([])
  await whisper.stop()
})

test('many answers at once wait without a word from the runtime, and all end with the mailserver', async () => {
  const warnings: unknown[] = []
  const heard = (warning: unknown) => warnings.push(warning)
  process.on('warning', heard)
  const { peer, put, time, server, whisper } = await world()
  await put(archived(envelope(epoch), epoch))
  const deaf = []
  for (let i = 0; i < 20; i++) deaf.push(await peer(`deaf ${i}`, { capacity: 1, deaf: true }))
  for (const each of deaf) await each.request({ upper })
  await until(time, () => server.stats().running === 20)
  await server.stop()
  expect(server.stats().running).toBe(0)
  await time.settle()
  process.off('warning', heard)
  expect(warnings).toEqual([])
  await whisper.stop()
})

test('an archive that fails is told to who asked; the link stays', async () => {
  const inner = memoryEnvelopeStore()
  const { peer, stop } = await world({
    store: {
      ...inner,
      // biome-ignore lint/correctness/useYield: it fails before it finds anything
      query: async function* () {
        throw new Error('disk')
      }
    }
  })
  const client = await peer('client')
  expect((await client.ask({ upper })).completion).toMatchObject({ kind: 'failed', error: 'internal error' })
  expect(client.isConnected()).toBe(true)
  await stop()
})

test('trackedPeers: the oldest peer is forgotten, and everybody in time', () => {
  const limiter = createRateLimiter(10)
  for (let i = 0; i < limits.trackedPeers + 5; i++) expect(limiter.take(`peer ${i}`, 1000)).toBe(true)
  expect(limiter.size()).toBe(limits.trackedPeers)
  expect(limiter.take('peer 0', 1000)).toBe(true)
  expect(limiter.take(`peer ${limits.trackedPeers}`, 1000)).toBe(false)
  expect(limiter.take('late', 20_000)).toBe(true)
  expect(limiter.size()).toBe(1)
})

test('maxQueryLimit, maxBinaryRange and errorText bound what a request can ask and say', async () => {
  const { peer, stop } = await world()
  const client = await peer('client')
  expect((await client.ask({ upper, limit: limits.maxQueryLimit })).completion.kind).toBe('done')
  expect((await client.ask({ upper, limit: limits.maxQueryLimit + 1 })).completion.kind).toBe('failed')
  const range = new Uint8Array(8)
  new DataView(range.buffer).setUint32(4, limits.maxBinaryRange)
  expect((await client.ask(range)).completion.kind).toBe('done')
  new DataView(range.buffer).setUint32(4, limits.maxBinaryRange + 1)
  const { completion } = await client.ask(range)
  expect(completion.kind === 'failed' && completion.error.length).toBeLessThanOrEqual(limits.errorText)
  await stop()
})

test('putBatch: a larger batch is stored in parts, whole', async () => {
  const store = await openLevel()
  const many = Array.from({ length: 2 * limits.putBatch + 1 }, (_, i) => archived(envelope(epoch, { nonce: i }), epoch))
  await store.put(many)
  expect((await store.size()).envelopes).toBe(many.length)
  await store.close()
})

test('a request is read from the store only as fast as its peer takes it', async () => {
  const inner = memoryEnvelopeStore()
  let read = 0
  const { peer, put, time, stop } = await world({
    store: {
      ...inner,
      query: async function* (query) {
        for await (const chunk of inner.query(query)) {
          for (const one of chunk) {
            read += one.bytes.length
            yield [one]
          }
        }
      }
    }
  })
  const big = Array.from({ length: 64 }, (_, i) => envelope(epoch + i, { bytes: 300_000 }))
  await put(...big.map((bytes, i) => archived(bytes, epoch + i)))
  const slow = await peer('slow', { capacity: 2, deaf: true })
  await slow.request({ upper })
  for (let i = 0; i < 50; i++) await time.settle()
  // Two packets on their way, one waiting, one being packed, and the envelope that did not fit.
  expect(read).toBeLessThan(5.5 * 1024 * 1024)
  slow.listen()
  await until(time, () => slow.completions().length === 1)
  expect(slow.bundles().flat()).toHaveLength(64)
  await stop()
})

const wrong: readonly (readonly [string, MailserverOptions])[] = [
  ['minPow', { minPow: -1 }],
  ['rateLimitSeconds', { rateLimitSeconds: Number.NaN }],
  ['maxRequests', { maxRequests: 0 }],
  ['maxRequestsPerPeer', { maxRequestsPerPeer: 65 }],
  ['handoverTimeoutMs', { handoverTimeoutMs: 0 }],
  ['retentionDays', { retentionDays: -1 }],
  ['retentionIntervalMs', { retentionIntervalMs: 0 }],
  ['retentionStep', { retentionStep: 0 }],
  ['retentionPauseMs', { retentionPauseMs: -1 }],
  ['syncTimeoutMs', { syncTimeoutMs: 0 }],
  ['plainRequests', { plainRequests: 'maybe' as 'serve' }],
  ['password', { password: '' }]
]

test.each(wrong)('option %s is checked', (name, options) => {
  const make = () => createMailserver({ store: memoryEnvelopeStore() }, options)
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(name) }))
})

test('a mailserver needs a way to decrypt, and a level store a directory', () => {
  const store = memoryEnvelopeStore()
  expect(() => createMailserver({ store }, { password: false })).toThrow('without one, requests need deps.identity')
  expect(createMailserver({ store, identity: key(1) }, { password: false })).toBeDefined()
  expect(() => createLevelStore({ location: '' })).toThrow('location: expected the name of a directory')
  expect(() => createLevelStore({ location: 'x', cacheBytes: -1 })).toThrow('cacheBytes')
})

test('a level store does not open where no directory can be', async () => {
  const location = `${await folder()}/file`
  const { writeFile } = await import('node:fs/promises')
  await writeFile(location, 'not a directory')
  const store = createLevelStore({ location })
  await expect(store.open()).rejects.toMatchObject({ code: 'store-failed', origin: 'environment' })
  await expect(store.put([])).resolves.toBeUndefined()
  await expect(store.size()).rejects.toMatchObject({ code: 'not-running' })
  await store.close()
})

test('turns: waiting and running ones are waited for', async () => {
  const { clock, scheduler } = createVirtualTime()
  const turns = createTurns({ maxRequests: 2, maxRequestsPerPeer: 1, maxRequestsPerAddress: 8 }, clock, scheduler)
  const reader = createHandover(clock, scheduler, 1000).reader({ close: async () => undefined })
  const begin = async (peerId: string, task: () => Promise<void>): Promise<void> => {
    const place = await turns.take({ peerId, address: undefined }, reader)
    place?.run(task)
  }
  const log: string[] = []
  const work = (name: string) => async () => {
    await Promise.resolve()
    log.push(name)
  }
  await begin('a', work('one'))
  const second = begin('a', work('two'))
  await turns.idle()
  await second
  expect(log).toEqual(['one', 'two'])
  await begin('b', () => Promise.reject(new Error('never heard')))
  await turns.idle()
  expect(turns.running()).toBe(0)
})

test('a flood of requests from one peer is answered in order, and costs no more than its place', async () => {
  const { peer, time, server, stop } = await world()
  const client = await peer('client')
  const sealed = await Promise.all(
    Array.from({ length: 200 }, () => sealRequest(fullRequest({ upper, bloom: everything })))
  )
  for (const bytes of sealed) await client.send(packetCodes.p2pRequest, bytes)
  await until(time, () => {
    expect(server.stats().running).toBeLessThanOrEqual(1)
    return client.completions().length === 200
  })
  await stop()
})
