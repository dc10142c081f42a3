import { uuidV4 } from '@status-stack/utils'
import type { ComposeDeps } from '../composition/deps.ts'
import { ClientError, check } from '../errors.ts'
import type { Random } from '../ports.ts'
import { openChatCache } from './chat-cache.ts'
import { sweepStrayNotes } from './messages/stray-notes.ts'
import type { SelfRecord } from './records.ts'
import { createEraser } from './stores/eraser.ts'
import { gatherWrites } from './stores/gather-writes.ts'
import { openKeyValue } from './stores/key-value.ts'
import { createKeys } from './stores/keys.ts'
import { cacheReads } from './stores/read-cache.ts'
import { prepareStore } from './stores/schema.ts'
import { createStore } from './stores/store.ts'
import { createVault } from './stores/vault.ts'

/** Opens the database, proves the storage key, migrates, and reads what is kept in memory. */
export async function openStores(
  deps: Pick<ComposeDeps, 'database' | 'storageKey' | 'clock'>,
  random: Random,
  nowMs: number,
  installationId?: string
) {
  check.object('database', deps.database)
  check.bytes('storageKey', deps.storageKey, 32)
  const clock = deps.clock ?? { nowMs: () => Date.now() }
  const eraser = createEraser(gatherWrites(await openKeyValue(deps.database)), clock)
  const kv = cacheReads(eraser.kv, clock)
  const vault = await prepareStore(kv, createVault(deps.storageKey, random))
  const store = createStore(kv, vault)
  const keys = createKeys(vault, clock)
  await sweepStrayNotes(store, keys)
  let self = await store.get<SelfRecord>(keys.self)
  if (self === undefined) {
    self = {
      installationId: installationId ?? uuidV4(random),
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
    throw new ClientError('invalid-argument', 'installationId: the store belongs to another installation', {
      origin: 'caller'
    })
  }
  return { kv, vault, eraser, store, keys, self, chatCache: await openChatCache(store, keys) }
}

export type OpenStores = Awaited<ReturnType<typeof openStores>>
