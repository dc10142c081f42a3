import { randomBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { memoryEnvelopeStore } from '../../src/index.ts'
import { archived, envelope, epoch } from '../support/world.ts'

test('a large batch is stored in slices, between which others have their turn', async () => {
  const store = memoryEnvelopeStore()
  const made = archived(envelope(epoch), epoch)
  const batch = Array.from({ length: 30_000 }, () => ({ ...made, hash: randomBytes(32) }))
  let turns = 0
  let going = true
  const count = (): void => {
    turns += 1
    if (going) setImmediate(count)
  }
  setImmediate(count)
  await store.put(batch)
  going = false
  // It takes some hundred milliseconds, and a slice has ten.
  expect(turns).toBeGreaterThan(3)
  expect((await store.size()).envelopes).toBe(batch.length)
})
