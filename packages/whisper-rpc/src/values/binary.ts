import { invalidParams } from '../errors.ts'
import { mismatch, type Param } from './go-json.ts'
import { bytes, toHex } from './hex.ts'

/** How byte strings stand in JSON. */
export interface Binary {
  readonly param: Param<Uint8Array>
  readonly write: (bytes: Uint8Array) => string
  /** What stands for no bytes at all where a field is always there. */
  readonly absent: string | null
}

/** `0x` and hex digits. */
export const hex: Binary = { param: bytes, write: toHex, absent: '0x' }

const alphabet = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}

/** In pieces: a call takes no more arguments than some ten thousand. */
function toBase64(bytes: Uint8Array): string {
  const piece = 0x6000
  let text = ''
  for (let at = 0; at < bytes.length; at += piece) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)))
  }
  return text
}

/** Go's own form of byte slices: base64 with padding, `null` for none. */
export const base64: Binary = {
  param: {
    zero: new Uint8Array(),
    decode: (json, place) => {
      if (typeof json !== 'string') throw mismatch(Array.isArray(json) ? 'array' : typeof json, '[]uint8', place)
      if (!alphabet.test(json)) throw invalidParams('illegal base64 data')
      return fromBase64(json)
    }
  },
  write: toBase64,
  absent: null
}
