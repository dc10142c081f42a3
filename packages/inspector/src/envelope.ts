import {
  aesGcmOpen,
  bytesToHex,
  CryptoError,
  eciesDecrypt,
  eciesOverhead,
  keccak256,
  recoverPublicKey
} from '@status-stack/crypto'
import { rlpBigUint, rlpUint, splitRlpList } from '@status-stack/rlp'
import { decodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import type { Arrival } from '@status-stack/whisper/status'
import {
  decodeEnvelope,
  decodePlaintext,
  decodeRequestPayload,
  type Envelope,
  envelopeHash,
  envelopePow,
  sentSeconds
} from '@status-stack/whisper/wire'
import type { Context } from './context.ts'
import type { Keyring } from './keyring.ts'
import { inspectPlaintext, inspectProtocolMessage } from './protocol-message.ts'
import { type Element, integer, rlpNodes } from './rlp.ts'
import { dateText, keyText } from './schema-fields.ts'
import { attempt, missingKey, type Node, type Refusal, refusal, shownBytes } from './tree.ts'

const seconds = (value: bigint): string | undefined => dateText(value, 1n)

/** Who listens where an envelope was posted, and what its key made of it. */
interface Opened {
  readonly plaintext: Uint8Array
  readonly how: string
  readonly self?: Uint8Array
  readonly arrival?: Arrival
}

/** An envelope, its data opened with whatever key fits, and all that lies inside. */
export async function inspectEnvelope(context: Context, bytes: Uint8Array): Promise<Node> {
  const { tree } = context
  const { value: envelope, refusal: why } = attempt(() => decodeEnvelope(bytes))
  const inner = envelope === undefined ? undefined : await openData(context, envelope)
  const elements: readonly Element[] = [
    integer('expiry', content => rlpUint('expiry', content, 32), seconds),
    integer(
      'ttl',
      content => rlpUint('ttl', content, 32),
      value => `${value} seconds`
    ),
    {
      name: 'topic',
      read: content =>
        content.length === 4
          ? { meaning: topicText(context.ring, content) }
          : { refusal: refusal('wrong-type', `expected 4 bytes, got ${content.length}`) }
    },
    { name: 'data', read: () => (inner === undefined ? {} : { children: [inner] }) },
    integer('nonce', content => rlpBigUint('nonce', content, 64))
  ]
  const children = rlpNodes(tree, bytes, bytes, { elements })
  if (envelope === undefined) {
    return tree.layer('envelope', bytes.length, {
      refusal: why ?? refusal('invalid-envelope', 'unreadable'),
      children: children.filter(({ name }) => name !== 'unreadable')
    })
  }
  const sent = dateText(BigInt(sentSeconds(envelope)), 1n) ?? 'never'
  const pow = attempt(() => envelopePow(envelope)).value
  return tree.layer('envelope', bytes.length, {
    meaning: `hash 0x${bytesToHex(envelopeHash(bytes))}, sent ${sent}, PoW ${pow === undefined ? 'none' : pow.toPrecision(3)}`,
    children
  })
}

function topicText(ring: Keyring, topic: Uint8Array): string {
  const places = ring.placesOn(topic).map(({ meaning }) => meaning)
  const own = ring.identitiesOn(topic).map(({ publicKey }) => `discovery topic of ${keyText(publicKey) ?? ''}`)
  return [...places, ...own].join('; ') || 'none of the places that the keys given listen on'
}

async function openData(context: Context, envelope: Envelope): Promise<Node> {
  const { tree } = context
  const opened = await tryKeys(context, envelope)
  if ('code' in opened) return tree.node('closed', 0, 0, { refusal: opened })
  return inspectMessage({ ...context, sentMs: sentSeconds(envelope) * 1000 }, opened)
}

const tooManyKeys = missingKey('search-limit', 'more keys were given than are tried on one envelope')

/** The keys of the topic's places, every other symmetric key, and every identity; the first whose tag fits. */
async function tryKeys({ ring, tree }: Context, { topic, data }: Envelope): Promise<Opened | Refusal> {
  let tried = 0
  for (const { key, meaning, arrival, self } of ring.placesOn(topic)) {
    // BOUNDED: envelopeKeys
    if (tried++ >= tree.limits.envelopeKeys) return tooManyKeys
    const plaintext = openSymmetric(await key(), data)
    if (plaintext === undefined) continue
    // Where everybody listens, any identity of ours is the reader.
    const reader = self ?? ring.identities[0]?.publicKey
    return { plaintext, arrival, how: meaning, ...(reader === undefined ? {} : { self: reader }) }
  }
  for (const key of ring.symmetric) {
    if (tried++ >= tree.limits.envelopeKeys) return tooManyKeys
    const plaintext = openSymmetric(key, data)
    if (plaintext !== undefined) return { plaintext, how: 'a symmetric key that was given' }
  }
  for (const identity of ring.identities) {
    if (tried++ >= tree.limits.envelopeKeys) return tooManyKeys
    const plaintext = openAsymmetric(identity, data)
    if (plaintext === undefined) continue
    const how = `the identity key ${keyText(identity.publicKey) ?? ''}`
    return { plaintext, how, self: identity.publicKey, arrival: { kind: 'identity' } }
  }
  if (tried === 0) return missingKey('no-key', `no key was given for topic 0x${bytesToHex(topic)}`)
  return refusal('decrypt-error', `none of ${tried} keys opens it: wrong key, or the data was changed`)
}

function openSymmetric(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  if (data.length < 28) return undefined
  const end = data.length - 12
  return unless(() => aesGcmOpen(key, data.subarray(end), data.subarray(0, end)))
}

function openAsymmetric(key: Parameters<typeof eciesDecrypt>[0], data: Uint8Array): Uint8Array | undefined {
  return data.length < eciesOverhead ? undefined : unless(() => eciesDecrypt(key, data))
}

function unless<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch (error) {
    if (CryptoError.is(error)) return undefined
    throw error
  }
}

/** The plaintext of a message: flags, size, payload, padding, signature. */
function inspectMessage(context: Context, { plaintext, how, self, arrival }: Opened): Node {
  const { tree } = context
  const parts = decodePlaintext(plaintext)
  if (parts === undefined) {
    return tree.layer('whisper-message', plaintext.length, {
      meaning: `opened with ${how}`,
      refusal: refusal('invalid-message', 'flags, size and signature do not fit into the plaintext'),
      children: [tree.node('plaintext', 0, plaintext.length, { value: shownBytes(plaintext, tree.limits) })]
    })
  }
  const { payload, padding, signature, signed } = parts
  const at = signed.length - padding.length - payload.length
  const signer = signature === undefined ? undefined : unless(() => recoverPublicKey(keccak256(signed), signature))
  const bad = signature !== undefined && signer === undefined
  if (signer !== undefined) context.ring.meet(signer)
  const inner: Context = {
    ...context,
    ...(signer === undefined ? {} : { sender: signer }),
    ...(self === undefined ? {} : { self }),
    ...(arrival === undefined ? {} : { arrival })
  }
  const children = [
    tree.node('flags', 0, 1, {
      value: `0x${bytesToHex(plaintext.subarray(0, 1))}`,
      meaning: `${at - 1} size bytes, ${signature === undefined ? 'not signed' : 'signed'}`
    }),
    tree.node('size', 1, at, { value: String(payload.length) }),
    tree.node('payload', at, at + payload.length, {
      value: shownBytes(payload, tree.limits),
      children: bad || payload.length === 0 ? [] : [inspectCarried(inner, payload)]
    }),
    tree.node('padding', at + payload.length, signed.length, { value: `${padding.length} bytes` }),
    ...(signature === undefined
      ? []
      : [
          tree.node('signature', signed.length, plaintext.length, {
            value: shownBytes(signature, tree.limits),
            ...(signer === undefined
              ? { refusal: refusal('invalid-message', 'bad signature: no key can be recovered from it') }
              : { meaning: `signed by ${keyText(signer) ?? ''}` })
          })
        ])
  ]
  return tree.layer('whisper-message', plaintext.length, { meaning: `opened with ${how}`, children })
}

/** What a message carries: mostly a ProtocolMessage; what is none is handed up as it is. */
function inspectCarried(context: Context, payload: Uint8Array): Node {
  if (attempt(() => decodeProtocolMessage(payload)).value !== undefined) return inspectProtocolMessage(context, payload)
  if ((payload[0] ?? 0) >= 0xc0 && attempt(() => decodeRequestPayload(payload)).value !== undefined) {
    context.reach('mailserver-request')
    const { tree } = context
    return tree.layer('payload', payload.length, { children: requestNodes(context, payload) }, 'mailserver-request')
  }
  return inspectPlaintext(context, payload)
}

function requestNodes({ tree }: Context, payload: Uint8Array): readonly Node[] {
  const time = (name: string) => integer(name, content => rlpUint(name, content, 32), seconds)
  // Topics stand fourth in the layout of 2020; a list there tells it.
  const topics = (splitRlpList(payload)[3]?.[0] ?? 0) >= 0xc0
  const elements: readonly Element[] = [
    time('lower'),
    time('upper'),
    { name: 'bloom' },
    ...(topics ? [{ name: 'topics', each: { name: 'topic' } }] : []),
    integer('limit', content => rlpUint('limit', content, 32)),
    { name: 'cursor' },
    integer('batch', content => rlpUint('batch', content, 32))
  ]
  return rlpNodes(tree, payload, payload, { elements })
}
