import { randomBytes, utf8Bytes } from '@status-stack/crypto'
import type { ComposeDeps } from '../../composition/deps.ts'
import { ClientError, check } from '../../errors.ts'
import { createEraser } from './eraser.ts'
import { type KeyValue, openKeyValue, type Write } from './key-value.ts'
import { namesVersion, schemaVersion } from './migrations.ts'
import { allTables, metaKeys, opensStore, proofOf } from './schema.ts'
import { createVault, tryOpen, type Vault } from './vault.ts'

/** Values encrypted anew in one batch. */
const step = 200
/** Bytes after which a batch is written sooner: attachments have half a mebibyte. */
const stepBytes = 4 * 1024 * 1024

/** The storage keys before and after a change, and where the store is. */
export interface StorageKeyChange extends Pick<ComposeDeps, 'database' | 'random'> {
  /** 32 bytes: what the store opens with now. */
  readonly from: Uint8Array
  /** 32 bytes: what it opens with afterwards. */
  readonly to: Uint8Array
}

/**
 * Encrypts every value of a store under another storage key, and takes what was under the old one out of the database's files. No
 * client may have the store open. What is interrupted is finished by another call with the same keys; until then the store opens
 * with neither, so keep both until the call has settled. A store that is new, or has the new key already, stays as it is.
 *
 * The names of entries stay: who knew the old key can still recognise whom an entry is about, not what it says.
 *
 * @example
 * ```ts
 * await changeStorageKey({ database, from: oldKey, to: newKey })
 * const client = await createClient({ identity, database, storageKey: newKey })
 * ```
 * @throws ClientError `invalid-argument`; `wrong-storage-key` when it opens with neither key; `store-newer`, `store-failed`, `disk-full`
 */
export async function changeStorageKey({ database, random, from, to }: StorageKeyChange): Promise<void> {
  check.object('database', database)
  check.bytes('from', from, 32)
  check.bytes('to', to, 32)
  const kv = await openKeyValue(database)
  const source = random ?? { bytes: randomBytes }
  const [old, next] = [createVault(from, source), createVault(to, source)]
  const version = await versionOf(kv)
  if (await needsChange(kv, old, next)) await rekey(kv, old, next, version)
  await createEraser(kv, { nowMs: () => 0 }).everything()
}

/** 0 for a store that has none. */
async function versionOf(kv: KeyValue): Promise<number> {
  const version = await kv.get(metaKeys.version)
  const stored = version === undefined ? 0 : Number(new TextDecoder().decode(version))
  if (!(stored <= schemaVersion)) {
    throw new ClientError('store-newer', 'store: written by a later release', { origin: 'environment' })
  }
  return stored
}

async function needsChange(kv: KeyValue, old: Vault, next: Vault): Promise<boolean> {
  const begun = await kv.get(metaKeys.rekeying)
  if (begun !== undefined && tryOpen(next, metaKeys.rekeying, begun) === undefined) throw wrongKeys()
  if (begun === undefined && (await opensStore(kv, next)) !== 'no') return false
  if ((await opensStore(kv, old)) === 'no') throw wrongKeys()
  return true
}

const wrongKeys = (): ClientError =>
  new ClientError('wrong-storage-key', 'store: encrypted under another storage key', { origin: 'caller' })

/** Any prefix of these writes can be followed by all of them: values of either key are there until the proof is the new key's. */
async function rekey(kv: KeyValue, old: Vault, next: Vault, version: number): Promise<void> {
  const kept = await kv.get(metaKeys.names)
  const nameKey = kept === undefined ? old.nameKey() : old.open(metaKeys.names, kept)
  await kv.write([{ type: 'put', key: metaKeys.rekeying, value: next.seal(metaKeys.rekeying, new Uint8Array()) }])
  let batch: Write[] = []
  let bytes = 0
  for await (const [key, sealed] of kv.range(allTables)) {
    const value = tryOpen(old, key, sealed)
    // Encrypted anew before the call was interrupted; or damaged, which must not keep a password from being changed.
    if (value === undefined) continue
    batch.push({ type: 'put', key, value: next.seal(key, value) })
    bytes += value.length
    if (batch.length < step && bytes < stepBytes) continue
    await kv.write(batch)
    batch = []
    bytes = 0
  }
  await kv.write(
    [
      ...batch,
      { type: 'put', key: metaKeys.names, value: next.seal(metaKeys.names, nameKey) },
      { type: 'put', key: metaKeys.proof, value: proofOf(next) },
      // The records keep their shapes, and with them their version: they are migrated when a client opens the store.
      { type: 'put', key: metaKeys.version, value: utf8Bytes(String(Math.max(version, namesVersion))) },
      { type: 'del', key: metaKeys.rekeying }
    ],
    { flush: true }
  )
}
