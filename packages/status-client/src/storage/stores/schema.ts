import { equalBytes, utf8Bytes } from '@status-stack/crypto'
import { ClientError } from '../../errors.ts'
import type { KeyValue } from './key-value.ts'
import { type Migration, migrations, schemaVersion } from './migrations.ts'
import { tryOpen, type Vault } from './vault.ts'

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
  const names = await kv.get(metaKeys.names)
  const used = names === undefined ? vault : vault.withNameKey(vault.open(metaKeys.names, names))
  await migrate(kv, used, from, target, steps)
  return used
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
