import { unref } from '@status-stack/utils'
import type { Core } from './core.ts'
import { gatherMs, restMs, unwrittenMs } from './limits.ts'
import { hasDueRecords, hasWork, servePeer } from './send.ts'

/** The ticks of a node: which peers are served when, several at a time, each by one tick at a time. */
export class TickLoop {
  readonly #core: Core
  readonly #busy = new Map<string, Promise<boolean>>()
  readonly #waiting: (() => void)[] = []
  /** Peers to be served before the next tick; the value cancels that. BOUNDED: peers with messages waiting, `maxPending`. */
  readonly #early = new Map<string, () => void>()
  /** When a peer that was served early may be served early again, milliseconds. BOUNDED: swept at each tick. */
  readonly #restUntilMs = new Map<string, number>()
  #active = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #flushAtMs = 0
  /** Since when something is not stored, as far as ticks have noticed. */
  #dirtySinceMs: number | undefined

  constructor(core: Core) {
    this.#core = core
  }

  start(): void {
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => {
      this.#tick(unwrittenMs).catch(error => this.#core.warn('a tick failed', error))
    }, this.#core.options.tickMs)
    unref(this.#timer)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const cancel of this.#early.values()) cancel()
    this.#early.clear()
    while (this.#busy.size > 0) await Promise.all(this.#busy.values())
    if (this.#core.records.isDirty) await this.#flush()
  }

  /**
   * A message for this peer was appended: it need not wait for the next tick. The first one leaves almost at once; those that come while
   * it is on its way, and for as long as that took or `restMs`, leave together. Does nothing before `start`.
   */
  appended(peerKey: string): void {
    if (this.#timer === undefined || this.#early.has(peerKey)) return
    const waitMs = (this.#restUntilMs.get(peerKey) ?? 0) - performance.now()
    // A busy peer comes again at its end, one with a long rest at the next tick.
    if (this.#busy.has(peerKey) || waitMs >= this.#core.options.tickMs) return
    const timer = setTimeout(
      () => {
        this.#early.delete(peerKey)
        if (!this.#busy.has(peerKey)) void this.#begin(peerKey)
      },
      Math.max(gatherMs, waitMs)
    )
    this.#early.set(peerKey, () => clearTimeout(timer))
  }

  /** Serves every peer that has something due and is not being served; waits for those it started, and stores what has changed. */
  tick(): Promise<void> {
    return this.#tick(0)
  }

  /** What has changed is stored once it is so old. */
  async #tick(ageMs: number): Promise<void> {
    const { records, acks, nowMs } = this.#core
    const started: Promise<void>[] = []
    for (const key of new Set([...records.peers, ...acks.peers])) {
      if (this.#busy.has(key) || !hasWork(this.#core, key, nowMs)) continue
      started.push(this.#begin(key))
    }
    for (const [key, untilMs] of this.#restUntilMs) if (untilMs <= performance.now()) this.#restUntilMs.delete(key)
    await Promise.all(started)
    this.#dirtySinceMs = records.isDirty ? (this.#dirtySinceMs ?? nowMs) : undefined
    if (this.#dirtySinceMs === undefined || nowMs < this.#flushAtMs) return
    // A clock that was set back must not put it off.
    if (nowMs >= this.#dirtySinceMs && nowMs < this.#dirtySinceMs + ageMs) return
    this.#dirtySinceMs = undefined
    await this.#flush()
  }

  async #begin(peerKey: string): Promise<void> {
    this.#early.get(peerKey)?.()
    this.#early.delete(peerKey)
    const work = this.#serve(peerKey)
    this.#busy.set(peerKey, work)
    const beganMs = performance.now()
    const served = await work
    this.#busy.delete(peerKey)
    const endedMs = performance.now()
    this.#restUntilMs.set(peerKey, endedMs + Math.max(restMs, endedMs - beganMs))
    // What was appended meanwhile; what failed waits for a tick.
    if (served && hasDueRecords(this.#core, peerKey, this.#core.nowMs)) this.appended(peerKey)
  }

  /** One peer's failure is its own: it is logged, and its records stay as they are. Whether there was none. */
  async #serve(peerKey: string): Promise<boolean> {
    await this.#enter()
    try {
      await servePeer(this.#core, peerKey)
      return true
    } catch (error) {
      this.#core.warn('a peer could not be served', error)
      return false
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
