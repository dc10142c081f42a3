import { createFrameCipher, type FrameCipher } from '@status-stack/crypto'
import { check } from '../errors.ts'
import type { SessionSecrets } from '../handshake/secrets.ts'

/** Bytes of a frame beside the padded body: header, header MAC, body MAC. */
const frameOverhead = 48

/** `size` rounded up to whole cipher blocks. */
export function padded(size: number): number {
  return (size + 15) & ~15
}

/** Length of the RLP form of a message id. */
export function messageIdLength(id: number): number {
  return id < 0x80 ? 1 : id < 0x100 ? 2 : id < 0x1_0000 ? 3 : 4
}

function writeMessageId(out: Uint8Array, at: number, id: number): number {
  if (id === 0) out[at] = 0x80
  else if (id < 0x80) out[at] = id
  else {
    const size = messageIdLength(id) - 1
    out[at] = 0x80 + size
    for (let i = 0; i < size; i++) out[at + 1 + i] = (id >>> (8 * (size - 1 - i))) & 0xff
  }
  return at + messageIdLength(id)
}

/** Bytes a message takes on the wire. */
export function frameLength(id: number, payloadLength: number): number {
  return frameOverhead + padded(messageIdLength(id) + payloadLength)
}

/** The cipher of one direction. @throws TransportError `invalid-argument` */
export function cipherOf<Direction extends 'egress' | 'ingress'>(
  secrets: Pick<SessionSecrets, 'aes' | 'mac' | Direction>,
  direction: Direction
): FrameCipher {
  check.object('secrets', secrets)
  check.bytes('aes', secrets.aes, 32)
  check.bytes('mac', secrets.mac, 32)
  check.object(direction, secrets[direction])
  return createFrameCipher({ aes: secrets.aes, mac: secrets.mac, state: secrets[direction] })
}

/** Seals the frames of one direction, in order. */
export interface FrameSealer {
  /** Writes one whole frame to `out` at `at`; answers where it ends. `out` has room for {@link frameLength} bytes. */
  readonly sealInto: (out: Uint8Array, at: number, id: number, payload: Uint8Array) => number
  /** One whole frame in an array of its own. */
  readonly seal: (id: number, payload: Uint8Array) => Uint8Array
}

/**
 * SPEC: devp2p RLPx, "Framing": header = size(3) ‖ C2 80 80 ‖ zeros, one key stream over headers and bodies.
 *
 * @example
 * ```ts
 * const sealer = createFrameSealer(secrets)
 * socket.write(sealer.seal(baseMessage.hello, encodeHello(hello)))
 * ```
 */
export function createFrameSealer(secrets: Pick<SessionSecrets, 'aes' | 'mac' | 'egress'>): FrameSealer {
  const cipher = cipherOf(secrets, 'egress')
  const sealInto: FrameSealer['sealInto'] = (out, at, id, payload) => {
    const size = messageIdLength(id) + payload.length
    out.fill(0, at, at + 32)
    out[at] = size >>> 16
    out[at + 1] = (size >>> 8) & 0xff
    out[at + 2] = size & 0xff
    out[at + 3] = 0xc2
    out[at + 4] = 0x80
    out[at + 5] = 0x80
    const bodyAt = at + 32
    const bodyEnd = bodyAt + padded(size)
    out.set(payload, writeMessageId(out, bodyAt, id))
    out.fill(0, bodyAt + size, bodyEnd)
    cipher.seal(out.subarray(at, bodyEnd + 16))
    return bodyEnd + 16
  }
  return {
    sealInto,
    seal: (id, payload) => {
      const out = new Uint8Array(frameLength(id, payload.length))
      sealInto(out, 0, id, payload)
      return out
    }
  }
}
