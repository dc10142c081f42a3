import { bytesToHex, concatBytes } from '@status-stack/crypto'
import { vectorBytes } from '@status-stack/vectors'
import { createVirtualTime } from '@status-stack/whisper/testing'
import {
  archiveKey,
  bloomAdmits,
  cursorOfArchiveKey,
  encodeMessages,
  encodeP2pMessages,
  envelopeBloom,
  envelopeHash,
  filterBloom,
  packetCodes
} from '@status-stack/whisper/wire'
import { ClassicLevel } from 'classic-level'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createMailserver, memoryEnvelopeStore } from '../../src/index.ts'
import { isTopicAdmitted } from '../../src/keys.ts'
import { folder, openLevel } from '../support/level.ts'
import { mailVectors } from '../support/vectors.ts'
import { archived, envelope, epoch, everything, otherTopic, topic, until, world } from '../support/world.ts'

async function all(store: Awaited<ReturnType<typeof openLevel>>, bloom: Uint8Array = everything, cursor?: Uint8Array) {
  const found = []
  const query = { lower: 0, upper: 0xffff_ffff, bloom, limit: 1000, ...(cursor === undefined ? {} : { cursor }) }
  for await (const chunk of store.query(query)) found.push(...chunk)
  return found
}

test('M-1 the archive key is sent ‖ hash ‖ topic, as in the vectors and on disk', async () => {
  for (const vector of await mailVectors('mailserver_db_key')) {
    const key = archiveKey({
      sentSeconds: Number(vector['timestamp']),
      hash: vectorBytes(vector['envelopeHash'] ?? ''),
      topic: vectorBytes(vector['topic'] ?? '')
    })
    expect(key).toEqual(vectorBytes(vector['key'] ?? ''))
    expect(cursorOfArchiveKey(key)).toEqual(vectorBytes(vector['cursor'] ?? ''))
  }
  const location = await folder()
  const store = await openLevel(location)
  const bytes = envelope(epoch)
  await store.put([archived(bytes, epoch)])
  await store.close()
  const level = new ClassicLevel<Uint8Array, Uint8Array>(location, { keyEncoding: 'view', valueEncoding: 'view' })
  // The index lies behind the envelopes.
  const entries = await level.iterator({ lt: new Uint8Array(4).fill(0xff) }).all()
  await level.close()
  const sent = Uint8Array.of(epoch >>> 24, (epoch >> 16) & 255, (epoch >> 8) & 255, epoch & 255)
  expect(entries.map(entry => entry.map(bytesToHex))).toEqual([
    [concatBytes(sent, envelopeHash(bytes), topic), bytes].map(bytesToHex)
  ])
})

test('M-1 keys of 36 bytes are read: topic from the envelope, once if it stands there with a topic too', async () => {
  const location = await folder()
  const level = new ClassicLevel<Uint8Array, Uint8Array>(location, { keyEncoding: 'view', valueEncoding: 'view' })
  const old = [envelope(epoch), envelope(epoch + 1, { topic: otherTopic }), envelope(epoch + 2)]
  const topics = [topic, otherTopic, topic]
  for (const [i, bytes] of old.entries()) {
    await level.put(archiveKey(archived(bytes, epoch + i, topics[i] ?? topic)).subarray(0, 36), bytes)
  }
  // Not an envelope, and not a key: neither may end a walk.
  await level.put(new Uint8Array(36).fill(1), Uint8Array.of(1, 2, 3))
  await level.put(new Uint8Array(7).fill(0x50), Uint8Array.of(1, 2, 3))
  await level.close()
  const store = await openLevel(location)
  const second = old[2] ?? topic
  await store.put([archived(second, epoch + 2), archived(envelope(epoch + 3), epoch + 3)])
  expect((await all(store)).map(({ bytes }) => bytes)).toEqual([...old, envelope(epoch + 3)])
  const found = await all(store, filterBloom([topic]))
  expect(found.map(({ bytes }) => bytes)).toEqual([old[0], old[2], envelope(epoch + 3)])
  const [first] = found
  if (first === undefined) throw new Error('nothing')
  expect(first.key.constructor).toBe(Uint8Array)
  expect(first.key).toHaveLength(36)
  const next = await all(store, everything, cursorOfArchiveKey(first.key))
  expect(next.map(({ bytes }) => bytes)).toEqual([...old.slice(1), envelope(epoch + 3)])
  expect(await store.deleteOlderThan(epoch + 2, 1000)).toBe(4)
  await store.close()
})

test('M-2 the same envelope from two peers and at two times is stored once', async () => {
  const { peer, store, server, time, whisper, stop } = await world()
  const counted: number[] = []
  server.on('archived', fact => counted.push(fact.envelopes))
  const [one, two] = [await peer('one'), await peer('two')]
  const bytes = envelope(epoch)
  for (const each of [one, two, one]) await each.send(packetCodes.messages, encodeMessages([bytes]))
  await until(time, () => counted.length > 0)
  await time.settle()
  expect(counted).toEqual([1])
  // After a restart of the node the pool does not know it any more; the archive does.
  await server.port.archive.accept([archived(bytes, epoch)])
  expect((await store.size()).envelopes).toBe(1)
  expect(server.stats()).toMatchObject({ archivedEnvelopes: 2, archivedBytes: 2 * bytes.length })
  expect(whisper.info().messages).toBe(1)
  await stop()
})

test('M-3 expired, low-PoW, unwanted and peer-to-peer envelopes are not archived', async () => {
  const { peer, store, time, whisper, server, stop } = await world({ whisper: { minPow: 0.001 } })
  const stored: number[] = []
  server.on('archived', fact => stored.push(fact.envelopes))
  const client = await peer('client')
  whisper.trustPeer(client.id)
  // ttl 0 makes the PoW infinite.
  const expired = envelope(epoch - 15, { ttl: 10 })
  const lowPow = envelope(epoch, { bytes: 100_000, ttl: 10_000 })
  const good = envelope(epoch, { ttl: 1, nonce: 1 })
  await client.send(packetCodes.p2pMessage, encodeP2pMessages([envelope(epoch + 1), envelope(epoch + 2)]))
  await client.send(packetCodes.messages, encodeMessages([expired, lowPow, good]))
  await until(time, () => stored.length > 0)
  const found = await all(store)
  expect(found.map(({ bytes }) => bytesToHex(bytes))).toEqual([bytesToHex(good)])
  await stop()
})

test('an envelope is confirmed only when it is stored', async () => {
  const store = memoryEnvelopeStore()
  let release = (): void => undefined
  const { peer, time, stop } = await world({
    store: {
      ...store,
      put: async envelopes => {
        await new Promise<void>(resolve => {
          release = resolve
        })
        await store.put(envelopes)
      }
    }
  })
  const client = await peer('client')
  await client.send(packetCodes.messages, encodeMessages([envelope(epoch)]))
  await time.settle()
  const confirmed = () => client.received.some(({ code }) => code === packetCodes.batchAcknowledged)
  expect(confirmed()).toBe(false)
  release()
  await until(time, confirmed)
  await stop()
})

test('puts that come together share a batch of the database, and a store that is closed has written what was asked for', async () => {
  const sizes: number[] = []
  type Batch = (operations: readonly unknown[], options?: unknown) => Promise<void>
  const prototype = ClassicLevel.prototype as unknown as { batch: Batch }
  const { batch } = prototype
  const spy = vi.spyOn(prototype, 'batch').mockImplementation(function (this: unknown, operations, options) {
    sizes.push(operations.length)
    return batch.call(this, operations, options)
  })
  try {
    const path = await folder()
    const store = await openLevel(path)
    const envelopes = Array.from({ length: 30 }, (_, n) => archived(envelope(epoch + n), epoch + n))
    const puts = envelopes.map(one => store.put([one]))
    await store.close()
    await Promise.all(puts)
    // An envelope and its place in the index each.
    expect(sizes.filter(size => size > 1)).toEqual([60])
    const again = await openLevel(path)
    expect(await all(again)).toHaveLength(30)
    await again.close()
  } finally {
    spy.mockRestore()
  }
})

test('the archive refuses before start and after stop, and starts again', async () => {
  const time = createVirtualTime()
  const server = createMailserver({ store: memoryEnvelopeStore(), clock: time.clock, scheduler: time.scheduler })
  const put = () => server.port.archive.accept([archived(envelope(epoch), epoch)])
  await expect(put()).rejects.toMatchObject({ code: 'not-running' })
  await Promise.all([server.start(), server.start()])
  await put()
  await Promise.all([server.stop(), server.stop()])
  await expect(put()).rejects.toMatchObject({ code: 'not-running' })
  await server.start()
  await put()
  await server.stop()
})

test('start fails as its store does, and may be tried again', async () => {
  const store = memoryEnvelopeStore()
  let isBroken = true
  const server = createMailserver({
    store: {
      ...store,
      open: async () => {
        if (isBroken) throw new Error('no disk')
      }
    }
  })
  await expect(server.start()).rejects.toThrow('no disk')
  isBroken = false
  await server.start()
  await server.stop()
})

test('matching a topic by its bits says the same as matching its bloom', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const near = fc.tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 0, max: 7 }),
    fc.integer({ min: 0, max: 7 })
  )
  const crowded = near.map(([at, b, c]) => Uint8Array.of(at, (at & 0xf8) | b, (at & 0xf8) | c, at & 7))
  fc.assert(
    fc.property(fc.oneof(bytes(4), crowded), fc.array(bytes(4), { maxLength: 40 }), (one, others) => {
      for (const bloom of [filterBloom(others), filterBloom([one, ...others]), envelopeBloom(one)]) {
        expect(isTopicAdmitted(bloom, one)).toBe(bloomAdmits(bloom, envelopeBloom(one)))
      }
    }),
    { numRuns: 2000 }
  )
})
