import { hexToBytes, isPrivateKey } from '@status-stack/crypto'
import {
  type AccountSecrets,
  accountOfMnemonic,
  createAccountRecord,
  createIdentityKey,
  deriveAccountKey,
  deriveKeystoreKey,
  encodeKeyText,
  entropyOfMnemonic,
  generateMnemonic,
  type IdentityKey,
  recoveryPhraseIn,
  type UnlockedAccount,
  unlockAccountRecord,
  unlockKeystoreWith,
  wrapStorageKey
} from '@status-stack/status-accounts'
import type { AccountRecord } from '@status-stack/status-accounts/record'
import { damaged, profileError } from './errors.ts'
import { assertNoDatabase, assertNoProfile, type Profile } from './folder/profile.ts'
import { readAccount, writeAccount, writeNewAccount } from './folder/record.ts'
import { costOf, type KdfOptions, opened, sealKey } from './keystore.ts'
import { type Database, replaceStorageKey, type StorageAccess, settleStorageKey } from './storage-key.ts'

/** No password is needed for it. */
export interface PublicAccount {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** `zQ3sh…` */
  readonly text: string
}

/** An unlocked account. The private key itself stays in here. */
export interface OpenAccount {
  /** Signs and agrees for the identity, for a client. */
  readonly identity: IdentityKey
  /** Opens the key of the profile's database, for {@link settleStorageKey}. */
  readonly storage: StorageAccess
  /** 32 bytes; names this profile on the network, independent of the identity for everybody else. */
  readonly nodeKey: Uint8Array
}

/**
 * The secrets of a new identity with a recovery phrase. The caller clears them.
 *
 * @example
 * ```ts
 * await createAccount(profile, await newSecrets(), password)
 * ```
 */
export const newSecrets = (): Promise<AccountSecrets> => secretsOfPhrase(generateMnemonic())

/**
 * The secrets of the identity of a recovery phrase. The caller clears them.
 *
 * @throws ProfileError `phrase`
 * @example
 * ```ts
 * const secrets = await secretsOfPhrase(phrase)
 * ```
 */
export async function secretsOfPhrase(phrase: string): Promise<AccountSecrets> {
  try {
    return { privateKey: (await accountOfMnemonic(phrase)).chat.privateKey, entropy: entropyOfMnemonic(phrase) }
  } catch {
    throw profileError('phrase', 'these are not the words of a recovery phrase: a word or the checksum does not fit')
  }
}

/**
 * Makes the account of a profile that has none, encrypted under a password.
 *
 * @throws ProfileError `profile-exists`, `stray-database`
 * @example
 * ```ts
 * const { text } = await createAccount(profile, await newSecrets(), password)
 * ```
 */
export async function createAccount(
  profile: Profile,
  secrets: AccountSecrets,
  password: string,
  options: KdfOptions = {}
): Promise<PublicAccount> {
  assertNoProfile(profile)
  assertNoDatabase(profile)
  const record = await createAccountRecord(secrets, password, costOf(options))
  await writeNewAccount(profile, record)
  const publicKey = hexToBytes(record.publicKey)
  return { publicKey, text: encodeKeyText(publicKey) }
}

/**
 * Unlocks the account of a profile.
 *
 * @param secret - the password, or the 32 bytes that {@link profileKey} gave for it: then nothing is derived
 * @throws ProfileError `no-profile`, `damaged`, `wrong-password`
 * @example
 * ```ts
 * const { identity } = await openAccount(profile, password)
 * ```
 */
export async function openAccount(profile: Profile, secret: string | Uint8Array): Promise<OpenAccount> {
  const { privateKey, salt, storage } = await unlock(profile, secret)
  const nodeKey = validKey(deriveAccountKey({ privateKey, salt }, 'node'))
  const identity = createIdentityKey(privateKey)
  privateKey.fill(0)
  return { identity, storage, nodeKey }
}

/**
 * The key that a password gives for this profile, until it has another password: 32 bytes, as secret as the password.
 *
 * @throws ProfileError `no-profile`, `damaged`, `wrong-password`
 * @example
 * ```ts
 * const key = await profileKey(profile, password)
 * ```
 */
export async function profileKey(profile: Profile, password: string): Promise<Uint8Array> {
  const { keystore } = await readAccount(profile)
  return opened(profile.accountFile, () => deriveKeystoreKey(JSON.stringify(keystore ?? null), password))
}

/**
 * Encrypts the same private key under another password, and the database under another key: a copy of the old file opens neither
 * with the old password.
 *
 * @param database - the profile's, open
 * @throws ProfileError `no-profile`, `damaged`, `wrong-password`
 * @example
 * ```ts
 * const database = await openDatabase(profile)
 * await changePassword(profile, database, { from: password, to: 'correct horse battery staple' })
 * ```
 */
export async function changePassword(
  profile: Profile,
  database: Database,
  { from, to }: { readonly from: string; readonly to: string },
  options: KdfOptions = {}
): Promise<void> {
  const { privateKey, storage } = await unlock(profile, from)
  try {
    const { keystore, wrappingKey } = await sealKey(privateKey, to, options)
    const former = await settleStorageKey(profile, database, storage)
    // Still under the old password, which counts until all is done.
    const current = await replaceStorageKey(profile, database, former, storage.wrappingKey)
    const account = await readAccount(profile)
    await writeAccount(profile, { ...account, keystore, storage: wrapStorageKey(current, wrappingKey) })
    for (const key of [wrappingKey, current]) key.fill(0)
  } finally {
    for (const key of [privateKey, storage.wrappingKey, storage.derivedKey]) key.fill(0)
  }
}

/**
 * The recovery phrase of an identity.
 *
 * @throws ProfileError `no-phrase` for an identity that was not made from one; `no-profile`, `damaged`, `wrong-password`
 * @example
 * ```ts
 * const words = await recoveryPhrase(profile, password)
 * ```
 */
export async function recoveryPhrase(profile: Profile, password: string): Promise<string> {
  const account = await readAccount(profile)
  if (account.phrase === undefined)
    throw profileError('no-phrase', 'this identity has no recovery phrase: it was made from a private key')
  const unlocked = await openRecord(profile, account, password)
  try {
    return recoveryPhraseIn(account, unlocked) ?? ''
  } catch {
    throw damaged(profile.accountFile)
  } finally {
    for (const key of [unlocked.privateKey, unlocked.wrappingKey]) key.fill(0)
  }
}

/** The private key of a profile, for an encrypted copy elsewhere. The caller clears it. */
export async function exportSecrets(profile: Profile, password: string): Promise<AccountSecrets> {
  const { privateKey, storage } = await unlock(profile, password)
  for (const key of [storage.wrappingKey, storage.derivedKey]) key.fill(0)
  return { privateKey }
}

/** The private key and what else the secret opens. The caller clears them. */
async function unlock(profile: Profile, secret: string | Uint8Array) {
  const unlocked = await openRecord(profile, await readAccount(profile), secret)
  const { privateKey, salt, wrappingKey } = unlocked
  return { privateKey, salt, storage: { wrappingKey, derivedKey: deriveAccountKey(unlocked, 'storage') } }
}

/** @throws ProfileError `wrong-password`, `damaged` */
async function openRecord(
  profile: Profile,
  account: AccountRecord,
  secret: string | Uint8Array
): Promise<Pick<UnlockedAccount, 'privateKey' | 'salt' | 'wrappingKey'>> {
  return opened(profile.accountFile, async () => {
    if (typeof secret === 'string') return unlockAccountRecord(account, secret)
    const { privateKey, wrappingKey } = await unlockKeystoreWith(JSON.stringify(account.keystore ?? null), secret)
    return { privateKey, wrappingKey, salt: hexToBytes(account.salt) }
  })
}

function validKey(bytes: Uint8Array): Uint8Array {
  // One in 2^128 derived values is no private key; it will not occur, and nothing wrong may be used.
  if (!isPrivateKey(bytes)) throw profileError('node-key', 'no node key can be derived for this profile')
  return bytes
}
