import { concatBytes } from '@status-stack/crypto'
import { decodeRlpPrefix, encodeRlp, rlpBytes, rlpList } from '@status-stack/rlp'
import { check, peerError } from '../errors.ts'
import { handshakeRlpLimits, handshakeVersion, pointFromWire } from './auth.ts'
import type { HandshakeForm } from './packet.ts'
import { checkForm } from './packet.ts'

/** What the initiator learns from ack. */
export interface Ack {
  /** 65 bytes. */
  readonly ephemeralPublicKey: Uint8Array
  /** 32 bytes, the recipient's. */
  readonly nonce: Uint8Array
}

/**
 * The body of ack before ECIES; the key has 65 bytes.
 *
 * @example
 * ```ts
 * const body = encodeAck('eip8', { ephemeralPublicKey, nonce })
 * ```
 */
export function encodeAck(form: HandshakeForm, ack: Ack): Uint8Array {
  checkForm(form)
  check.object('ack', ack)
  const { ephemeralPublicKey, nonce } = ack
  check.bytes('ephemeralPublicKey', ephemeralPublicKey, 65)
  check.bytes('nonce', nonce, 32)
  const key = ephemeralPublicKey.subarray(1)
  return form === 'eip8' ? encodeRlp([key, nonce, handshakeVersion]) : concatBytes(key, nonce, Uint8Array.of(0))
}

function ackFields(form: HandshakeForm, body: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (form === 'plain') {
    if (body.length !== 97) throw peerError('bad-handshake', `ack: expected 97 bytes, got ${body.length}`)
    return [body.slice(0, 64), body.slice(64, 96)]
  }
  try {
    const list = rlpList('ack', decodeRlpPrefix(body, handshakeRlpLimits).item)
    return [rlpBytes('key', list[0], 64), rlpBytes('nonce', list[1], 32)]
  } catch (cause) {
    throw peerError('bad-handshake', `ack: ${cause instanceof Error ? cause.message : 'unreadable'}`)
  }
}

/**
 * Reads an ack body. @throws TransportError `bad-handshake`
 *
 * @example
 * ```ts
 * const { ephemeralPublicKey, nonce } = decodeAck(opened.form, opened.body)
 * ```
 */
export function decodeAck(form: HandshakeForm, body: Uint8Array): Ack {
  checkForm(form)
  check.bytes('body', body)
  const [key, nonce] = ackFields(form, body)
  return { ephemeralPublicKey: pointFromWire('ack key', key), nonce: nonce.slice() }
}
