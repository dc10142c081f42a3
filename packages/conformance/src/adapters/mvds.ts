import { compressPublicKey } from '@status-stack/crypto'
import {
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  groupId,
  type Message,
  messageId,
  type Payload,
  statusGoSendEpoch
} from '@status-stack/status-sync'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { readExchange, reproduceExchange } from './mvds-exchange.ts'

export const mvds: Adapter = {
  file: 'mvds.json',
  sections: {
    message_id: { reproduce: makeMessage, decode: readMessage },
    group_id: { reproduce: makeGroupId },
    payload: { reproduce: makePayload, decode: readPayload },
    send_epoch: {
      reproduce: (vector, check) =>
        check.equal('next', vector['next'], statusGoSendEpoch(vector['epoch'], vector['sendCount']))
    },
    handle: { decode: handUp },
    exchange: { reproduce: reproduceExchange, decode: readExchange }
  }
}

interface VectorMessage {
  readonly groupId: string
  readonly timestamp: string
  readonly body: string
  readonly messageId: string
}

function messageOf(vector: Pick<VectorMessage, 'groupId' | 'timestamp' | 'body'>): Message {
  return {
    groupId: vectorBytes(vector.groupId),
    timestamp: BigInt(vector.timestamp),
    body: vectorBytes(vector.body)
  }
}

function makeMessage(vector: VectorCase, check: Check): void {
  const { groupId, timestamp, body } = vector as unknown as VectorMessage
  const message = messageOf({ groupId, timestamp, body })
  check.bytes('messageProtobuf', vector['messageProtobuf'], encodeMessage(message))
  check.bytes('messageId', vector['messageId'], messageId(message))
}

function readMessage(vector: VectorCase, check: Check): void {
  const message = decodeMessage(vectorBytes(vector['messageProtobuf']))
  check.bytes('groupId', vector['groupId'], message.groupId)
  check.equal('timestamp', vector['timestamp'], message.timestamp)
  check.bytes('body', vector['body'], message.body)
  check.bytes('messageId', vector['messageId'], messageId(message))
}

function makeGroupId(vector: VectorCase, check: Check): void {
  const a = vectorBytes(vector['publicKeyA'])
  const b = vectorBytes(vector['publicKeyB'])
  check.bytes('compressedA', vector['compressedA'], compressPublicKey(a))
  check.bytes('compressedB', vector['compressedB'], compressPublicKey(b))
  check.bytes('groupId', vector['groupId'], groupId(a, b))
  check.bytes('groupId', vector['groupId'], groupId(b, a))
}

function payloadOf(vector: VectorCase): Payload {
  const ids = (name: string): readonly Uint8Array[] => (vector[name] ?? []).map(vectorBytes)
  const messages: readonly VectorMessage[] = vector['messages'] ?? []
  return { acks: ids('acks'), offers: ids('offers'), requests: ids('requests'), messages: messages.map(messageOf) }
}

function makePayload(vector: VectorCase, check: Check): void {
  const payload = payloadOf(vector)
  check.bytes('protobuf', vector['protobuf'], encodePayload(payload))
  for (const [index, message] of payload.messages.entries()) {
    check.bytes(`messages[${index}].messageId`, vector['messages'][index].messageId, messageId(message))
  }
}

function readPayload(vector: VectorCase, check: Check): void {
  const payload = decodePayload(vectorBytes(vector['protobuf']))
  check.equal('isValid', vector['isValid'], payload !== undefined)
  const { acks, offers, requests, messages } = payloadOf(vector)
  const read = payload ?? { acks: [], offers: [], requests: [], messages: [] }
  check.equal('acks', acks, read.acks)
  check.equal('offers', offers, read.offers)
  check.equal('requests', requests, read.requests)
  check.equal('messages', messages, read.messages)
}

/** Bodies of a payload in their order, or the bytes themselves when they are no payload. */
function handUp(vector: VectorCase, check: Check): void {
  const input = vectorBytes(vector['input'])
  const payload = decodePayload(input)
  const bodies = payload === undefined ? [input] : payload.messages.map(message => message.body)
  check.equal('applicationPayloads', vector['applicationPayloads'] ?? [], bodies)
}
