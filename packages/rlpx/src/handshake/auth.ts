import { concatBytes, ecdhX, isPublicKey, keccak256, recoverPublicKey, signDigest } from '@status-stack/crypto'
import { decodeRlpPrefix, encodeRlp, rlpBytes, rlpList } from '@status-stack/rlp'
import { checkPrivateKey } from '../arguments.ts'
import { check, peerError } from '../errors.ts'
import { checkForm, type HandshakeForm } from './packet.ts'

/** Shape of any auth or ack list: flat but for unknown extra elements. */
export const handshakeRlpLimits = Object.freeze({ maxDepth: 4, maxItems: 64 })

/** Version both handshake messages carry; receivers ignore it. */
export const handshakeVersion = 4

/** What the recipient learns from auth. */
export interface Auth {
  /** 65 bytes. */
  readonly initiatorPublicKey: Uint8Array
  /** 32 bytes, the initiator's. */
  readonly nonce: Uint8Array
  /** Recovered from the signature, 65 bytes. */
  readonly ephemeralPublicKey: Uint8Array
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

/**
 * r‖s‖v by the ephemeral key over staticShared ⊕ nonce, 65 bytes.
 *
 * @example
 * ```ts
 * const signature = signAuth(ecdhX(privateKey, remotePublicKey), nonce, ephemeralPrivateKey)
 * ```
 */
export function signAuth(staticShared: Uint8Array, nonce: Uint8Array, ephemeralPrivateKey: Uint8Array): Uint8Array {
  check.bytes('staticShared', staticShared, 32)
  check.bytes('nonce', nonce, 32)
  checkPrivateKey('ephemeralPrivateKey', ephemeralPrivateKey)
  return signDigest(xor(staticShared, nonce), ephemeralPrivateKey)
}

/**
 * The body of auth before ECIES; `publicKey` is the initiator's, 65 bytes.
 *
 * @example
 * ```ts
 * const body = encodeAuth('eip8', { signature, publicKey, nonce, ephemeralPublicKey })
 * ```
 */
export function encodeAuth(
  form: HandshakeForm,
  fields: {
    readonly signature: Uint8Array
    readonly publicKey: Uint8Array
    readonly nonce: Uint8Array
    readonly ephemeralPublicKey: Uint8Array
  }
): Uint8Array {
  checkForm(form)
  check.object('fields', fields)
  const { signature, nonce } = fields
  check.bytes('signature', signature, 65)
  check.bytes('publicKey', fields.publicKey, 65)
  check.bytes('nonce', nonce, 32)
  check.bytes('ephemeralPublicKey', fields.ephemeralPublicKey, 65)
  const key = fields.publicKey.subarray(1)
  if (form === 'eip8') return encodeRlp([signature, key, nonce, handshakeVersion])
  return concatBytes(signature, keccak256(fields.ephemeralPublicKey.slice(1)), key, nonce, Uint8Array.of(0))
}

/** A 64-byte key from the wire as 65 bytes. @throws TransportError `bad-handshake` when it is not a point */
export function pointFromWire(name: string, key: Uint8Array): Uint8Array {
  const publicKey = concatBytes(Uint8Array.of(4), key)
  if (!isPublicKey(publicKey)) throw peerError('bad-handshake', `${name}: not a point on the curve`)
  return publicKey
}

function authFields(form: HandshakeForm, body: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
  if (form === 'plain') {
    // The hash of the ephemeral key at 65…96 is skipped: go-ethereum does not verify it either.
    if (body.length !== 194) throw peerError('bad-handshake', `auth: expected 194 bytes, got ${body.length}`)
    return [body.slice(0, 65), body.slice(97, 161), body.slice(161, 193)]
  }
  try {
    // SPEC: EIP-8: more elements, another version and bytes behind the list are ignored.
    const list = rlpList('auth', decodeRlpPrefix(body, handshakeRlpLimits).item)
    return [rlpBytes('signature', list[0], 65), rlpBytes('key', list[1], 64), rlpBytes('nonce', list[2], 32)]
  } catch (cause) {
    throw peerError('bad-handshake', `auth: ${cause instanceof Error ? cause.message : 'unreadable'}`)
  }
}

/**
 * Reads and verifies an auth body with the recipient's private key. @throws TransportError `bad-handshake`
 *
 * @example
 * ```ts
 * const { initiatorPublicKey } = decodeAuth(opened.form, opened.body, privateKey)
 * ```
 */
export function decodeAuth(form: HandshakeForm, body: Uint8Array, privateKey: Uint8Array): Auth {
  checkForm(form)
  check.bytes('body', body)
  checkPrivateKey('privateKey', privateKey)
  const [signature, key, nonce] = authFields(form, body)
  const initiatorPublicKey = pointFromWire('auth key', key)
  const staticShared = ecdhX(privateKey, initiatorPublicKey)
  try {
    const ephemeralPublicKey = recoverPublicKey(xor(staticShared, nonce), signature.slice())
    return { initiatorPublicKey, nonce: nonce.slice(), ephemeralPublicKey }
  } catch {
    throw peerError('bad-handshake', 'auth: no key can be recovered from the signature')
  } finally {
    staticShared.fill(0)
  }
}
