import { equalBytes, isPrivateKey, publicKeyOf } from '@status-stack/crypto'
import { addressOf } from '../address.ts'
import { check } from '../checks.ts'
import { AccountsError } from '../errors.ts'
import { type Password, passwordBytes } from '../password.ts'
import type { KeystoreKey } from './encrypt.ts'
import { addressIn, invalidKeystore, isObject, type JsonObject, member, parseFile, subAccountIndexIn } from './file.ts'
import { deriveKey, openSection, type SectionSecret, type WithWrappingKey } from './section.ts'

/** What an opened keystore file says. */
export interface OpenedKeystore extends KeystoreKey {
  /** 20 bytes. */
  readonly address: Uint8Array
  /** `subaccountindex` of the file, uint32; 0 where there is none. */
  readonly subAccountIndex: number
}

const keyLength = 32
/** status-go writes this in place of an extended key that is not there. */
const noExtendedKey = 'Zeroed extended key'

/**
 * Opens a keystore file of version 3: ours, and what go-ethereum, status-go, ethers, web3.js, ethereumjs-wallet and eth-account
 * write. Everything that go-ethereum opens opens here, within the limits on its cost.
 *
 * @example
 * ```ts
 * const { privateKey } = await decryptKeystore(file, 'a long password')
 * ```
 * @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password`, `address-mismatch`, `invalid-argument`
 */
export async function decryptKeystore(text: string, password: Password): Promise<OpenedKeystore> {
  const { wrappingKey, ...opened } = await unlockKeystore(text, password)
  wrappingKey.fill(0)
  return opened
}

/**
 * Does what `decryptKeystore` does, and gives the file's wrapping key as well.
 *
 * @example
 * ```ts
 * const { privateKey, wrappingKey } = await unlockKeystore(file, 'a long password')
 * ```
 * @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password`, `address-mismatch`, `invalid-argument`
 */
export async function unlockKeystore(text: string, password: Password): Promise<WithWrappingKey & OpenedKeystore> {
  check.text('keystore', text)
  const secret = passwordBytes(password)
  try {
    return await openFile(text, { password: secret })
  } finally {
    secret.fill(0)
  }
}

/**
 * The key that a password gives for one file: with it `unlockKeystoreWith` opens the file without the work of deriving it again. It
 * opens nothing else, and not this file once that has another password. As secret as the password; clear it when done.
 *
 * @returns 32 bytes
 * @example
 * ```ts
 * const key = await deriveKeystoreKey(file, 'a long password')
 * const { privateKey } = await unlockKeystoreWith(file, key)
 * ```
 * @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password`, `invalid-argument`
 */
export async function deriveKeystoreKey(text: string, password: Password): Promise<Uint8Array> {
  check.text('keystore', text)
  const secret = passwordBytes(password)
  try {
    const section = member(parseFile(text), 'crypto')
    if (!isObject(section)) throw invalidKeystore('crypto: expected a section')
    const derived = await deriveKey(section, secret)
    const { plaintext, wrappingKey } = await openSection(section, 'crypto', { derived })
    for (const bytes of [plaintext, wrappingKey]) bytes.fill(0)
    return derived
  } finally {
    secret.fill(0)
  }
}

/**
 * Does what `unlockKeystore` does, with a key of `deriveKeystoreKey` for the same file. A second section (status-go's extended key)
 * has a salt of its own, so that this key does not open it: it is left out.
 *
 * @example
 * ```ts
 * const { privateKey, wrappingKey } = await unlockKeystoreWith(file, await deriveKeystoreKey(file, 'a long password'))
 * ```
 * @throws AccountsError `invalid-keystore`, `wrong-password` for a key that does not open it, `address-mismatch`, `invalid-argument`
 */
export async function unlockKeystoreWith(text: string, key: Uint8Array): Promise<WithWrappingKey & OpenedKeystore> {
  check.text('keystore', text)
  check.bytes('key', key)
  return openFile(text, { derived: key })
}

async function openFile(text: string, secret: SectionSecret): Promise<WithWrappingKey & OpenedKeystore> {
  const file = parseFile(text)
  const expected = addressIn(file)
  const { plaintext, wrappingKey } = await openSection(member(file, 'crypto'), 'crypto', secret)
  const privateKey = keyOf(plaintext)
  const address = addressOf(publicKeyOf(privateKey))
  if (expected !== undefined && !equalBytes(address, expected)) {
    privateKey.fill(0)
    throw new AccountsError('address-mismatch', 'keystore: the key does not match the address in the file', {
      origin: 'peer'
    })
  }
  const subAccountIndex = subAccountIndexIn(file)
  const extendedKey = 'password' in secret ? await extendedKeyIn(file, secret.password) : undefined
  return { privateKey, wrappingKey, address, subAccountIndex, ...(extendedKey === undefined ? {} : { extendedKey }) }
}

/** The key of a plaintext; some writers drop leading zero bytes. @throws AccountsError `invalid-keystore` */
function keyOf(plaintext: Uint8Array): Uint8Array {
  const privateKey = new Uint8Array(keyLength)
  if (plaintext.length <= keyLength) privateKey.set(plaintext, keyLength - plaintext.length)
  plaintext.fill(0)
  if (!isPrivateKey(privateKey)) throw invalidKeystore('crypto: contains no private key')
  return privateKey
}

async function extendedKeyIn(file: JsonObject, password: Uint8Array): Promise<string | undefined> {
  const value = member(file, 'extendedkey')
  // A Go struct without an extended key is written with an empty ciphertext.
  if (value === undefined || value === null || (isObject(value) && member(value, 'ciphertext') === '')) return undefined
  const { plaintext } = await openSection(value, 'extendedkey', { password })
  const text = new TextDecoder().decode(plaintext)
  return text === noExtendedKey || text === '' ? undefined : text
}
