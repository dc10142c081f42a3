import { type AccountSecrets, AccountsError, decryptKeystore, encryptKeystore } from '@status-stack/status-accounts'
import { createAccount, exportSecrets, openAccount, type PublicAccount } from './account.ts'
import { openDatabase } from './database.ts'
import { ProfileError, profileError } from './errors.ts'
import type { Profile } from './folder/profile.ts'
import { costOf, type KdfOptions } from './keystore.ts'
import { eraseAccount, removeDatabase } from './move.ts'
import { settleStorageKey } from './storage-key.ts'

/** Of the file: identity, contacts and messages, encrypted under the profile's password. No sessions: decision 23. */
const fileKind = 'status-stack/account/1'

/** A backup as it is read: nothing in it is open yet. */
export interface Backup {
  /** The identity, encrypted. */
  readonly keystore: unknown
  /** Contacts and messages, encrypted: what `exportAccount` of a client made. */
  readonly history: Uint8Array
}

/**
 * The identity of a profile as a backup holds it, encrypted under the password of the profile.
 *
 * @throws ProfileError `no-profile`, `damaged`, `wrong-password`
 * @example
 * ```ts
 * const keystore = await backupKeystore(profile, password)
 * const text = formatBackup({ publicKey: '0x04…', keystore, history: await client.exportAccount(password) })
 * ```
 */
export async function backupKeystore(profile: Profile, password: string, options: KdfOptions = {}): Promise<unknown> {
  const { privateKey } = await exportSecrets(profile, password)
  const text = await encryptKeystore({ privateKey }, password, costOf(options))
  privateKey.fill(0)
  return JSON.parse(text)
}

/**
 * The text of a backup.
 *
 * @param publicKey - whose it is, for those who look into the file
 * @example
 * ```ts
 * const backup = { keystore, history: await client.exportAccount(password) }
 * await writeNewFile('backup.json', formatBackup({ publicKey: '0x04…', ...backup }))
 * ```
 */
export function formatBackup({ publicKey, keystore, history }: Backup & { readonly publicKey: string }): string {
  return `${JSON.stringify({ kind: fileKind, publicKey, keystore, history: Buffer.from(history).toString('base64') })}\n`
}

/**
 * Reads what {@link formatBackup} wrote.
 *
 * @throws ProfileError `not-an-export`
 * @example
 * ```ts
 * const backup = parseBackup(await readTextFile(backupFile, 64 * 1024 * 1024))
 * ```
 */
export function parseBackup(text: string): Backup {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw notBackup()
  }
  const { kind, keystore, history } =
    typeof file === 'object' && file !== null ? (file as Readonly<Record<string, unknown>>) : {}
  if (kind !== fileKind || typeof history !== 'string') throw notBackup()
  return { keystore, history: new Uint8Array(Buffer.from(history, 'base64')) }
}

/**
 * The secrets of the identity in a backup. The caller clears them.
 *
 * @throws ProfileError `wrong-password`, `not-an-export`
 * @example
 * ```ts
 * const secrets = await openBackup(backup, password)
 * ```
 */
export async function openBackup({ keystore }: Backup, password: string): Promise<AccountSecrets> {
  try {
    return { privateKey: (await decryptKeystore(JSON.stringify(keystore ?? null), password)).privateKey }
  } catch (error) {
    throw AccountsError.is(error) && error.code === 'wrong-password'
      ? profileError('wrong-password', 'the password does not open this file')
      : notBackup()
  }
}

/**
 * Makes the profile of an identity, with the contacts and messages of a backup in its database: a new device. None is left when it cannot be
 * made whole.
 *
 * @param password - that of the backup; it is the profile's from now on
 * @throws ProfileError `profile-exists`; ClientError for a history that does not open
 * @example
 * ```ts
 * const { text } = await restoreProfile(profile, { secrets: await openBackup(backup, password), ...backup }, password)
 * ```
 */
export async function restoreProfile(
  profile: Profile,
  { secrets, history }: Pick<Backup, 'history'> & { readonly secrets: AccountSecrets },
  password: string,
  options: KdfOptions = {}
): Promise<PublicAccount> {
  const account = await createAccount(profile, secrets, password, options)
  try {
    await fill(profile, history, password)
    return account
  } catch (error) {
    // An account without its history would be in the way of another try.
    await undo(profile, error).catch(() => {})
    throw error
  }
}

async function fill(profile: Profile, history: Uint8Array, password: string): Promise<void> {
  const opened = await openAccount(profile, password)
  const database = await openDatabase(profile)
  try {
    const storageKey = await settleStorageKey(profile, database, opened.storage)
    // The client takes long to load, and nobody else here needs it.
    const { importAccount } = await import('@status-stack/status-client')
    await importAccount({ identity: opened.identity, database, storageKey }, history, password)
  } finally {
    await database.close()
  }
}

async function undo(profile: Profile, error: unknown): Promise<void> {
  await eraseAccount(profile)
  // Files that another process has open are not ours.
  if (!(ProfileError.is(error) && error.code === 'profile-locked')) await removeDatabase(profile)
}

const notBackup = (): ProfileError => profileError('not-an-export', 'this is no backup of an account')
