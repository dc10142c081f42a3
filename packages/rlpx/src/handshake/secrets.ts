import { concatBytes, createKeccak256, ecdhX, type Keccak256, keccak256 } from '@status-stack/crypto'
import { checkPrivateKey } from '../arguments.ts'
import { check } from '../errors.ts'

/** What both sides hold after auth and ack. SPEC: devp2p RLPx, "Handshake". */
export interface SessionSecrets {
  /** AES-256 key of the frames, 32 bytes. */
  readonly aes: Uint8Array
  /** AES-256 key of the MACs, 32 bytes. */
  readonly mac: Uint8Array
  /** MAC state of what we send. */
  readonly egress: Keccak256
  /** MAC state of what we receive. */
  readonly ingress: Keccak256
}

/** Inputs of {@link deriveSecrets}: ours and theirs by role; the packets exactly as on the wire, size bytes included. */
export interface HandshakeTranscript {
  /** Which side we are: it decides which MAC state is ours. */
  readonly role: 'initiator' | 'recipient'
  /** 32 bytes, ours. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 65 bytes. */
  readonly remoteEphemeralPublicKey: Uint8Array
  /** 32 bytes. */
  readonly initiatorNonce: Uint8Array
  /** 32 bytes. */
  readonly recipientNonce: Uint8Array
  /** The initiator's packet. */
  readonly auth: Uint8Array
  /** The recipient's packet. */
  readonly ack: Uint8Array
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

/**
 * The session secrets and first MAC states. @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * const secrets = deriveSecrets({
 *   role: 'initiator',
 *   ephemeralPrivateKey,
 *   remoteEphemeralPublicKey,
 *   initiatorNonce,
 *   recipientNonce,
 *   auth,
 *   ack
 * })
 * const sealer = createFrameSealer(secrets)
 * ```
 */
export function deriveSecrets(transcript: HandshakeTranscript): SessionSecrets {
  check.object('transcript', transcript)
  const { auth, ack, initiatorNonce, recipientNonce } = transcript
  check.oneOf('role', transcript.role, ['initiator', 'recipient'])
  checkPrivateKey('ephemeralPrivateKey', transcript.ephemeralPrivateKey)
  check.bytes('remoteEphemeralPublicKey', transcript.remoteEphemeralPublicKey, 65)
  check.bytes('initiatorNonce', initiatorNonce, 32)
  check.bytes('recipientNonce', recipientNonce, 32)
  check.bytes('auth', auth)
  check.bytes('ack', ack)
  const ephemeral = ecdhX(transcript.ephemeralPrivateKey, transcript.remoteEphemeralPublicKey)
  const shared = keccak256(concatBytes(ephemeral, keccak256(concatBytes(recipientNonce, initiatorNonce))))
  const aes = keccak256(concatBytes(ephemeral, shared))
  const mac = keccak256(concatBytes(ephemeral, aes))
  const ofInitiator = createKeccak256().update(xor(mac, recipientNonce)).update(auth)
  const ofRecipient = createKeccak256().update(xor(mac, initiatorNonce)).update(ack)
  ephemeral.fill(0)
  shared.fill(0)
  return transcript.role === 'initiator'
    ? { aes, mac, egress: ofInitiator, ingress: ofRecipient }
    : { aes, mac, egress: ofRecipient, ingress: ofInitiator }
}
