import type { ByteStream, StreamHandlers } from '@status-stack/rlpx'
import { TransportError } from '@status-stack/rlpx'
import { environmentError, peerError } from '@status-stack/rlpx/carrier'
import { nextTurn } from '@status-stack/utils'
import { createCreditFlow, createPlainFlow, type Flow } from './flow.ts'
import { limits } from './limits.ts'
import { type CloseFacts, closeCodes, flowProtocol, type MessageSocket } from './socket.ts'

/** Reasons that may be repeated: short codes, as our own side sends them. */
const knownReason = /^[a-z][a-z-]{0,39}$/

/** Bytes of one message of ours: what a session writes at once. */
const sentBytes = 64 * 1024

/** An open WebSocket as {@link ByteStream}. */
export function webSocketStream(socket: MessageSocket): ByteStream {
  return new WebSocketStream(socket)
}

class WebSocketStream implements ByteStream {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #socket: MessageSocket
  readonly #flow: Flow
  #handlers: StreamHandlers | undefined
  // BOUNDED: `write` answers `false` while anything is here; the session waits for `drain`.
  #outbox: Uint8Array[] = []
  #outboxBytes = 0
  // BOUNDED: `limits.unreadBytes`, the cost of each message beside its bytes included.
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #needDrain = false
  #paused = false
  #ending = false
  #over = false
  /** The other side has closed; what it sent before is still read. */
  #lastFacts: CloseFacts | undefined
  #failure: TransportError | undefined

  constructor(socket: MessageSocket) {
    this.#socket = socket
    this.remoteAddress = socket.remoteAddress
    this.remotePort = socket.remotePort
    this.#flow = socket.protocol === flowProtocol ? createCreditFlow() : createPlainFlow()
  }

  start(handlers: StreamHandlers): void {
    this.#handlers = handlers
    this.#socket.start({
      message: bytes => {
        this.#message(bytes)
      },
      progress: () => {
        this.#flush()
      },
      closed: facts => {
        this.#closed(facts)
      }
    })
  }

  write(bytes: Uint8Array): boolean {
    if (this.#over || this.#ending || this.#lastFacts !== undefined) return false
    // A copy: the session goes on writing into its batch, and browsers read what they are given later.
    this.#outbox.push(bytes.slice())
    this.#outboxBytes += bytes.length
    this.#flush()
    this.#needDrain = !this.#hasRoom()
    return !this.#needDrain
  }

  pendingBytes(): number {
    return this.#outboxBytes + (this.#over ? 0 : this.#socket.bufferedBytes())
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause?.()
  }

  resume(): void {
    this.#paused = false
    this.#socket.resume?.()
    // Not from within the reader's own call.
    nextTurn(() => this.#deliver())
  }

  end(): void {
    this.#ending = true
    this.#flush()
  }

  destroy(why = 'closed'): void {
    this.#shut(closeCodes.session, why)
  }

  #hasRoom(): boolean {
    return this.#outbox.length === 0 && this.#socket.bufferedBytes() < limits.writeWindowBytes
  }

  #flush(): void {
    if (this.#over) return
    while (this.#socket.bufferedBytes() < limits.writeWindowBytes) {
      const [piece] = this.#outbox
      const credit = this.#flow.credit()
      if (piece === undefined || credit === 0) break
      const part = piece.subarray(0, Math.min(credit, sentBytes))
      if (part.length === piece.length) this.#outbox.shift()
      else this.#outbox[0] = piece.subarray(part.length)
      this.#outboxBytes -= part.length
      this.#socket.send(this.#flow.seal(part))
    }
    if (this.#needDrain && this.#hasRoom()) {
      this.#needDrain = false
      this.#handlers?.drain()
    }
    if (this.#ending && this.#outbox.length === 0) this.#socket.close(closeCodes.normal, '')
  }

  #message(message: Uint8Array | undefined): void {
    if (this.#over) return
    try {
      if (message === undefined) throw peerError('unexpected-message', 'WebSocket: text')
      if (message.length > limits.messageBytes) {
        throw peerError('too-large', `WebSocket: at most ${limits.messageBytes} bytes in a message`)
      }
      const opened = this.#flow.open(message)
      if (opened.kind === 'credit') this.#flush()
      else this.#received(opened.bytes)
    } catch (error) {
      this.#fail(TransportError.is(error) ? error : environmentError('network', 'WebSocket: unreadable', {}, error))
    }
  }

  #received(bytes: Uint8Array): void {
    this.#inbox.push(bytes)
    this.#inboxBytes += bytes.length + limits.messageOverheadBytes
    this.#deliver()
    if (this.#inboxBytes > limits.unreadBytes) throw peerError('too-large', 'WebSocket: too many unread bytes')
  }

  #deliver(): void {
    while (!this.#paused && !this.#over) {
      const bytes = this.#inbox.shift()
      if (bytes === undefined) break
      this.#inboxBytes -= bytes.length + limits.messageOverheadBytes
      this.#handlers?.data(bytes)
      const credit = this.#flow.read(bytes.length)
      if (credit !== undefined && !this.#over) this.#socket.send(credit)
    }
    if (this.#lastFacts !== undefined && this.#inbox.length === 0) this.#closed(this.#lastFacts)
  }

  /** The other side broke a rule of messages: it is told which kind of rule, the session as a broken connection. */
  #fail(error: TransportError): void {
    this.#failure = error
    const text = error.code === 'unexpected-message'
    const code = text
      ? closeCodes.textReceived
      : error.code === 'too-large'
        ? closeCodes.tooLarge
        : closeCodes.brokenRule
    this.#shut(code, error.code)
  }

  #shut(code: number, why: string): void {
    if (this.#over) return
    // Behind bytes that are not taken, a Close frame would wait as they do.
    if (this.#socket.bufferedBytes() > 0) this.#socket.terminate()
    else this.#socket.close(code, knownReason.test(why) ? why : '')
    nextTurn(() => this.#finish(this.#failure))
    this.#clear()
  }

  #closed(facts: CloseFacts): void {
    if (this.#over) return
    if (this.#inbox.length > 0) {
      this.#lastFacts = facts
      return
    }
    this.#clear()
    const { code, reason, error } = facts
    // The words of a stranger are not repeated, only codes as our own side sends them.
    const why = knownReason.test(reason) ? { why: reason } : {}
    const normal = code === closeCodes.normal && error === undefined
    const text = `WebSocket: closed with ${code}${why.why === undefined ? '' : `, ${why.why}`}`
    this.#finish(normal ? undefined : environmentError('network', text, { code, ...why }, error))
  }

  #clear(): void {
    this.#over = true
    this.#outbox = []
    this.#outboxBytes = 0
    this.#inbox = []
    this.#inboxBytes = 0
  }

  #finish(error: TransportError | undefined): void {
    const handlers = this.#handlers
    this.#handlers = undefined
    handlers?.closed(error)
  }
}
