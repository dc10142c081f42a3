import {
  aesCtr,
  bytesToHex,
  concatBytes,
  isPrivateKey,
  keccak256,
  publicKeyOf,
  scrypt,
  utf8Bytes
} from '@status-stack/crypto'
import { uuidV4 } from '@status-stack/utils'
import { addressOf } from '../address.ts'
import { check } from '../checks.ts'
import { AccountsError } from '../errors.ts'
import { type KeystoreOptions, resolveKeystoreOptions } from '../options.ts'
import { type Password, passwordBytes } from '../password.ts'
import { dkLen, type Section, type WithWrappingKey, wrappingKeyOf } from './section.ts'

/** What a keystore file holds. */
export interface KeystoreKey {
  /** 32 bytes. Clear it when done. */
  readonly privateKey: Uint8Array
  /** BIP-32 text form (`xprv…`) of the key whose children are sub-accounts; status-go's files only. */
  readonly extendedKey?: string | undefined
  /** The next sub-account's number; status-go's files only. @default 0 */
  readonly subAccountIndex?: number | undefined
}

function assertKey({ privateKey, extendedKey, subAccountIndex }: KeystoreKey): void {
  check.bytes('private key', privateKey)
  if (!isPrivateKey(privateKey)) {
    throw new AccountsError('invalid-key', 'private key: expected 32 bytes, a number from 1 to the group order − 1', {
      origin: 'caller'
    })
  }
  if (extendedKey !== undefined) check.text('extended key', extendedKey)
  if (subAccountIndex !== undefined) check.integer('sub-account index', subAccountIndex, 0, 0xffff_ffff)
}

/**
 * Encrypts a private key with a password: a JSON file in Web3 secret storage version 3. With `extendedKey` the file
 * has status-go's second section as well. The empty password is one; a missing password is refused.
 *
 * @example
 * ```ts
 * const file = await encryptKeystore({ privateKey }, 'a long password')
 * ```
 * @throws AccountsError `invalid-key`, `invalid-argument`, `keystore-cost`
 */
export async function encryptKeystore(
  key: KeystoreKey,
  password: Password,
  options: KeystoreOptions = {}
): Promise<string> {
  const { text, wrappingKey } = await sealKeystore(key, password, options)
  wrappingKey.fill(0)
  return text
}

/**
 * Does what `encryptKeystore` does, and gives the file's wrapping key as well.
 *
 * @example
 * ```ts
 * const { text, wrappingKey } = await sealKeystore({ privateKey }, 'a long password')
 * ```
 * @throws AccountsError `invalid-key`, `invalid-argument`, `keystore-cost`
 */
export async function sealKeystore(
  key: KeystoreKey,
  password: Password,
  options: KeystoreOptions = {}
): Promise<WithWrappingKey & { readonly text: string }> {
  check.object('key', key)
  assertKey(key)
  const { scrypt: cost, random } = resolveKeystoreOptions(options)
  const secret = passwordBytes(password)
  // Copied: the caller may clear its array while the password is being stretched.
  const privateKey = Uint8Array.from(key.privateKey)
  const seal = async (plaintext: Uint8Array): Promise<WithWrappingKey & { readonly section: Section }> => {
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
  try {
    const address = addressOf(publicKeyOf(privateKey))
    const { section, wrappingKey } = await seal(privateKey)
    const file: Record<string, unknown> = {
      address: bytesToHex(address),
      crypto: section,
      id: uuidV4(random),
      version: 3
    }
    if (key.extendedKey !== undefined) file['extendedkey'] = (await seal(utf8Bytes(key.extendedKey))).section
    if (key.extendedKey !== undefined || key.subAccountIndex !== undefined) {
      file['subaccountindex'] = key.subAccountIndex ?? 0
    }
    return { text: JSON.stringify(file), wrappingKey }
  } finally {
    secret.fill(0)
    privateKey.fill(0)
  }
}
