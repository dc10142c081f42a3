import { importAccount as importBackup } from './backup.ts'
import { check } from './errors.ts'

/**
 * Fills a new store from a backup of the same identity. The device gets a new installation id and no sessions: a ratchet that is
 * restored would use its key stream twice. Open the account with `createClient` afterwards.
 * @throws ClientError `invalid-argument`, `backup-invalid`; `store-corrupt` when the store is not new
 */
export const importAccount: typeof importBackup = async (deps, bytes, password) => {
  check.object('deps', deps)
  check.object('deps.identity', deps.identity)
  check.object('deps.database', deps.database)
  check.bytes('deps.storageKey', deps.storageKey, 32)
  check.object('bytes', bytes)
  check.text('password', password)
  return importBackup(deps, bytes, password)
}
