import { type EciesRandomness, ecdhX, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { checkPrivateKey, checkPublicKey } from '../arguments.ts'
import { check } from '../errors.ts'
import type { Random } from '../ports.ts'
import { decodeAck, encodeAck } from './ack.ts'
import { decodeAuth, encodeAuth, signAuth } from './auth.ts'
import { drawPadding, type HandshakeForm, type OpenedHandshake, sealHandshake } from './packet.ts'
import { deriveSecrets, type SessionSecrets } from './secrets.ts'

/** Everything random in one side of a handshake; injected to reproduce recorded bytes. */
export interface HandshakeRandomness {
  /** 32 bytes. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 32 bytes. */
  readonly nonce: Uint8Array
  /** What the encryption of the packet draws: its ephemeral key and IV. */
  readonly ecies: EciesRandomness
  /** Zero bytes behind the list, EIP-8 form only; 100–299. */
  readonly padding: number
}

/**
 * Fresh randomness for one side.
 *
 * @example
 * ```ts
 * const randomness = drawHandshakeRandomness({ bytes: randomBytes })
 * ```
 */
export function drawHandshakeRandomness(random: Random): HandshakeRandomness {
  check.object('random', random)
  check.function('random.bytes', random.bytes)
  return {
    ephemeralPrivateKey: generatePrivateKey(random),
    nonce: random.bytes(32),
    ecies: { ephemeralPrivateKey: generatePrivateKey(random), iv: random.bytes(16) },
    padding: drawPadding(random)
  }
}

/** The dialing side: `auth` goes out, `finish` takes the ack. */
export interface Initiator {
  /** The packet to send, sealed for the node that is dialed. */
  readonly auth: Uint8Array
  /** The keys of the session, from the recipient's answer. @throws TransportError `bad-handshake` */
  readonly finish: (ack: OpenedHandshake) => SessionSecrets
}

/**
 * Starts a handshake with a node whose public key (65 bytes) is known.
 *
 * @example
 * ```ts
 * const initiator = createInitiator({ privateKey, remotePublicKey }, randomness)
 * socket.write(initiator.auth)
 * ```
 */
export function createInitiator(
  keys: { readonly privateKey: Uint8Array; readonly remotePublicKey: Uint8Array },
  randomness: HandshakeRandomness,
  form: HandshakeForm = 'eip8'
): Initiator {
  check.object('keys', keys)
  checkPrivateKey('privateKey', keys.privateKey)
  checkPublicKey('remotePublicKey', keys.remotePublicKey)
  check.object('randomness', randomness)
  const { ephemeralPrivateKey, nonce, ecies, padding } = randomness
  const staticShared = ecdhX(keys.privateKey, keys.remotePublicKey)
  const body = encodeAuth(form, {
    signature: signAuth(staticShared, nonce, ephemeralPrivateKey),
    publicKey: publicKeyOf(keys.privateKey),
    nonce,
    ephemeralPublicKey: publicKeyOf(ephemeralPrivateKey)
  })
  staticShared.fill(0)
  const auth = sealHandshake(form, keys.remotePublicKey, body, padding, ecies)
  return {
    auth,
    finish: opened => {
      const ack = decodeAck(opened.form, opened.body)
      return deriveSecrets({
        role: 'initiator',
        ephemeralPrivateKey,
        remoteEphemeralPublicKey: ack.ephemeralPublicKey,
        initiatorNonce: nonce,
        recipientNonce: ack.nonce,
        auth,
        ack: opened.packet
      })
    }
  }
}

/** What the listening side has after answering. */
export interface Answer {
  /** The packet to send. */
  readonly ack: Uint8Array
  /** 65 bytes; proved only once the first frame's MAC verifies. */
  readonly remotePublicKey: Uint8Array
  /** Keys and MAC states of the session that begins now. */
  readonly secrets: SessionSecrets
}

/**
 * Answers an auth in the form it came in. @throws TransportError `bad-handshake`
 *
 * @example
 * ```ts
 * const { ack, secrets } = answerAuth(privateKey, opened, randomness)
 * ```
 */
export function answerAuth(privateKey: Uint8Array, opened: OpenedHandshake, randomness: HandshakeRandomness): Answer {
  checkPrivateKey('privateKey', privateKey)
  check.object('opened', opened)
  check.object('randomness', randomness)
  const auth = decodeAuth(opened.form, opened.body, privateKey)
  const { ephemeralPrivateKey, nonce, ecies, padding } = randomness
  const body = encodeAck(opened.form, { ephemeralPublicKey: publicKeyOf(ephemeralPrivateKey), nonce })
  const ack = sealHandshake(opened.form, auth.initiatorPublicKey, body, padding, ecies)
  const secrets = deriveSecrets({
    role: 'recipient',
    ephemeralPrivateKey,
    remoteEphemeralPublicKey: auth.ephemeralPublicKey,
    initiatorNonce: auth.nonce,
    recipientNonce: nonce,
    auth: opened.packet,
    ack
  })
  return { ack, remotePublicKey: auth.initiatorPublicKey, secrets }
}
