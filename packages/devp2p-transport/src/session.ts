import { bytesToHex, compareBytes } from '@status-stack/crypto'
import { type NegotiatedCapability, negotiate } from './capability.ts'
import { peerIdOf } from './enode.ts'
import { environmentError, peerError, TransportError } from './errors.ts'
import { createFrameSealer, messageIdLength } from './frame/frame.ts'
import { createFrameReader, type FrameReader, type Message } from './frame/reader.ts'
import { createHandshakeReader, type HandshakeReader } from './handshake/packet.ts'
import { answerAuth, createInitiator, drawHandshakeRandomness, type Initiator } from './handshake/roles.ts'
import type { SessionSecrets } from './handshake/secrets.ts'
import type { Ending } from './host-types.ts'
import { limits } from './limits.ts'
import { createLink, type LinkControl } from './link.ts'
import type { Counters } from './metrics.ts'
import type { ResolvedHostOptions } from './options.ts'
import {
  baseMessage,
  baseProtocolLength,
  decodeDisconnect,
  decodeHello,
  emptyPayload,
  encodeDisconnect,
  type Hello,
  snappyVersion
} from './p2p/messages.ts'
import { type DisconnectReason, disconnectReasons, reasonName } from './p2p/reasons.ts'
import { compressed, decompress, largestCompressed } from './p2p/snappy.ts'
import type { ByteStream, CancelTimer, Capability, Clock, PeerLink, Random, Timers } from './ports.ts'
import { closedError, createSendQueue, type SendQueue } from './send-queue.ts'

/** What all sessions of a host share. */
export interface SessionParts {
  readonly privateKey: Uint8Array
  readonly capabilities: readonly Capability[]
  /** Our encoded Hello payload. */
  readonly hello: () => Uint8Array
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly options: ResolvedHostOptions
  readonly counters: Counters
}

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
  readonly startedAtMs: number
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
  #initiator: Initiator | undefined
  #handshake: HandshakeReader | undefined
  #reader: FrameReader | undefined
  #queue: SendQueue | undefined
  #snappy = false
  #paused = false
  #unreadPackets = 0
  #unreadBytes = 0
  #extraHellos = 0
  #lastFrameMs: number
  #cancelDeadline: CancelTimer | undefined
  #cancelPing: CancelTimer | undefined
  #streamClosed: () => void = () => undefined

  constructor(parts: SessionParts, hooks: SessionHooks, stream: ByteStream, remotePublicKey: Uint8Array | undefined) {
    this.#parts = parts
    this.#hooks = hooks
    this.#stream = stream
    this.direction = remotePublicKey === undefined ? 'inbound' : 'outbound'
    this.remoteAddress = stream.remoteAddress
    this.remotePort = stream.remotePort
    this.startedAtMs = parts.clock.nowMs()
    this.#lastFrameMs = this.startedAtMs
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
    const { privateKey, random, options, timers } = this.#parts
    this.#handshake = createHandshakeReader(privateKey, this.direction === 'inbound' ? 'auth' : 'ack')
    this.#cancelDeadline = timers.after(options.handshakeTimeoutMs, () => {
      this.#fail(peerError('timeout', 'handshake: not finished in time'))
    })
    this.#stream.start({
      data: chunk => {
        this.#data(chunk)
      },
      drain: () => {
        this.#queue?.drained()
      },
      closed: error => {
        this.#fail(environmentError('network', 'the connection was closed', {}, error))
        this.#streamClosed()
      }
    })
    if (this.publicKey === undefined) return
    try {
      const keys = { privateKey, remotePublicKey: this.publicKey }
      this.#initiator = createInitiator(keys, drawHandshakeRandomness(random))
      this.#write(this.#initiator.auth)
    } catch (error) {
      this.#fail(asTransportError(error))
    }
  }

  /** Ends the connection; tells the peer why when it can be told. */
  disconnect(reason: DisconnectReason): void {
    const error = environmentError('closed', `disconnected by us: ${reason}`, { reason: disconnectReasons[reason] })
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
      if (this.#reader !== undefined) {
        this.#feed(chunk)
        return
      }
      const read = this.#handshake?.push(chunk)
      if (read === undefined) return
      this.#handshake = undefined
      if (this.#initiator !== undefined) {
        this.#authenticated(this.#initiator.finish(read.opened))
      } else {
        const { privateKey, random } = this.#parts
        const answer = answerAuth(privateKey, read.opened, drawHandshakeRandomness(random))
        this.#setRemote(answer.remotePublicKey)
        this.#write(answer.ack)
        this.#authenticated(answer.secrets)
      }
      this.#feed(read.rest)
    } catch (error) {
      this.#fail(asTransportError(error))
    }
  }

  #feed(bytes: Uint8Array): void {
    this.#reader?.push(bytes)
    this.#pump()
  }

  #authenticated(secrets: SessionSecrets): void {
    const { options, timers, counters } = this.#parts
    this.#initiator = undefined
    this.#reader = createFrameReader(secrets)
    this.#queue = createSendQueue({
      stream: this.#stream,
      sealer: createFrameSealer(secrets),
      timers,
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
    if (refusal === undefined) this.#stage = 'hello'
    if (refusal !== undefined) this.disconnect(refusal)
    else this.#queue.push(baseMessage.hello, this.#parts.hello())
  }

  #pump(): void {
    try {
      while (!this.#ended && !this.#paused) {
        const message = this.#reader?.next(this.#maxFrameBytes())
        if (message === undefined) return
        this.#parts.counters.framesIn++
        this.#lastFrameMs = this.#parts.clock.nowMs()
        if (this.#stage === 'open') this.#message(message)
        else this.#firstMessage(message)
      }
    } catch (error) {
      this.#fail(asTransportError(error))
    }
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
    const key = this.publicKey?.subarray(1) ?? zeroKey
    if (compareBytes(hello.key, key) !== 0) {
      this.disconnect('unexpected-identity')
      return
    }
    this.negotiated = negotiate(this.#parts.capabilities, hello.capabilities)
    const useless = this.negotiated.length === 0 && this.#parts.capabilities.length > 0
    const refusal = useless ? 'useless-peer' : this.#hooks.admit(this, 'hello')
    if (refusal !== undefined) this.disconnect(refusal)
    else this.#opened()
  }

  #opened(): void {
    const { options, timers } = this.#parts
    this.#stage = 'open'
    this.#cancelDeadline?.()
    this.#watchIdle(options.idleTimeoutMs)
    const ping = (): void => {
      this.#cancelPing = timers.after(options.pingIntervalMs, () => {
        this.#push(baseMessage.ping, emptyPayload)
        ping()
      })
    }
    ping()
    for (const { capability, offset } of this.negotiated) this.#links.push(this.#createLink(capability, offset))
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
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
      const invalid = code === 'invalid-message' || code === 'invalid-message-code'
      this.disconnect(invalid ? 'breach-of-protocol' : 'subprotocol-error')
    }
  }

  #createLink(capability: Capability, offset: number): LinkControl {
    return createLink({
      peerId: this.peerId ?? bytesToHex(zeroKey),
      remoteAddress: this.remoteAddress,
      flags: this.flags,
      length: capability.length,
      send: async (code, payload, signal) => {
        const queue = this.#queue
        if (queue === undefined || this.#ended) throw closedError()
        return queue.send(offset + code, this.#snappy ? compressed(payload) : assertSize(payload), signal)
      },
      close: async reason => {
        this.disconnect(reason === 'done' ? 'client-quitting' : 'subprotocol-error')
      },
      taken: bytes => {
        this.#unreadPackets--
        this.#unreadBytes -= bytes
        if (
          this.#paused &&
          this.#unreadPackets < limits.unreadPackets / 2 &&
          this.#unreadBytes < limits.unreadBytes / 2
        ) {
          this.#resume()
        }
      }
    })
  }

  #resume(): void {
    this.#paused = false
    this.#lastFrameMs = this.#parts.clock.nowMs()
    // Not from within a reader's `next()`: what it does with this packet comes first.
    setImmediate(() => {
      this.#pump()
      if (!this.#paused && !this.#ended) this.#stream.resume()
    })
  }

  #message({ id, payload }: Message): void {
    if (id === baseMessage.disconnect) {
      this.#disconnected(decodeDisconnect(this.#openDisconnect(payload)))
      return
    }
    if (id < baseProtocolLength) {
      this.#baseMessage(id, this.#open(payload, limits.baseMessageBytes))
      return
    }
    const index = this.negotiated.findIndex(({ capability, offset }) => id >= offset && id < offset + capability.length)
    const entry = this.negotiated[index]
    if (entry === undefined) throw peerError('unexpected-message', 'message id outside every capability', { id })
    const opened = this.#open(payload, this.#parts.options.maxMessageBytes)
    this.#unreadPackets++
    this.#unreadBytes += opened.length
    this.#links[index]?.deliver({ code: id - entry.offset, payload: opened })
    if (this.#unreadPackets >= limits.unreadPackets || this.#unreadBytes >= limits.unreadBytes) {
      this.#paused = true
      this.#stream.pause()
    }
  }

  /** The payload as its own array, decompressed where that was agreed. */
  #open(payload: Uint8Array, maxBytes: number): Uint8Array {
    if (this.#snappy) return decompress(payload, maxBytes)
    if (payload.length > maxBytes) {
      throw peerError('too-large', `message: at most ${maxBytes} bytes, got ${payload.length}`)
    }
    return payload.slice()
  }

  /** DEVIATION: some nodes (stock @ethereumjs/devp2p) do not compress it; the connection ends either way. */
  #openDisconnect(payload: Uint8Array): Uint8Array {
    try {
      return this.#open(payload, limits.disconnectBytes)
    } catch {
      return payload
    }
  }

  /** The payload has been opened to check it; Ping, Pong and reserved ids are never decoded. */
  #baseMessage(id: number, _payload: Uint8Array): void {
    if (id === baseMessage.ping) this.#pong()
    else if (id === baseMessage.hello && ++this.#extraHellos > limits.extraHellos) {
      // SPEC: a second Hello is ignored; a flood of them is not an accident.
      throw peerError('unexpected-message', `more than ${limits.extraHellos} Hellos`)
    }
  }

  #pong(): void {
    // BOUNDED: a peer that sends Pings and reads nothing gets no more Pongs.
    if (this.queuedBytes < this.#parts.options.sendHighWaterBytes) this.#push(baseMessage.pong, emptyPayload)
  }

  #push(id: number, payload: Uint8Array): void {
    this.#queue?.push(id, this.#snappy ? compressed(payload) : payload)
  }

  #watchIdle(delayMs: number): void {
    const { clock, timers, options } = this.#parts
    this.#cancelDeadline = timers.after(delayMs, () => {
      // While we ourselves do not read, silence says nothing about the peer.
      const idleMs = this.#paused ? 0 : clock.nowMs() - this.#lastFrameMs
      if (idleMs >= options.idleTimeoutMs)
        this.#fail(peerError('timeout', 'no frame from the peer in time', { idleMs }))
      else this.#watchIdle(options.idleTimeoutMs - Math.max(idleMs, 0))
    })
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
    this.#cancelDeadline?.()
    this.#cancelPing?.()
    this.#handshake = undefined
    this.#reader = undefined
    const said = say !== undefined && this.#sayDisconnect(say)
    this.#queue?.close(closedError())
    for (const { end } of this.#links) end()
    if (said || ending.by === 'peer') {
      // What still arrives is dropped, so that our last frame is not lost to a reset.
      this.#stream.resume()
      this.#stream.end()
      const cancel = this.#parts.timers.after(this.#parts.options.lingerMs, () => {
        this.#stream.destroy()
      })
      void this.finished.then(cancel)
    } else this.#stream.destroy()
    this.#hooks.ended(this, ending, this.#stage, error)
  }

  #sayDisconnect(reason: DisconnectReason): boolean {
    const payload = encodeDisconnect(reason)
    const last = { id: baseMessage.disconnect, payload: this.#snappy ? compressed(payload) : payload }
    return this.#queue?.finish(last) ?? false
  }
}

function assertSize(payload: Uint8Array): Uint8Array {
  const most = limits.protocolMessageBytes - messageIdLength(0x1_0000)
  if (payload.length <= most) return payload.slice()
  throw new TransportError('too-large', `message: at most ${most} bytes, got ${payload.length}`, { origin: 'caller' })
}

function asTransportError(error: unknown): TransportError {
  if (TransportError.is(error)) return error
  return peerError('malformed', error instanceof Error ? error.message : 'unreadable')
}
