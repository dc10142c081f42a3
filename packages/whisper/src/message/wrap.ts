import { type AesGcmTrialKey, concatBytes, equalBytes, generatePrivateKey } from '@status-stack/crypto'
import { check, checkInterestKey, checkRouteKey, checkSigner } from '../checks.ts'
import type { Envelope } from '../envelope.ts'
import type { IdentityKey, Random } from '../ports.ts'
import type { InterestKey, RouteKey } from '../route.ts'
import { openAsymmetric, sealAsymmetric } from './asymmetric.ts'
import { encodeUnsigned, findParts, type PlaintextParts, paddingAlignment, paddingLength } from './layout.ts'
import { recoverSigner, signPlaintext } from './signature.ts'
import { createSymmetricOpener, openSymmetric, sealSymmetric } from './symmetric.ts'

/** What goes into an envelope's data. */
export interface MessageContent {
  /** At most 2^24 − 1 bytes. */
  readonly payload: Uint8Array
  /** Symmetric: AES-256-GCM; asymmetric: ECIES to that public key. */
  readonly key: RouteKey
  /** Signs plaintext and padding. @default unsigned */
  readonly signer?: Pick<IdentityKey, 'sign'> | undefined
  /** Used as it is when not empty. @default random bytes up to a multiple of 256 */
  readonly padding?: Uint8Array | undefined
}

function checkContent({ payload, padding, signer }: Omit<MessageContent, 'key'>): void {
  check.bytes('payload', payload)
  if (padding !== undefined) check.bytes('padding', padding)
  if (signer !== undefined) checkSigner('signer', signer)
}

/**
 * The plaintext of a message: laid out, padded and signed. @throws WhisperError `payload-too-large`, `invalid-argument`
 *
 * @example
 * ```ts
 * const plaintext = encodePlaintext({ payload, signer: identity }, random)
 * ```
 */
export function encodePlaintext(content: Omit<MessageContent, 'key'>, random: Random): Uint8Array {
  checkContent(content)
  const { payload, signer } = content
  const signed = signer !== undefined
  const padding =
    content.padding !== undefined && content.padding.length > 0
      ? content.padding
      : random.bytes(paddingLength(payload.length, signed))
  const unsigned = encodeUnsigned(payload, padding, signed)
  return signer === undefined ? unsigned : concatBytes(unsigned, signPlaintext(unsigned, signer))
}

/**
 * The data of an envelope. Random bytes are taken in this order: padding; then the GCM nonce (12), or the ECIES
 * ephemeral private key (32) and IV (16).
 * @throws WhisperError `payload-too-large`, `invalid-argument`
 *
 * @example
 * ```ts
 * const data = sealMessage({ payload, key: { kind: 'asymmetric', publicKey: bob.publicKey } }, random)
 * ```
 */
export function sealMessage(content: MessageContent, random: Random): Uint8Array {
  checkRouteKey('key', content.key)
  const plaintext = encodePlaintext(content, random)
  if (content.key.kind === 'symmetric') return sealSymmetric(content.key.key, random.bytes(12), plaintext)
  const ephemeralPrivateKey = generatePrivateKey(random)
  return sealAsymmetric(content.key.publicKey, plaintext, { ephemeralPrivateKey, iv: random.bytes(16) })
}

/** A message that was opened. Nothing keeps the packet that it came in alive. */
export interface OpenedMessage {
  /** Without padding. It may share its buffer with the padding: read the bytes, not `payload.buffer`. */
  readonly payload: Uint8Array
  /** As it was sent. */
  readonly padding: Uint8Array
  /** 65 bytes r‖s‖v. */
  readonly signature?: Uint8Array
  /** 65 bytes. */
  readonly signer?: Uint8Array
}

/** Why nothing came out; told apart for the vectors only, a node ignores both. */
export type OpenFailure = 'decrypt-error' | 'invalid-message'

/**
 * Decrypts and takes apart. A message whose signature recovers no key is invalid. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const opened = openMessage(data, { kind: 'asymmetric', identity: bob })
 * if (typeof opened !== 'string') show(opened.payload, opened.signer)
 * ```
 */
export function openMessage(data: Uint8Array, key: InterestKey): OpenedMessage | OpenFailure {
  check.bytes('data', data)
  checkInterestKey('key', key)
  return openChecked(data, key)
}

function openChecked(data: Uint8Array, key: InterestKey): OpenedMessage | OpenFailure {
  const opened = openedOf(key.kind === 'symmetric' ? openSymmetric(key.key, data) : openAsymmetric(key.identity, data))
  return typeof opened === 'string' ? opened : openedMessageOf(opened)
}

/** A message that a key opened, while nobody has looked at it: its plaintext, and where its parts lie. Views of them are made by who reads them. */
export interface Opened extends PlaintextParts {
  /** The message's own. */
  readonly plaintext: Uint8Array
  /** 65 bytes. */
  readonly signer: Uint8Array | undefined
}

function openedOf(plaintext: Uint8Array | undefined): Opened | OpenFailure {
  if (plaintext === undefined) return 'decrypt-error'
  const parts = findParts(plaintext)
  if (parts === undefined) return 'invalid-message'
  const { payloadStart, payloadEnd, paddingEnd } = parts
  if (paddingEnd === plaintext.length) return { plaintext, payloadStart, payloadEnd, paddingEnd, signer: undefined }
  const signer = recoverSigner(plaintext.subarray(0, paddingEnd), plaintext.subarray(paddingEnd))
  return signer === undefined ? 'invalid-message' : { plaintext, payloadStart, payloadEnd, paddingEnd, signer }
}

/** With usual padding the parts are views of the plaintext, which saves buffers; with a lot of it, whoever keeps the payload would keep it too. */
function partOf({ plaintext, payloadEnd, paddingEnd }: Opened, start: number, end: number): Uint8Array {
  const isShared = paddingEnd - payloadEnd <= paddingAlignment
  return isShared ? plaintext.subarray(start, end) : plaintext.slice(start, end)
}

/** What the sender gave, of a message that was opened. */
export function payloadOf(opened: Opened): Uint8Array {
  return partOf(opened, opened.payloadStart, opened.payloadEnd)
}

/** The parts of a message that was opened. */
export function openedMessageOf(opened: Opened): OpenedMessage {
  const { plaintext, payloadEnd, paddingEnd, signer } = opened
  const payload = payloadOf(opened)
  const padding = partOf(opened, payloadEnd, paddingEnd)
  return signer === undefined
    ? { payload, padding }
    : { payload, padding, signature: plaintext.slice(paddingEnd), signer }
}

/** Opens an envelope with a key that was checked before; `undefined` when it does not fit or the message is invalid. */
export function openEnvelope({ data }: Pick<Envelope, 'data'>, key: InterestKey): OpenedMessage | undefined {
  const opened = openChecked(data, key)
  return typeof opened === 'string' ? undefined : opened
}

/** A key that was checked when it was registered, prepared for all envelopes that it is tried on. */
export interface EnvelopeOpener {
  /** Opens the data of an envelope, `undefined` when the key does not fit or the message is invalid. */
  readonly open: (data: Uint8Array) => Opened | undefined
  /** Of a symmetric key: by this it is tried together with others, with `firstOpening`. */
  readonly trial: AesGcmTrialKey | undefined
  /** Overwrites what was prepared. */
  readonly wipe: () => void
}

export function createEnvelopeOpener(key: InterestKey): EnvelopeOpener {
  const orNone = (opened: Opened | OpenFailure): Opened | undefined => (typeof opened === 'string' ? undefined : opened)
  if (key.kind === 'asymmetric') {
    const { identity } = key
    return { open: data => orNone(openedOf(openAsymmetric(identity, data))), trial: undefined, wipe: () => undefined }
  }
  const opener = createSymmetricOpener(key.key)
  return { open: data => orNone(openedOf(opener.open(data))), trial: opener.key, wipe: () => opener.key.wipe() }
}

/** Whether a message was signed by this key; without a wanted key, any signature or none is right. */
export function isSignedBy(message: Pick<Opened, 'signer'>, wanted: Uint8Array | undefined): boolean {
  return wanted === undefined || (message.signer !== undefined && equalBytes(message.signer, wanted))
}
