import { nextTurn } from '@status-stack/utils'
import type { ByteStream } from '../ports.ts'

/** Bytes the receiving side takes before the sending side has to keep them. */
const windowBytes = 64 * 1024

export interface Endpoint {
  readonly address: string
  readonly port: number
  /** Stays open for sending after the other side ended, as a hostile or careless peer may. @default false */
  readonly halfOpen?: boolean | undefined
}

/** One end of a connection in memory; behaves as a TCP socket does: order, windows, half-close, reset. */
class MemoryEnd implements ByteStream {
  readonly remoteAddress: string
  readonly remotePort: number
  other: MemoryEnd | undefined
  readonly #halfOpen: boolean
  readonly #lost: () => boolean
  #handlers: Parameters<ByteStream['start']>[0] | undefined
  #outgoing: Uint8Array[] = []
  #outgoingBytes = 0
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #needDrain = false
  #paused = false
  #finSent = false
  #finReceived = false
  #closed = false
  #scheduled = false

  constructor(remote: Endpoint, halfOpen: boolean, lost: () => boolean) {
    this.remoteAddress = remote.address
    this.remotePort = remote.port
    this.#halfOpen = halfOpen
    this.#lost = lost
  }

  start = (handlers: Parameters<ByteStream['start']>[0]): void => {
    this.#handlers = handlers
    this.#schedule()
  }

  write = (bytes: Uint8Array): boolean => {
    if (this.#closed || this.#finSent) return false
    this.#outgoing.push(bytes.slice())
    this.#outgoingBytes += bytes.length
    this.#needDrain = this.#outgoingBytes >= windowBytes
    this.#schedule()
    return !this.#needDrain
  }

  pendingBytes = (): number => this.#outgoingBytes

  pause = (): void => {
    this.#paused = true
  }

  resume = (): void => {
    this.#paused = false
    this.#schedule()
  }

  end = (): void => {
    this.#finSent = true
    this.#schedule()
  }

  destroy = (): void => {
    this.#close()
    if (!this.#lost()) this.other?.reset()
  }

  reset(): void {
    this.#inbox = []
    this.#inboxBytes = 0
    this.#close()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    nextTurn(() => {
      this.#scheduled = false
      this.#transmit()
      this.#deliver()
    })
  }

  #transmit(): void {
    if (this.#closed) return
    // A cut network loses nothing for good: TCP sends again, so bytes wait here.
    while (!this.#lost() && this.other?.accept(this.#outgoing[0]) === true) {
      this.#outgoingBytes -= this.#outgoing.shift()?.length ?? 0
    }
    if (this.#needDrain && this.#outgoingBytes === 0) {
      this.#needDrain = false
      this.#handlers?.drain()
    }
    if (this.#finSent && this.#outgoing.length === 0 && !this.#lost()) this.other?.acceptFin()
  }

  /** Called by the other end: takes a chunk if there is room for it. */
  accept(chunk: Uint8Array | undefined): boolean {
    if (chunk === undefined || this.#inboxBytes >= windowBytes) return false
    if (this.#closed) return true
    this.#inbox.push(chunk)
    this.#inboxBytes += chunk.length
    this.#schedule()
    return true
  }

  acceptFin(): void {
    if (this.#finReceived) return
    this.#finReceived = true
    this.#schedule()
  }

  /** Called by the other end when it has room again, and by the network when it is whole again. */
  wake(): void {
    this.#schedule()
  }

  #deliver(): void {
    while (this.#handlers !== undefined && !this.#paused && !this.#closed) {
      const chunk = this.#inbox.shift()
      if (chunk === undefined) break
      this.#inboxBytes -= chunk.length
      this.#handlers.data(chunk)
    }
    if (this.#inboxBytes < windowBytes) this.other?.wakeIfWaiting()
    if (!this.#finReceived || this.#inbox.length > 0 || this.#closed) return
    if (!this.#halfOpen) this.#finSent = true
    this.#transmit()
    if (this.#finSent && this.#outgoing.length === 0) this.#close()
  }

  wakeIfWaiting(): void {
    if (this.#outgoing.length > 0) this.#schedule()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#outgoing = []
    this.#outgoingBytes = 0
    nextTurn(() => this.#handlers?.closed())
  }
}

/** Two connected byte streams and how to wake them after a cut. */
export function streamPair(
  a: Endpoint,
  b: Endpoint,
  lost: () => boolean = () => false
): { readonly a: ByteStream; readonly b: ByteStream; readonly wake: () => void } {
  const left = new MemoryEnd(b, a.halfOpen === true, lost)
  const right = new MemoryEnd(a, b.halfOpen === true, lost)
  left.other = right
  right.other = left
  return {
    a: left,
    b: right,
    wake: () => {
      left.wake()
      right.wake()
    }
  }
}
