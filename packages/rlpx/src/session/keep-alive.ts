import { peerError, type TransportError } from '../errors.ts'
import type { ResolvedHostOptions } from '../options.ts'
import type { CancelTimer, Clock, Scheduler } from '../ports.ts'

/** What the clock of one session asks of it. */
export interface KeepAliveHooks {
  readonly ping: () => void
  readonly expired: (error: TransportError) => void
  /** While we ourselves do not read, silence says nothing about the peer. */
  readonly isPaused: () => boolean
}

export interface KeepAliveParts {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly options: ResolvedHostOptions
}

/** The time limits of one session: both handshakes, then Ping and silence. */
export class KeepAlive {
  readonly #parts: KeepAliveParts
  readonly #hooks: KeepAliveHooks
  #heardMs: number
  #cancelDeadline: CancelTimer
  #cancelPing: CancelTimer | undefined

  constructor(parts: KeepAliveParts, hooks: KeepAliveHooks) {
    this.#parts = parts
    this.#hooks = hooks
    this.#heardMs = parts.clock.nowMs()
    this.#cancelDeadline = parts.scheduler.after(parts.options.handshakeTimeoutMs, () => {
      hooks.expired(peerError('timeout', 'handshake: not finished in time'))
    })
  }

  /** A whole frame has come. */
  heard(): void {
    this.#heardMs = this.#parts.clock.nowMs()
  }

  /** Both Hellos are accepted. SPEC: Ping every 15 s whatever else is sent; no timer for Pong, only for silence. */
  opened(): void {
    this.#cancelDeadline()
    this.heard()
    this.#watch(this.#parts.options.idleTimeoutMs)
    this.#planPing()
  }

  stop(): void {
    this.#cancelDeadline()
    this.#cancelPing?.()
  }

  #planPing(): void {
    const { scheduler, options } = this.#parts
    this.#cancelPing = scheduler.after(options.pingIntervalMs, () => {
      this.#hooks.ping()
      this.#planPing()
    })
  }

  #watch(delayMs: number): void {
    const { clock, scheduler, options } = this.#parts
    this.#cancelDeadline = scheduler.after(delayMs, () => {
      const idleMs = this.#hooks.isPaused() ? 0 : clock.nowMs() - this.#heardMs
      const left = options.idleTimeoutMs - Math.max(idleMs, 0)
      if (left > 0) this.#watch(left)
      else this.#hooks.expired(peerError('timeout', 'no frame from the peer in time', { idleMs }))
    })
  }
}
