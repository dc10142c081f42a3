import type { HistoryRecord, OutboxRecord } from '../records.ts'
import type { KeyValue, Write } from './key-value.ts'
import { createKeys } from './keys.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { tryOpen, type Vault } from './vault.ts'

/** Raised by one whenever a stored shape changes; `migrations` then gains the step from the version before. */
export const schemaVersion = 7

/** From this version on the key of the names may be a record of its own. */
export const namesVersion = 2

/** One step; runs to its end, or again from its start after a crash: it must be idempotent. */
export interface Migration {
  readonly from: number
  readonly run: (kv: KeyValue, vault: Vault) => Promise<void>
}

/** Writes of one batch. */
const writesAtOnce = 1000

/** A step is over before a name that it remembers has an age. */
const clockless = { nowMs: () => 0 }

/** Replaces records of a table. What does not open is left: a damaged record must not keep a store from being opened. */
async function replace(
  kv: KeyValue,
  vault: Vault,
  table: 'outbox' | 'history',
  next: (key: string, bytes: Uint8Array) => { readonly key: string; readonly bytes: Uint8Array } | undefined
): Promise<void> {
  let writes: Write[] = []
  for await (const [key, sealed] of kv.range({ gte: `${table}!`, lt: `${table}!~` })) {
    const bytes = tryOpen(vault, key, sealed)
    const fresh = bytes === undefined ? undefined : next(key, bytes)
    if (fresh === undefined) continue
    writes.push({ type: 'put', key: fresh.key, value: vault.seal(fresh.key, fresh.bytes) })
    if (fresh.key !== key) writes.push({ type: 'del', key })
    if (writes.length < writesAtOnce) continue
    await kv.write(writes)
    writes = []
  }
  await kv.write(writes)
}

function moveOutbox(kv: KeyValue, vault: Vault): Promise<void> {
  const keys = createKeys(vault, clockless)
  return replace(kv, vault, 'outbox', (key, bytes) =>
    // Its old key has a name and nothing else.
    key.lastIndexOf('!') === 'outbox'.length
      ? { key: keys.outbox(decodeRecord<OutboxRecord>(bytes)), bytes }
      : undefined
  )
}

/** The kind of a public chat as an audience, and the beginning of its place, until schema 5. */
const publicBefore = 'public-chat'

async function renamePublicChats(kv: KeyValue, vault: Vault): Promise<void> {
  const keys = createKeys(vault, clockless)
  const renamed = <Audience extends { readonly kind: string }>(audience: Audience): Audience =>
    audience.kind === publicBefore ? { ...audience, kind: 'public' } : audience
  await replace(kv, vault, 'outbox', (key, bytes) => {
    const record = decodeRecord<OutboxRecord>(bytes)
    if (record.via.kind !== 'once') return undefined
    const via = { ...record.via, audiences: record.via.audiences.map(renamed) }
    return { key, bytes: encodeRecord({ ...record, via }) }
  })
  await replace(kv, vault, 'history', (_key, bytes) => {
    const record = decodeRecord<HistoryRecord>(bytes)
    if (!record.place.startsWith(`${publicBefore}:`)) return undefined
    const place = `public${record.place.slice(publicBefore.length)}`
    return { key: keys.history(place), bytes: encodeRecord({ ...record, place }) }
  })
}

/** Steps from older stores, in order. */
export const migrations: readonly Migration[] = [
  // A release that knows only version 1 would not look for the key of the names.
  { from: namesVersion - 1, run: async () => {} },
  // What places cost to derive is remembered by the privacy layer in its own namespace, and was a cache: it is derived again.
  {
    from: 2,
    run: async kv => {
      const stale: string[] = []
      for await (const [key] of kv.range({ gte: 'interest!', lt: 'interest!~' })) stale.push(key)
      await kv.write(stale.map(key => ({ type: 'del' as const, key })))
    }
  },
  // From version 4 on the bytes of a message on its way are a record of their own, which a release before it would not look for. What
  // is under way when the store is opened is sent from where it lies.
  { from: 3, run: async () => {} },
  // From version 5 on the keys of the outbox say what an entry is and when it was queued: it is read in pages, oldest first.
  { from: 4, run: moveOutbox },
  // From version 6 on a public chat has one kind, `public`, also as an audience and as a place.
  { from: 5, run: renamePublicChats },
  // From version 7 on the bytes of a message for one person lie with that person's key in one record, which a release before it would not
  // look for. What is under way when the store is opened is sent from where it lies.
  { from: 6, run: async () => {} }
]
