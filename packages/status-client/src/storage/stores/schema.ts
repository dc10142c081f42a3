import { equalBytes, utf8Bytes } from '@status-stack/crypto'
import { ClientError } from '../../errors.ts'
import type { OutboxRecord } from '../records.ts'
import type { KeyValue, Write } from './key-value.ts'
import { createKeys } from './keys.ts'
import { decodeRecord } from './record.ts'
import type { Vault } from './vault.ts'

/** Raised by one whenever a stored shape changes; `migrations` then gains the step from the version before. */
export const schemaVersion = 6

/** Entries of the outbox that are moved in one batch. */
const movedAtOnce = 500

async function moveOutbox(kv: KeyValue, vault: Vault): Promise<void> {
  const keys = createKeys(vault)
  let moved: Write[] = []
  for await (const [key, sealed] of kv.range({ gte: 'outbox!', lt: 'outbox!~' })) {
    // Its key has a name and nothing else.
    if (key.lastIndexOf('!') !== 'outbox'.length) continue
    const bytes = vault.open(key, sealed)
    const fresh = keys.outbox(decodeRecord<OutboxRecord>(bytes))
    moved.push({ type: 'put', key: fresh, value: vault.seal(fresh, bytes) }, { type: 'del', key })
    if (moved.length < 2 * movedAtOnce) continue
    await kv.write(moved)
    moved = []
  }
  await kv.write(moved)
}

/** One step; runs to its end, or again from its start after a crash: it must be idempotent. */
export interface Migration {
  readonly from: number
  readonly run: (kv: KeyValue, vault: Vault) => Promise<void>
}

/** Steps from older stores, in order. */
const migrations: readonly Migration[] = [
  // From version 2 on the key of the names may be a record of its own, which a release that knows only version 1 would not look for.
  { from: 1, run: async () => {} },
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
  // From version 6 on the bytes of a message for one person lie with that person's key in one record, which a release before it would not
  // look for. What is under way when the store is opened is sent from where it lies.
  { from: 5, run: async () => {} }
]

/** The store's records about itself: their names begin with a character that sorts before every table. */
export const metaKeys = {
  /** The one value that is not encrypted. */
  version: '!schema',
  proof: '!proof',
  /** The key of the names, sealed, once it is no longer derived from the storage key. */
  names: '!names',
  /** There while values are being encrypted under another key. */
  rekeying: '!rekey'
} as const
/** Every record of a table, none about the store. */
export const allTables = { gte: '"', lt: '~' }

const proof = utf8Bytes('status-client store')
/** Records that are tried before a key counts as wrong: one may be damaged. */
const tries = 16

/** What shows later that a key is the right one. */
export function proofOf(vault: Vault): Uint8Array {
  return vault.seal(metaKeys.proof, proof)
}

/** Whether a key opens a store, by its proof, or where that is missing by what it holds. */
export async function opensStore(kv: KeyValue, vault: Vault): Promise<'yes' | 'no' | 'empty'> {
  const sealed = await kv.get(metaKeys.proof)
  if (sealed !== undefined) {
    const opened = tryOpen(vault, metaKeys.proof, sealed)
    return opened !== undefined && equalBytes(opened, proof) ? 'yes' : 'no'
  }
  let found = false
  for await (const [key, value] of kv.range({ ...allTables, limit: tries })) {
    found = true
    if (tryOpen(vault, key, value) !== undefined) return 'yes'
  }
  return found ? 'no' : 'empty'
}

/** The value under this key; `undefined` when it does not open. */
export function tryOpen(vault: Vault, key: string, sealed: Uint8Array): Uint8Array | undefined {
  try {
    return vault.open(key, sealed)
  } catch {
    return undefined
  }
}

const wrongKey = (what: string): ClientError =>
  new ClientError('wrong-storage-key', `store: ${what}`, { origin: 'caller' })

/**
 * Marks a new store, checks the key of an old one and brings it up to date. A store that holds anything is never taken for a new
 * one: its proof is written only by a key that opens what is there.
 * @returns the vault to use: under the key of the names that is stored, if one is
 * @throws ClientError `wrong-storage-key`, `store-newer`, `store-corrupt`
 */
export async function prepareStore(
  kv: KeyValue,
  vault: Vault,
  target: number = schemaVersion,
  steps: readonly Migration[] = migrations
): Promise<Vault> {
  if ((await kv.get(metaKeys.rekeying)) !== undefined)
    throw wrongKey('a change of its storage key was interrupted; changeStorageKey with the same two keys finishes it')
  const opens = await opensStore(kv, vault)
  if (opens === 'no') throw wrongKey('it belongs to another storage key')
  const stored = await kv.get(metaKeys.version)
  // Of a store that has lost its version nothing is known: every step can be run again.
  const from = stored === undefined ? (opens === 'empty' ? target : 1) : versionIn(stored, target)
  if (stored === undefined || (await kv.get(metaKeys.proof)) === undefined) await mark(kv, vault, from)
  await migrate(kv, vault, from, target, steps)
  const names = await kv.get(metaKeys.names)
  return names === undefined ? vault : vault.withNameKey(vault.open(metaKeys.names, names))
}

function mark(kv: KeyValue, vault: Vault, version: number): Promise<void> {
  return kv.write([
    { type: 'put', key: metaKeys.proof, value: proofOf(vault) },
    { type: 'put', key: metaKeys.version, value: utf8Bytes(String(version)) }
  ])
}

function versionIn(stored: Uint8Array, known: number): number {
  const version = Number(new TextDecoder().decode(stored))
  if (!Number.isInteger(version) || version < 1)
    throw new ClientError('store-corrupt', 'store: no schema version', { origin: 'environment' })
  if (version <= known) return version
  const what = `store: written by a later release (schema ${version}, this one knows ${known})`
  throw new ClientError('store-newer', what, { origin: 'environment', details: { stored: version, known } })
}

async function migrate(
  kv: KeyValue,
  vault: Vault,
  from: number,
  target: number,
  steps: readonly Migration[]
): Promise<void> {
  for (let version = from; version < target; version += 1) {
    const step = steps.find(candidate => candidate.from === version)
    if (step === undefined) {
      throw new ClientError('store-corrupt', `store: cannot migrate from schema ${version}`, { origin: 'environment' })
    }
    await step.run(kv, vault)
    await kv.write([{ type: 'put', key: metaKeys.version, value: utf8Bytes(String(version + 1)) }])
  }
}
