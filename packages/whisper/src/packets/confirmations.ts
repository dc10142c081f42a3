import { encodeRlp, rlpBigUint, rlpBytes, rlpList } from '@status-stack/rlp'
import { check } from '../checks.ts'
import { invalidPacket } from '../errors.ts'
import { limits } from '../limits.ts'
import { joinList, listItems, readPacket, takeItems } from './rlp-list.ts'

/**
 * Code of an envelope error. DEVIATION: the specification says 1 for a clock error; status-go sends 37 for every error
 * (38 would be "other"), so we emit 37 and understand any.
 */
export const envelopeErrorCode = 37

/** One refused envelope of a batch. */
export interface EnvelopeError {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** 37 from status-go and from us for every reason; any number is read. */
  readonly code: number
  /** Plain words for logs, as the sender chose them. */
  readonly description: string
}

/** Packet 12, version 1. */
export interface MessageResponse {
  /** 32 bytes: Keccak-256 of the Messages payload. */
  readonly batch: Uint8Array
  /** The refused envelopes; empty when all were taken. */
  readonly errors: readonly EnvelopeError[]
}

const hashLength = 32
const responseVersion = 1n
const text = new TextDecoder()

/**
 * Packet 11: the bare hash of the batch.
 *
 * @example
 * ```ts
 * const payload = encodeBatchAcknowledged(keccak256(messagesPayload))
 * ```
 */
export function encodeBatchAcknowledged(batch: Uint8Array): Uint8Array {
  check.bytes('batch', batch, hashLength)
  return encodeRlp(batch)
}

/**
 * Reads packet 11: the hash of a batch that was taken. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const batch = decodeBatchAcknowledged(payload) // 32 bytes
 * ```
 */
export function decodeBatchAcknowledged(payload: Uint8Array): Uint8Array {
  return readPacket('batch acknowledgement', payload, item => rlpBytes('batch', item, 32).slice())
}

/** One error entry of packet 12, encoded alone so that long lists can be made in slices. */
export function encodeEnvelopeError(error: EnvelopeError): Uint8Array {
  check.object('error', error)
  check.bytes('error.hash', error.hash, hashLength)
  check.integer('error.code', error.code, 0, Number.MAX_SAFE_INTEGER)
  check.text('error.description', error.description)
  return encodeRlp([error.hash, error.code, error.description])
}

/** Packet 12 without errors around its hash: [1, [batch, []]]. */
const plainResponse = Uint8Array.of(0xe4, 0x01, 0xe2, 0xa0, ...new Uint8Array(hashLength), 0xc0)
const plainHashAt = 4

/** Packet 12 of a batch hash and encoded error entries. */
export function joinMessageResponse(batch: Uint8Array, errors: readonly Uint8Array[]): Uint8Array {
  if (errors.length === 0) {
    const plain = plainResponse.slice()
    plain.set(batch, plainHashAt)
    return plain
  }
  return joinList([encodeRlp(responseVersion), joinList([encodeRlp(batch), joinList(errors)])])
}

/**
 * Packet 12: what became of each envelope of a batch.
 *
 * @example
 * ```ts
 * const payload = encodeMessageResponse({ batch, errors: [{ hash, code: envelopeErrorCode, description: 'too old' }] })
 * ```
 */
export function encodeMessageResponse(response: MessageResponse): Uint8Array {
  check.object('response', response)
  check.bytes('response.batch', response.batch, hashLength)
  check.array('response.errors', response.errors)
  return joinMessageResponse(response.batch, response.errors.map(encodeEnvelopeError))
}

/** A packet 12 whose error entries have not been read yet: what they cost depends on the batch that they are for. */
export interface OpenMessageResponse {
  /** 32 bytes. */
  readonly batch: Uint8Array
  /** The error entries, encoded, one behind the other. */
  readonly errors: Uint8Array
}

/** The parts of a list, if it has exactly two. */
function pairOf(name: string, bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const [first, ...rest] = takeItems(bytes, 3)
  const [second] = rest
  if (first === undefined || second === undefined || rest.length !== 1)
    throw invalidPacket(`${name}: expected 2 elements`)
  return [first, second]
}

/**
 * The outer parts of packet 12, without its error entries. `undefined` for an unknown version or an inner response that is not
 * [batch, errors], which are ignored.
 * @throws WhisperError `invalid-packet` for an outer list that is not [version, response]
 */
export function openMessageResponse(payload: Uint8Array): OpenMessageResponse | undefined {
  const [versionItem, response] = pairOf('message response', payload)
  const version = readPacket('message response', versionItem, item => rlpBigUint('version', item, 64))
  if (version !== responseVersion) return undefined
  try {
    const [batch, errors] = pairOf('response', response)
    if ((errors[0] ?? 0) < 0xc0) return undefined
    return { batch: readPacket('batch', batch, item => rlpBytes('batch', item, 32).slice()), errors }
  } catch {
    return undefined
  }
}

/** At most `most` error entries of an opened packet 12. @throws WhisperError `invalid-packet` for an entry of another shape */
export function* errorsOf({ errors }: OpenMessageResponse, most: number): Generator<EnvelopeError> {
  let read = 0
  for (const entry of listItems(errors)) {
    if (read++ >= most) return
    yield readPacket('error', entry, item => {
      const [hash, code, description] = rlpList('error', item, 3)
      return {
        hash: rlpBytes('hash', hash, 32).slice(),
        code: Number(rlpBigUint('code', code, 64)),
        description: text.decode(rlpBytes('description', description))
      }
    })
  }
}

/** More items than this are no list of errors. */
const mostItems = 8 * limits.responseErrors

function assertFewItems(errors: Uint8Array): void {
  let count = 0
  for (const _ of listItems(errors)) {
    count += 1
    if (count >= mostItems) throw invalidPacket(`message response: ${mostItems} errors or more`)
  }
}

/**
 * A whole packet 12, with at most `limits.responseErrors` of its errors. `undefined` for an unknown version or an unreadable inner
 * response, which a node ignores; an outer list that is not [version, response] ends the link.
 * @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * for (const { hash, description } of decodeMessageResponse(payload)?.errors ?? []) console.log(hash, description)
 * ```
 */
export function decodeMessageResponse(payload: Uint8Array): MessageResponse | undefined {
  check.bytes('payload', payload)
  const opened = openMessageResponse(payload)
  if (opened === undefined) return undefined
  assertFewItems(opened.errors)
  try {
    return { batch: opened.batch, errors: [...errorsOf(opened, limits.responseErrors)] }
  } catch {
    return undefined
  }
}
