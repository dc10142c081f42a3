import { once } from 'node:events'

/** @import { Socket } from 'node:net' */
/** @import { PeerLink } from '@status-stack/interface' */

const headBytes = 5
/** Longest payload that is taken: what is announced beyond it ends the link before a byte of it is kept. */
const maxPayload = 10 * 1024 * 1024

/** @param {number} code @param {Uint8Array} payload */
function frame(code, payload) {
  const bytes = new Uint8Array(headBytes + payload.length)
  new DataView(bytes.buffer).setUint32(0, payload.length)
  bytes[4] = code
  bytes.set(payload, headBytes)
  return bytes
}

/** @param {AsyncIterable<Uint8Array>} chunks */
async function* framesOf(chunks) {
  let rest = new Uint8Array()
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headBytes) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0)
      if (length > maxPayload) throw new Error(`frame: expected at most ${maxPayload} bytes, got ${length}`)
      if (rest.length < headBytes + length) break
      yield { code: rest[4] ?? 0, payload: Uint8Array.from(rest.subarray(headBytes, headBytes + length)) }
      rest = rest.subarray(headBytes + length)
    }
  }
}

/**
 * A peer link over a socket: packets as `length ‖ code ‖ payload`. It authenticates nobody and encrypts nothing; a transport for the open network
 * has to do both.
 *
 * @param {Socket} socket
 * @param {string} peerId 64 hex digits: what this end calls the other
 * @returns {PeerLink}
 */
export function socketLink(socket, peerId) {
  // An error is followed by `close`, which is what ends the link.
  socket.on('error', () => undefined)
  return {
    peerId,
    remoteAddress: socket.remoteAddress ?? '',
    flags: { static: false, trusted: false },
    packets: async function* () {
      try {
        yield* framesOf(socket)
      } catch {
        // A socket that was closed under its reader, or a frame that is too long: either way the link is over.
      } finally {
        socket.destroy()
      }
    },
    send: async (code, payload, { signal } = {}) => {
      signal?.throwIfAborted()
      if (!Number.isInteger(code) || code < 0 || code > 127)
        throw new RangeError(`code: expected 0 to 127, got ${code}`)
      if (!socket.writable) throw new Error('link: it has ended')
      // `write` says whether there is room for more; while there is none, the sender waits.
      if (!socket.write(frame(code, payload))) await once(socket, 'drain', { signal })
    },
    close: async () => socket.destroySoon()
  }
}
