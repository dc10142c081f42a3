import { createMutex } from '@status-stack/utils'
import type { Random } from '../../ports.ts'
import type { KeyValue } from './key-value.ts'
import type { Vault } from './vault.ts'

/** Structurally the session store port of `status-pfs`: opaque versioned records with compare-and-set. */
export interface SessionStore {
  /** The record under an id and the revision that a write has to name; `undefined` when there is none. */
  readonly get: (id: Uint8Array) => Promise<{ readonly record: Uint8Array; readonly revision: number } | undefined>
  /** Writes only if the stored revision is still this one (0: absent); answers whether it did. */
  readonly put: (id: Uint8Array, record: Uint8Array, revision: number) => Promise<boolean>
  /** Removes only if the stored revision is still this one; answers whether it did. */
  readonly delete: (id: Uint8Array, revision: number) => Promise<boolean>
}

const revisionBytes = 6

function numberOf(bytes: Uint8Array): number {
  return bytes.subarray(0, revisionBytes).reduce((sum, byte) => sum * 256 + byte, 0)
}

/** Ratchet state and private prekeys, encrypted; an id holds an identity, so it is HMACed. The revision is sealed with the record. */
export function createSessionStore(kv: KeyValue, vault: Vault, random: Random): SessionStore {
  // The database has one writer, so a lock of our own makes compare-and-set atomic.
  const writing = createMutex()
  // Random, not counted: a record that was deleted and made again has another revision than any before.
  const fresh = (before: number): Uint8Array => {
    for (;;) {
      const bytes = random.bytes(revisionBytes)
      const revision = numberOf(bytes)
      if (revision !== 0 && revision !== before) return bytes
    }
  }
  const keyOf = (id: Uint8Array): string => `session!${vault.name('session', id)}`
  const get: SessionStore['get'] = async id => {
    const key = keyOf(id)
    const sealed = await kv.get(key)
    if (sealed === undefined) return undefined
    const plain = vault.open(key, sealed)
    return { record: plain.slice(revisionBytes), revision: numberOf(plain) }
  }
  const revisionOf = async (id: Uint8Array): Promise<number> => (await get(id))?.revision ?? 0
  return {
    get,
    put: (id, record, revision) =>
      writing.run(async () => {
        if ((await revisionOf(id)) !== revision) return false
        const key = keyOf(id)
        const plain = new Uint8Array(revisionBytes + record.length)
        plain.set(fresh(revision))
        plain.set(record, revisionBytes)
        await kv.write([{ type: 'put', key, value: vault.seal(key, plain) }])
        return true
      }),
    delete: (id, revision) =>
      writing.run(async () => {
        if (revision === 0 || (await revisionOf(id)) !== revision) return false
        await kv.write([{ type: 'del', key: keyOf(id) }])
        return true
      })
  }
}
