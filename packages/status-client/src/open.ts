import { openBook } from './book.ts'
import type { ClientDeps } from './client-types.ts'
import { ClientError } from './errors.ts'
import type { Random } from './ports.ts'
import type { SelfRecord } from './records.ts'
import { openKeyValue } from './stores/key-value.ts'
import { createKeys } from './stores/keys.ts'
import { prepareStore } from './stores/schema.ts'
import { createStore } from './stores/store.ts'
import { createVault } from './stores/vault.ts'

/** A random UUID v4: never reused, so that no peer takes this device for an earlier one. SPEC: 2/ACCOUNT. */
export function newInstallationId(random: Random): string {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Opens the database, proves the storage key, migrates, and reads what is kept in memory. */
export async function openStores(
  deps: Pick<ClientDeps, 'database' | 'storageKey'>,
  random: Random,
  nowMs: number,
  installationId?: string
) {
  const kv = await openKeyValue(deps.database)
  const vault = createVault(deps.storageKey, random)
  await prepareStore(kv, vault)
  const store = createStore(kv, vault)
  const keys = createKeys(vault)
  let self = await store.get<SelfRecord>(keys.self)
  if (self === undefined) {
    self = {
      installationId: installationId ?? newInstallationId(random),
      createdMs: nowMs,
      ensName: '',
      picture: '',
      profileClock: 0,
      deviceName: '',
      deviceType: ''
    }
    const unit = store.unit()
    unit.put(keys.self, self)
    await unit.commit()
  } else if (installationId !== undefined && installationId !== self.installationId) {
    throw new ClientError('invalid-option', 'installationId: the store belongs to another one', { origin: 'caller' })
  }
  return { kv, vault, store, keys, self, book: await openBook(store, keys) }
}

export type OpenStores = Awaited<ReturnType<typeof openStores>>
