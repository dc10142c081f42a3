import { encodeRlp } from '@status-stack/rlp'
import { encodeRequestPayload, packetCodes } from '@status-stack/whisper/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRlpList } from '../../src/request/legacy.ts'
import { archived, envelope, epoch, everything, fullRequest, until, world } from '../support/world.ts'

const anyBytes = fc.uint8Array({ maxLength: 300 })

/** RLP of anything: close enough to a request to get past the first checks. */
const anyItem: fc.Arbitrary<Uint8Array | number | unknown[]> = fc.oneof(
  anyBytes,
  fc.nat(),
  fc.array(anyBytes, { maxLength: 4 })
) as fc.Arbitrary<Uint8Array | number | unknown[]>
const anyList = fc.array(anyItem, { maxLength: 9 }).map(items => encodeRlp(items as Parameters<typeof encodeRlp>[0]))

/** A real request with some bytes changed, cut or added. */
const mutated = fc
  .tuple(fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }), fc.integer({ min: -20, max: 20 }))
  .map(([changes, growth]) => {
    const whole = encodeRequestPayload(fullRequest({ cursor: new Uint8Array(36) }))
    const bytes = new Uint8Array(Math.max(0, whole.length + growth))
    bytes.set(whole.subarray(0, bytes.length))
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
    return bytes
  })

test('any sealed payload is answered, once, and the link stays', async () => {
  const { peer, put, stop, server } = await world()
  await put(archived(envelope(epoch), epoch))
  const client = await peer('client')
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyBytes, anyList, mutated), async payload => {
      const before = client.completions().length
      const { completion, id } = await client.ask(payload)
      expect(completion.requestId).toEqual(id)
      expect(client.completions()).toHaveLength(before + 1)
      expect(client.isConnected()).toBe(true)
    }),
    { numRuns: 300 }
  )
  expect(server.stats().running).toBe(0)
  await stop()
}, 60_000)

test('any packet of a stranger is answered, ignored, or ends that link alone', async () => {
  const { peer, time, server, store, whisper, stop } = await world({ options: { retentionDays: 1 } })
  const good = await peer('good')
  let count = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(packetCodes.p2pSyncRequest, packetCodes.p2pSyncResponse, packetCodes.p2pRequest),
      fc.oneof(anyBytes, anyList),
      fc.boolean(),
      async (code, payload, trusted) => {
        const stranger = await peer(`stranger ${count++}`)
        if (trusted) whisper.trustPeer(stranger.id)
        await stranger.send(code, payload)
        await until(time, () => server.stats().running === 0)
        stranger.pair.cut()
        const failure = await stranger.ended
        if (failure !== undefined) expect(failure).toMatchObject({ origin: 'peer' })
      }
    ),
    { numRuns: 200 }
  )
  expect(good.isConnected()).toBe(true)
  expect((await good.ask({ upper: epoch })).completion.kind).toBe('done')
  expect((await store.size()).envelopes).toBe(0)
  await stop()
}, 60_000)

test('a payload is read as RLP exactly when its header covers it', () => {
  fc.assert(
    fc.property(anyList, fc.uint8Array({ minLength: 1, maxLength: 9 }), (list, more) => {
      expect(isRlpList(list)).toBe(true)
      expect(isRlpList(new Uint8Array([...list, ...more]))).toBe(false)
      expect(isRlpList(list.subarray(0, -1))).toBe(false)
    })
  )
  for (const length of [0, 7, 8, 72, 76, 112]) expect(isRlpList(new Uint8Array(length).fill(0x5f))).toBe(false)
})

test('requests beyond every bound at once stay small: a full archive, the widest range, the narrowest filter', async () => {
  const { peer, put, stop } = await world()
  await put(...Array.from({ length: 3000 }, (_, i) => archived(envelope(epoch + i), epoch + i)))
  const client = await peer('client')
  const none = await client.ask({ lower: 0, upper: 0xffff_ffff, bloom: new Uint8Array(64), limit: 1000 })
  expect(none.bundles).toEqual([])
  const all = await client.ask({ lower: 0, upper: 0xffff_ffff, bloom: everything, limit: 1000 })
  expect(all.bundles.flat()).toHaveLength(1000)
  await stop()
})
