import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { invalidParams } from '../errors.ts'
import { mismatch, type Param } from './go-json.ts'

/** The text of a byte string in answers: `0x` and hex, `0x` when empty. */
export function toHex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`
}

/** Bytes of hex digits alone; `undefined` when they are none or odd in number. */
export function hexBytes(digits: string): Uint8Array | undefined {
  return digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits) ? hexToBytes(digits) : undefined
}

/** Why a string is no byte string; `undefined` when it is one. */
function hexFault(value: string): string | undefined {
  if (!/^0[xX]/.test(value)) return 'hex string without 0x prefix'
  if (value.length % 2 !== 0) return 'hex string of odd length'
  return /^[0-9a-fA-F]*$/.test(value.slice(2)) ? undefined : 'invalid hex string'
}

/** `0x` and an even number of hex digits; `""` and `0x` are empty. */
export const bytes: Param<Uint8Array> = {
  zero: new Uint8Array(),
  decode: (json, place) => {
    if (typeof json !== 'string') throw mismatch('non-string', 'hexutil.Bytes', place)
    if (json === '') return new Uint8Array()
    const fault = hexFault(json)
    if (fault !== undefined) throw mismatch(fault, 'hexutil.Bytes', place)
    return hexToBytes(json.slice(2))
  }
}

/** A topic: exactly four bytes. */
export const topic: Param<Uint8Array> = {
  zero: new Uint8Array(4),
  decode: (json, place) => {
    if (typeof json !== 'string') throw mismatch(typeof json, 'whisperv6.TopicType', place)
    const digits = json.slice(2)
    const fault = json === '' ? undefined : hexFault(json)
    if (fault !== undefined && fault !== 'invalid hex string') throw invalidParams(fault)
    if (digits.length !== 8) throw invalidParams(`hex string has length ${digits.length}, want 8 for Topic`)
    if (fault !== undefined) throw invalidParams(fault)
    return hexToBytes(digits)
  }
}
