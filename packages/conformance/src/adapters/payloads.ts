import { keccak256 } from '@status-stack/crypto'
import { createGroupId, keyId, keyOfId } from '@status-stack/status-data'
import { validatePayload } from '@status-stack/status-data/rules'
import {
  decodePayload,
  decodeWrapper,
  encodePayload,
  encodeWrapper,
  messageIdOf,
  signerOf,
  wrap
} from '@status-stack/status-data/wire'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check, Part } from '../runner/check.ts'
import { fieldsOfMessage, payloadOfFields } from './payload-fields.ts'
import { groupSections } from './payloads-group.ts'
import { bytesOf, identityOf } from './support.ts'

export const payloads: Adapter = {
  file: 'payloads.json',
  sections: {
    message: { reproduce: makeMessage, decode: readMessage },
    metadata_verify: { decode: verifyMetadata },
    validate: { decode: validate },
    chat_id: { reproduce: makeChatId },
    ...groupSections
  }
}

function makeMessage(vector: VectorCase, check: Check): void {
  const payload = encodePayload(payloadOfFields(vector))
  check.bytes('payload', vector['payload'], payload)
  check.bytes('signedHash', vector['signedHash'], keccak256(payload))
  const type: number = vector['type']
  const signature = bytesOf(vector['signature'])
  if (signature.length === 0) {
    const wrapped = encodeWrapper({ signature, payload, type })
    check.bytes('wrapped', vector['wrapped'], wrapped)
    return
  }
  const author = identityOf(vector['authorPrivateKey'])
  const wrapped = wrap(type, payload, author)
  check.bytes('signature', vector['signature'], decodeWrapper(wrapped).signature)
  check.bytes('wrapped', vector['wrapped'], wrapped, wrappedParts(payload.length))
  check.bytes('messageId', vector['messageId'], messageIdOf(wrapped, author.publicKey))
}

/** Where signature, payload and type lie in a signed wrapper; a length above 127 takes a second byte. */
function wrappedParts(payloadLength: number): readonly Part[] {
  const header = payloadLength < 0x80 ? 2 : payloadLength < 0x4000 ? 3 : 4
  return [
    ['signature', 67],
    ['payload', header + payloadLength],
    ['type', 2]
  ]
}

function readMessage(vector: VectorCase, check: Check): void {
  const wrapped = vectorBytes(vector['wrapped'])
  const wrapper = decodeWrapper(wrapped)
  check.bytes('signature', vector['signature'], wrapper.signature)
  check.bytes('payload', vector['payload'], wrapper.payload)
  check.equal('type', vector['type'], wrapper.type)
  check.bytes('wrapped', vector['wrapped'], encodeWrapper(wrapper))
  const signer = signerOf(wrapper)
  check.equal('recoveredAuthor', vector['recoveredAuthor'], signer)
  if (signer !== 'invalid') {
    const id = messageIdOf(wrapped, signer)
    // An unsigned wrapper has no id in the vectors: it is the hash of the wrapper alone.
    check.bytes('messageId', vector['messageId'] ?? keccak256(wrapped), id)
  }
  const payload = decodePayload(wrapper.type, wrapper.payload)
  check.equal('typeName', plainName(vector['typeName']), plainName(payload.name))
  check.equal('payloadType', plainName(vector['payloadType'].replace(/^protobuf\./, '')), plainName(payload.name))
  check.equal('fields', fieldsOfMessage(payloadOfFields(vector).message), fieldsOfMessage(payload.message))
  check.bytes('payload', vector['payload'], encodePayload(payload))
}

/** A type's name whatever its spelling: `CHAT_MESSAGE`, `ChatMessage` and `chat-message` are one. */
function plainName(name: string): string {
  return name
    .replaceAll(/[-_]/g, '')
    .toLowerCase()
    .replace(/message$/, '')
}

function verifyMetadata(vector: VectorCase, check: Check): void {
  const wrapped = vectorBytes(vector['wrapped'])
  const wrapper = attempt(() => decodeWrapper(wrapped))
  const signer = wrapper === undefined ? undefined : signerOf(wrapper)
  check.equal('result', vector['result'], resultOf(wrapper === undefined, signer))
  if (wrapper === undefined || signer === undefined || signer === 'invalid') return
  check.bytes('recoveredAuthor', vector['recoveredAuthor'], signer)
  check.bytes('payload', vector['payload'], wrapper.payload)
  check.equal('type', vector['type'], wrapper.type)
  check.bytes('messageId', vector['messageId'], messageIdOf(wrapped, signer))
}

function resultOf(malformed: boolean, signer: ReturnType<typeof signerOf>): string {
  if (malformed) return 'decode-error'
  if (signer === undefined) return 'unsigned'
  return signer === 'invalid' ? 'signature-error' : 'ok'
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** The checks of status-go 0.56.10; what strict rules refuse beyond them is not in the vectors. */
function validate(vector: VectorCase, check: Check): void {
  const sentMs = Number(vector['whisperTimestampMs'])
  const payload = decodePayload(vector['type'], vectorBytes(vector['payload']))
  check.equal('payloadType', plainName(vector['payloadType'].replace(/^protobuf\./, '')), plainName(payload.name))
  const refusal = validatePayload(payload, { sentMs, nowMs: sentMs, rules: 'status-go-0.56.10' })
  check.equal('valid', vector['valid'], refusal === undefined)
}

function makeChatId(vector: VectorCase, check: Check): void {
  const publicKey = vectorBytes(vector['publicKey'])
  const chatId: string = vector['chatId']
  if (chatId.startsWith('0x')) {
    check.equal('chatId', chatId, keyId(publicKey))
    check.bytes('publicKey', vector['publicKey'], keyOfId(chatId))
    return
  }
  // The UUID of the example was random: its digits are the random bytes, but for the version and variant bits.
  const uuid = vectorBytes(`0x${chatId.slice(0, 36).replaceAll('-', '')}`)
  check.equal('chatId', chatId, createGroupId(publicKey, { bytes: () => uuid }))
}
