import {
  aesCtr,
  bytesToHex,
  concatBytes,
  equalBytes,
  hexToBytes,
  hkdfSha256,
  isPrivateKey,
  keccak256,
  pbkdf2Sha256,
  publicKeyOf,
  type ScryptCost,
  scrypt,
  utf8Bytes
} from '@status-stack/crypto'
import { addressOf } from './address.ts'
import { AccountsError } from './errors.ts'
import { limits } from './limits.ts'
import { isScryptCost, type KeystoreOptions, resolveKeystoreOptions } from './options.ts'

/** What a keystore file holds. */
export interface KeystoreKey {
  /** 32 bytes. Clear it when done. */
  readonly privateKey: Uint8Array
  /** BIP-32 text form (`xprv…`) of the key whose children are sub-accounts; status-go's files only. */
  readonly extendedKey?: string
  /** The next sub-account's number; status-go's files only. @default 0 */
  readonly subAccountIndex?: number
}

/** What an opened keystore file says. */
export interface OpenedKeystore extends KeystoreKey {
  /** 20 bytes. */
  readonly address: Uint8Array
  readonly subAccountIndex: number
}

/** A keystore that was just made, or opened, and a key that comes with its password. */
export interface WithWrappingKey {
  /**
   * 32 bytes that only this file and its password give together: for encrypting what belongs to the key without deriving from the
   * password a second time. Another password, or the same in a new file, gives another one. Clear it when done.
   */
  readonly wrappingKey: Uint8Array
}

const dkLen = 32
/** status-go writes this in place of an extended key that is not there. */
const noExtendedKey = 'Zeroed extended key'

interface Section {
  readonly cipher: string
  readonly ciphertext: string
  readonly cipherparams: { readonly iv: string }
  readonly kdf: string
  readonly kdfparams: Readonly<Record<string, string | number>>
  readonly mac: string
}

/**
 * Encrypts a private key with a password: a JSON file in Web3 secret storage version 3. With `extendedKey` the file
 * has status-go's second section as well.
 * @throws CryptoError `invalid-private-key`; AccountsError `invalid-key`
 */
export async function encryptKeystore(
  key: KeystoreKey,
  password: string,
  options: KeystoreOptions = {}
): Promise<string> {
  const { text, wrappingKey } = await sealKeystore(key, password, options)
  wrappingKey.fill(0)
  return text
}

/**
 * Does what `encryptKeystore` does, and answers the file's wrapping key as well.
 * @throws CryptoError `invalid-private-key`; AccountsError `invalid-key`
 */
export async function sealKeystore(
  key: KeystoreKey,
  password: string,
  options: KeystoreOptions = {}
): Promise<WithWrappingKey & { readonly text: string }> {
  const { scrypt: cost, random } = resolveKeystoreOptions(options)
  const address = addressOf(publicKeyOf(key.privateKey))
  const secret = utf8Bytes(password)
  const seal = async (
    plaintext: Uint8Array
  ): Promise<{ readonly section: Section; readonly wrappingKey: Uint8Array }> => {
    const salt = random.bytes(32)
    const iv = random.bytes(16)
    const derived = await scrypt(secret, salt, cost, dkLen)
    const ciphertext = aesCtr(derived.subarray(0, 16), iv, plaintext)
    const mac = keccak256(concatBytes(derived.subarray(16), ciphertext))
    const wrappingKey = wrappingKeyOf(derived)
    derived.fill(0)
    const section = {
      cipher: 'aes-128-ctr',
      ciphertext: bytesToHex(ciphertext),
      cipherparams: { iv: bytesToHex(iv) },
      kdf: 'scrypt',
      kdfparams: { dklen: dkLen, n: cost.n, p: cost.p, r: cost.r, salt: bytesToHex(salt) },
      mac: bytesToHex(mac)
    }
    return { section, wrappingKey }
  }
  const { section, wrappingKey } = await seal(key.privateKey)
  const file: Record<string, unknown> = {
    address: bytesToHex(address),
    crypto: section,
    id: uuid(random.bytes(16)),
    version: 3
  }
  if (key.extendedKey !== undefined) file['extendedkey'] = (await seal(utf8Bytes(key.extendedKey))).section
  if (key.extendedKey !== undefined || key.subAccountIndex !== undefined) {
    file['subaccountindex'] = key.subAccountIndex ?? 0
  }
  secret.fill(0)
  return { text: JSON.stringify(file), wrappingKey }
}

function wrappingKeyOf(derived: Uint8Array): Uint8Array {
  return hkdfSha256(derived, new Uint8Array(32), utf8Bytes('status-accounts keystore wrapping key'), 32)
}

/**
 * Opens a keystore file of version 3, ours, go-ethereum's or status-go's.
 * @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password`, `address-mismatch`
 */
export async function decryptKeystore(text: string, password: string): Promise<OpenedKeystore> {
  const { wrappingKey, ...opened } = await unlockKeystore(text, password)
  wrappingKey.fill(0)
  return opened
}

/**
 * Does what `decryptKeystore` does, and answers the file's wrapping key as well.
 * @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password`, `address-mismatch`
 */
export async function unlockKeystore(text: string, password: string): Promise<WithWrappingKey & OpenedKeystore> {
  const file = parseFile(text)
  const secret = utf8Bytes(password)
  try {
    const { plaintext: privateKey, wrappingKey } = await openSection(sectionOf(file['crypto'], 'crypto'), secret)
    if (!isPrivateKey(privateKey)) throw invalid('crypto: holds no private key')
    const address = addressOf(publicKeyOf(privateKey))
    if (!equalBytes(address, addressIn(file))) {
      privateKey.fill(0)
      throw new AccountsError('address-mismatch', 'keystore: the key inside has another address than the file', {
        origin: 'peer'
      })
    }
    const subAccountIndex = subAccountIndexIn(file)
    const extendedKey = await extendedKeyIn(file, secret)
    return { privateKey, wrappingKey, address, subAccountIndex, ...(extendedKey === undefined ? {} : { extendedKey }) }
  } finally {
    secret.fill(0)
  }
}

async function extendedKeyIn(
  file: Readonly<Record<string, unknown>>,
  password: Uint8Array
): Promise<string | undefined> {
  const value = file['extendedkey']
  // A Go struct without an extended key is written with an empty ciphertext.
  if (value === undefined || value === null || (isRecord(value) && value['ciphertext'] === '')) return undefined
  const { plaintext } = await openSection(sectionOf(value, 'extendedkey'), password)
  const text = new TextDecoder().decode(plaintext)
  if (text === noExtendedKey || text === '') return undefined
  return text
}

function invalid(what: string): AccountsError {
  return new AccountsError('invalid-keystore', `keystore: ${what}`, { origin: 'peer' })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseFile(text: string): Readonly<Record<string, unknown>> {
  if (text.length > limits.keystoreCharacters) throw invalid(`expected at most ${limits.keystoreCharacters} characters`)
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw invalid('expected JSON')
  }
  if (!isRecord(file)) throw invalid('expected an object')
  if (file['version'] !== 3) throw invalid('expected version 3')
  return file
}

function addressIn(file: Readonly<Record<string, unknown>>): Uint8Array {
  const address = file['address']
  if (typeof address !== 'string' || !/^(0x)?[0-9a-f]{40}$/i.test(address)) throw invalid('address: expected 20 bytes')
  return hexToBytes(address)
}

function subAccountIndexIn(file: Readonly<Record<string, unknown>>): number {
  const index = file['subaccountindex'] ?? 0
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 0xffffffff) {
    throw invalid('subaccountindex: expected a uint32')
  }
  return index
}

function hexField(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string' || !/^(0x)?([0-9a-f]{2})*$/i.test(value)) throw invalid(`${name}: expected hex`)
  return hexToBytes(value)
}

function sectionOf(value: unknown, name: string): Section {
  if (!isRecord(value) || !isRecord(value['cipherparams']) || !isRecord(value['kdfparams'])) {
    throw invalid(`${name}: expected a section with cipherparams and kdfparams`)
  }
  return value as unknown as Section
}

async function openSection(
  section: Section,
  password: Uint8Array
): Promise<WithWrappingKey & { readonly plaintext: Uint8Array }> {
  if (section.cipher !== 'aes-128-ctr') throw invalid('cipher: expected aes-128-ctr')
  const iv = hexField(section.cipherparams.iv, 'iv')
  if (iv.length !== 16) throw invalid('iv: expected 16 bytes')
  const ciphertext = hexField(section.ciphertext, 'ciphertext')
  const mac = hexField(section.mac, 'mac')
  const derived = await derive(section, password)
  try {
    if (!equalBytes(keccak256(concatBytes(derived.subarray(16, 32), ciphertext)), mac)) {
      throw new AccountsError('wrong-password', 'keystore: the password does not open it', { origin: 'caller' })
    }
    return { plaintext: aesCtr(derived.subarray(0, 16), iv, ciphertext), wrappingKey: wrappingKeyOf(derived) }
  } finally {
    derived.fill(0)
  }
}

async function derive({ kdf, kdfparams }: Section, password: Uint8Array): Promise<Uint8Array> {
  const salt = hexField(kdfparams['salt'], 'salt')
  if (kdfparams['dklen'] !== dkLen) throw invalid(`dklen: expected ${dkLen}`)
  if (kdf === 'scrypt') return scrypt(password, salt, scryptCostIn(kdfparams), dkLen)
  if (kdf === 'pbkdf2') {
    if (kdfparams['prf'] !== 'hmac-sha256') throw invalid('prf: expected hmac-sha256')
    const rounds = countIn(kdfparams, 'c')
    if (rounds > limits.pbkdf2Rounds) throw tooCostly(rounds)
    return pbkdf2Sha256(password, salt, rounds, dkLen)
  }
  throw invalid('kdf: expected scrypt or pbkdf2')
}

function countIn(params: Readonly<Record<string, unknown>>, name: string): number {
  const value = params[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw invalid(`${name}: expected a count`)
  return value
}

/** BOUNDED: a file from outside must not make us spend hours or gigabytes: `limits.scryptMemoryBytes`, `scryptWork`. */
function scryptCostIn(params: Readonly<Record<string, unknown>>): ScryptCost {
  const cost = { n: countIn(params, 'n'), r: countIn(params, 'r'), p: countIn(params, 'p') }
  if (!isScryptCost(cost)) throw invalid('kdfparams: expected n a power of two, above p + 1 and below 2^(16 · r)')
  const work = cost.n * cost.r * cost.p
  if (128 * cost.n * cost.r > limits.scryptMemoryBytes || work > limits.scryptWork) throw tooCostly(work)
  return cost
}

function tooCostly(work: number): AccountsError {
  return new AccountsError('keystore-cost', 'keystore: its key derivation costs more than we are ready to spend', {
    origin: 'peer',
    details: { work }
  })
}

function uuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytesToHex(bytes)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
