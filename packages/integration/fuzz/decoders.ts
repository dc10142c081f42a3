import { hexToBytes, utf8Bytes } from '@status-stack/crypto'
import { decodeRlp, encodeRlp } from '@status-stack/rlp'
import { decodeDisconnect, decodeHello, decompressSnappy, encodeHello } from '@status-stack/rlpx/wire'
import { outgoing } from '@status-stack/status-data'
import { decodePayload as decodeDataPayload, decodeWrapper } from '@status-stack/status-data/wire'
import {
  decodeBundle,
  decodeBundleContainer,
  decodeDirectEntry,
  decodeProtocolMessage,
  encodeBundle,
  encodeProtocolMessage
} from '@status-stack/status-pfs/primitives'
import { decodeMessage, decodePayload, encodePayload, groupId } from '@status-stack/status-sync'
import { decodeStatusOptions, decodeStatusV0, encodeStatusOptions, encodeStatusV0 } from '@status-stack/waku/wire'
import * as whisper from '@status-stack/whisper/wire'
import { parseJsonRpc } from '@status-stack/whisper-rpc'
import type { Target } from './engine.ts'
import { alice, bob, nowMs } from './people.ts'

const field = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const share = 4000

const envelope = whisper.encodeEnvelope({
  expiry: nowMs / 1000 + 15,
  ttl: 15,
  topic: field(4),
  data: field(200),
  nonce: 9n
})
const hello = encodeHello({
  version: 5,
  clientName: 'Geth/v1.9.5',
  capabilities: [{ name: 'shh', version: 6 }],
  listenPort: 0,
  key: field(64)
})
const bundle = encodeBundle({
  identity: field(33),
  signedPrekeys: [{ installationId: 'device', publicKey: field(33), version: 1, protocolVersion: 1 }],
  signature: field(65),
  timestamp: 1n
})
const protocolMessage = encodeProtocolMessage({
  installationId: 'device',
  bundles: [],
  entries: [],
  publicMessage: field(30)
})
const chatMessage = outgoing(
  { kind: 'one-to-one', publicKey: bob.publicKey },
  { kind: 'text', text: 'hello' },
  { identity: alice, nowMs }
).bytes
const syncPayload = encodePayload({
  acks: [field(32)],
  offers: [field(32)],
  requests: [field(32)],
  messages: [{ groupId: groupId(alice.publicKey, bob.publicKey), timestamp: 1n, body: field(40) }]
})
const request = whisper.encodeRequestPayload({
  lower: 1,
  upper: 2,
  bloom: field(64),
  limit: 10,
  cursor: new Uint8Array(),
  batch: true
})

const decoder = (name: string, seeds: readonly Uint8Array[], run: (input: Uint8Array) => unknown): Target => ({
  name,
  seeds,
  run,
  share
})

/** Everything that makes values of bytes of strangers and holds no state. */
export const decoders: readonly Target[] = [
  decoder('rlp', [encodeRlp([field(3), [field(60), 5]]), hexToBytes('f800')], bytes => decodeRlp(bytes)),
  decoder('hello', [hello], decodeHello),
  decoder('disconnect', [Uint8Array.of(0xc1, 4)], decodeDisconnect),
  decoder('snappy', [Uint8Array.of(0x64, 0, 0xaa, 0xfe, 1, 0, 0x8a, 1, 0)], bytes => decompressSnappy(bytes, 1 << 16)),
  decoder('envelope', [envelope], whisper.decodeEnvelope),
  decoder('messages packet', [whisper.encodeMessages([envelope, envelope])], whisper.decodeMessages),
  decoder('peer-to-peer messages', [whisper.encodeP2pMessages([envelope])], whisper.decodeP2pMessages),
  decoder('batch acknowledged', [whisper.encodeBatchAcknowledged(field(32))], whisper.decodeBatchAcknowledged),
  decoder('message response', [encodeRlp([field(32), [[field(32), 1, field(9)]]])], whisper.decodeMessageResponse),
  decoder('mailserver request', [request], whisper.decodeRequestPayload),
  decoder('request completed', [encodeRlp(field(68)), encodeRlp(field(100))], whisper.decodeRequestComplete),
  decoder('sync request', [encodeRlp([1, 2, field(64), 10, new Uint8Array()])], whisper.decodeSyncRequest),
  decoder('whisper plaintext', [whisper.encodeUnsigned(field(40), field(100), false)], whisper.decodePlaintext),
  decoder('waku status options', [encodeStatusOptions({ powBits: 5n, topics: [field(4)], light: true })], bytes =>
    decodeStatusOptions(bytes)
  ),
  decoder('waku status of version 0', [encodeStatusV0({ powBits: 5n, light: true })], decodeStatusV0),
  decoder('json-rpc', [utf8Bytes('{"jsonrpc":"2.0","id":1,"method":"shh_post","params":[{"ttl":7}]}')], bytes =>
    parseJsonRpc(new TextDecoder().decode(bytes))
  ),
  decoder('protocol message', [protocolMessage], decodeProtocolMessage),
  decoder('bundle', [bundle], decodeBundle),
  decoder('bundle container', [bundle], decodeBundleContainer),
  decoder('direct entry', [protocolMessage], bytes => decodeDirectEntry('device', bytes)),
  decoder('sync payload', [syncPayload], decodePayload),
  decoder('sync message', [syncPayload], decodeMessage),
  decoder('application metadata', [chatMessage], decodeWrapper),
  decoder('chat message', [chatMessage], bytes => decodeDataPayload(1, bytes))
]
