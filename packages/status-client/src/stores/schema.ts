import { equalBytes, utf8Bytes } from '@status-stack/crypto'
import { ClientError } from '../errors.ts'
import type { KeyValue } from './key-value.ts'
import type { Vault } from './vault.ts'

/** Raised by one whenever a stored shape changes; `migrations` then gains the step from the version before. */
export const schemaVersion = 1

/** One step; runs to its end, or again from its start after a crash: it must be idempotent. */
export interface Migration {
  readonly from: number
  readonly run: (kv: KeyValue, vault: Vault) => Promise<void>
}

/** Steps from older stores, in order. */
export const migrations: readonly Migration[] = []

const versionKey = '!schema'
const proofKey = '!proof'
const proof = utf8Bytes('status-client store')

/**
 * Marks a new store, checks the key of an old one and brings it up to date.
 * @throws ClientError `wrong-storage-key`, `store-newer`, `store-corrupt`
 */
export async function prepareStore(
  kv: KeyValue,
  vault: Vault,
  target: number = schemaVersion,
  steps: readonly Migration[] = migrations
): Promise<void> {
  const stored = await kv.get(versionKey)
  if (stored === undefined) {
    await kv.write([
      { type: 'put', key: proofKey, value: vault.seal(proofKey, proof) },
      { type: 'put', key: versionKey, value: utf8Bytes(String(target)) }
    ])
    return
  }
  const sealed = await kv.get(proofKey)
  let opens = false
  try {
    opens = sealed !== undefined && equalBytes(vault.open(proofKey, sealed), proof)
  } catch {
    opens = false
  }
  if (!opens)
    throw new ClientError('wrong-storage-key', 'store: it belongs to another storage key', { origin: 'caller' })
  let version = Number(new TextDecoder().decode(stored))
  if (!Number.isInteger(version))
    throw new ClientError('store-corrupt', 'store: no schema version', { origin: 'environment' })
  if (version > target) {
    throw new ClientError(
      'store-newer',
      `store: written by a later release (schema ${version}, this one knows ${target})`,
      {
        origin: 'environment',
        details: { stored: version, known: target }
      }
    )
  }
  while (version < target) {
    const step = steps.find(candidate => candidate.from === version)
    if (step === undefined) {
      throw new ClientError('store-corrupt', `store: no way from schema ${version}`, { origin: 'environment' })
    }
    await step.run(kv, vault)
    version += 1
    await kv.write([{ type: 'put', key: versionKey, value: utf8Bytes(String(version)) }])
  }
}
