import { equalBytes } from '@status-stack/crypto'
import { type ComplianceCase, check } from '@status-stack/interface/testing'
import type { SessionStore } from '../ports.ts'

const id = Uint8Array.of(1, 2, 3)
const bytes = (...values: number[]) => Uint8Array.from(values)

async function stored(store: SessionStore, key: Uint8Array) {
  const found = await store.get(key)
  check(found !== undefined, 'a stored record to be found')
  return found
}

async function put(store: SessionStore, key: Uint8Array, record: Uint8Array): Promise<number> {
  const before = await store.get(key)
  check(await store.put(key, record, before?.revision ?? 0), 'a write with the current revision to be accepted')
  return (await stored(store, key)).revision
}

type Rule = (store: SessionStore) => Promise<void>

const rules: Readonly<Record<string, Rule>> = {
  'an absent record is undefined': async store => {
    check((await store.get(id)) === undefined, 'an empty store to give no record')
  },
  'what was put comes back unchanged': async store => {
    const record = Uint8Array.from({ length: 70_000 }, (_, i) => i & 255)
    await put(store, id, record)
    check(equalBytes((await stored(store, id)).record, record), 'the record to come back unchanged')
  },
  'an empty record is a record': async store => {
    await put(store, id, bytes())
    check((await stored(store, id)).record.length === 0, 'the empty record to come back empty')
  },
  'revisions are positive integers': async store => {
    const revision = await put(store, id, bytes(1))
    check(Number.isSafeInteger(revision) && revision > 0, 'the revision to be a positive integer')
  },
  'each write changes the revision, also with the same bytes': async store => {
    const first = await put(store, id, bytes(1))
    check((await put(store, id, bytes(1))) !== first, 'a write to change the revision')
  },
  'revision 0 writes only what is absent': async store => {
    await put(store, id, bytes(1))
    check(!(await store.put(id, bytes(2), 0)), 'revision 0 not to overwrite a record')
    check(equalBytes((await stored(store, id)).record, bytes(1)), 'a refused write to leave the record as it was')
  },
  'a stale revision is refused and changes nothing': async store => {
    const stale = await put(store, id, bytes(1))
    await put(store, id, bytes(2))
    check(!(await store.put(id, bytes(3), stale)), 'a stale revision to be refused')
    check(equalBytes((await stored(store, id)).record, bytes(2)), 'a refused write to leave the record as it was')
  },
  'a revision of an absent record is refused': async store => {
    check(!(await store.put(id, bytes(1), 1)), 'a write to an absent record with revision 1 to be refused')
    check((await store.get(id)) === undefined, 'a refused write to make no record')
  },
  'of two writes at once with one revision exactly one wins': async store => {
    const revision = await put(store, id, bytes(0))
    const won = await Promise.all([1, 2, 3, 4].map(value => store.put(id, bytes(value), revision)))
    check(won.filter(Boolean).length === 1, 'exactly one of the writes to win')
    const { record } = await stored(store, id)
    check(record[0] === won.indexOf(true) + 1, "the record to be the winner's")
  },
  'of two first writes at once exactly one wins': async store => {
    const won = await Promise.all([1, 2].map(value => store.put(id, bytes(value), 0)))
    check(won.filter(Boolean).length === 1, 'exactly one of the writes to win')
  },
  'delete removes with the current revision only': async store => {
    const stale = await put(store, id, bytes(1))
    const current = await put(store, id, bytes(2))
    check(!(await store.delete(id, stale)), 'a stale revision not to delete a record')
    check((await store.get(id)) !== undefined, 'a refused delete to remove nothing')
    check(await store.delete(id, current), 'a delete with the current revision to be accepted')
    check((await store.get(id)) === undefined, 'a deleted record to be gone')
  },
  'what is absent is not deleted': async store => {
    check(!(await store.delete(id, 0)), 'a delete of an absent record to answer false')
    check(!(await store.delete(id, 1)), 'a revision that an absent record never had to delete nothing')
    check((await store.get(id)) === undefined, 'a delete to make no record')
  },
  'after a delete the old revision is stale, also once the record is made again': async store => {
    const old = await put(store, id, bytes(1))
    check(await store.delete(id, old), 'a delete with the current revision to be accepted')
    check(!(await store.put(id, bytes(2), old)), 'the revision of a deleted record to be refused')
    check(await store.put(id, bytes(3), 0), 'a deleted record to be made again')
    check(!(await store.put(id, bytes(4), old)), 'a revision from before the delete to be refused')
  },
  'ids that share a prefix are different records': async store => {
    await put(store, bytes(1), bytes(1))
    await put(store, bytes(1, 0), bytes(2))
    await put(store, bytes(), bytes(3))
    check(equalBytes((await stored(store, bytes(1))).record, bytes(1)), 'a longer id not to overwrite a shorter one')
    check(equalBytes((await stored(store, bytes(1, 0))).record, bytes(2)), 'a shorter id not to overwrite a longer one')
  },
  'ids of any bytes are taken': async store => {
    const odd = Uint8Array.from({ length: 256 }, (_, i) => i)
    await put(store, odd, bytes(7))
    check((await stored(store, odd)).record[0] === 7, 'a binary id to keep its record')
  },
  'the store keeps copies, not the arrays of the caller': async store => {
    const record = bytes(1, 2)
    await put(store, id, record)
    record.fill(9)
    check(equalBytes((await stored(store, id)).record, bytes(1, 2)), 'the record to be independent of the array given')
    ;(await stored(store, id)).record.fill(9)
    check(equalBytes((await stored(store, id)).record, bytes(1, 2)), 'the record to be independent of the array got')
  }
}

/**
 * The contract of SessionStore. `create` must return an empty store each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of sessionStoreCases(async () => memorySessionStore())) test(name, run)
 * ```
 */
export function sessionStoreCases(create: () => Promise<SessionStore>): readonly ComplianceCase[] {
  return Object.entries(rules).map(([name, rule]) => ({ name, run: async () => rule(await create()) }))
}
