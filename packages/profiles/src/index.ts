/** Identities on disk: keys under a password, the database beside them, and everything that makes, opens, moves and deletes them. */
export {
  changePassword,
  createAccount,
  newSecrets,
  type OpenAccount,
  openAccount,
  type PublicAccount,
  profileKey,
  recoveryPhrase,
  secretsOfPhrase
} from './account.ts'
export { type Backup, backupKeystore, formatBackup, openBackup, parseBackup, restoreProfile } from './backup.ts'
export { assertFree, openDatabase } from './database.ts'
export { ProfileError, type ProfileErrorCode } from './errors.ts'
export type { Profile } from './folder/profile.ts'
export { type Keyring, systemKeyring } from './keyring.ts'
export type { KdfOptions } from './keystore.ts'
export { limits } from './limits.ts'
export { eraseAccount, removeDatabase, renameProfile } from './move.ts'
export { forgetKey, openProfile, type Unlocking } from './open.ts'
export { type Database, type StorageAccess, settleStorageKey } from './storage-key.ts'
