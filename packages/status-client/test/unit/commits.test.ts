import { randomBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import type { KeyValue, Write } from '../../src/storage/stores/key-value.ts'
import { createStore } from '../../src/storage/stores/store.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { storageKey } from '../support/world.ts'

/** A store whose writes are recorded; the first `failures` of them fail. */
function recorded(failures = 0) {
  const values = new Map<string, Uint8Array>()
  const writes: (readonly Write[])[] = []
  let left = failures
  const kv: KeyValue = {
    get: async key => values.get(key),
    write: async batch => {
      writes.push(batch)
      left -= 1
      if (left >= 0) throw new Error('disk')
      for (const write of batch) {
        if (write.type === 'put') values.set(write.key, write.value)
        else values.delete(write.key)
      }
    },
    range: async function* () {},
    clear: async () => {},
    erase: async () => 'unsupported'
  }
  const store = createStore(kv, createVault(storageKey, { bytes: randomBytes }))
  /** More records than one turn encrypts. */
  const large = () => {
    const unit = store.unit()
    for (let at = 0; at < 6000; at++) unit.put(`large ${at}`, { text: 'x'.repeat(300), at })
    return unit
  }
  const small = (key: string, value: unknown) => {
    const unit = store.unit()
    unit.put(key, value)
    return unit
  }
  return { store, writes, large, small }
}

test('a large batch is encrypted while others get their turn, and written at once', async () => {
  const { writes, large } = recorded()
  let turns = 0
  let done = false
  const count = (): void => {
    turns += 1
    if (!done) setImmediate(count)
  }
  setImmediate(count)
  await large().commit()
  done = true
  expect(turns).toBeGreaterThan(1)
  expect(writes).toHaveLength(1)
  expect(writes[0]).toHaveLength(6000)
})

test('a small batch of other keys does not wait for a large one', async () => {
  const { writes, large, small } = recorded()
  const first = large().commit()
  await small('other', 1).commit()
  expect(writes.map(batch => batch.length)).toEqual([1])
  await first
  expect(writes.map(batch => batch.length)).toEqual([1, 6000])
})

test('of two batches with one key the value of the later call stays, whichever is encrypted first', async () => {
  const { store, writes, large, small } = recorded()
  const unit = large()
  unit.put('shared', 'old')
  const gone = store.unit()
  gone.delete('large 0')
  const commits = [unit.commit(), small('shared', 'new').commit(), gone.commit(), small('shared', 'newest').commit()]
  await Promise.all(commits)
  expect(await store.get('shared')).toBe('newest')
  expect(await store.get('large 0')).toBeUndefined()
  expect(writes[0]).toHaveLength(6001)
})

test('a batch that fails holds up none of its keys', async () => {
  const { store, large, small } = recorded(1)
  const unit = large()
  unit.put('shared', 'old')
  const failing = unit.commit()
  const next = small('shared', 'new').commit()
  await expect(failing).rejects.toThrow('disk')
  await next
  expect(await store.get('shared')).toBe('new')
})
