import type { TimeSlicer } from '@status-stack/utils'
import { callerError, peerError, TransportError } from '../errors.ts'
import { messageIdLength } from '../frame/frame.ts'
import { limits } from '../limits.ts'
import { decompress, decompressSliced } from '../p2p/snappy.ts'
import { compressed } from '../p2p/snappy-compress.ts'

function checked(id: number, closed: Uint8Array): Uint8Array {
  // The size field has 24 bits: what it cannot say must not be sent, compressed or not.
  const most = limits.protocolMessageBytes - messageIdLength(id)
  if (closed.length <= most) return closed
  throw callerError('too-large', `message: at most ${most} bytes in a frame, got ${closed.length}`)
}

/** A payload as it goes into a frame, in an array of its own. @throws TransportError `too-large` */
export function closePayload(id: number, payload: Uint8Array, snappy: boolean): Uint8Array {
  return checked(id, snappy ? compressed(payload) : payload.slice())
}

/** Shorter payloads are not worth being remembered: most of them go to one peer. */
const rememberedFrom = 256

/** What constant payloads are when compressed, as long as they are alive: a packet that goes to many peers is compressed once. */
const compressedOnce = new WeakMap<Uint8Array, Uint8Array>()

/** {@link closePayload} of bytes that nothing changes again; the answer is shared and must not be changed either. @throws TransportError `too-large` */
export function closeConstant(id: number, payload: Uint8Array, snappy: boolean): Uint8Array {
  if (!snappy) return checked(id, payload)
  if (payload.length < rememberedFrom) return checked(id, compressed(payload))
  let closed = compressedOnce.get(payload)
  if (closed === undefined) {
    closed = compressed(payload)
    compressedOnce.set(payload, closed)
  }
  return checked(id, closed)
}

/** The payload of a frame as its own array, decompressed where that was agreed. @throws TransportError `too-large`, `bad-compression` */
export function openPayload(payload: Uint8Array, maxBytes: number, snappy: boolean): Uint8Array {
  if (snappy) return decompress(payload, maxBytes)
  if (payload.length <= maxBytes) return payload.slice()
  throw peerError('too-large', `message: at most ${maxBytes} bytes, got ${payload.length}`)
}

/** Payloads below this are opened at once: their dearest form costs less than a slice of a turn. */
const atOnceBytes = 16 * 1024

/** {@link openPayload} that yields to others while it inflates a long payload; a short one is there at once. */
export function openPayloadSliced(
  payload: Uint8Array,
  maxBytes: number,
  snappy: boolean,
  slicer: TimeSlicer
): Uint8Array | Promise<Uint8Array> {
  if (!snappy || payload.length < atOnceBytes) return openPayload(payload, maxBytes, snappy)
  return decompressSliced(payload, maxBytes, slicer)
}

/** DEVIATION: some nodes (stock @ethereumjs/devp2p) do not compress Disconnect; the connection ends either way. */
export function openDisconnect(payload: Uint8Array, snappy: boolean): Uint8Array {
  try {
    return openPayload(payload, limits.disconnectBytes, snappy)
  } catch {
    return payload
  }
}

/** Whatever a decoder threw, as the peer's fault. */
export function asTransportError(error: unknown): TransportError {
  if (TransportError.is(error)) return error
  return peerError('malformed', error instanceof Error ? error.message : 'unreadable')
}
