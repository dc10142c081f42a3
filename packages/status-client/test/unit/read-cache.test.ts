import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import type { KeyValue, Write } from '../../src/storage/stores/key-value.ts'
import { cacheReads } from '../../src/storage/stores/read-cache.ts'

/** A database whose calls wait until the test lets them go on, and which counts its reads. */
function byHand() {
  const stored = new Map<string, Uint8Array>()
  const waiting: { readonly what: string; readonly go: () => void; readonly fail: () => void }[] = []
  let reads = 0
  const turn = (what: string): Promise<void> =>
    new Promise((resolve, reject) => waiting.push({ what, go: resolve, fail: () => reject(new Error('disk')) }))
  const kv: KeyValue = {
    get: async key => {
      reads += 1
      const value = stored.get(key)
      await turn(`get ${key}`)
      return value
    },
    write: async writes => {
      await turn('write')
      for (const write of writes) {
        if (write.type === 'put') stored.set(write.key, write.value)
        else stored.delete(write.key)
      }
    },
    range: async function* () {
      for (const [key, value] of [...stored].sort()) yield [key, value] as const
    },
    clear: async () => stored.clear(),
    erase: async () => 'unsupported'
  }
  return { kv, stored, reads: () => reads, waiting }
}

const value = (n: number): Uint8Array => Uint8Array.of(n)
const put = (key: string, n: number): Write => ({ type: 'put', key, value: value(n) })
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

async function run<T>(db: ReturnType<typeof byHand>, work: Promise<T>): Promise<T> {
  await settled()
  for (const { go } of db.waiting.splice(0)) go()
  return work
}

describe('a cache of reads', () => {
  test('reads a record once, and one that is not there too', async () => {
    const db = byHand()
    db.stored.set('a', value(1))
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    expect(await run(db, kv.get('a'))).toEqual(value(1))
    expect(await run(db, kv.get('b'))).toBeUndefined()
    expect([await kv.get('a'), await kv.get('b'), db.reads()]).toEqual([value(1), undefined, 2])
  })

  test('knows what was written, and does not before it is', async () => {
    const db = byHand()
    db.stored.set('a', value(1))
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    await run(db, kv.get('a'))
    const written = kv.write([put('a', 2), put('a', 3)])
    const during = kv.get('a')
    await settled()
    expect(db.waiting.map(({ what }) => what)).toEqual(['write'])
    await run(db, written)
    expect([await during, await kv.get('a')]).toEqual([value(1), value(3)])
  })

  test('forgets what a read brings that began before a write', async () => {
    const db = byHand()
    db.stored.set('a', value(1))
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    const early = kv.get('a')
    await settled()
    const [read] = db.waiting.splice(0)
    await run(db, kv.write([put('a', 2)]))
    read?.go()
    expect(await early).toEqual(value(1))
    expect(await kv.get('a')).toEqual(value(2))
  })

  test('asks the database after a write that failed, and after two at once', async () => {
    const db = byHand()
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    const failing = kv.write([put('a', 1)])
    await settled()
    db.waiting.pop()?.fail()
    await expect(failing).rejects.toThrow('disk')
    expect(await run(db, kv.get('a'))).toBeUndefined()
    const both = [kv.write([put('b', 1)]), kv.write([put('b', 2)])]
    await settled()
    const [first, second] = db.waiting.splice(0)
    second?.go()
    await settled()
    first?.go()
    await Promise.all(both)
    expect(await run(db, kv.get('b'))).toEqual(value(1))
  })

  test('forgets what nobody has read for a while', async () => {
    const db = byHand()
    let nowMs = 0
    const kv = cacheReads(db.kv, { nowMs: () => nowMs })
    await run(db, kv.write([put('a', 1), put('b', 2)]))
    nowMs = limits.readCacheMs
    expect(await kv.get('a')).toEqual(value(1))
    nowMs += 1
    await run(db, kv.write([put('c', 3)]))
    expect([await kv.get('a'), await run(db, kv.get('b')), db.reads()]).toEqual([value(1), value(2), 1])
  })

  test('holds no more than its limits', async () => {
    const db = byHand()
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    const large = new Uint8Array(limits.readCacheBytes)
    await run(db, kv.write([{ type: 'put', key: 'large', value: large }]))
    await run(
      db,
      kv.write(Array.from({ length: limits.readCacheEntries + 1 }, (_, n) => ({ type: 'del', key: `${n}` }) as const))
    )
    const before = db.reads()
    await run(db, kv.get('large'))
    await run(db, kv.get('0'))
    await kv.get(`${limits.readCacheEntries}`)
    expect(db.reads() - before).toBe(2)
  })

  test('keeps nothing of a record that grew too large', async () => {
    const db = byHand()
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    await run(db, kv.write([put('a', 1)]))
    const large = new Uint8Array(limits.readCacheBytes)
    await run(db, kv.write([{ type: 'put', key: 'a', value: large }]))
    expect(await run(db, kv.get('a'))).toBe(large)
  })

  test('forgets everything when the database is cleared', async () => {
    const db = byHand()
    const kv = cacheReads(db.kv, { nowMs: () => 0 })
    await run(db, kv.write([put('a', 1)]))
    await kv.clear()
    expect(await run(db, kv.get('a'))).toBeUndefined()
  })

  test('answers as the database does, in any order of calls and answers', async () => {
    const call = fc.record({
      kind: fc.constantFrom('get' as const, 'put' as const, 'del' as const, 'answer' as const),
      key: fc.constantFrom('a', 'b'),
      at: fc.nat(3)
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async calls => {
        const db = byHand()
        const kv = cacheReads(db.kv, { nowMs: () => 0 })
        const under: Promise<unknown>[] = []
        for (const [n, { kind, key, at }] of calls.entries()) {
          if (kind === 'get') under.push(kv.get(key))
          else if (kind === 'put') under.push(kv.write([put(key, n)]))
          else if (kind === 'del') under.push(kv.write([{ type: 'del', key }]))
          else for (const { go } of db.waiting.splice(at % Math.max(1, db.waiting.length), 1)) go()
          await settled()
        }
        while (db.waiting.length > 0) {
          for (const { go } of db.waiting.splice(0)) go()
          await settled()
        }
        await Promise.all(under)
        for (const key of ['a', 'b']) expect(await run(db, kv.get(key))).toEqual(db.stored.get(key))
      })
    )
  })
})
