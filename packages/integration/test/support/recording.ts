import { createConnection } from 'node:net'
import { bytesToHex, hexToBytes, sha256, utf8Bytes } from '@status-stack/crypto'
import type { ByteStream, Carrier } from '@status-stack/rlpx'

/** Bytes as they arrived, and how many of ours had left before. */
export interface RecordedChunk {
  readonly afterSent: number
  readonly hex: string
}

/** Everything that went over one connection, in order. */
export interface Recording {
  /** What was recorded, for people. */
  readonly about: string
  /** The other node. */
  readonly enode: string
  /** The clock of our node stood still at this moment; Unix milliseconds. */
  readonly nowMs: number
  readonly received: readonly RecordedChunk[]
  /** All bytes we sent. */
  readonly sent: string
}

/** Repeatable randomness: what makes a session the same twice. Never for keys that matter. */
export function seededRandom(seed: string): { readonly bytes: (length: number) => Uint8Array } {
  let state = sha256(utf8Bytes(seed))
  return {
    bytes: length => {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at += state.length) {
        state = sha256(state)
        bytes.set(state.subarray(0, length - at), at)
      }
      return bytes
    }
  }
}

export const noListener: Carrier['listen'] = () => Promise.reject(new Error('this carrier only dials'))

/** TCP that remembers what passed. */
export function recordingCarrier(): {
  readonly carrier: Carrier
  readonly taken: () => Pick<Recording, 'received' | 'sent'>
} {
  const received: Recording['received'][number][] = []
  let sent = ''
  const dial: Carrier['dial'] = ({ host, port }) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        const stream: ByteStream = {
          remoteAddress: host,
          remotePort: port,
          start: ({ data, drain, closed }) => {
            socket.on('data', (chunk: Uint8Array) => {
              received.push({ afterSent: sent.length / 2, hex: bytesToHex(chunk) })
              data(new Uint8Array(chunk))
            })
            socket.on('drain', drain)
            socket.on('close', () => closed())
          },
          write: bytes => {
            sent += bytesToHex(bytes)
            return socket.write(bytes)
          },
          pendingBytes: () => socket.writableLength,
          pause: () => void socket.pause(),
          resume: () => void socket.resume(),
          end: () => void socket.end(),
          destroy: () => void socket.destroy()
        }
        resolve(stream)
      })
    })
  return { carrier: { dial, listen: noListener }, taken: () => ({ received, sent }) }
}

/** Plays the other node's part: each of its chunks comes once as much of ours has left as in the recording. */
export function replayCarrier(recording: Pick<Recording, 'received'>): {
  readonly carrier: Carrier
  readonly sent: () => string
  /** Brings one chunk more, whatever was sent. */
  readonly give: (hex: string) => void
} {
  let sent = ''
  const waiting = [...recording.received]
  let handlers: Parameters<ByteStream['start']>[0] | undefined
  let paused = false
  const release = (): void => {
    queueMicrotask(() => {
      const [first] = waiting
      if (handlers === undefined || paused || first === undefined || sent.length / 2 < first.afterSent) return
      waiting.shift()
      handlers.data(hexToBytes(first.hex))
      release()
    })
  }
  const close = (): void => {
    const ending = handlers
    handlers = undefined
    queueMicrotask(() => ending?.closed())
  }
  const stream: ByteStream = {
    remoteAddress: '127.0.0.1',
    remotePort: 30303,
    start: given => {
      handlers = given
      release()
    },
    write: bytes => {
      sent += bytesToHex(bytes)
      release()
      return true
    },
    pendingBytes: () => 0,
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
      release()
    },
    end: close,
    destroy: close
  }
  return {
    carrier: { dial: async () => stream, listen: noListener },
    sent: () => sent,
    give: hex => handlers?.data(hexToBytes(hex))
  }
}
