import { concatBytes } from '@status-stack/crypto'
import { check } from '../checks.ts'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'

/** Plaintexts are padded to multiples of this. */
export const paddingAlignment = 256
/** Bytes of a signature r‖s‖v. */
export const signatureLength = 65

const sizeMask = 0b011
const signedFlag = 0b100

/**
 * Bytes of the size field, 1 … 3.
 *
 * @example
 * ```ts
 * sizeFieldLength(300) // 2
 * ```
 */
export function sizeFieldLength(payloadLength: number): number {
  return payloadLength <= 0xff ? 1 : payloadLength <= 0xffff ? 2 : 3
}

/**
 * Padding that brings the plaintext to a multiple of 256: 1 … 256 bytes, never none.
 *
 * @example
 * ```ts
 * paddingLength(100, false) // 154: 1 + 1 + 100 bytes become 256
 * ```
 */
export function paddingLength(payloadLength: number, signed: boolean): number {
  const used = 1 + sizeFieldLength(payloadLength) + payloadLength + (signed ? signatureLength : 0)
  return paddingAlignment - (used % paddingAlignment)
}

/**
 * flags(1) ‖ payload size(1–3, little-endian) ‖ payload ‖ padding: everything that a signature covers.
 * SPEC: EIP-627, "Contents of Data Field".
 * @throws WhisperError `payload-too-large` for 2^24 bytes and more: a fourth size byte would overwrite the signature bit.
 *
 * @example
 * ```ts
 * const plaintext = encodeUnsigned(payload, random.bytes(paddingLength(payload.length, false)), false)
 * ```
 */
export function encodeUnsigned(payload: Uint8Array, padding: Uint8Array, signed: boolean): Uint8Array {
  check.bytes('payload', payload)
  check.bytes('padding', padding)
  if (payload.length > limits.maxPayload) {
    throw new WhisperError('payload-too-large', `payload: at most ${limits.maxPayload} bytes, got ${payload.length}`, {
      origin: 'caller',
      details: { most: limits.maxPayload, got: payload.length }
    })
  }
  const size = sizeFieldLength(payload.length)
  const head = new Uint8Array(1 + size)
  head[0] = size | (signed ? signedFlag : 0)
  for (let i = 0; i < size; i++) head[1 + i] = (payload.length >> (8 * i)) & 0xff
  return concatBytes(head, payload, padding)
}

/** A plaintext taken apart; all views. `signed` is what the signature covers. */
export interface Plaintext {
  /** What the sender gave. */
  readonly payload: Uint8Array
  /** Everything between payload and signature; may be empty. */
  readonly padding: Uint8Array
  /** 65 bytes r‖s‖v over Keccak-256 of `signed`; absent when the flag is not set. */
  readonly signature?: Uint8Array
  /** Flags, size, payload and padding. */
  readonly signed: Uint8Array
}

/** Where the parts of a plaintext lie. Between them are no gaps: the padding begins where the payload ends. */
export interface PlaintextParts {
  readonly payloadStart: number
  readonly payloadEnd: number
  /** End of what a signature covers; the signature is the rest. */
  readonly paddingEnd: number
}

/** The parts of a decrypted plaintext; `undefined` when it is not one. */
export function findParts(plaintext: Uint8Array): PlaintextParts | undefined {
  const flags = plaintext[0]
  if (flags === undefined) return undefined
  const isSigned = (flags & signedFlag) !== 0
  const paddingEnd = isSigned ? plaintext.length - signatureLength : plaintext.length
  if (isSigned && paddingEnd <= 1) return undefined
  const size = flags & sizeMask
  const payloadStart = 1 + size
  if (payloadStart > paddingEnd) return undefined
  let length = 0
  for (let i = size - 1; i >= 0; i--) length = length * 256 + (plaintext[1 + i] ?? 0)
  const payloadEnd = payloadStart + length
  return payloadEnd > paddingEnd ? undefined : { payloadStart, payloadEnd, paddingEnd }
}

/**
 * Takes a decrypted plaintext apart; `undefined` when it is not one. Never reads beyond its end.
 *
 * @example
 * ```ts
 * const payload = decodePlaintext(plaintext)?.payload
 * ```
 */
export function decodePlaintext(plaintext: Uint8Array): Plaintext | undefined {
  check.bytes('plaintext', plaintext)
  const parts = findParts(plaintext)
  if (parts === undefined) return undefined
  const { payloadStart, payloadEnd, paddingEnd } = parts
  const views = {
    payload: plaintext.subarray(payloadStart, payloadEnd),
    padding: plaintext.subarray(payloadEnd, paddingEnd),
    signed: plaintext.subarray(0, paddingEnd)
  }
  return paddingEnd === plaintext.length ? views : { ...views, signature: plaintext.subarray(paddingEnd) }
}
