/**
 * The form of a stored account, checked without loading any cryptography: for programs that show a public key and end.
 *
 * @packageDocumentation
 */
import { AccountsError } from '../errors.ts'

/** A record whose storage key is derived from the private key. */
const derivedStorageVersion = 1
/** With a storage key of its own: a release that would derive one does not open the record. */
const ownStorageVersion = 2

/**
 * What a program keeps of an account, as JSON values: nothing in it is readable without the password but the public key. All bytes
 * are lower-case hex.
 */
export interface AccountRecord {
  /** `0x04…`, 65 bytes. */
  readonly publicKey: string
  /** `zQ3sh…`; records of earlier versions have none. */
  readonly text?: string | undefined
  /** 16 bytes: what is derived from the private key differs from record to record. */
  readonly salt: string
  /** Web3 secret storage, as `sealKeystore` writes it. */
  readonly keystore: unknown
  /** The entropy of the recovery phrase, encrypted; absent when the identity was made from a private key. */
  readonly phrase?: string | undefined
  /** The database's key, encrypted under the password; records of version 1 have none. */
  readonly storage?: string | undefined
  /** The key before it, while the database is being encrypted under the new one. */
  readonly formerStorage?: string | undefined
}

const hex = /^([0-9a-f]{2})*$/

const isOptionalHex = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && hex.test(value))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Checks a value that was stored as an account.
 *
 * @param value what `JSON.parse` gave
 * @throws AccountsError `invalid-account` for anything else, and for what a later release wrote
 *
 * @example
 * ```ts
 * const record = readAccountRecord(JSON.parse(text))
 * ```
 */
export function readAccountRecord(value: unknown): AccountRecord {
  if (!isRecord(value)) throw invalidAccount()
  const { version, publicKey, text, salt, keystore, phrase, storage, formerStorage } = value
  const fits =
    version === (storage === undefined ? derivedStorageVersion : ownStorageVersion) &&
    typeof publicKey === 'string' &&
    /^0x04[0-9a-f]{128}$/.test(publicKey) &&
    (text === undefined || (typeof text === 'string' && /^zQ3sh[1-9A-HJ-NP-Za-km-z]{40,50}$/.test(text))) &&
    typeof salt === 'string' &&
    /^[0-9a-f]{32}$/.test(salt) &&
    isOptionalHex(phrase) &&
    isOptionalHex(storage) &&
    isOptionalHex(formerStorage)
  if (!fits) throw invalidAccount()
  return { publicKey, text, salt, keystore, phrase, storage, formerStorage }
}

/**
 * The value to store for a record: with the version that `readAccountRecord` asks for.
 *
 * @example
 * ```ts
 * const text = JSON.stringify(formatAccountRecord(record))
 * ```
 */
export function formatAccountRecord(record: AccountRecord): AccountRecord & { readonly version: number } {
  return { version: record.storage === undefined ? derivedStorageVersion : ownStorageVersion, ...record }
}

/**
 * The stored value is none of ours, or it was changed.
 *
 * @example
 * ```ts
 * if (record === undefined) throw invalidAccount()
 * ```
 */
export function invalidAccount(): AccountsError {
  return new AccountsError('invalid-account', 'account record: damaged, or made by a later release', { origin: 'peer' })
}
