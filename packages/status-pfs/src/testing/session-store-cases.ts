import { equalBytes } from '@status-stack/crypto'
import type { SessionStore } from '../ports.ts'

/** One rule of a contract; `run` rejects when the rule is broken. */
export interface ComplianceCase {
  readonly name: string
  readonly run: () => Promise<void>
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

const id = Uint8Array.of(1, 2, 3)
const bytes = (...values: number[]) => Uint8Array.from(values)

async function stored(store: SessionStore, key: Uint8Array) {
  const found = await store.get(key)
  assert(found !== undefined, 'a stored record was not found')
  return found
}

async function put(store: SessionStore, key: Uint8Array, record: Uint8Array): Promise<number> {
  const before = await store.get(key)
  assert(await store.put(key, record, before?.revision ?? 0), 'a write with the current revision was refused')
  return (await stored(store, key)).revision
}

type Rule = (store: SessionStore) => Promise<void>

const rules: Readonly<Record<string, Rule>> = {
  'an absent record is undefined': async store => {
    assert((await store.get(id)) === undefined, 'an empty store gave a record')
  },
  'what was put comes back unchanged': async store => {
    const record = Uint8Array.from({ length: 70_000 }, (_, i) => i & 255)
    await put(store, id, record)
    assert(equalBytes((await stored(store, id)).record, record), 'the record came back changed')
  },
  'an empty record is a record': async store => {
    await put(store, id, bytes())
    assert((await stored(store, id)).record.length === 0, 'the empty record came back changed')
  },
  'revisions are positive integers': async store => {
    const revision = await put(store, id, bytes(1))
    assert(Number.isSafeInteger(revision) && revision > 0, 'the revision is not a positive integer')
  },
  'each write changes the revision, also with the same bytes': async store => {
    const first = await put(store, id, bytes(1))
    assert((await put(store, id, bytes(1))) !== first, 'a write left the revision as it was')
  },
  'revision 0 writes only what is absent': async store => {
    await put(store, id, bytes(1))
    assert(!(await store.put(id, bytes(2), 0)), 'revision 0 overwrote a record')
    assert(equalBytes((await stored(store, id)).record, bytes(1)), 'a refused write changed the record')
  },
  'a stale revision is refused and changes nothing': async store => {
    const stale = await put(store, id, bytes(1))
    await put(store, id, bytes(2))
    assert(!(await store.put(id, bytes(3), stale)), 'a stale revision was accepted')
    assert(equalBytes((await stored(store, id)).record, bytes(2)), 'a refused write changed the record')
  },
  'a revision of an absent record is refused': async store => {
    assert(!(await store.put(id, bytes(1), 1)), 'a write to an absent record with revision 1 was accepted')
    assert((await store.get(id)) === undefined, 'a refused write made a record')
  },
  'of two writes at once with one revision exactly one wins': async store => {
    const revision = await put(store, id, bytes(0))
    const won = await Promise.all([1, 2, 3, 4].map(value => store.put(id, bytes(value), revision)))
    assert(won.filter(Boolean).length === 1, 'not exactly one of the writes won')
    const { record } = await stored(store, id)
    assert(record[0] === won.indexOf(true) + 1, 'the record is not the one of the winner')
  },
  'of two first writes at once exactly one wins': async store => {
    const won = await Promise.all([1, 2].map(value => store.put(id, bytes(value), 0)))
    assert(won.filter(Boolean).length === 1, 'not exactly one of the writes won')
  },
  'delete removes with the current revision only': async store => {
    const stale = await put(store, id, bytes(1))
    const current = await put(store, id, bytes(2))
    assert(!(await store.delete(id, stale)), 'a stale revision deleted a record')
    assert((await store.get(id)) !== undefined, 'a refused delete removed a record')
    assert(await store.delete(id, current), 'a delete with the current revision was refused')
    assert((await store.get(id)) === undefined, 'a deleted record is still there')
  },
  'what is absent is not deleted': async store => {
    assert(!(await store.delete(id, 0)), 'an absent record was deleted')
    assert(!(await store.delete(id, 1)), 'an absent record was deleted by a revision it never had')
    assert((await store.get(id)) === undefined, 'a delete made a record')
  },
  'after a delete the old revision is stale, also once the record is made again': async store => {
    const old = await put(store, id, bytes(1))
    assert(await store.delete(id, old), 'a delete with the current revision was refused')
    assert(!(await store.put(id, bytes(2), old)), 'the revision of a deleted record was accepted')
    assert(await store.put(id, bytes(3), 0), 'a deleted record could not be made again')
    assert(!(await store.put(id, bytes(4), old)), 'a revision from before the delete was accepted')
  },
  'ids that share a prefix are different records': async store => {
    await put(store, bytes(1), bytes(1))
    await put(store, bytes(1, 0), bytes(2))
    await put(store, bytes(), bytes(3))
    assert(equalBytes((await stored(store, bytes(1))).record, bytes(1)), 'a longer id overwrote a shorter one')
    assert(equalBytes((await stored(store, bytes(1, 0))).record, bytes(2)), 'a shorter id overwrote a longer one')
  },
  'ids of any bytes are taken': async store => {
    const odd = Uint8Array.from({ length: 256 }, (_, i) => i)
    await put(store, odd, bytes(7))
    assert((await stored(store, odd)).record[0] === 7, 'the record of a binary id was lost')
  },
  'the store keeps copies, not the arrays of the caller': async store => {
    const record = bytes(1, 2)
    await put(store, id, record)
    record.fill(9)
    assert(equalBytes((await stored(store, id)).record, bytes(1, 2)), 'changing the array given changed the record')
    ;(await stored(store, id)).record.fill(9)
    assert(equalBytes((await stored(store, id)).record, bytes(1, 2)), 'changing the array got changed the record')
  }
}

/** The contract of SessionStore. `create` must return an empty store each time. */
export function sessionStoreCases(create: () => Promise<SessionStore>): readonly ComplianceCase[] {
  return Object.entries(rules).map(([name, rule]) => ({ name, run: async () => rule(await create()) }))
}
