import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AccountSecrets, AccountsError, decryptKeystore, encryptKeystore } from '@status-stack/status-accounts'
import { isLeftover, processMark } from '@status-stack/utils/process'
import { createAccount, exportSecrets, openAccount, type PublicAccount } from './account.ts'
import { openDatabase } from './database.ts'
import { type ProfileError, profileError } from './errors.ts'
import { makeFolder, placeFile } from './files/private.ts'
import { assertNoDatabase, assertNoProfile, existsAlready, type Profile, profileAt } from './folder/profile.ts'
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
 * Makes the profile of an identity, with the contacts and messages of a backup in its database: a new device. It is there once it is whole;
 * what a process has made of it that was ended before, the next restoration of the same profile deletes.
 *
 * @param password - that of the backup; it is the profile's from now on
 * @throws ProfileError `profile-exists`, `stray-database`; ClientError for a history that does not open
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
  assertNoProfile(profile)
  assertNoDatabase(profile)
  await removeDrafts(profile)
  const draft = profileAt(`${draftPrefix(profile)}${processMark()}`, profile.name)
  try {
    const account = await createAccount(draft, secrets, password, options)
    await fill(draft, history, password)
    await moveInto(draft, profile)
    return account
  } finally {
    // An account without its history would be in the way of another try.
    await removeDraft(draft)
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

/** The account comes last: a profile is there when that is. */
async function moveInto(draft: Profile, profile: Profile): Promise<void> {
  await makeFolder(profile.folder)
  assertNoProfile(profile)
  // Over one that another process has put there meanwhile it cannot go.
  await rename(draft.databaseFolder, profile.databaseFolder).catch(error => {
    throw existsSync(profile.databaseFolder) ? existsAlready(profile) : error
  })
  if (await placeFile(profile.accountFile, await readFile(draft.accountFile, 'utf8'))) return
  await rm(profile.databaseFolder, { recursive: true, force: true })
  throw existsAlready(profile)
}

/** No name of a profile begins with a dot: nobody takes one that is being made for one that is there. */
const draftPrefix = ({ folder, name }: Profile): string => join(dirname(folder), `.${name}.restoring-`)

/** What was left by processes that are no more. */
async function removeDrafts(profile: Profile): Promise<void> {
  const prefix = draftPrefix(profile)
  const above = dirname(profile.folder)
  for (const entry of existsSync(above) ? await readdir(above) : []) {
    const folder = join(above, entry)
    if (!folder.startsWith(prefix)) continue
    const found = await stat(folder).catch(() => undefined)
    if (found !== undefined && isLeftover(folder.slice(prefix.length), found.mtimeMs))
      await removeDraft(profileAt(folder, profile.name))
  }
}

async function removeDraft(draft: Profile): Promise<void> {
  if (!existsSync(draft.folder)) return
  await eraseAccount(draft)
  await removeDatabase(draft)
  await rm(draft.folder, { recursive: true, force: true })
}

const notBackup = (): ProfileError => profileError('not-an-export', 'this is no backup of an account')
