import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { gatherWrites } from '../../src/storage/stores/gather-writes.ts'
import type { KeyValue, Write } from '../../src/storage/stores/key-value.ts'

const put = (key: string, length = 1): Write => ({ type: 'put', key, value: new Uint8Array(length) })
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** A database whose writes are recorded and wait until the test lets them go on. */
function byHand() {
  const did: string[] = []
  const flushed: boolean[] = []
  const waiting: { readonly go: () => void; readonly fail: () => void }[] = []
  const kv: KeyValue = {
    get: async () => undefined,
    write: async (writes, { flush = false } = {}) => {
      did.push(writes.map(({ key }) => key).join(' '))
      flushed.push(flush)
      await new Promise<void>((resolve, reject) => {
        waiting.push({ go: resolve, fail: () => reject(new Error('disk')) })
      })
    },
    range: async function* () {},
    clear: async () => {
      did.push('clear')
    },
    erase: async () => 'unsupported'
  }
  const next = async (how: 'go' | 'fail' = 'go'): Promise<void> => {
    await settled()
    waiting.shift()?.[how]()
    await settled()
  }
  return { kv: gatherWrites(kv), did, flushed, next }
}

test('writes that come while one is under way go together in the next, in the order of the calls', async () => {
  const { kv, did, next } = byHand()
  const answered: string[] = []
  const write = async (...keys: string[]): Promise<void> => {
    await kv.write(keys.map(key => put(key)))
    answered.push(keys.join(' '))
  }
  const all = [write('a', 'b')]
  await settled()
  all.push(write('c'), write('b'), write('d', 'e'))
  await settled()
  expect([did, answered]).toEqual([['a b'], []])
  await next()
  expect([did, answered]).toEqual([['a b', 'c b d e'], ['a b']])
  await next()
  await Promise.all(all)
  expect(answered).toEqual(['a b', 'c', 'b', 'd e'])
})

test('what is asked for in one turn shares one batch, and is flushed if one of it is to be', async () => {
  const { kv, did, flushed, next } = byHand()
  const all = [kv.write([put('a')]), kv.write([put('b')], { flush: true }), kv.write([put('c')])]
  await next()
  await Promise.all(all)
  const last = kv.write([put('d')])
  await next()
  await last
  expect(did).toEqual(['a b c', 'd'])
  expect(flushed).toEqual([true, false])
})

test('a batch that fails fails for all that share it and for no other', async () => {
  const { kv, did, next } = byHand()
  const all = [kv.write([put('a')]), kv.write([put('b')])].map(write => write.catch(String))
  await settled()
  const after = kv.write([put('c')])
  await next('fail')
  await next()
  await after
  expect(await Promise.all(all)).toEqual(['Error: disk', 'Error: disk'])
  expect(did).toEqual(['a b', 'c'])
})

test('one batch holds no more than its limit, and one write that is larger goes alone', async () => {
  const { kv, did, next } = byHand()
  const half = limits.gatheredBytes / 2
  const all = [
    kv.write([put('a', half)]),
    kv.write([put('b', half)]),
    kv.write([put('c')]),
    kv.write([put('picture', 3 * limits.gatheredBytes)]),
    kv.write([put('d')])
  ]
  for (let batch = 0; batch < 4; batch += 1) await next()
  await Promise.all(all)
  expect(did).toEqual(['a b', 'c', 'picture', 'd'])
})

test('clearing waits for what was asked for before it', async () => {
  const { kv, did, next } = byHand()
  const first = kv.write([put('a')])
  await settled()
  const second = kv.write([put('b')])
  const clearing = kv.clear()
  await next()
  await next()
  await Promise.all([first, second, clearing])
  expect(did).toEqual(['a', 'b', 'clear'])
})
