import { expect, test } from 'vitest'
import { memoryEnvelopeStore } from '../../src/index.ts'
import { archived, envelope, epoch, world } from '../support/world.ts'

const day = 86_400

function aged(days: number, nonce = 0) {
  const sent = epoch - Math.round(days * day)
  return archived(envelope(sent, { nonce }), sent)
}

test('M-23 retention removes old entries in the hourly pass only', async () => {
  const { put, peer, time, store, server, stop } = await world({ options: { retentionDays: 30 } })
  const cleaned: number[] = []
  server.on('cleaned', fact => cleaned.push(fact.envelopes))
  await put(aged(29), aged(30.02), aged(31), aged(400), aged(30 - 0.5 / 24))
  const client = await peer('client')
  const served = async () => (await client.ask({ lower: 0, upper: epoch })).bundles.flat().length
  await time.advance(3_599_000)
  // Too old for an hour, and still served.
  expect(await served()).toBe(5)
  expect(cleaned).toEqual([])
  await time.advance(2000)
  // By then the one that was half an hour short is too old as well.
  expect(cleaned).toEqual([4])
  expect((await store.size()).envelopes).toBe(1)
  await put(aged(50))
  await time.advance(3_500_000)
  expect(await served()).toBe(2)
  await time.advance(200_000)
  expect(cleaned).toEqual([4, 1])
  expect(await served()).toBe(1)
  expect(server.stats().deletedEnvelopes).toBe(5)
  await stop()
})

test('M-23 without a retention nothing is ever removed', async () => {
  const { put, time, store, server, stop } = await world()
  await put(aged(10_000))
  await time.advance(3 * 3_600_000)
  expect(await server.clean()).toBe(0)
  expect((await store.size()).envelopes).toBe(1)
  await stop()
})

test('a pass goes in small steps with a rest after each, and ends when the mailserver stops', async () => {
  const inner = memoryEnvelopeStore()
  const steps: number[] = []
  const { put, time, store, server, stop } = await world({
    store: {
      ...inner,
      deleteOlderThan: async (seconds, most) => {
        const deleted = await inner.deleteOlderThan(seconds, most)
        steps.push(deleted)
        return deleted
      }
    },
    options: { retentionDays: 1, retentionStep: 10, retentionPauseMs: 1000 }
  })
  await put(...Array.from({ length: 35 }, (_, i) => aged(2, i)))
  await time.advance(3_600_000)
  expect(steps).toEqual([10])
  await time.advance(1000)
  expect(steps).toEqual([10, 10])
  // Asking for a pass while one runs joins it.
  const joined = server.clean()
  await time.advance(10_000)
  expect(await joined).toBe(35)
  expect(steps).toEqual([10, 10, 10, 5, 0])
  await put(...Array.from({ length: 35 }, (_, i) => aged(2, i)))
  const stopped = server.clean()
  await time.settle()
  await stop()
  expect(await stopped).toBe(10)
  expect((await store.size()).envelopes).toBe(25)
})

test('a pass that fails is reported; the next one comes all the same', async () => {
  const inner = memoryEnvelopeStore()
  let isBroken = true
  const { put, time, store, server, stop } = await world({
    store: {
      ...inner,
      deleteOlderThan: (seconds, most) =>
        isBroken ? Promise.reject(new Error('disk')) : inner.deleteOlderThan(seconds, most)
    },
    options: { retentionDays: 1 }
  })
  const failures: number[] = []
  server.on('cleaningfailed', () => failures.push(1))
  await put(aged(2))
  await time.advance(3_600_000)
  expect(failures).toHaveLength(1)
  isBroken = false
  await time.advance(3_700_000)
  expect((await store.size()).envelopes).toBe(0)
  await stop()
})
