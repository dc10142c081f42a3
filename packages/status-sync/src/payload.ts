import { protobuf } from '@status-stack/protobuf'
import { copyBytes } from './bytes.ts'
import { check } from './checks.ts'
import { SyncError } from './errors.ts'
import * as mvds from './gen/wire.js'
import { bigintOf, longOf, tryDecode } from './protobuf.ts'

/** One message of a group. Its id covers all of it. */
export interface Message {
  /** 32 bytes. */
  readonly groupId: Uint8Array
  /** Unix seconds when it was appended; int64. */
  readonly timestamp: bigint
  /** Bytes of the layer above. */
  readonly body: Uint8Array
}

/** The unit that is sealed and sent. SPEC: 2/MVDS "Payloads". */
export interface Payload {
  /** 32 bytes each: messages that the sender has handled and need not be repeated. */
  readonly acks: readonly Uint8Array[]
  /** 32 bytes each: messages that the sender has and does not push. */
  readonly offers: readonly Uint8Array[]
  /** 32 bytes each: offered messages that the sender wants. */
  readonly requests: readonly Uint8Array[]
  /** In full; `messageId` of each is what acknowledgements name. */
  readonly messages: readonly Message[]
}

/**
 * Serialises a payload; zero bytes when it has no entries, which is not a valid payload.
 *
 * @example
 * ```ts
 * const bytes = encodePayload({ acks: [id], offers: [], requests: [], messages: [] })
 * ```
 */
export function encodePayload(payload: Payload): Uint8Array {
  check.object('payload', payload)
  const { acks, offers, requests, messages } = payload
  for (const [name, ids] of Object.entries({ acks, offers, requests })) {
    check.array(name, ids)
    for (const id of ids) check.bytes(name, id)
  }
  check.array('messages', messages)
  return copyBytes(
    mvds.Payload.encode({
      acks: [...acks],
      offers: [...offers],
      requests: [...requests],
      messages: messages.map(toWire)
    }).finish()
  )
}

/**
 * Serialises one message alone.
 *
 * @example
 * ```ts
 * encodeMessage({ groupId: groupId(alice, bob), timestamp: 1_600_000_000n, body }).length
 * ```
 */
export function encodeMessage(message: Message): Uint8Array {
  return copyBytes(mvds.Message.encode(toWire(message)).finish())
}

/**
 * Reads bytes as a payload; `undefined` when they are something else: no protobuf, or none of the four lists in it.
 * Unknown fields are skipped, identifiers of a wrong length are left to the caller.
 *
 * @example
 * ```ts
 * const payload = decodePayload(bytes)
 * if (payload !== undefined) console.log(payload.acks.length, payload.messages.length)
 * ```
 */
export function decodePayload(bytes: Uint8Array): Payload | undefined {
  check.bytes('bytes', bytes)
  const reading = createPayloadReading(bytes, Number.POSITIVE_INFINITY)
  while (reading.step());
  return reading.result()
}

/**
 * Reads one message. @throws SyncError `malformed-payload`
 *
 * @example
 * ```ts
 * const { timestamp, body } = decodeMessage(bytes)
 * ```
 */
export function decodeMessage(bytes: Uint8Array): Message {
  check.bytes('bytes', bytes)
  const raw = tryDecode(() => mvds.Message.decode(protobuf.Reader.create(bytes)))
  if (raw === undefined) {
    throw new SyncError('malformed-payload', `message: expected protobuf, got ${bytes.length} other bytes`, {
      origin: 'peer'
    })
  }
  return fromWire(raw)
}

/** A payload that is read field by field, so that a long one can be read in several turns of the event loop. */
export interface PayloadReading {
  /** Reads one field; `false` when there is nothing more to read. */
  readonly step: () => boolean
  /** The payload, once `step` has answered `false`. */
  readonly result: () => Payload | undefined
}

const acksTag = (5001 << 3) | 2
const offersTag = (5002 << 3) | 2
const requestsTag = (5003 << 3) | 2
const messagesTag = (5004 << 3) | 2

/** @param maxEntries most entries kept of each list; more are skipped */
export function createPayloadReading(bytes: Uint8Array, maxEntries: number): PayloadReading {
  const reader = protobuf.Reader.create(bytes)
  const payload = { acks: [], offers: [], requests: [], messages: [] } as {
    [Name in keyof Payload]: Payload[Name][0][]
  }
  let failed = false
  const add = <Entry>(list: Entry[], read: () => Entry, tag: number): void => {
    // BOUNDED: maxEntries
    if (list.length < maxEntries) list.push(read())
    else reader.skipType(tag & 7, 0, tag)
  }
  const id = (): Uint8Array => copyBytes(reader.bytes())
  const readField = (): true => {
    const tag = reader.tag()
    if (tag === acksTag) add(payload.acks, id, tag)
    else if (tag === offersTag) add(payload.offers, id, tag)
    else if (tag === requestsTag) add(payload.requests, id, tag)
    else if (tag === messagesTag)
      add(payload.messages, () => fromWire(mvds.Message.decode(reader, reader.uint32())), tag)
    else reader.skipType(tag & 7, 0, tag)
    return true
  }
  return {
    step: () => {
      if (failed || reader.pos >= reader.len) return false
      failed = tryDecode(readField) === undefined
      return !failed
    },
    result: () => {
      const { acks, offers, requests, messages } = payload
      return failed || acks.length + offers.length + requests.length + messages.length === 0 ? undefined : payload
    }
  }
}

function toWire(message: Message): mvds.Message.$Properties {
  check.object('message', message)
  const { groupId, timestamp, body } = message
  check.bytes('groupId', groupId)
  check.bytes('body', body)
  // Defaults are left out, as proto3 wants it and deployed nodes do.
  return {
    ...(groupId.length > 0 ? { groupId } : {}),
    ...(timestamp !== 0n ? { timestamp: longOf(timestamp) } : {}),
    ...(body.length > 0 ? { body } : {})
  }
}

function fromWire(raw: mvds.Message.$Properties): Message {
  return {
    groupId: copyBytes(raw.groupId ?? new Uint8Array()),
    timestamp: bigintOf(raw.timestamp),
    body: copyBytes(raw.body ?? new Uint8Array())
  }
}
