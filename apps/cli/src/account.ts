import {
  bytesToHex,
  generatePrivateKey,
  hexToBytes,
  hkdfSha256,
  isPrivateKey,
  publicKeyOf,
  randomBytes,
  utf8Bytes
} from '@status-stack/crypto'
import {
  createIdentityKey,
  decryptKeystore,
  encodeKeyText,
  encryptKeystore,
  statusGoScrypt
} from '@status-stack/status-accounts'
import type { IdentityKey } from '@status-stack/status-client'
import { CliError } from './errors.ts'
import { type Profile, profileExists, readJson, writeJson } from './profile.ts'

const fileVersion = 1
const saltLength = 16

/** What `whoami` shows: no password is needed for it. */
export interface PublicAccount {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** `zQ3sh…` */
  readonly text: string
}

/** An account whose password was right. The private key itself stays in here. */
export interface OpenAccount {
  readonly identity: IdentityKey
  /** 32 bytes; encrypts the profile's database. */
  readonly storageKey: Uint8Array
  /** 32 bytes; names this profile on the network, independent of the identity for everybody else. */
  readonly nodeKey: Uint8Array
}

interface AccountFile {
  readonly publicKey: Uint8Array
  readonly salt: Uint8Array
  readonly keystore: unknown
}

/** Makes a new account in an empty profile; `lightKdf` derives with a tenth of the work. @throws CliError `profile-exists` */
export async function createAccount(
  profile: Profile,
  privateKey: Uint8Array,
  password: string,
  options: { readonly lightKdf?: boolean | undefined } = {}
): Promise<PublicAccount> {
  if (profileExists(profile)) {
    throw new CliError(
      'profile',
      'profile-exists',
      `profile ${profile.name} exists already: ${profile.folder}`,
      'choose another name with --profile'
    )
  }
  const publicKey = publicKeyOf(privateKey)
  await writeJson(profile, profile.accountFile, {
    version: fileVersion,
    publicKey: `0x${bytesToHex(publicKey)}`,
    salt: bytesToHex(randomBytes(saltLength)),
    keystore: await sealKey(privateKey, password, options.lightKdf)
  })
  return { publicKey, text: encodeKeyText(publicKey) }
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
    version: fileVersion,
    keystore: await sealKey(privateKey, password, options.lightKdf)
  })
  return privateKey
}

/** @throws CliError `wrong-password`, `damaged` */
export async function openNodeKey(profile: Profile, password: string): Promise<Uint8Array> {
  const json = await readJson(profile.nodeFile)
  if (!isRecord(json) || json['version'] !== fileVersion) throw damaged(profile.nodeFile)
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
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'wrong-password') {
      throw new CliError('password', 'wrong-password', 'the password does not open this profile')
    }
    throw damaged(path)
  }
}

async function readAccountFile(profile: Profile): Promise<AccountFile> {
  const json = await readJson(profile.accountFile)
  if (!isRecord(json) || json['version'] !== fileVersion) throw damaged(profile.accountFile)
  try {
    const publicKey = hexToBytes(String(json['publicKey']))
    const salt = hexToBytes(String(json['salt']))
    if (publicKey.length === 65 && salt.length === saltLength) return { publicKey, salt, keystore: json['keystore'] }
  } catch {
    // Falls through to the same answer as a wrong length.
  }
  throw damaged(profile.accountFile)
}

function validKey(bytes: Uint8Array): Uint8Array {
  // One in 2^128 derived values is no private key; nobody will meet it, and nothing wrong may be used.
  if (!isPrivateKey(bytes)) throw new CliError('failed', 'node-key', 'no node key can be derived for this profile')
  return bytes
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function damaged(path: string): CliError {
  return new CliError('profile', 'damaged', `${path} is damaged, or made by a newer version`)
}
