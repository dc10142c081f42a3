import {
  abortedError,
  callerError,
  environmentError,
  peerError,
  type TransportError,
  throwIfAborted
} from './errors.ts'
import { type FrameSealer, frameLength } from './frame/frame.ts'
import type { Counters } from './metrics.ts'
import type { ByteStream, CancelTimer, Timers } from './ports.ts'

/** The outgoing half of a session: waits while the peer is slow, seals frames late and in batches. */
export interface SendQueue {
  /** Takes a message at once; for the base protocol, whose messages are few and small. */
  readonly push: (id: number, payload: Uint8Array) => void
  /** Resolves when the message is in the window. */
  readonly send: (id: number, payload: Uint8Array, signal?: AbortSignal) => Promise<void>
  /** The stream can take more. */
  readonly drained: () => void
  /** Bytes waiting, not counting callers that wait. */
  readonly queuedBytes: () => number
  /** Writes what can be written, with `last` in place of everything not yet begun; answers whether `last` went out. */
  readonly finish: (last?: { readonly id: number; readonly payload: Uint8Array }) => boolean
  /** Rejects whoever waits; nothing is written from here on. */
  readonly close: (error: TransportError) => void
}

interface Waiting {
  readonly id: number
  readonly payload: Uint8Array
  readonly accept: () => void
  readonly reject: (error: TransportError) => void
}

export interface SendQueueParts {
  readonly stream: ByteStream
  readonly sealer: FrameSealer
  readonly timers: Timers
  readonly counters: Counters
  readonly highWaterBytes: number
  readonly limitBytes: number
  readonly writeTimeoutMs: number
  /** The peer takes nothing or too much is waiting for it. */
  readonly onStuck: (error: TransportError) => void
}

/** Frames are sealed in batches of about this size and written in pieces of at most this size. */
const batchBytes = 64 * 1024
/** What a queued message costs beside its payload. */
const entryBytes = 64
const taken = Promise.resolve()

export function createSendQueue(parts: SendQueueParts): SendQueue {
  const { stream, sealer, counters } = parts
  // BOUNDED: `highWaterBytes` for callers that wait, `limitBytes` with those that do not; then the peer is closed.
  let queue: { readonly id: number; readonly payload: Uint8Array }[] = []
  let waiting: Waiting[] = []
  let queued = 0
  let waitingBytes = 0
  let batch: Uint8Array | undefined
  let batchAt = 0
  let open = true
  let scheduled = false
  let closed: TransportError | undefined
  let cancelWatch: CancelTimer | undefined

  const queuedBytes = (): number => queued + (batch === undefined ? 0 : batch.length - batchAt) + stream.pendingBytes()

  const watch = (): void => {
    if (cancelWatch !== undefined) return
    const before = queuedBytes()
    cancelWatch = parts.timers.after(parts.writeTimeoutMs, () => {
      cancelWatch = undefined
      if (closed !== undefined || open) return
      if (queuedBytes() >= before) parts.onStuck(peerError('timeout', 'send: the peer takes no bytes'))
      else watch()
    })
  }

  const write = (): void => {
    while (open && batch !== undefined) {
      const piece = batchAt === 0 && batch.length <= batchBytes ? batch : batch.subarray(batchAt, batchAt + batchBytes)
      batchAt += piece.length
      if (batchAt === batch.length) batch = undefined
      counters.bytesOut += piece.length
      open = stream.write(piece)
    }
    if (!open) watch()
  }

  const sealBatch = (): void => {
    let count = 0
    let bytes = 0
    for (const { id, payload } of queue) {
      const length = frameLength(id, payload.length)
      if (count > 0 && bytes + length > batchBytes) break
      bytes += length
      count++
    }
    const out = new Uint8Array(bytes)
    let at = 0
    for (let i = 0; i < count; i++) {
      const message = queue[i]
      if (message === undefined) break
      queued -= message.payload.length + entryBytes
      at = sealer.sealInto(out, at, message.id, message.payload)
    }
    counters.framesOut += count
    queue = count === queue.length ? [] : queue.slice(count)
    batch = out
    batchAt = 0
  }

  const flush = (): void => {
    scheduled = false
    if (closed !== undefined) return
    write()
    while (open && queue.length > 0) {
      sealBatch()
      write()
    }
    while (waiting.length > 0 && queuedBytes() < parts.highWaterBytes) waiting.shift()?.accept()
  }

  const schedule = (): void => {
    if (scheduled || !open) return
    scheduled = true
    // One turn of the event loop gathers what many small sends put in.
    setImmediate(flush)
  }

  const push: SendQueue['push'] = (id, payload) => {
    if (closed !== undefined) return
    queue.push({ id, payload })
    queued += payload.length + entryBytes
    schedule()
  }

  const wait = (id: number, payload: Uint8Array, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        signal?.removeEventListener('abort', abort)
        waitingBytes -= payload.length + entryBytes
      }
      const entry: Waiting = {
        id,
        payload,
        accept: () => {
          leave()
          push(id, payload)
          resolve()
        },
        reject: error => {
          leave()
          reject(error)
        }
      }
      const abort = (): void => {
        waiting = waiting.filter(other => other !== entry)
        if (signal !== undefined) entry.reject(abortedError(signal))
      }
      signal?.addEventListener('abort', abort, { once: true })
      waiting.push(entry)
      waitingBytes += payload.length + entryBytes
      if (waitingBytes + queuedBytes() > parts.limitBytes) {
        parts.onStuck(
          peerError('too-large', 'send: more bytes are waiting than the limit', { limit: parts.limitBytes })
        )
      }
    })

  return {
    push,
    queuedBytes,
    send: (id, payload, signal) => {
      if (closed !== undefined) return Promise.reject(closed)
      try {
        throwIfAborted(signal)
      } catch (error) {
        return Promise.reject(error)
      }
      if (waiting.length > 0 || queuedBytes() >= parts.highWaterBytes) return wait(id, payload, signal)
      push(id, payload)
      // A full batch goes now: it needs no company.
      if (queued >= batchBytes && open) flush()
      return taken
    },
    drained: () => {
      open = true
      cancelWatch?.()
      cancelWatch = undefined
      flush()
    },
    finish: last => {
      if (closed !== undefined || batch !== undefined) return false
      queue = last === undefined ? [] : [last]
      queued = last === undefined ? 0 : last.payload.length + entryBytes
      if (last === undefined) return false
      sealBatch()
      // Past the window on purpose: a few dozen bytes that end the connection.
      open = true
      write()
      return true
    },
    close: error => {
      if (closed !== undefined) return
      closed = error
      cancelWatch?.()
      queue = []
      batch = undefined
      const rejected = waiting
      waiting = []
      for (const entry of rejected) entry.reject(error)
    }
  }
}

/** What senders of a closed session get. */
export function closedError(): TransportError {
  return environmentError('closed', 'link: the connection is closed')
}

/** @throws TransportError `invalid-argument` for a code outside the capability */
export function assertCode(code: number, length: number): void {
  if (!Number.isInteger(code) || code < 0 || code >= length) {
    throw callerError('invalid-argument', `send: expected a code from 0 to ${length - 1}, got ${code}`)
  }
}
