import { protobuf } from '@status-stack/protobuf'
import { SyncError } from './errors.ts'
import { mvds } from './gen/wire.js'
import { attempt, bigintOf, longOf, own } from './protobuf.ts'

/** What 4/MVDS-META adds to a message. */
export interface Metadata {
  /** Ids of messages that come before this one; 32 bytes each. */
  readonly parents: readonly Uint8Array[]
  /** Neither acknowledged nor remembered. */
  readonly ephemeral: boolean
}

/** One message of a group. Its id covers group, timestamp and body, not the metadata. */
export interface Message {
  /** 32 bytes. */
  readonly groupId: Uint8Array
  /** Unix seconds when it was appended; int64. */
  readonly timestamp: bigint
  /** Bytes of the layer above. */
  readonly body: Uint8Array
  readonly metadata?: Metadata
}

/** The unit that is sealed and sent. SPEC: 2/MVDS "Payloads". */
export interface Payload {
  readonly acks: readonly Uint8Array[]
  readonly offers: readonly Uint8Array[]
  readonly requests: readonly Uint8Array[]
  readonly messages: readonly Message[]
}

/** Serialises a payload; zero bytes when it has no entries, which is not a valid payload. */
export function encodePayload(payload: Payload): Uint8Array {
  return own(
    mvds.Payload.encode({
      acks: [...payload.acks],
      offers: [...payload.offers],
      requests: [...payload.requests],
      messages: payload.messages.map(toWire)
    }).finish()
  )
}

/** Serialises one message alone. */
export function encodeMessage(message: Message): Uint8Array {
  return own(mvds.Message.encode(toWire(message)).finish())
}

/**
 * Reads bytes as a payload; `undefined` when they are something else: no protobuf, or none of the four lists in it.
 * Unknown fields are skipped, identifiers of a wrong length are left to the caller.
 */
export function decodePayload(bytes: Uint8Array): Payload | undefined {
  const raw = attempt(() => mvds.Payload.decode(protobuf.Reader.create(bytes)))
  if (raw === undefined) return undefined
  const { acks, offers, requests, messages } = raw
  if (acks.length + offers.length + requests.length + messages.length === 0) return undefined
  return {
    acks: acks.map(own),
    offers: offers.map(own),
    requests: requests.map(own),
    messages: messages.map(fromWire)
  }
}

/** Reads one message. @throws SyncError `malformed-payload` */
export function decodeMessage(bytes: Uint8Array): Message {
  const raw = attempt(() => mvds.Message.decode(protobuf.Reader.create(bytes)))
  if (raw === undefined) {
    throw new SyncError('malformed-payload', `message: expected protobuf, got ${bytes.length} other bytes`, {
      origin: 'peer'
    })
  }
  return fromWire(raw)
}

function toWire(message: Message): mvds.Message.$Properties {
  // Defaults are left out, as proto3 wants it and deployed nodes do.
  return {
    ...(message.groupId.length > 0 ? { groupId: message.groupId } : {}),
    ...(message.timestamp !== 0n ? { timestamp: longOf(message.timestamp) } : {}),
    ...(message.body.length > 0 ? { body: message.body } : {}),
    ...(message.metadata === undefined
      ? {}
      : {
          metadata: {
            parents: [...message.metadata.parents],
            ...(message.metadata.ephemeral ? { ephemeral: true } : {})
          }
        })
  }
}

function fromWire(raw: mvds.Message.$Properties): Message {
  const { metadata } = raw
  return {
    groupId: own(raw.groupId ?? new Uint8Array()),
    timestamp: bigintOf(raw.timestamp),
    body: own(raw.body ?? new Uint8Array()),
    ...(metadata
      ? { metadata: { parents: (metadata.parents ?? []).map(own), ephemeral: metadata.ephemeral ?? false } }
      : {})
  }
}
