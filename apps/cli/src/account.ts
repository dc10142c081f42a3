import {
  aesGcmOpen,
  aesGcmSeal,
  bytesToHex,
  concatBytes,
  generatePrivateKey,
  hexToBytes,
  hkdfSha256,
  isPrivateKey,
  publicKeyOf,
  randomBytes,
  utf8Bytes
} from '@status-stack/crypto'
import {
  AccountsError,
  createIdentityKey,
  encodeKeyText,
  mnemonicFromEntropy,
  sealKeystore,
  statusGoScrypt,
  unlockKeystore
} from '@status-stack/status-accounts'
import type { IdentityKey } from '@status-stack/status-client'
import type { ClassicLevel } from 'classic-level'
import { accountFileVersion, damaged, isRecord, readAccountJson, writeAccountJson } from './account-file.ts'
import { CliError } from './errors.ts'
import { type Profile, profileExists, readJson, writeJson } from './profile.ts'
import {
  newStorageKey,
  replaceStorageKey,
  type StorageAccess,
  settleStorageKey,
  wrapStorageKey
} from './storage-key.ts'

const saltLength = 16

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

/** What an identity is made of: a key, and the entropy of its recovery phrase when it came from one. */
export interface AccountSecrets {
  /** 32 bytes. Cleared by `createAccount`. */
  readonly privateKey: Uint8Array
  /** 16 to 32 bytes. */
  readonly entropy?: Uint8Array | undefined
}

/** Makes a new account in an empty profile; `lightKdf` derives with a tenth of the work. @throws CliError `profile-exists` */
export async function createAccount(
  profile: Profile,
  secrets: AccountSecrets,
  password: string,
  options: { readonly lightKdf?: boolean | undefined } = {}
): Promise<PublicAccount> {
  const { privateKey } = secrets
  if (profileExists(profile)) {
    throw new CliError(
      'profile',
      'profile-exists',
      `profile ${profile.name} exists already: ${profile.folder}`,
      'choose another name with --profile'
    )
  }
  const publicKey = publicKeyOf(privateKey)
  const salt = randomBytes(saltLength)
  const { keystore, wrappingKey } = await sealKey(privateKey, password, options.lightKdf)
  await writeAccountJson(profile, {
    publicKey: `0x${bytesToHex(publicKey)}`,
    text: encodeKeyText(publicKey),
    salt: bytesToHex(salt),
    keystore,
    phrase: secrets.entropy === undefined ? undefined : sealPhrase(privateKey, salt, secrets.entropy),
    storage: wrapStorageKey(newStorageKey(), wrappingKey)
  })
  wrappingKey.fill(0)
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
  const { phrase, salt } = await readAccountJson(profile)
  if (phrase === undefined) {
    throw new CliError('failed', 'no-phrase', 'this identity has no recovery phrase: it was made from a private key')
  }
  const { privateKey } = await exportSecrets(profile, password)
  try {
    const sealed = hexToBytes(phrase)
    return mnemonicFromEntropy(
      aesGcmOpen(phraseKey(privateKey, hexToBytes(salt)), sealed.slice(0, 12), sealed.slice(12))
    )
  } catch {
    throw damaged(profile.accountFile)
  } finally {
    privateKey.fill(0)
  }
}

/** The private key of a profile, for an encrypted copy elsewhere. The caller clears it. */
export async function exportSecrets(profile: Profile, password: string): Promise<AccountSecrets> {
  const { privateKey, storage } = await unlock(profile, password)
  for (const key of [storage.wrappingKey, storage.derivedKey]) key.fill(0)
  return { privateKey }
}

function phraseKey(privateKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return hkdfSha256(privateKey, salt, utf8Bytes('status-stack/phrase/1'), 32)
}

/** Hex of nonce‖AES-GCM of the phrase's entropy under a key derived from the private key. */
function sealPhrase(privateKey: Uint8Array, salt: Uint8Array, entropy: Uint8Array): string {
  const nonce = randomBytes(12)
  return bytesToHex(concatBytes(nonce, aesGcmSeal(phraseKey(privateKey, salt), nonce, entropy)))
}

export async function readPublicAccount(profile: Profile): Promise<PublicAccount> {
  const publicKey = hexToBytes((await readAccountJson(profile)).publicKey)
  return { publicKey, text: encodeKeyText(publicKey) }
}

function derive(privateKey: Uint8Array, salt: Uint8Array, purpose: 'storage' | 'node'): Uint8Array {
  return hkdfSha256(privateKey, salt, utf8Bytes(`status-stack/${purpose}/1`), 32)
}

/** @throws CliError `wrong-password`, `no-profile`, `damaged` */
export async function openAccount(profile: Profile, password: string): Promise<OpenAccount> {
  const { privateKey, salt, storage } = await unlock(profile, password)
  const opened = {
    identity: createIdentityKey(privateKey),
    storage,
    nodeKey: validKey(derive(privateKey, salt, 'node'))
  }
  privateKey.fill(0)
  return opened
}

/** The private key and what else the password opens. The caller clears them. */
async function unlock(profile: Profile, password: string) {
  const { keystore, salt: hex } = await readAccountJson(profile)
  const { privateKey, wrappingKey } = await openKeystore(keystore, password, profile.accountFile)
  const salt = hexToBytes(hex)
  return { privateKey, salt, storage: { wrappingKey, derivedKey: derive(privateKey, salt, 'storage') } }
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
  await writeJson(profile, profile.nodeFile, { version: accountFileVersion, keystore })
  return privateKey
}

/** @throws CliError `wrong-password`, `damaged` */
export async function openNodeKey(profile: Profile, password: string): Promise<Uint8Array> {
  const json = await readJson(profile.nodeFile)
  if (!isRecord(json) || json['version'] !== accountFileVersion) throw damaged(profile.nodeFile)
  const { privateKey, wrappingKey } = await openKeystore(json['keystore'], password, profile.nodeFile)
  wrappingKey.fill(0)
  return privateKey
}

async function sealKey(privateKey: Uint8Array, password: string, lightKdf: boolean | undefined) {
  const cost = lightKdf === true ? { scrypt: statusGoScrypt } : {}
  const { text, wrappingKey } = await sealKeystore({ privateKey }, password, cost)
  return { keystore: JSON.parse(text) as unknown, wrappingKey }
}

async function openKeystore(
  keystore: unknown,
  password: string,
  path: string
): Promise<{ readonly privateKey: Uint8Array; readonly wrappingKey: Uint8Array }> {
  try {
    return await unlockKeystore(JSON.stringify(keystore ?? null), password)
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
