import { decodeRlpPrefix, rlpUint } from '@status-stack/rlp'
import { baseMessage, decodeDisconnect, decodeHello, decompressSnappy, reasonName } from '@status-stack/rlpx/wire'
import {
  decodeBatchAcknowledged,
  decodeBloomFilter,
  decodeEnvelope,
  decodeHistoryRequest,
  decodeMessageResponse,
  decodeMessages,
  decodeP2pMessages,
  decodePowRequirement,
  decodeRateLimits,
  decodeRequestComplete,
  decodeStatus,
  decodeSyncRequest,
  decodeSyncResponse,
  packetCodes
} from '@status-stack/whisper/wire'
import type { Context } from './context.ts'
import { inspectEnvelope } from './envelope.ts'
import { type Element, rlpNodes } from './rlp.ts'
import { keyText } from './schema-fields.ts'
import { attempt, type Node, refusal, shownBytes } from './tree.ts'

const utf8 = new TextDecoder()
const text = (name: string): Element => ({ name, read: content => ({ value: utf8.decode(content) }) })
const int = (name: string): Element => ({
  name,
  read: content => ({ value: String(content.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)) })
})

interface PacketKind {
  readonly name: string
  readonly read: (payload: Uint8Array) => unknown
  readonly elements?: readonly Element[]
  /** The envelopes inside, each as its own RLP. */
  readonly envelopes?: (payload: Uint8Array) => readonly Uint8Array[]
}

const limitsElement: Element = { name: 'rate limits', elements: [int('address'), int('peer'), int('topic')] }

const kinds: Readonly<Record<number, PacketKind>> = {
  [packetCodes.status]: {
    name: 'status',
    read: decodeStatus,
    elements: [
      int('version'),
      int('minimum PoW (IEEE-754 bits)'),
      { name: 'bloom' },
      int('light node'),
      int('confirmations'),
      limitsElement
    ]
  },
  [packetCodes.messages]: { name: 'messages', read: decodeMessages, envelopes: decodeMessages },
  [packetCodes.powRequirement]: { name: 'PoW requirement', read: decodePowRequirement },
  [packetCodes.bloomFilter]: { name: 'bloom filter', read: decodeBloomFilter },
  [packetCodes.batchAcknowledged]: { name: 'batch acknowledged', read: decodeBatchAcknowledged },
  [packetCodes.messageResponse]: {
    name: 'message response',
    read: decodeMessageResponse,
    elements: [
      int('version'),
      {
        name: 'response',
        elements: [
          { name: 'batch' },
          {
            name: 'errors',
            each: { name: 'error', elements: [{ name: 'envelope' }, int('code'), text('description')] }
          }
        ]
      }
    ]
  },
  [packetCodes.rateLimits]: { name: 'rate limits', read: decodeRateLimits, elements: limitsElement.elements ?? [] },
  [packetCodes.p2pSyncRequest]: {
    name: 'peer-to-peer sync request',
    read: decodeSyncRequest,
    elements: [int('lower'), int('upper'), { name: 'bloom' }, int('limit'), { name: 'cursor' }]
  },
  [packetCodes.p2pSyncResponse]: {
    name: 'peer-to-peer sync response',
    read: decodeSyncResponse,
    elements: [{ name: 'envelopes' }, { name: 'cursor' }, int('final'), text('error')]
  },
  [packetCodes.p2pRequestComplete]: { name: 'peer-to-peer request complete', read: decodeRequestComplete },
  [packetCodes.p2pRequest]: {
    name: 'peer-to-peer request',
    read: decodeHistoryRequest,
    elements: [{ name: 'id' }, int('from'), int('to'), int('limit'), { name: 'cursor' }, { name: 'bloom' }],
    envelopes: payload => (isEnvelope(payload) ? [payload] : [])
  },
  [packetCodes.p2pMessage]: {
    name: 'peer-to-peer messages',
    read: decodeP2pMessages,
    envelopes: decodeP2pMessages
  }
}

export function isEnvelope(bytes: Uint8Array): boolean {
  return attempt(() => decodeEnvelope(bytes)).value !== undefined
}

/** A Whisper packet's payload. Without its code, the first kind that reads it. */
export async function inspectPacket(context: Context, bytes: Uint8Array, code?: number): Promise<Node> {
  const { tree } = context
  const found = code ?? guess(bytes)
  const kind = found === undefined ? undefined : kinds[found]
  if (kind === undefined) {
    const why = refusal(
      'unrecognised',
      code === undefined ? 'no Whisper packet reads this way' : `no Whisper packet has code ${code}`
    )
    return tree.layer('whisper-packet', bytes.length, { refusal: why, children: rlpNodes(tree, bytes, bytes, {}) })
  }
  const { value, refusal: why } = attempt(() => kind.read(bytes))
  const unread = why ?? (value === undefined ? refusal('invalid-packet', 'unreadable, and ignored') : undefined)
  const envelopes = unread === undefined ? (kind.envelopes?.(bytes) ?? []) : []
  const meaning = `${kind.name} (code ${found})`
  if (unread !== undefined) {
    return tree.layer('whisper-packet', bytes.length, {
      meaning,
      refusal: unread,
      children: rlpNodes(tree, bytes, bytes, kind)
    })
  }
  if (kind.envelopes === undefined) context.reach(kind.name)
  if (envelopes.length === 1 && envelopes[0]?.length === bytes.length) {
    return tree.layer('whisper-packet', bytes.length, { meaning, children: [await inspectEnvelope(context, bytes)] })
  }
  const inside: Node[] = []
  for (const envelope of envelopes) {
    // BOUNDED: nodes
    if (tree.full()) break
    inside.push(await inspectEnvelope(context, envelope))
  }
  const next = inside.values()
  const each: Element = { name: 'envelope', whole: () => [...nextOf(next)] }
  return tree.layer('whisper-packet', bytes.length, {
    meaning,
    children: isList(bytes)
      ? rlpNodes(tree, bytes, bytes, envelopes.length > 0 ? { each } : kind)
      : [tree.node('value', 0, bytes.length, { value: shownBytes(bytes, tree.limits) })]
  })
}

const isList = (bytes: Uint8Array): boolean => (bytes[0] ?? 0) >= 0xc0

function nextOf(nodes: Iterator<Node>): readonly Node[] {
  const { value, done } = nodes.next()
  return done === true ? [] : [value]
}

/** Codes from the most to the least telling shape. */
const order = [
  packetCodes.messages,
  packetCodes.p2pRequest,
  packetCodes.batchAcknowledged,
  packetCodes.bloomFilter,
  packetCodes.messageResponse,
  packetCodes.rateLimits,
  packetCodes.p2pSyncResponse,
  packetCodes.p2pSyncRequest,
  packetCodes.status
]

function guess(bytes: Uint8Array): number | undefined {
  const reads = (code: number): boolean => {
    const kind = kinds[code]
    const result = kind === undefined ? {} : attempt(() => kind.read(bytes))
    if (!('value' in result) || result.value === undefined) return false
    if (code !== packetCodes.messages) return true
    return Array.isArray(result.value) && result.value.length > 0 && result.value.every(isEnvelope)
  }
  return order.find(reads)
}

const baseNames: Readonly<Record<number, string>> = {
  [baseMessage.hello]: 'hello',
  [baseMessage.disconnect]: 'disconnect',
  [baseMessage.ping]: 'ping',
  [baseMessage.pong]: 'pong'
}

/** The first message id behind the base protocol's; Whisper's when it is the only capability. */
const offset = 16

/** Message id of a decrypted frame, and where its payload begins. */
export function frameId(bytes: Uint8Array): { readonly id: number; readonly length: number } | undefined {
  return attempt(() => {
    const { item, length } = decodeRlpPrefix(bytes, { maxDepth: 0, maxItems: 1 })
    return { id: rlpUint('message id', item, 16), length }
  }).value
}

/** A decrypted RLPx frame: message id, then the payload, which Snappy compressed after Hello. */
export async function inspectFrame(context: Context, bytes: Uint8Array): Promise<Node> {
  const { tree } = context
  const head = frameId(bytes)
  if (head === undefined) {
    const why = refusal('malformed', 'a frame begins with a message id: an RLP integer')
    return tree.layer('rlpx-frame', bytes.length, { refusal: why })
  }
  const { id, length } = head
  const raw = bytes.subarray(length)
  const name = id < offset ? (baseNames[id] ?? 'reserved') : `Whisper code ${id - offset}`
  const idNode = tree.node('message id', 0, length, {
    value: String(id),
    meaning: id < offset ? name : `${name}, if Whisper is the only capability`
  })
  // Hello is never compressed; everything behind it is since version 5 of the base protocol.
  const opened = id === baseMessage.hello ? {} : attempt(() => decompressSnappy(raw))
  const payload = opened.value ?? raw
  const how = opened.value === undefined ? 'not compressed' : `Snappy, ${payload.length} bytes decompressed`
  const inside = id < offset ? baseNode(context, id, payload) : await inspectPacket(context, payload, id - offset)
  const compressed =
    opened.refusal !== undefined && id >= offset && inside.refusal !== undefined ? { refusal: opened.refusal } : {}
  const body = tree.node('payload', length, bytes.length, { meaning: how, ...compressed, children: [inside] })
  return tree.layer('rlpx-frame', bytes.length, { meaning: name, children: [idNode, body] })
}

function baseNode(context: Context, id: number, payload: Uint8Array): Node {
  const { tree } = context
  const name = baseNames[id] ?? 'reserved'
  const hello: readonly Element[] = [
    int('version'),
    text('client'),
    { name: 'capabilities', each: { name: 'capability', elements: [text('name'), int('version')] } },
    int('listen port'),
    { name: 'node key', read: key => ({ meaning: keyText(Uint8Array.of(4, ...key)) ?? 'not a public key' }) }
  ]
  const why = id === baseMessage.hello ? attempt(() => decodeHello(payload)).refusal : undefined
  const children = isList(payload)
    ? rlpNodes(tree, payload, payload, { elements: id === baseMessage.hello ? hello : [int('reason')] })
    : []
  if (why === undefined) context.reach(name)
  return tree.layer(
    'payload',
    payload.length,
    {
      ...(id === baseMessage.disconnect ? { meaning: reasonName(decodeDisconnect(payload)) } : {}),
      ...(why === undefined ? {} : { refusal: why }),
      children
    },
    name
  )
}
