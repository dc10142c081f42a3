import { generatePrivateKey, hexToBytes, isPrivateKey } from '@status-stack/crypto'
import {
  type AccountSecrets,
  AccountsError,
  createAccountRecord,
  createIdentityKey,
  deriveAccountKey,
  deriveKeystoreKey,
  encodeKeyText,
  recoveryPhraseIn,
  sealKeystore,
  statusGoScrypt,
  type UnlockedAccount,
  unlockAccountRecord,
  unlockKeystore,
  unlockKeystoreWith,
  wrapStorageKey
} from '@status-stack/status-accounts'
import type { AccountRecord } from '@status-stack/status-accounts/record'
import type { IdentityKey } from '@status-stack/status-client'
import type { ClassicLevel } from 'classic-level'
import { damaged, isRecord, nodeFileVersion, readAccountJson, writeAccountJson } from './account-file.ts'
import { CliError } from './errors.ts'
import { assertNoProfile, type Profile, readJson, writeJson } from './profile.ts'
import { replaceStorageKey, type StorageAccess, settleStorageKey } from './storage-key.ts'

export type { AccountSecrets } from '@status-stack/status-accounts'

/** No password is needed for it. */
export interface PublicAccount {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** `zQ3sh…` */
  readonly text: string
}

/** An unlocked account. The private key itself stays in here. */
export interface OpenAccount {
  readonly identity: IdentityKey
  /** Opens the key of the profile's database, for `settleStorageKey`. */
  readonly storage: StorageAccess
  /** 32 bytes; names this profile on the network, independent of the identity for everybody else. */
  readonly nodeKey: Uint8Array
}

/** Makes a new account in an empty profile; `lightKdf` derives with a tenth of the work. @throws CliError `profile-exists` */
export async function createAccount(
  profile: Profile,
  secrets: AccountSecrets,
  password: string,
  options: { readonly lightKdf?: boolean | undefined } = {}
): Promise<PublicAccount> {
  assertNoProfile(profile)
  const record = await createAccountRecord(secrets, password, costOf(options.lightKdf))
  await writeAccountJson(profile, record)
  const publicKey = hexToBytes(record.publicKey)
  return { publicKey, text: encodeKeyText(publicKey) }
}

/**
 * Encrypts the same private key under another password, and the database under another key: a copy of the old file opens neither
 * with the old password. `database` is the profile's, open.
 */
export async function changePassword(
  profile: Profile,
  database: ClassicLevel<string, Uint8Array>,
  from: string,
  to: string
): Promise<void> {
  const { privateKey, storage } = await unlock(profile, from)
  try {
    const { keystore, wrappingKey } = await sealKey(privateKey, to, false)
    const former = await settleStorageKey(profile, database, storage)
    // Still under the old password, which counts until all is done.
    const current = await replaceStorageKey(profile, database, former, storage.wrappingKey)
    const account = await readAccountJson(profile)
    await writeAccountJson(profile, { ...account, keystore, storage: wrapStorageKey(current, wrappingKey) })
    for (const key of [wrappingKey, current]) key.fill(0)
  } finally {
    for (const key of [privateKey, storage.wrappingKey, storage.derivedKey]) key.fill(0)
  }
}

/** The recovery phrase. @throws CliError `no-phrase` for an identity that was not made from one */
export async function recoveryPhrase(profile: Profile, password: string): Promise<string> {
  const account = await readAccountJson(profile)
  if (account.phrase === undefined) {
    throw new CliError('failed', 'no-phrase', 'this identity has no recovery phrase: it was made from a private key')
  }
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

export async function readPublicAccount(profile: Profile): Promise<PublicAccount> {
  const publicKey = hexToBytes((await readAccountJson(profile)).publicKey)
  return { publicKey, text: encodeKeyText(publicKey) }
}

/** @throws CliError `wrong-password`, `no-profile`, `damaged` */
export const openAccount = (profile: Profile, password: string): Promise<OpenAccount> => openWith(profile, password)

/** The same with the key that `profileKey` gave: nothing is derived. @throws CliError `wrong-password`, `no-profile`, `damaged` */
export const openAccountWith = (profile: Profile, key: Uint8Array): Promise<OpenAccount> => openWith(profile, key)

/**
 * The key that a password gives for this profile, until it has another password: 32 bytes, as secret as the password.
 * @throws CliError `wrong-password`, `no-profile`, `damaged`
 */
export async function profileKey(profile: Profile, password: string): Promise<Uint8Array> {
  const { keystore } = await readAccountJson(profile)
  return opened(profile.accountFile, () => deriveKeystoreKey(JSON.stringify(keystore ?? null), password))
}

async function openWith(profile: Profile, secret: string | Uint8Array): Promise<OpenAccount> {
  const { privateKey, salt, storage } = await unlock(profile, secret)
  const account = {
    identity: createIdentityKey(privateKey),
    storage,
    nodeKey: validKey(deriveAccountKey({ privateKey, salt }, 'node'))
  }
  privateKey.fill(0)
  return account
}

/** The private key and what else the password opens. The caller clears them. */
async function unlock(profile: Profile, secret: string | Uint8Array) {
  const unlocked = await openRecord(profile, await readAccountJson(profile), secret)
  const { privateKey, salt, wrappingKey } = unlocked
  return { privateKey, salt, storage: { wrappingKey, derivedKey: deriveAccountKey(unlocked, 'storage') } }
}

/** A text is the password, bytes are the key that was derived from it. @throws CliError `wrong-password`, `damaged` */
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

/** The key of a node without an account, made at its first start. */
export async function createNodeKey(
  profile: Profile,
  password: string,
  options: { readonly lightKdf?: boolean } = {}
): Promise<Uint8Array> {
  const privateKey = generatePrivateKey()
  const { keystore, wrappingKey } = await sealKey(privateKey, password, options.lightKdf)
  wrappingKey.fill(0)
  await writeJson(profile, profile.nodeFile, { version: nodeFileVersion, keystore })
  return privateKey
}

/** @throws CliError `wrong-password`, `damaged` */
export async function openNodeKey(profile: Profile, password: string): Promise<Uint8Array> {
  const json = await readJson(profile.nodeFile)
  if (!isRecord(json) || json['version'] !== nodeFileVersion) throw damaged(profile.nodeFile)
  const { privateKey, wrappingKey } = await opened(profile.nodeFile, () =>
    unlockKeystore(JSON.stringify(json['keystore'] ?? null), password)
  )
  wrappingKey.fill(0)
  return privateKey
}

const costOf = (lightKdf: boolean | undefined) => (lightKdf === true ? { scrypt: statusGoScrypt } : {})

async function sealKey(privateKey: Uint8Array, password: string, lightKdf: boolean | undefined) {
  const { text, wrappingKey } = await sealKeystore({ privateKey }, password, costOf(lightKdf))
  return { keystore: JSON.parse(text) as unknown, wrappingKey }
}

/** Opens what is in a file of the profile. @throws CliError `wrong-password`, `damaged` */
async function opened<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (AccountsError.is(error) && error.code === 'wrong-password') {
      throw new CliError('password', 'wrong-password', 'the password does not open this profile')
    }
    throw damaged(path)
  }
}

function validKey(bytes: Uint8Array): Uint8Array {
  // One in 2^128 derived values is no private key; it will not occur, and nothing wrong may be used.
  if (!isPrivateKey(bytes)) throw new CliError('failed', 'node-key', 'no node key can be derived for this profile')
  return bytes
}
