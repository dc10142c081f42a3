import { concatBytes, equalBytes, isLowS, keccak256, recoverPublicKey } from '@status-stack/crypto'
import type { IdentityKey, PublicKey } from '@status-stack/interface'
import { check, checkIdentity, checkKey, wellFormed } from './arguments.ts'
import * as payloads from './gen/payloads.js'
import { bytes, type Extensible, int, message } from './wire/codec.ts'

/** The wrapper of every payload. SPEC: 6/PAYLOADS, ApplicationMetadataMessage. */
export interface ApplicationMetadataMessage extends Extensible {
  /** 65 bytes r‖s‖v over Keccak-256 of the payload, v 0 or 1; empty when unsigned. */
  readonly signature: Uint8Array
  /** The protobuf of that type. */
  readonly payload: Uint8Array
  /** Not covered by the signature, but by the message id. */
  readonly type: number
}

const codec = /* @__PURE__ */ message<ApplicationMetadataMessage>(
  'ApplicationMetadataMessage',
  payloads.ApplicationMetadataMessage,
  {
    signature: bytes,
    payload: bytes,
    type: int
  }
)

/**
 * Reads a wrapper; its signature is not checked: `signerOf` does that. SPEC: 6/PAYLOADS, ApplicationMetadataMessage.
 *
 * @throws DataError `malformed`
 * @example
 * ```ts
 * const { type, payload } = decodeWrapper(bytes)
 * ```
 */
export function decodeWrapper(bytes: Uint8Array): ApplicationMetadataMessage {
  check.bytes('bytes', bytes)
  return codec.decode(bytes)
}

/**
 * The bytes of a wrapper, unknown fields included.
 *
 * @example
 * ```ts
 * const bytes = encodeWrapper({ signature, payload, type: 1 })
 * ```
 */
export function encodeWrapper(wrapper: ApplicationMetadataMessage): Uint8Array {
  checkWrapper(wrapper)
  return wellFormed('wrapper', () => codec.encode(wrapper))
}

function checkWrapper(wrapper: ApplicationMetadataMessage): void {
  check.object('wrapper', wrapper)
  check.bytes('wrapper.signature', wrapper.signature)
  check.bytes('wrapper.payload', wrapper.payload)
  check.integer('wrapper.type', wrapper.type, -(2 ** 31), 2 ** 31 - 1)
}

/**
 * Wraps a payload and signs it. DEVIATION: the spec says SHA3-256; the network uses Keccak-256.
 *
 * @example
 * ```ts
 * const bytes = wrap(payloadTypeNumber('contact-update'), encodePayload(payload), identity)
 * ```
 */
export function wrap(type: number, payload: Uint8Array, identity: IdentityKey): Uint8Array {
  check.bytes('payload', payload)
  checkIdentity('identity', identity)
  return encodeWrapper({ signature: identity.sign(keccak256(payload)), payload, type })
}

/**
 * The id of a message: Keccak-256 of the author's uncompressed key and the wrapper; of the wrapper alone when it is
 * not signed. DEVIATION: status-go's comments say the compressed key, its code hashes the uncompressed one.
 *
 * @example
 * ```ts
 * messageIdOf(bytes, identity.publicKey) // 32 bytes
 * ```
 */
export function messageIdOf(wrapped: Uint8Array, author: PublicKey | undefined): Uint8Array {
  check.bytes('wrapped', wrapped)
  if (author !== undefined) checkKey('author', author)
  return keccak256(author === undefined ? wrapped : concatBytes(author, wrapped))
}

/**
 * Who signed a wrapper: a public key, `undefined` when it carries no signature, `'invalid'` when no key can be
 * recovered. Only v 0 and 1 are signatures of this network.
 *
 * @example
 * ```ts
 * const signer = signerOf(decodeWrapper(bytes))
 * if (signer instanceof Uint8Array) console.log(keyId(signer))
 * ```
 */
export function signerOf(wrapper: ApplicationMetadataMessage): PublicKey | undefined | 'invalid' {
  checkWrapper(wrapper)
  const { signature, payload } = wrapper
  if (signature.length === 0) return undefined
  if ((signature[64] ?? 2) > 1) return 'invalid'
  try {
    return recoverPublicKey(keccak256(payload), signature)
  } catch {
    return 'invalid'
  }
}

/**
 * Whether `bytes` are the one spelling of a wrapper: its fields in order, each once, in shortest form, no others, and a
 * signature with a low s.
 *
 * The message id hashes the whole wrapper, while the signature covers the payload only. Without this rule anyone could give
 * a signed message a second id, and with it bring back what its author has deleted or edited.
 *
 * @example
 * ```ts
 * isCanonicalWrapper(decodeWrapper(bytes), bytes)
 * ```
 */
export function isCanonicalWrapper(wrapper: ApplicationMetadataMessage, bytes: Uint8Array): boolean {
  check.bytes('bytes', bytes)
  checkWrapper(wrapper)
  if (wrapper.unknownFields !== undefined && wrapper.unknownFields.length > 0) return false
  if (wrapper.signature.length > 0 && !isLowS(wrapper.signature)) return false
  return equalBytes(encodeWrapper(wrapper), bytes)
}
