import { bytesToHex } from '@status-stack/crypto'
import { nextTurn, timeSlicer } from '@status-stack/utils'
import { type NegotiatedCapability, reasonOfFailure } from '../capability.ts'
import { peerIdOf } from '../enode.ts'
import { environmentError, peerError, type TransportError } from '../errors.ts'
import { createFrameSealer } from '../frame/frame.ts'
import { createFrameReader, type Message } from '../frame/reader.ts'
import type { SessionSecrets } from '../handshake/secrets.ts'
import type { Ending } from '../host/types.ts'
import { limits } from '../limits.ts'
import {
  baseMessage,
  decodeDisconnect,
  decodeHello,
  emptyPayload,
  encodeDisconnect,
  type Hello,
  snappyVersion
} from '../p2p/messages.ts'
import { type DisconnectReason, disconnectReasons, reasonName } from '../p2p/reasons.ts'
import { largestCompressed } from '../p2p/snappy-compress.ts'
import type { ByteStream, Capability, PeerLink } from '../ports.ts'
import { createFramePump, type FramePump } from './frame-pump.ts'
import { greet } from './greeting.ts'
import { createInbound, type Inbound } from './inbound.ts'
import { KeepAlive } from './keep-alive.ts'
import { createLink, type LinkControl } from './link.ts'
import { asTransportError, closeConstant, closePayload } from './payload.ts'
import { closedError, createSendQueue, type SendQueue } from './send-queue.ts'
import { createSessionHandshake, type SessionHandshake } from './session-handshake.ts'
import type { SessionParts } from './session-parts.ts'

/** How the host takes part in one session. */
export interface SessionHooks {
  /** After the handshake and again after Hello: a reason refuses the peer. */
  readonly admit: (session: Session, stage: 'handshake' | 'hello') => DisconnectReason | undefined
  readonly opened: (session: Session) => void
  /** Once; from here on the session counts no more. `stage` is how far it came. */
  readonly ended: (session: Session, ending: Ending, stage: SessionStage, error: TransportError) => void
}

export type SessionStage = 'handshake' | 'hello' | 'open'

const zeroKey = new Uint8Array(64)

/** One connection: handshake → Hello → capability links → Disconnect. */
export class Session {
  readonly direction: 'inbound' | 'outbound'
  readonly remoteAddress: string
  readonly remotePort: number
  readonly flags: { static: boolean; trusted: boolean } = { static: false, trusted: false }
  /** Resolves when the connection is closed and every capability has returned. Never rejects. */
  readonly finished: Promise<void>
  /** 65 bytes; of an inbound session known after the handshake. */
  publicKey: Uint8Array | undefined
  peerId: string | undefined
  hello: Hello | undefined
  negotiated: readonly NegotiatedCapability[] = []

  readonly #parts: SessionParts
  readonly #hooks: SessionHooks
  readonly #stream: ByteStream
  readonly #links: LinkControl[] = []
  readonly #runs: Promise<void>[] = []
  #stage: SessionStage = 'handshake'
  #ended = false
  #handshake: SessionHandshake | undefined
  #pump: FramePump | undefined
  #inbound: Inbound | undefined
  #queue: SendQueue | undefined
  #snappy = false
  #keepAlive: KeepAlive | undefined
  #streamClosed: () => void = () => undefined

  constructor(parts: SessionParts, hooks: SessionHooks, stream: ByteStream, remotePublicKey: Uint8Array | undefined) {
    this.#parts = parts
    this.#hooks = hooks
    this.#stream = stream
    this.direction = remotePublicKey === undefined ? 'inbound' : 'outbound'
    this.remoteAddress = stream.remoteAddress
    this.remotePort = stream.remotePort
    if (remotePublicKey !== undefined) this.#setRemote(remotePublicKey)
    const closed = new Promise<void>(resolve => {
      this.#streamClosed = resolve
    })
    this.finished = closed.then(async () => {
      await Promise.all(this.#runs)
    })
  }

  get stage(): SessionStage {
    return this.#stage
  }

  /** Bytes waiting for this peer. */
  get queuedBytes(): number {
    return this.#queue?.queuedBytes() ?? 0
  }

  start(): void {
    const handshake = createSessionHandshake(this.#parts, this.direction)
    this.#handshake = handshake
    this.#keepAlive = new KeepAlive(this.#parts, {
      ping: () => {
        this.#push(baseMessage.ping, emptyPayload)
      },
      expired: error => {
        this.#fail(error)
      },
      isPaused: () => this.#pump?.isHeld() === true
    })
    this.#stream.start({
      data: chunk => {
        this.#data(chunk)
      },
      drain: () => {
        this.#queue?.drained()
      },
      closed: error => {
        const over = (): void => {
          this.#fail(environmentError('network', 'the connection was closed', {}, error))
          this.#streamClosed()
        }
        if (this.#pump === undefined) over()
        else this.#pump.end(over)
      }
    })
    if (this.publicKey === undefined) return
    try {
      this.#write(handshake.begin(this.publicKey))
    } catch (error) {
      this.#fail(asTransportError(error))
    }
  }

  /** Ends the connection; tells the peer why when it can be told. */
  disconnect(reason: DisconnectReason, facts: Readonly<Record<string, string>> = {}): void {
    const details = { reason: disconnectReasons[reason], ...facts }
    const error = environmentError('closed', `disconnected by us: ${reason}`, details)
    this.#end({ by: 'us', reason }, error, reason)
  }

  /** Ends the connection without a word. */
  abort(error: TransportError): void {
    this.#fail(error)
  }

  #setRemote(publicKey: Uint8Array): void {
    this.publicKey = publicKey
    this.peerId = peerIdOf(publicKey)
  }

  #write(bytes: Uint8Array): void {
    this.#parts.counters.bytesOut += bytes.length
    this.#stream.write(bytes)
  }

  #data(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#parts.counters.bytesIn += chunk.length
    try {
      if (this.#pump !== undefined) {
        this.#pump.push(chunk)
        return
      }
      const result = this.#handshake?.push(chunk)
      if (result === undefined) return
      this.#handshake = undefined
      if (result.answer !== undefined) {
        this.#setRemote(result.answer.remotePublicKey)
        this.#write(result.answer.ack)
      }
      this.#authenticated(result.secrets)
      this.#feed(result.rest)
    } catch (error) {
      this.#fail(asTransportError(error))
    }
  }

  #feed(bytes: Uint8Array): void {
    this.#pump?.push(bytes)
  }

  #authenticated(secrets: SessionSecrets): void {
    const { options, scheduler, counters, unfinished } = this.#parts
    this.#pump = createFramePump({
      reader: createFrameReader(secrets),
      stream: this.#stream,
      maxFrameBytes: () => this.#maxFrameBytes(),
      handle: message => this.#frame(message),
      failed: error => {
        this.#fail(error)
      },
      unfinished: unfinished.open(() => {
        this.#fail(peerError('too-large', 'frame: not finished, while those of all peers together are too large'))
      }).set
    })
    this.#queue = createSendQueue({
      stream: this.#stream,
      sealer: createFrameSealer(secrets),
      scheduler,
      counters,
      highWaterBytes: options.sendHighWaterBytes,
      limitBytes: options.sendLimitBytes,
      writeTimeoutMs: options.writeTimeoutMs,
      onStuck: error => {
        this.#fail(error)
      }
    })
    secrets.aes.fill(0)
    secrets.mac.fill(0)
    const refusal = this.#hooks.admit(this, 'handshake')
    if (refusal !== undefined) {
      this.disconnect(refusal)
      return
    }
    this.#stage = 'hello'
    this.#queue.pushFirst(baseMessage.hello, this.#parts.hello())
  }

  #frame(message: Message): void | Promise<void> {
    this.#parts.counters.framesIn++
    this.#keepAlive?.heard()
    if (this.#inbound !== undefined) return this.#inbound.message(message)
    this.#firstMessage(message)
  }

  #maxFrameBytes(): number {
    if (this.#stage !== 'open') return limits.helloBytes + 1
    return Math.min(largestCompressed(this.#parts.options.maxMessageBytes) + 4, limits.protocolMessageBytes)
  }

  #firstMessage({ id, payload }: Message): void {
    if (id === baseMessage.disconnect) {
      this.#disconnected(decodeDisconnect(payload))
      return
    }
    if (id !== baseMessage.hello) throw peerError('unexpected-message', 'the first message is not Hello', { id })
    const hello = decodeHello(payload)
    this.hello = hello
    this.#snappy = this.#parts.options.protocolVersion >= snappyVersion && hello.version >= snappyVersion
    const greeting = greet(hello, this.publicKey, this.#parts.capabilities)
    if ('refused' in greeting) {
      this.disconnect(greeting.refused, greeting.facts)
      return
    }
    this.negotiated = greeting.negotiated
    const refusal = this.#hooks.admit(this, 'hello')
    if (refusal !== undefined) this.disconnect(refusal)
    else this.#opened()
  }

  #opened(): void {
    this.#stage = 'open'
    this.#keepAlive?.opened()
    for (const { capability, offset } of this.negotiated) this.#links.push(this.#createLink(capability, offset))
    this.#inbound = this.#createInbound()
    this.#hooks.opened(this)
    if (this.#ended) return
    this.negotiated.forEach(({ capability }, i) => {
      const control = this.#links[i]
      if (control !== undefined) this.#runs.push(this.#run(capability, control.link))
    })
  }

  async #run(capability: Capability, link: PeerLink): Promise<void> {
    try {
      await capability.run(link)
      this.disconnect('client-quitting')
    } catch (error) {
      this.disconnect(reasonOfFailure(error))
    }
  }

  #createLink(capability: Capability, offset: number): LinkControl {
    return createLink({
      peerId: this.peerId ?? bytesToHex(zeroKey),
      remoteAddress: this.remoteAddress,
      flags: this.flags,
      length: capability.length,
      send: (code, payload, { signal, isConstant }) => {
        const queue = this.#queue
        if (queue === undefined || this.#ended) throw closedError()
        const id = offset + code
        const closed =
          isConstant === true ? closeConstant(id, payload, this.#snappy) : closePayload(id, payload, this.#snappy)
        return queue.send(id, closed, signal)
      },
      close: async reason => {
        this.disconnect(reason === 'done' ? 'client-quitting' : 'subprotocol-error')
      },
      taken: bytes => {
        this.#inbound?.taken(bytes)
      }
    })
  }

  #createInbound(): Inbound {
    const { clock, options, unread } = this.#parts
    const holding = unread.open(() => {
      for (const { discard } of this.#links) discard()
      this.#fail(peerError('too-large', 'packets: not read, while those of all peers together are too large'))
    })
    // An ended session may hold what a capability is still reading.
    void this.finished.then(() => holding.set(0))
    return createInbound({
      clock,
      slicer: timeSlicer,
      snappy: this.#snappy,
      maxMessageBytes: options.maxMessageBytes,
      negotiated: this.negotiated,
      links: this.#links,
      ping: () => {
        this.#pong()
      },
      disconnected: reason => {
        this.#disconnected(reason)
      },
      hold: () => {
        this.#pump?.hold()
      },
      release: () => {
        this.#keepAlive?.heard()
        // Not from within a reader's `next()`: what it does with this packet comes first.
        nextTurn(() => this.#pump?.release())
      },
      isHeld: () => this.#pump?.isHeld() === true,
      unread: holding.set,
      isScarce: () => unread.bytes() > limits.totalUnreadBytes / 2
    })
  }

  #pong(): void {
    // BOUNDED: a peer that sends Pings and reads nothing gets no more Pongs.
    if (this.queuedBytes < this.#parts.options.sendHighWaterBytes) this.#push(baseMessage.pong, emptyPayload)
  }

  #push(id: number, payload: Uint8Array): void {
    this.#queue?.push(id, closePayload(id, payload, this.#snappy))
  }

  #disconnected(reasonCode: number): void {
    const reason = reasonName(reasonCode)
    const details = { reason: reasonCode, name: reason }
    this.#end(
      { by: 'peer', reason, reasonCode },
      peerError('disconnected', `disconnected by the peer: ${reason}`, details)
    )
  }

  #fail(error: TransportError): void {
    const invalid = error.details['reason'] === disconnectReasons['invalid-identity'] && this.#stage === 'hello'
    if (invalid) this.#end({ by: 'us', reason: 'invalid-identity', failure: error.code }, error, 'invalid-identity')
    else this.#end({ by: 'network', failure: error.code }, error)
  }

  #end(ending: Ending, error: TransportError, say?: DisconnectReason): void {
    if (this.#ended) return
    this.#ended = true
    this.#keepAlive?.stop()
    this.#handshake = undefined
    this.#pump?.stop()
    this.#pump = undefined
    const said = say !== undefined && this.#sayDisconnect(say)
    this.#queue?.close(closedError())
    for (const { end } of this.#links) end()
    if (said || ending.by === 'peer') {
      // What still arrives is dropped, so that our last frame is not lost to a reset.
      this.#stream.resume()
      this.#stream.end()
      const cancel = this.#parts.scheduler.after(this.#parts.options.lingerMs, () => {
        this.#stream.destroy()
      })
      void this.finished.then(cancel)
    } else this.#stream.destroy(ending.failure)
    this.#hooks.ended(this, ending, this.#stage, error)
  }

  #sayDisconnect(reason: DisconnectReason): boolean {
    const id = baseMessage.disconnect
    const last = { id, payload: closePayload(id, encodeDisconnect(reason), this.#snappy) }
    return this.#queue?.finish(last) ?? false
  }
}
