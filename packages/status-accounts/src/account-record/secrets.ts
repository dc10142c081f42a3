import {
  aesGcmOpenWithNonce,
  aesGcmSealWithNonce,
  bytesToHex,
  hexToBytes,
  hkdfSha256,
  publicKeyOf,
  utf8Bytes
} from '@status-stack/crypto'
import { check } from '../checks.ts'
import { encodeKeyText } from '../key-text.ts'
import { unlockKeystore } from '../keystore/decrypt.ts'
import { sealKeystore } from '../keystore/encrypt.ts'
import type { WithWrappingKey } from '../keystore/section.ts'
import { mnemonicFromEntropy } from '../mnemonic.ts'
import { type KeystoreOptions, resolveKeystoreOptions } from '../options.ts'
import type { Password } from '../password.ts'
import { type AccountRecord, invalidAccount } from './record.ts'
import { nonceBytes, wrapStorageKey } from './wrapped-key.ts'

const saltBytes = 16
const storageKeyBytes = 32

/** What an identity is made of: a key, and the entropy of its recovery phrase when it came from one. */
export interface AccountSecrets {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 16 to 32 bytes. */
  readonly entropy?: Uint8Array | undefined
}

/** An account that its password opened. The caller clears all three. */
export interface UnlockedAccount extends WithWrappingKey {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 16 bytes. */
  readonly salt: Uint8Array
}

/**
 * Encrypts an identity under a password, with a fresh random key for its database. The secrets stay the caller's to clear.
 *
 * @example
 * ```ts
 * const record = await createAccountRecord({ privateKey, entropy }, 'a long password')
 * await store(JSON.stringify(formatAccountRecord(record)))
 * ```
 * @throws AccountsError `invalid-key`, `invalid-argument`, `keystore-cost`
 */
export async function createAccountRecord(
  secrets: AccountSecrets,
  password: Password,
  options: KeystoreOptions = {}
): Promise<AccountRecord> {
  check.object('secrets', secrets)
  const { privateKey, entropy } = secrets
  const { random } = resolveKeystoreOptions(options)
  const { text, wrappingKey } = await sealKeystore({ privateKey }, password, options)
  const publicKey = publicKeyOf(privateKey)
  const salt = random.bytes(saltBytes)
  const storageKey = random.bytes(storageKeyBytes)
  try {
    return {
      publicKey: `0x${bytesToHex(publicKey)}`,
      text: encodeKeyText(publicKey),
      salt: bytesToHex(salt),
      keystore: JSON.parse(text) as unknown,
      phrase: entropy === undefined ? undefined : sealPhrase(privateKey, salt, entropy, random.bytes(nonceBytes)),
      storage: wrapStorageKey(storageKey, wrappingKey, random)
    }
  } finally {
    for (const key of [wrappingKey, storageKey]) key.fill(0)
  }
}

/**
 * Opens a record with its password.
 *
 * @throws AccountsError `wrong-password`; `invalid-keystore`, `keystore-cost`, `address-mismatch` for a record that was changed
 *
 * @example
 * ```ts
 * const account = await unlockAccountRecord(record, password)
 * const identity = createIdentityKey(account.privateKey)
 * ```
 */
export async function unlockAccountRecord(record: AccountRecord, password: Password): Promise<UnlockedAccount> {
  check.object('record', record)
  const { privateKey, wrappingKey } = await unlockKeystore(JSON.stringify(record.keystore ?? null), password)
  return { privateKey, wrappingKey, salt: hexToBytes(record.salt) }
}

/**
 * 32 bytes that follow from an account for one purpose: `node` is the key that names its node on the network, `storage` the
 * database's key in records of version 1.
 *
 * @throws AccountsError `invalid-argument`
 *
 * @example
 * ```ts
 * const nodeKey = deriveAccountKey(account, 'node')
 * ```
 */
export function deriveAccountKey(
  account: Pick<UnlockedAccount, 'privateKey' | 'salt'>,
  purpose: 'storage' | 'node'
): Uint8Array {
  check.object('account', account)
  const { privateKey, salt } = account
  check.bytes('private key', privateKey, storageKeyBytes)
  check.bytes('salt', salt, saltBytes)
  check.text('purpose', purpose)
  return hkdfSha256(privateKey, salt, utf8Bytes(`status-stack/${purpose}/1`), 32)
}

/**
 * The recovery phrase of an unlocked record; undefined when the identity was not made from one.
 *
 * @throws AccountsError `invalid-account`
 *
 * @example
 * ```ts
 * const phrase = recoveryPhraseIn(record, account)
 * if (phrase !== undefined) showOnce(phrase)
 * ```
 */
export function recoveryPhraseIn(
  record: AccountRecord,
  account: Pick<UnlockedAccount, 'privateKey' | 'salt'>
): string | undefined {
  check.object('record', record)
  check.object('account', account)
  const { privateKey, salt } = account
  if (record.phrase === undefined) return undefined
  try {
    return mnemonicFromEntropy(aesGcmOpenWithNonce(phraseKey(privateKey, salt), hexToBytes(record.phrase)))
  } catch {
    throw invalidAccount()
  }
}

function phraseKey(privateKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return hkdfSha256(privateKey, salt, utf8Bytes('status-stack/phrase/1'), 32)
}

/** Hex of nonce‖AES-GCM of the phrase's entropy under a key derived from the private key. */
function sealPhrase(privateKey: Uint8Array, salt: Uint8Array, entropy: Uint8Array, nonce: Uint8Array): string {
  return bytesToHex(aesGcmSealWithNonce(phraseKey(privateKey, salt), nonce, entropy))
}
