import { concatBytes, type EciesRandomness, eciesDecrypt, eciesEncrypt, eciesOverhead } from '@status-stack/crypto'
import { checkPrivateKey, checkPublicKey } from '../arguments.ts'
import { check, peerError } from '../errors.ts'
import { limits } from '../limits.ts'

/** `eip8` carries a size prefix and padding; `plain` is the fixed-size form from before EIP-8. */
export type HandshakeForm = 'eip8' | 'plain'

/** Wire length of the plain forms: auth 194 + 113, ack 97 + 113. */
export const plainLength = Object.freeze({ auth: 307, ack: 210 })

/** Fewest and most padding bytes of the EIP-8 form. */
const paddingRange = Object.freeze({ least: 100, most: 299 })

/** Draws an EIP-8 padding length. */
export function drawPadding(random: { readonly bytes: (length: number) => Uint8Array }): number {
  const [high = 0, low = 0] = random.bytes(2)
  return paddingRange.least + ((high * 256 + low) % (paddingRange.most - paddingRange.least + 1))
}

/** @throws TransportError `invalid-argument` */
export function checkForm(form: unknown): asserts form is HandshakeForm {
  check.oneOf('form', form, ['eip8', 'plain'])
}

/**
 * Seals a handshake body: EIP-8 `size(2) ‖ ECIES(body ‖ zeros, s2 = size)`, or plain ECIES.
 *
 * @example
 * ```ts
 * const packet = sealHandshake('eip8', remotePublicKey, body, 200)
 * ```
 */
export function sealHandshake(
  form: HandshakeForm,
  recipient: Uint8Array,
  body: Uint8Array,
  padding: number,
  randomness?: EciesRandomness
): Uint8Array {
  checkForm(form)
  checkPublicKey('recipient', recipient)
  check.bytes('body', body)
  check.integer('padding', padding, 0, limits.handshakePacketBytes)
  if (form === 'plain') return eciesEncrypt(recipient, body, undefined, randomness)
  const length = body.length + padding + eciesOverhead
  const size = Uint8Array.of(length >> 8, length & 0xff)
  return concatBytes(size, eciesEncrypt(recipient, concatBytes(body, new Uint8Array(padding)), size, randomness))
}

/** A handshake packet as received and opened. */
export interface OpenedHandshake {
  /** In which form it came; the answer takes the same one. */
  readonly form: HandshakeForm
  /** Decrypted, with its padding in the EIP-8 form. */
  readonly body: Uint8Array
  /** Exactly the bytes on the wire, for the MAC seeds. */
  readonly packet: Uint8Array
}

/** Reads one auth or ack from a byte stream; each packet is decrypted at most once per form. */
export interface HandshakeReader {
  /** `undefined` until the packet is whole. @throws TransportError `bad-handshake`, `too-large` */
  readonly push: (chunk: Uint8Array) => { readonly opened: OpenedHandshake; readonly rest: Uint8Array } | undefined
}

function open(privateKey: Uint8Array, message: Uint8Array, size?: Uint8Array): Uint8Array | undefined {
  try {
    return eciesDecrypt(privateKey, message, size)
  } catch {
    return undefined
  }
}

/**
 * SPEC: EIP-8: read the plain length, try the plain form, else take the first two bytes as the size.
 *
 * @example
 * ```ts
 * const reader = createHandshakeReader(privateKey, 'auth')
 * const whole = reader.push(chunk)
 * if (whole !== undefined) answerAuth(privateKey, whole.opened, randomness)
 * ```
 */
export function createHandshakeReader(privateKey: Uint8Array, kind: 'auth' | 'ack'): HandshakeReader {
  checkPrivateKey('privateKey', privateKey)
  check.oneOf('kind', kind, ['auth', 'ack'])
  const least = plainLength[kind]
  // BOUNDED: `limits.handshakePacketBytes` plus the chunk that completes the packet.
  let buffered = new Uint8Array(0) as Uint8Array
  let total: number | undefined
  const chunks: Uint8Array[] = []
  let length = 0
  return {
    push: chunk => {
      chunks.push(chunk)
      length += chunk.length
      if (length < (total ?? least)) return undefined
      buffered = chunks.length === 1 ? chunk : concatBytes(...chunks)
      chunks.splice(0, chunks.length, buffered)
      if (total === undefined) {
        const packet = buffered.slice(0, least)
        // An uncompressed ephemeral key begins with 4; anything else cannot be the plain form.
        const body = packet[0] === 4 ? open(privateKey, packet) : undefined
        if (body !== undefined) {
          return { opened: { form: 'plain', body, packet }, rest: buffered.subarray(least) }
        }
        const size = (buffered[0] ?? 0) * 256 + (buffered[1] ?? 0)
        if (size < least) {
          throw peerError('bad-handshake', `${kind}: size underflow, at least ${least} expected, got ${size}`, { size })
        }
        if (size + 2 > limits.handshakePacketBytes) {
          throw peerError('too-large', `${kind}: at most ${limits.handshakePacketBytes} bytes, announced ${size}`, {
            size
          })
        }
        total = size + 2
        if (length < total) return undefined
      }
      const packet = buffered.slice(0, total)
      const body = open(privateKey, packet.subarray(2), packet.slice(0, 2))
      if (body === undefined) throw peerError('bad-handshake', `${kind}: decryption failed`)
      return { opened: { form: 'eip8', body, packet }, rest: buffered.subarray(total) }
    }
  }
}
