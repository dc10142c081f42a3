import type { Core } from './core.ts'
import { hasWork, servePeer } from './send.ts'

/** The ticks of a node: which peers are served when, several at a time, each by one tick at a time. */
export class TickLoop {
  readonly #core: Core
  readonly #busy = new Map<string, Promise<void>>()
  readonly #waiting: (() => void)[] = []
  #active = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #flushAtMs = 0

  constructor(core: Core) {
    this.#core = core
  }

  start(): void {
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => {
      this.tick().catch(error => this.#core.warn('a tick failed', error))
    }, this.#core.options.tickMs)
    // Browsers hand out numbers, Node objects that would keep the process alive.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    while (this.#busy.size > 0) await Promise.all(this.#busy.values())
  }

  /** Serves every peer that has something due and is not being served; waits for those it started. */
  async tick(): Promise<void> {
    const { records, acks, nowMs } = this.#core
    const started: Promise<void>[] = []
    for (const key of new Set([...records.peers, ...acks.peers])) {
      if (this.#busy.has(key) || !hasWork(this.#core, key, nowMs)) continue
      const work = this.#serve(key).finally(() => this.#busy.delete(key))
      this.#busy.set(key, work)
      started.push(work)
    }
    await Promise.all(started)
    if (records.isDirty && nowMs >= this.#flushAtMs) await this.#flush()
  }

  /** One peer's failure is its own: it is logged, and its records stay as they are. */
  async #serve(peerKey: string): Promise<void> {
    await this.#enter()
    try {
      await servePeer(this.#core, peerKey)
    } catch (error) {
      this.#core.warn('a peer could not be served', error)
    } finally {
      this.#active--
      this.#waiting.shift()?.()
    }
  }

  async #enter(): Promise<void> {
    while (this.#active >= this.#core.options.parallelPeers) {
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    this.#active++
  }

  async #flush(): Promise<void> {
    try {
      await this.#core.flush()
    } catch (error) {
      this.#flushAtMs = this.#core.nowMs + this.#core.options.unsentMs
      this.#core.warn('states could not be stored and will be written later', error)
    }
  }
}
