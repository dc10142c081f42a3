import { encodeRlp, rlpBigUint, rlpBytes, rlpList } from '@status-stack/rlp'
import { hardLimits } from '../limits.ts'
import { readPacket } from './rlp-list.ts'

/**
 * Code of an envelope error. DEVIATION: the specification says 1 for a clock error; status-go sends 37 for every error
 * (38 would be "other"), so we emit 37 and understand any.
 */
export const envelopeErrorCode = 37

/** One refused envelope of a batch. */
export interface EnvelopeError {
  /** 32 bytes. */
  readonly hash: Uint8Array
  readonly code: number
  readonly description: string
}

/** Packet 12, version 1. */
export interface MessageResponse {
  /** 32 bytes: Keccak-256 of the Messages payload. */
  readonly batch: Uint8Array
  readonly errors: readonly EnvelopeError[]
}

const responseVersion = 1n
const text = new TextDecoder()

/** Packet 11: the bare hash of the batch. */
export function encodeBatchAcknowledged(batch: Uint8Array): Uint8Array {
  return encodeRlp(batch)
}

/** @throws WhisperError `invalid-packet` */
export function decodeBatchAcknowledged(payload: Uint8Array): Uint8Array {
  return readPacket('batch acknowledgement', payload, item => rlpBytes('batch', item, 32).slice())
}

export function encodeMessageResponse(response: MessageResponse): Uint8Array {
  const errors = response.errors.map(error => [error.hash, error.code, error.description])
  return encodeRlp([responseVersion, [response.batch, errors]])
}

/**
 * `undefined` for an unknown version or an unreadable inner response, which are only logged; an outer list that is not
 * [version, response] ends the link.
 * @throws WhisperError `invalid-packet`
 */
export function decodeMessageResponse(payload: Uint8Array): MessageResponse | undefined {
  const outer = readPacket(
    'message response',
    payload,
    item => {
      const items = rlpList('message response', item, 2)
      return { version: rlpBigUint('version', items[0], 64), response: items[1] }
    },
    8 * hardLimits.responseErrors
  )
  if (outer.version !== responseVersion) return undefined
  try {
    const [batch, errors] = rlpList('response', outer.response, 2)
    return {
      batch: rlpBytes('batch', batch, 32).slice(),
      errors: rlpList('errors', errors)
        .slice(0, hardLimits.responseErrors)
        .map(item => {
          const [hash, code, description] = rlpList('error', item, 3)
          return {
            hash: rlpBytes('hash', hash, 32).slice(),
            code: Number(rlpBigUint('code', code, 64)),
            description: text.decode(rlpBytes('description', description))
          }
        })
    }
  } catch {
    return undefined
  }
}
