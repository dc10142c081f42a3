import {
  base16,
  base32,
  base32hex,
  base32hexnopad,
  base32nopad,
  base36,
  base58,
  base58flickr,
  base64,
  base64nopad,
  base64url,
  base64urlnopad
} from '@scure/base'
import {
  bytesToHex,
  compressPublicKey,
  concatBytes,
  decompressPublicKey,
  hexToBytes,
  isPublicKey
} from '@status-stack/crypto'
import { check, pointOf } from './checks.ts'
import { AccountsError } from './errors.ts'
import { limits } from './limits.ts'
import { type Base, bitBase, decimal } from './small-bases.ts'

const upper = (base: Base): Base => ({ encode: base.encode, decode: text => base.decode(text.toUpperCase()) })
const lower = (base: Base): Base => ({ ...upper(base), encode: bytes => base.encode(bytes).toLowerCase() })

const lower36: Base = { encode: base36.encode, decode: text => base36.decode(text.toLowerCase()) }
const upper36: Base = { ...lower36, encode: bytes => base36.encode(bytes).toUpperCase() }

/** SPEC: multiformats, multibase table: the character in front of a text names its base. */
const bases = {
  '0': bitBase(1),
  '7': bitBase(3),
  '9': decimal,
  f: lower(base16),
  F: upper(base16),
  v: lower(base32hexnopad),
  V: upper(base32hexnopad),
  t: lower(base32hex),
  T: upper(base32hex),
  b: lower(base32nopad),
  B: upper(base32nopad),
  c: lower(base32),
  C: upper(base32),
  k: lower36,
  K: upper36,
  z: base58,
  Z: base58flickr,
  m: base64nopad,
  M: base64,
  u: base64urlnopad,
  U: base64url
} as const satisfies Readonly<Record<string, Base>>

/** A multibase by its character; `z`, base 58, is what people share. */
export type Multibase = keyof typeof bases

/** Multicodec of a compressed secp256k1 key, 0xe7 as a varint. */
const codecPrefix = Uint8Array.of(0xe7, 0x01)

function invalid(what: string): AccountsError {
  return new AccountsError('invalid-key-text', `key text: ${what}`, { origin: 'peer' })
}

/**
 * The text people share for a public key: multibase, multicodec, 33 bytes; `zQ3sh…` in base 58.
 * @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * encodeKeyText(identity.publicKey) // 'zQ3sh…'
 * ```
 */
export function encodeKeyText(publicKey: Uint8Array, base: Multibase = 'z'): string {
  check.oneOf('base', base, Object.keys(bases) as Multibase[])
  return base + bases[base].encode(concatBytes(codecPrefix, compressPublicKey(pointOf(publicKey))))
}

/**
 * The 65-byte public key of a shared text, in any multibase; `0x` stands for base 16. The point inside may be
 * compressed or not.
 * @throws AccountsError `invalid-key-text`
 *
 * @example
 * ```ts
 * const publicKey = decodeKeyText('zQ3shgVXZLaMzm5S5x7XzGUG6YFHFLtoEMiv9ao2Bqa7hGyg2') // 65 bytes
 * ```
 */
export function decodeKeyText(text: string): Uint8Array {
  check.text('key text', text)
  if (text.length > limits.keyTextCharacters) throw invalid(`expected at most ${limits.keyTextCharacters} characters`)
  const multibase = /^0x/i.test(text) ? `f${text.slice(2)}` : text
  const prefix = multibase.charAt(0)
  if (!Object.hasOwn(bases, prefix)) throw invalid('expected a multibase prefix')
  let bytes: Uint8Array
  try {
    bytes = bases[prefix as Multibase].decode(multibase.slice(1))
  } catch {
    throw invalid(`expected digits of base "${prefix}"`)
  }
  if (bytes[0] !== codecPrefix[0] || bytes[1] !== codecPrefix[1]) throw invalid('expected the codec secp256k1-pub')
  const point = bytes.slice(2)
  if (!isPublicKey(point)) throw invalid(`${point.length} bytes are not a point of secp256k1`)
  return decompressPublicKey(point)
}

/**
 * The id of a key inside the protocol: `0x` + 130 lower-case hex digits. @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * keyId(identity.publicKey) // '0x04…'
 * ```
 */
export function keyId(publicKey: Uint8Array): string {
  return `0x${bytesToHex(pointOf(publicKey))}`
}

/**
 * A public key as people type or paste it: a shared text, or the bare hex of a 33- or 65-byte point with or without
 * `0x`. Space around it is ignored.
 * @throws AccountsError `invalid-key-text`
 *
 * @example
 * ```ts
 * const publicKey = parsePublicKey(input.value)
 * ```
 */
export function parsePublicKey(text: string): Uint8Array {
  check.text('key text', text)
  if (text.length > limits.keyTextCharacters) throw invalid(`expected at most ${limits.keyTextCharacters} characters`)
  const trimmed = text.trim()
  const hex = /^(?:0x)?(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/i.exec(trimmed)?.[1]
  if (hex === undefined) return decodeKeyText(trimmed)
  const point = hexToBytes(hex)
  if (!isPublicKey(point)) throw invalid('the hex digits are not a point of secp256k1')
  return decompressPublicKey(point)
}
