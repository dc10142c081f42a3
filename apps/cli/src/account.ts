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
  decryptKeystore,
  encodeKeyText,
  encryptKeystore,
  mnemonicFromEntropy,
  statusGoScrypt
} from '@status-stack/status-accounts'
import type { IdentityKey } from '@status-stack/status-client'
import { accountFileVersion, damaged, isRecord, readAccountJson } from './account-file.ts'
import { CliError } from './errors.ts'
import { type Profile, profileExists, readJson, writeJson } from './profile.ts'

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
  /** 32 bytes; encrypts the profile's database. */
  readonly storageKey: Uint8Array
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

interface AccountFile {
  readonly publicKey: Uint8Array
  readonly salt: Uint8Array
  readonly keystore: unknown
  /** nonce‖AES-GCM of the phrase's entropy under a key derived from the private key. */
  readonly phrase?: Uint8Array | undefined
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
  await writeAccountFile(profile, {
    publicKey,
    salt,
    keystore: await sealKey(privateKey, password, options.lightKdf),
    phrase: secrets.entropy === undefined ? undefined : sealPhrase(privateKey, salt, secrets.entropy)
  })
  return { publicKey, text: encodeKeyText(publicKey) }
}

/** Encrypts the same key under another password; everything else stays. */
export async function changePassword(profile: Profile, from: string, to: string): Promise<void> {
  const file = await readAccountFile(profile)
  const privateKey = await openKeystore(file.keystore, from, profile.accountFile)
  await writeAccountFile(profile, { ...file, keystore: await sealKey(privateKey, to, false) })
  privateKey.fill(0)
}

/** The recovery phrase. @throws CliError `no-phrase` for an identity that was not made from one */
export async function recoveryPhrase(profile: Profile, password: string): Promise<string> {
  const file = await readAccountFile(profile)
  if (file.phrase === undefined) {
    throw new CliError('failed', 'no-phrase', 'this identity has no recovery phrase: it was made from a private key')
  }
  const privateKey = await openKeystore(file.keystore, password, profile.accountFile)
  try {
    const key = phraseKey(privateKey, file.salt)
    return mnemonicFromEntropy(aesGcmOpen(key, file.phrase.slice(0, 12), file.phrase.slice(12)))
  } catch {
    throw damaged(profile.accountFile)
  } finally {
    privateKey.fill(0)
  }
}

/** The private key of a profile, for an encrypted copy elsewhere. The caller clears it. */
export async function exportSecrets(profile: Profile, password: string): Promise<AccountSecrets> {
  const file = await readAccountFile(profile)
  return { privateKey: await openKeystore(file.keystore, password, profile.accountFile) }
}

function phraseKey(privateKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return hkdfSha256(privateKey, salt, utf8Bytes('status-stack/phrase/1'), 32)
}

function sealPhrase(privateKey: Uint8Array, salt: Uint8Array, entropy: Uint8Array): Uint8Array {
  const nonce = randomBytes(12)
  return concatBytes(nonce, aesGcmSeal(phraseKey(privateKey, salt), nonce, entropy))
}

async function writeAccountFile(profile: Profile, file: AccountFile): Promise<void> {
  await writeJson(profile, profile.accountFile, {
    version: accountFileVersion,
    publicKey: `0x${bytesToHex(file.publicKey)}`,
    text: encodeKeyText(file.publicKey),
    salt: bytesToHex(file.salt),
    keystore: file.keystore,
    ...(file.phrase === undefined ? {} : { phrase: bytesToHex(file.phrase) })
  })
}

export async function readPublicAccount(profile: Profile): Promise<PublicAccount> {
  const { publicKey } = await readAccountFile(profile)
  return { publicKey, text: encodeKeyText(publicKey) }
}

/** @throws CliError `wrong-password`, `no-profile`, `damaged` */
export async function openAccount(profile: Profile, password: string): Promise<OpenAccount> {
  const file = await readAccountFile(profile)
  const privateKey = await openKeystore(file.keystore, password, profile.accountFile)
  const derive = (purpose: string): Uint8Array =>
    hkdfSha256(privateKey, file.salt, utf8Bytes(`status-stack/${purpose}/1`), 32)
  const opened = {
    identity: createIdentityKey(privateKey),
    storageKey: derive('storage'),
    nodeKey: validKey(derive('node'))
  }
  privateKey.fill(0)
  return opened
}

/** The key of a node without an account, made at its first start. */
export async function createNodeKey(
  profile: Profile,
  password: string,
  options: { readonly lightKdf?: boolean } = {}
): Promise<Uint8Array> {
  const privateKey = generatePrivateKey()
  await writeJson(profile, profile.nodeFile, {
    version: accountFileVersion,
    keystore: await sealKey(privateKey, password, options.lightKdf)
  })
  return privateKey
}

/** @throws CliError `wrong-password`, `damaged` */
export async function openNodeKey(profile: Profile, password: string): Promise<Uint8Array> {
  const json = await readJson(profile.nodeFile)
  if (!isRecord(json) || json['version'] !== accountFileVersion) throw damaged(profile.nodeFile)
  return openKeystore(json['keystore'], password, profile.nodeFile)
}

async function sealKey(privateKey: Uint8Array, password: string, lightKdf: boolean | undefined): Promise<unknown> {
  return JSON.parse(
    await encryptKeystore({ privateKey }, password, lightKdf === true ? { scrypt: statusGoScrypt } : {})
  )
}

async function openKeystore(keystore: unknown, password: string, path: string): Promise<Uint8Array> {
  try {
    return (await decryptKeystore(JSON.stringify(keystore ?? null), password)).privateKey
  } catch (error) {
    if (AccountsError.is(error) && error.code === 'wrong-password') {
      throw new CliError('password', 'wrong-password', 'the password does not open this profile')
    }
    throw damaged(path)
  }
}

async function readAccountFile(profile: Profile): Promise<AccountFile> {
  const { publicKey, salt, keystore, phrase } = await readAccountJson(profile)
  return {
    publicKey: hexToBytes(publicKey),
    salt: hexToBytes(salt),
    keystore,
    phrase: phrase === undefined ? undefined : hexToBytes(phrase)
  }
}

function validKey(bytes: Uint8Array): Uint8Array {
  // One in 2^128 derived values is no private key; nobody will meet it, and nothing wrong may be used.
  if (!isPrivateKey(bytes)) throw new CliError('failed', 'node-key', 'no node key can be derived for this profile')
  return bytes
}
