import { type ComplianceCase, check } from '@status-stack/interface/testing'
import type { SyncChange, SyncStore, SyncTable } from '../ports.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

function assertBytes(what: string, got: Uint8Array | undefined, wanted: Uint8Array | undefined): void {
  const [left, right] = [got === undefined ? 'nothing' : got.join(), wanted === undefined ? 'nothing' : wanted.join()]
  check(left === right, `${right} ${what}, got ${left}`)
}

function set(table: SyncTable, key: Uint8Array, value: Uint8Array | undefined): SyncChange {
  return { table, key, value }
}

/** What holds for every store. */
const clauses: readonly (readonly [name: string, run: (store: SyncStore) => Promise<void>])[] = [
  [
    'an absent key is undefined and an empty table lists nothing',
    async store => {
      assertBytes('get', await store.get('record', bytes(1)), undefined)
      check((await store.list('peer')).length === 0, 'an empty table to list nothing')
    }
  ],
  [
    'a written value is read back, replaced and deleted',
    async store => {
      await store.write([set('body', bytes(1, 2), bytes(3))])
      assertBytes('written', await store.get('body', bytes(1, 2)), bytes(3))
      await store.write([set('body', bytes(1, 2), bytes(4, 5))])
      assertBytes('replaced', await store.get('body', bytes(1, 2)), bytes(4, 5))
      await store.write([set('body', bytes(1, 2), undefined)])
      assertBytes('deleted', await store.get('body', bytes(1, 2)), undefined)
    }
  ],
  ['deleting an absent key is not an error', async store => store.write([set('seen', bytes(9), undefined)])],
  [
    'an empty value is a value',
    async store => {
      await store.write([set('seen', bytes(1), bytes())])
      assertBytes('empty value', await store.get('seen', bytes(1)), bytes())
    }
  ],
  [
    'tables are apart, and a key is no prefix of another',
    async store => {
      await store.write([
        set('record', bytes(1), bytes(10)),
        set('peer', bytes(1), bytes(11)),
        set('peer', bytes(1, 0), bytes(12))
      ])
      assertBytes('record', await store.get('record', bytes(1)), bytes(10))
      assertBytes('peer', await store.get('peer', bytes(1)), bytes(11))
      assertBytes('longer key', await store.get('peer', bytes(1, 0)), bytes(12))
      assertBytes('other table', await store.get('slot', bytes(1)), undefined)
    }
  ],
  [
    'list gives every value of its table once and no deleted one',
    async store => {
      await store.write([1, 2, 3].map(n => set('record', bytes(n), bytes(n + 10))))
      await store.write([set('record', bytes(2), undefined), set('peer', bytes(4), bytes(99))])
      const values = (await store.list('record')).map(value => value.join()).sort()
      check(values.join('|') === '11|13', `list to be 11|13, got ${values.join('|')}`)
    }
  ],
  [
    'the last change of a key in one write wins',
    async store => {
      await store.write([set('seen', bytes(1), bytes(1)), set('seen', bytes(1), bytes(2))])
      assertBytes('set twice', await store.get('seen', bytes(1)), bytes(2))
      await store.write([set('seen', bytes(1), bytes(3)), set('seen', bytes(1), undefined)])
      assertBytes('set and deleted', await store.get('seen', bytes(1)), undefined)
      await store.write([set('seen', bytes(1), undefined), set('seen', bytes(1), bytes(4))])
      assertBytes('deleted and set', await store.get('seen', bytes(1)), bytes(4))
    }
  ],
  [
    'the caller may reuse its arrays, and what it reads is its own',
    async store => {
      const [key, value] = [bytes(1), bytes(2)]
      await store.write([set('body', key, value)])
      key.fill(7)
      value.fill(7)
      const first = await store.get('body', bytes(1))
      assertBytes('after reuse', first, bytes(2))
      first?.fill(9)
      assertBytes('after a change of what was read', await store.get('body', bytes(1)), bytes(2))
    }
  ],
  [
    'a large value and many changes survive in one write',
    async store => {
      const large = new Uint8Array(1_000_000).fill(5)
      const many = Array.from({ length: 500 }, (_, n) => set('slot', bytes(n >> 8, n & 255), bytes(n & 255)))
      await store.write([...many, set('body', bytes(1), large)])
      check((await store.get('body', bytes(1)))?.length === large.length, 'a large value to be kept')
      check((await store.list('slot')).length === many.length, 'many changes to be kept')
    }
  ],
  [
    'writes started together are each carried out whole',
    async store => {
      const rounds = Array.from({ length: 20 }, (_, n) => n)
      await Promise.all(
        rounds.map(n => store.write([set('record', bytes(1), bytes(n)), set('peer', bytes(1), bytes(n))]))
      )
      assertBytes('pair', await store.get('record', bytes(1)), await store.get('peer', bytes(1)))
    }
  ],
  [
    'many keys are read as one by one, where the store can',
    async store => {
      if (store.getMany === undefined) return
      await store.write([
        set('seen', bytes(1), bytes(10)),
        set('seen', bytes(3), bytes()),
        set('slot', bytes(2), bytes(5))
      ])
      const values = await store.getMany('seen', [bytes(3), bytes(2), bytes(1), bytes(1)])
      check(values.length === 4, `a value for each of 4 keys, got ${values.length}`)
      for (const [at, wanted] of [bytes(), undefined, bytes(10), bytes(10)].entries()) {
        assertBytes(`of key ${at}`, values[at], wanted)
      }
    }
  ]
]

/** What holds for a store that outlives its process. */
const restartClause = (
  create: () => Promise<SyncStore>,
  reopen: (store: SyncStore) => Promise<SyncStore>
): ComplianceCase => ({
  name: 'what was written is there after a restart, what was deleted is not',
  run: async () => {
    const store = await create()
    await store.write([set('record', bytes(1), bytes(2)), set('record', bytes(3), bytes(4))])
    await store.write([set('record', bytes(3), undefined)])
    const again = await reopen(store)
    assertBytes('kept', await again.get('record', bytes(1)), bytes(2))
    assertBytes('deleted', await again.get('record', bytes(3)), undefined)
  }
})

/**
 * The contract of `SyncStore`. `create` must return an empty store each time; `reopen`, when given, must return a store
 * over the same durable data as a restarted process would.
 *
 * @example
 * ```ts
 * for (const { name, run } of syncStoreCases(async () => memorySyncStore())) test(name, run)
 * ```
 */
export function syncStoreCases(
  create: () => Promise<SyncStore>,
  reopen?: (store: SyncStore) => Promise<SyncStore>
): readonly ComplianceCase[] {
  const cases = clauses.map(([name, run]) => ({ name, run: async () => run(await create()) }))
  return reopen === undefined ? cases : [...cases, restartClause(create, reopen)]
}
