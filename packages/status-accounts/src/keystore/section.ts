import {
  aesCtr,
  concatBytes,
  equalBytes,
  hkdfSha256,
  keccak256,
  pbkdf2Sha256,
  type ScryptCost,
  scrypt,
  utf8Bytes
} from '@status-stack/crypto'
import { AccountsError } from '../errors.ts'
import { limits } from '../limits.ts'
import { isAffordable, isScryptCost } from '../options.ts'
import { hexMember, invalidKeystore, isObject, type JsonObject, member } from './file.ts'

/** Bytes of the derived key that are used: 16 encrypt, 16 authenticate. */
export const dkLen = 32

/** One encrypted value of a file. SPEC: Web3 secret storage, version 3. */
export interface Section {
  readonly cipher: string
  readonly ciphertext: string
  readonly cipherparams: { readonly iv: string }
  readonly kdf: string
  readonly kdfparams: Readonly<Record<string, string | number>>
  readonly mac: string
}

/** A keystore that was just made, or opened, and a key that comes with its password. */
export interface WithWrappingKey {
  /**
   * 32 bytes that only this file and its password give together: for encrypting what belongs to the key without deriving from the
   * password a second time. Another password, or the same in a new file, gives another one. Clear it when done.
   */
  readonly wrappingKey: Uint8Array
}

/** The wrapping key that goes with a derived key of 32 bytes. */
export function wrappingKeyOf(derived: Uint8Array): Uint8Array {
  return hkdfSha256(derived, new Uint8Array(32), utf8Bytes('status-accounts keystore wrapping key'), 32)
}

/** What opens a section: the password, or the key that was derived from it for this file before. */
export type SectionSecret = { readonly password: Uint8Array } | { readonly derived: Uint8Array }

/** Decrypts one section. @throws AccountsError `invalid-keystore`, `keystore-cost`, `wrong-password` */
export async function openSection(
  value: unknown,
  name: string,
  secret: SectionSecret
): Promise<WithWrappingKey & { readonly plaintext: Uint8Array }> {
  if (!isObject(value)) throw invalidKeystore(`${name}: expected a section`)
  const cipherParams = member(value, 'cipherparams')
  if (!isObject(cipherParams)) throw invalidKeystore(`${name}: expected cipherparams`)
  if (member(value, 'cipher') !== 'aes-128-ctr') throw invalidKeystore('cipher: expected aes-128-ctr')
  const iv = hexMember(member(cipherParams, 'iv'), 'iv')
  if (iv.length !== 16) throw invalidKeystore('iv: expected 16 bytes')
  const ciphertext = hexMember(member(value, 'ciphertext'), 'ciphertext')
  const mac = hexMember(member(value, 'mac'), 'mac')
  const derived = 'derived' in secret ? Uint8Array.from(secret.derived) : await deriveKey(value, secret.password)
  try {
    if (!equalBytes(keccak256(concatBytes(derived.subarray(16), ciphertext)), mac)) {
      throw new AccountsError('wrong-password', 'keystore: wrong password', { origin: 'caller' })
    }
    return { plaintext: aesCtr(derived.subarray(0, 16), iv, ciphertext), wrappingKey: wrappingKeyOf(derived) }
  } finally {
    derived.fill(0)
  }
}

/** The 32 bytes that a password gives for a section. @throws AccountsError `invalid-keystore`, `keystore-cost` */
export async function deriveKey(section: JsonObject, password: Uint8Array): Promise<Uint8Array> {
  const params = member(section, 'kdfparams')
  if (!isObject(params)) throw invalidKeystore('expected kdfparams')
  const salt = hexMember(params['salt'], 'salt')
  // The beginning of a longer key is the shorter one, and no more of it is used.
  if (countIn(params, 'dklen') < dkLen) throw invalidKeystore(`dklen: expected at least ${dkLen}`)
  switch (member(section, 'kdf')) {
    case 'scrypt':
      return scrypt(password, salt, scryptCostIn(params), dkLen)
    case 'pbkdf2': {
      if (params['prf'] !== 'hmac-sha256') throw invalidKeystore('prf: expected hmac-sha256')
      const rounds = countIn(params, 'c')
      // BOUNDED: limits.pbkdf2Rounds
      if (rounds > limits.pbkdf2Rounds) throw tooCostly(rounds)
      return pbkdf2Sha256(password, salt, rounds, dkLen)
    }
    default:
      throw invalidKeystore('kdf: expected scrypt or pbkdf2')
  }
}

function countIn(params: JsonObject, name: string): number {
  const value = params[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw invalidKeystore(`${name}: expected a count`)
  }
  return value
}

/** BOUNDED: a file from outside must not make us spend hours or gigabytes: `limits.scryptMemoryBytes`, `scryptWork`. */
function scryptCostIn(params: JsonObject): ScryptCost {
  const cost = { n: countIn(params, 'n'), r: countIn(params, 'r'), p: countIn(params, 'p') }
  if (!isScryptCost(cost)) throw invalidKeystore('kdfparams: expected n a power of two')
  if (!isAffordable(cost)) throw tooCostly(cost.n * cost.r * cost.p)
  return cost
}

function tooCostly(work: number): AccountsError {
  return new AccountsError('keystore-cost', 'keystore: its key derivation exceeds the allowed cost', {
    origin: 'peer',
    details: { work }
  })
}
