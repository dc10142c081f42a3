import { nextTurn, whenAborted } from '@status-stack/utils'
import { abortedError, callerError, environmentError, peerError, type TransportError } from '../errors.ts'
import { type FrameSealer, frameLength } from '../frame/frame.ts'
import type { Counters } from '../metrics.ts'
import type { ByteStream, CancelTimer, Scheduler } from '../ports.ts'

/** The outgoing half of a session: waits while the peer is slow, seals frames late and in batches. */
export interface SendQueue {
  /** Takes a message at once; for the base protocol, whose messages are few and small. */
  readonly push: (id: number, payload: Uint8Array) => void
  /** Hello: written before anything else can happen, for what follows it is compressed by what it says. */
  readonly pushFirst: (id: number, payload: Uint8Array) => void
  /** Resolves when the message is in the window. */
  readonly send: (id: number, payload: Uint8Array, signal?: AbortSignal) => Promise<void>
  /** The stream can take more. */
  readonly drained: () => void
  /** Bytes waiting, not counting callers that wait. */
  readonly queuedBytes: () => number
  /** Writes `last` in place of everything not yet begun; `false` when a frame is half written, so that nothing can follow. */
  readonly finish: (last: { readonly id: number; readonly payload: Uint8Array }) => boolean
  /** Rejects whoever waits; nothing is written from here on. */
  readonly close: (error: TransportError) => void
}

interface Waiting {
  readonly accept: () => void
  readonly reject: (error: TransportError) => void
}

export interface SendQueueParts {
  readonly stream: ByteStream
  readonly sealer: FrameSealer
  readonly scheduler: Scheduler
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

/** The outgoing half of one session. */
export function createSendQueue(parts: SendQueueParts): SendQueue {
  return new FrameSendQueue(parts)
}

class FrameSendQueue implements SendQueue {
  readonly #parts: SendQueueParts
  // BOUNDED: `highWaterBytes` for callers that wait, `limitBytes` with those that do not; then the peer is closed.
  #queue: { readonly id: number; readonly payload: Uint8Array }[] = []
  #waiting: Waiting[] = []
  #queued = 0
  #waitingBytes = 0
  #batch: Uint8Array | undefined
  #batchAt = 0
  #open = true
  #scheduled = false
  #closed: TransportError | undefined
  #cancelWatch: CancelTimer | undefined

  constructor(parts: SendQueueParts) {
    this.#parts = parts
  }

  queuedBytes(): number {
    const sealed = this.#batch === undefined ? 0 : this.#batch.length - this.#batchAt
    return this.#queued + sealed + this.#parts.stream.pendingBytes()
  }

  push(id: number, payload: Uint8Array): void {
    if (this.#closed !== undefined) return
    this.#queue.push({ id, payload })
    this.#queued += payload.length + entryBytes
    this.#schedule()
  }

  pushFirst(id: number, payload: Uint8Array): void {
    this.push(id, payload)
    this.#flush()
  }

  send(id: number, payload: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    if (signal?.aborted === true) return Promise.reject(abortedError(signal))
    if (this.#waiting.length > 0 || this.queuedBytes() >= this.#parts.highWaterBytes)
      return this.#wait(id, payload, signal)
    this.push(id, payload)
    // A full batch goes now: it needs no company.
    if (this.#queued >= batchBytes && this.#open) this.#flush()
    return taken
  }

  drained(): void {
    this.#open = true
    this.#cancelWatch?.()
    this.#cancelWatch = undefined
    this.#flush()
  }

  finish(last: { readonly id: number; readonly payload: Uint8Array }): boolean {
    if (this.#closed !== undefined) return false
    // What `send` has taken goes before the farewell, as far as the peer takes it.
    if (this.#open) this.#flush()
    if (this.#batch !== undefined) return false
    this.#queue = [last]
    this.#queued = last.payload.length + entryBytes
    this.#sealBatch()
    // Past the window on purpose: a few dozen bytes that end the connection.
    this.#open = true
    this.#write()
    return true
  }

  close(error: TransportError): void {
    if (this.#closed !== undefined) return
    this.#closed = error
    this.#cancelWatch?.()
    this.#queue = []
    this.#queued = 0
    this.#batch = undefined
    for (const entry of this.#waiting.splice(0)) entry.reject(error)
  }

  #schedule(): void {
    if (this.#scheduled || !this.#open) return
    this.#scheduled = true
    // One turn of the event loop gathers what many small sends put in.
    nextTurn(() => {
      if (this.#scheduled) this.#flush()
    })
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#closed !== undefined) return
    this.#write()
    while (this.#open && this.#queue.length > 0) {
      this.#sealBatch()
      this.#write()
    }
    while (this.#waiting.length > 0 && this.queuedBytes() < this.#parts.highWaterBytes) this.#waiting.shift()?.accept()
  }

  #write(): void {
    while (this.#open && this.#batch !== undefined) {
      const whole = this.#batchAt === 0 && this.#batch.length <= batchBytes
      const piece = whole ? this.#batch : this.#batch.subarray(this.#batchAt, this.#batchAt + batchBytes)
      this.#batchAt += piece.length
      if (this.#batchAt === this.#batch.length) this.#batch = undefined
      this.#parts.counters.bytesOut += piece.length
      this.#open = this.#parts.stream.write(piece)
    }
    if (!this.#open) this.#watch()
  }

  #sealBatch(): void {
    const { sealer, counters } = this.#parts
    let count = 0
    let bytes = 0
    for (const { id, payload } of this.#queue) {
      const length = frameLength(id, payload.length)
      if (count > 0 && bytes + length > batchBytes) break
      bytes += length
      count++
    }
    const out = new Uint8Array(bytes)
    let at = 0
    for (let i = 0; i < count; i++) {
      const message = this.#queue[i]
      if (message === undefined) break
      this.#queued -= message.payload.length + entryBytes
      at = sealer.sealInto(out, at, message.id, message.payload)
    }
    counters.framesOut += count
    this.#queue = count === this.#queue.length ? [] : this.#queue.slice(count)
    this.#batch = out
    this.#batchAt = 0
  }

  #watch(): void {
    if (this.#cancelWatch !== undefined) return
    const before = this.queuedBytes()
    this.#cancelWatch = this.#parts.scheduler.after(this.#parts.writeTimeoutMs, () => {
      this.#cancelWatch = undefined
      if (this.#closed !== undefined || this.#open) return
      if (this.queuedBytes() >= before) this.#parts.onStuck(peerError('timeout', 'send: the peer accepts no bytes'))
      else this.#watch()
    })
  }

  #wait(id: number, payload: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        callOff?.()
        this.#waitingBytes -= payload.length + entryBytes
      }
      const entry: Waiting = {
        accept: () => {
          leave()
          this.push(id, payload)
          resolve()
        },
        reject: error => {
          leave()
          reject(error)
        }
      }
      const callOff =
        signal &&
        whenAborted(signal, () => {
          this.#waiting = this.#waiting.filter(other => other !== entry)
          entry.reject(abortedError(signal))
        })
      this.#waiting.push(entry)
      this.#waitingBytes += payload.length + entryBytes
      const { limitBytes, onStuck } = this.#parts
      if (this.#waitingBytes + this.queuedBytes() > limitBytes) {
        onStuck(peerError('too-large', 'send: more bytes are waiting than the limit', { limit: limitBytes }))
      }
    })
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
