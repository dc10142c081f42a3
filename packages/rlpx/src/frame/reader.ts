import { concatBytes } from '@status-stack/crypto'
import { check, peerError } from '../errors.ts'
import type { SessionSecrets } from '../handshake/secrets.ts'
import { createChunkQueue } from './chunk-queue.ts'
import { cipherOf, padded } from './frame.ts'

/** One opened frame. */
export interface Message {
  /** On this connection: below 16 of the base protocol, above of a capability, its offset included. */
  readonly id: number
  /** A view, valid until the next chunk is pushed. */
  readonly payload: Uint8Array
}

/**
 * Byte chunks → whole frames, linear in the bytes, holding no more than was received. A large body is authenticated and decrypted as
 * it comes, so that its last byte costs no more than the others; nothing of it is handed out before its MAC is verified.
 */
export interface FrameReader {
  /** Takes a chunk over; it may be changed in place. */
  readonly push: (chunk: Uint8Array) => void
  /**
   * The next whole message, `undefined` when more bytes are needed.
   * @param maxBytes largest frame body accepted now
   * @throws TransportError `bad-mac`, `too-large`, `malformed`; the reader is of no use after that
   */
  readonly next: (maxBytes: number) => Message | undefined
  /** Bytes held for a frame that is not whole yet. */
  readonly bufferedBytes: () => number
}

/** Bodies are read in parts of this size as they come; smaller ones in one piece, without a copy. */
const partBytes = 64 * 1024

function malformedId(): Error {
  return peerError('malformed', 'frame: message id is not a canonical integer')
}

/** Splits a frame body into message id and payload. @throws TransportError `malformed` */
export function splitMessage(body: Uint8Array): Message {
  const first = body[0]
  if (first === undefined || first === 0) throw malformedId()
  if (first < 0x80) return { id: first, payload: body.subarray(1) }
  const size = first - 0x80
  // Ids over three bytes cannot be in any range; the study's worst case has two.
  if (size > 3 || size >= body.length) throw malformedId()
  if (size === 0) return { id: 0, payload: body.subarray(1) }
  let id = 0
  for (let i = 1; i <= size; i++) id = id * 256 + (body[i] ?? 0)
  if (body[1] === 0 || id < 0x80) throw malformedId()
  return { id, payload: body.subarray(1 + size) }
}

/**
 * Opens the frames of one direction, in order: header MAC before the size, body MAC before the body is decrypted.
 *
 * @example
 * ```ts
 * const reader = createFrameReader(secrets)
 * reader.push(chunk)
 * for (let message = reader.next(limit); message !== undefined; message = reader.next(limit)) handle(message)
 * ```
 */
export function createFrameReader(secrets: Pick<SessionSecrets, 'aes' | 'mac' | 'ingress'>): FrameReader {
  const cipher = cipherOf(secrets, 'ingress')
  const queue = createChunkQueue()
  let size: number | undefined
  /** Of the body that is being read: what is decrypted, and how much of its padded length is still to come. */
  let parts: Uint8Array[] = []
  let missing = 0
  let readBytes = 0
  const readHeader = (maxBytes: number): number => {
    const header = queue.take(32)
    if (!cipher.openHeader(header)) throw peerError('bad-mac', 'frame: bad header MAC')
    const length = (header[0] ?? 0) * 0x1_0000 + (header[1] ?? 0) * 0x100 + (header[2] ?? 0)
    if (length > maxBytes) {
      throw peerError('too-large', `frame: at most ${maxBytes} bytes expected, ${length} announced`, {
        length,
        maxBytes
      })
    }
    return length
  }
  return {
    push: chunk => {
      check.bytes('chunk', chunk)
      queue.push(chunk)
    },
    bufferedBytes: () => queue.length() + readBytes,
    next: maxBytes => {
      if (size === undefined) {
        if (queue.length() < 32) return undefined
        size = readHeader(maxBytes)
        missing = padded(size)
      }
      while (missing >= partBytes && queue.length() >= partBytes) {
        const part = queue.take(partBytes)
        cipher.openPart(part)
        missing -= partBytes
        readBytes += partBytes
        parts.push(part)
      }
      if (queue.length() < missing + 16) return undefined
      const last = queue.take(missing + 16)
      if (!cipher.finish(last)) throw peerError('bad-mac', 'frame: bad frame MAC')
      const body = parts.length === 0 ? last : concatBytes(...parts, last)
      const message = splitMessage(body.subarray(0, size))
      parts = []
      readBytes = 0
      size = undefined
      return message
    }
  }
}
