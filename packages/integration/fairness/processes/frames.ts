import type { Socket } from 'node:net'
import type { SendOptions } from '@status-stack/interface'

/** One message between two processes. */
export interface Frame {
  readonly code: number
  readonly payload: Uint8Array
}

/** A socket that carries frames, with back-pressure both ways: length (4 bytes), code (1 byte), payload. */
export interface FrameSocket {
  /** Resolves when the socket's buffers have room for more; rejects when it has ended. */
  readonly write: (code: number, payload: Uint8Array, options?: SendOptions) => Promise<void>
  /** One reader; ends with the socket. Not reading stalls the other side. */
  readonly frames: () => AsyncGenerator<Frame>
  /** Ends after what was written. */
  readonly end: () => void
  readonly cut: () => void
}

const headBytes = 5
/** Frames that wait for the reader before the socket is paused. */
const mostWaiting = 8

export function frameSocket(socket: Socket): FrameSocket {
  socket.setNoDelay(true)
  const waiting: Frame[] = []
  let ended = false
  let wake: () => void = () => undefined
  const take = frameReader(frame => {
    waiting.push(frame)
    if (waiting.length >= mostWaiting) socket.pause()
    wake()
  })
  const end = (): void => {
    ended = true
    wake()
  }
  socket.on('data', take)
  for (const event of ['end', 'close', 'error']) socket.on(event, end)
  return {
    write: async (code, payload, { signal, isConstant = false } = {}) => {
      signal?.throwIfAborted()
      if (ended || socket.destroyed) throw new Error('socket: it has ended')
      const head = Buffer.alloc(headBytes)
      head.writeUInt32BE(payload.length)
      head[4] = code
      socket.cork()
      socket.write(head)
      // A copy, unless nothing changes it: the caller may use its array again at once.
      const hasRoom = socket.write(isConstant ? payload : Uint8Array.from(payload))
      socket.uncork()
      if (!hasRoom) await room(socket, signal)
    },
    frames: async function* () {
      for (;;) {
        const frame = waiting.shift()
        if (frame !== undefined) {
          if (waiting.length < mostWaiting) socket.resume()
          yield frame
        } else if (ended) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
    },
    end: () => {
      end()
      socket.end()
      socket.resume()
    },
    cut: () => {
      end()
      socket.destroy()
    }
  }
}

/** Puts chunks together; each byte is copied once. */
function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let have = 0
  let wanted = headBytes
  return chunk => {
    chunks.push(chunk)
    have += chunk.length
    while (have >= wanted) {
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
      chunks = [all]
      wanted = headBytes + all.readUInt32BE()
      if (have < wanted) return
      onFrame({ code: all[4] as number, payload: new Uint8Array(all.subarray(headBytes, wanted)) })
      chunks = [all.subarray(wanted)]
      have -= wanted
      wanted = headBytes
    }
  }
}

function room(socket: Socket, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      signal?.removeEventListener('abort', done)
      if (signal?.aborted === true) reject(signal.reason)
      else resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
    signal?.addEventListener('abort', done)
  })
}
