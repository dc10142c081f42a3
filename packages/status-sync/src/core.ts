import { randomBytes } from '@status-stack/crypto'
import { AckQueue, dropOldest } from './acks.ts'
import { Book, deletionOf, type Entry } from './book.ts'
import { hexKey } from './bytes.ts'
import { SyncError } from './errors.ts'
import { groupId } from './ids.ts'
import type { ResolvedOptions } from './options.ts'
import { Peers } from './peers.ts'
import type { Outcome, SyncChange, SyncDeps } from './ports.ts'
import type { Timing } from './state.ts'
import type { Delivery } from './sync.ts'

/** Metadata of a message that was handed up and not accepted yet. */
export interface Handed {
  readonly parents: readonly Uint8Array[]
  readonly ephemeral: boolean
}

/** What the parts of a node share: memory, the store behind it, and how a record ends. */
export class Core {
  readonly book: Book
  readonly peers: Peers
  readonly acks: AckQueue
  readonly timing: Timing
  // BOUNDED: maxHandedUp
  readonly handed = new Map<string, Handed>()
  // BOUNDED: maxOutcomes
  readonly #ended = new Map<string, Delivery & { readonly tracking: string }>()
  // BOUNDED: maxPeers
  readonly #groups = new Map<string, Uint8Array>()
  readonly deps: SyncDeps
  readonly options: ResolvedOptions
  #loaded: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: SyncDeps, options: ResolvedOptions) {
    this.deps = deps
    this.options = options
    const { baseMs, ceilingMs, jitter, unsentMs, limits } = options
    const random = deps.random ?? { bytes: randomBytes }
    this.timing = { baseMs, ceilingMs, jitter, unsentMs, random }
    this.book = new Book(deps.store, this.timing)
    this.peers = new Peers(deps.store, limits)
    this.acks = new AckQueue(limits)
  }

  get nowMs(): number {
    return this.deps.clock.nowMs()
  }

  /** Reads the store once; a failed read is tried again by the next call. */
  load(): Promise<void> {
    this.#loaded ??= this.exclusive(async () => {
      await this.peers.load()
      await this.book.load()
    }).catch(error => {
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }

  /**
   * Runs store work one at a time, so that what is read still holds when the changes are written. Never used around
   * `output`, `settled` or `maxBytes`.
   */
  exclusive<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(work).catch(cause => {
      if (SyncError.is(cause)) throw cause
      throw new SyncError('store-failed', 'store: expected the changes to be carried out', {
        origin: 'environment',
        cause
      })
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  write(changes: readonly SyncChange[]): Promise<void> {
    return changes.length === 0 ? Promise.resolve() : this.deps.store.write(changes)
  }

  /** Makes all changes of records durable. */
  flush(): Promise<void> {
    return this.exclusive(async () => {
      const { changes, done } = this.book.unwritten()
      await this.write(changes)
      done()
    })
  }

  /** The one-to-one group of a peer and ourselves. */
  groupOf(peer: Uint8Array): Uint8Array {
    const key = hexKey(peer)
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    if (this.#groups.size >= this.options.limits.maxPeers) dropOldest(this.#groups)
    const group = groupId(this.deps.self, peer)
    this.#groups.set(key, group)
    return group
  }

  /** Ends a message: told to the caller first, then deleted. What fails is tried again at a later tick. */
  async settle(entry: Entry, outcome: Outcome): Promise<void> {
    entry.end ??= { outcome }
    if (entry.settling) return
    entry.settling = true
    try {
      const { peer, tracking, attempts } = entry.record
      await this.deps.settled({ peer, tracking, ...entry.end })
      await this.forget(entry)
      const state = entry.end.outcome === 'acknowledged' ? 'acknowledged' : 'abandoned'
      this.#remember({ peer, state, attempts, outcome: entry.end.outcome, tracking })
    } catch (error) {
      entry.settleAtMs = this.nowMs + this.options.unsentMs
      this.warn('a settlement failed and will be repeated', error)
    } finally {
      entry.settling = false
    }
  }

  /** Deletes a record, in the store and then in memory. */
  forget(entry: Entry): Promise<void> {
    return this.exclusive(async () => {
      if (!this.book.has(entry)) return
      await this.write(deletionOf(entry.record))
      this.book.remove(entry)
    })
  }

  ended(tracking: string): readonly Delivery[] {
    const found: Delivery[] = []
    for (const { tracking: name, ...delivery } of this.#ended.values()) if (name === tracking) found.push(delivery)
    return found
  }

  warn(message: string, error: unknown): void {
    this.deps.logger?.warn(message, { code: SyncError.is(error) ? error.code : 'port-failed' })
  }

  #remember(delivery: Delivery & { readonly tracking: string }): void {
    const key = `${hexKey(delivery.peer)}${delivery.tracking}`
    this.#ended.delete(key)
    if (this.#ended.size >= this.options.limits.maxOutcomes) dropOldest(this.#ended)
    this.#ended.set(key, delivery)
  }
}
