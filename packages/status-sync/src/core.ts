import { bytesToHex, randomBytes } from '@status-stack/crypto'
import {
  type BoundedMap,
  createBoundedMap,
  createMutex,
  forEachSliced,
  type TimeSlicer,
  timeSlicer
} from '@status-stack/utils'
import { AckQueue } from './acks.ts'
import { SyncError } from './errors.ts'
import { groupId } from './ids.ts'
import type { ResolvedOptions } from './options.ts'
import { Peers } from './peers.ts'
import { deletionOf, type Entry, PendingRecords } from './pending-records.ts'
import type { Outcome, SyncChange, SyncDeps } from './ports.ts'
import type { Timing } from './state.ts'
import type { SendStatus } from './sync.ts'

/** A failure of store work, in the words of this package. */
export function storeFailure(cause: unknown): SyncError {
  if (SyncError.is(cause)) return cause
  return new SyncError('store-failed', 'store: expected the changes to be carried out', {
    origin: 'environment',
    cause
  })
}

/** A message that waits to be appended, and whom to tell. */
export interface Appending {
  readonly peer: Uint8Array
  readonly body: Uint8Array
  readonly tracking: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** What the parts of a node share: memory, the store behind it, and how a record ends. */
export class Core {
  readonly records: PendingRecords
  readonly peers: Peers
  readonly acks: AckQueue
  readonly timing: Timing
  readonly deps: SyncDeps
  readonly options: ResolvedOptions
  readonly slicer: TimeSlicer
  readonly isKnown: (peer: Uint8Array) => boolean
  /** Messages whose `enqueue` waits for the store. */
  readonly appending: Appending[] = []
  // BOUNDED: maxOutcomes
  readonly #ended: BoundedMap<string, SendStatus & { readonly tracking: string }>
  // BOUNDED: maxPeers
  readonly #groups: BoundedMap<string, Uint8Array>
  readonly #mutex = createMutex()
  #loaded: Promise<void> | undefined

  constructor(deps: SyncDeps, options: ResolvedOptions) {
    this.deps = deps
    this.options = options
    const { baseMs, ceilingMs, jitter, unsentMs, limits } = options
    const random = deps.random ?? { bytes: randomBytes }
    this.timing = { baseMs, ceilingMs, jitter, unsentMs, random }
    this.slicer = deps.slicer ?? timeSlicer
    this.isKnown = deps.isKnown ?? (() => false)
    this.records = new PendingRecords(deps.store, this.timing, this.isKnown)
    this.peers = new Peers(deps.store, { limits, isKnown: this.isKnown, slicer: this.slicer })
    this.acks = new AckQueue(limits, this.isKnown)
    this.#ended = createBoundedMap({ maxEntries: limits.maxOutcomes })
    this.#groups = createBoundedMap({ maxEntries: limits.maxPeers })
  }

  get nowMs(): number {
    return this.deps.clock.nowMs()
  }

  /** How far the time by which messages are given up is behind, ms. */
  get expiryLagMs(): number {
    const { clock, expiryClock = clock } = this.deps
    return clock.nowMs() - expiryClock.nowMs()
  }

  /** Reads the store once; a failed read is tried again by the next call. */
  load(): Promise<void> {
    this.#loaded ??= this.exclusive(async () => {
      await this.peers.load()
      await this.records.load()
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
  async exclusive<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await this.#mutex.run(work)
    } catch (cause) {
      throw storeFailure(cause)
    }
  }

  write(changes: readonly SyncChange[]): Promise<void> {
    return changes.length === 0 ? Promise.resolve() : this.deps.store.write(changes)
  }

  /** Makes all changes of records durable. */
  flush(): Promise<void> {
    return this.exclusive(async () => {
      const { changes, done } = this.records.unwritten()
      await this.write(changes)
      done()
    })
  }

  /** The one-to-one group of a peer and ourselves. */
  groupOf(peer: Uint8Array): Uint8Array {
    const key = bytesToHex(peer)
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const group = groupId(this.deps.self, peer)
    this.#groups.set(key, group)
    return group
  }

  /**
   * Ends messages: each is told to the caller first, then all that were told are deleted together. What fails is tried again at a
   * later tick.
   */
  async settle(entries: readonly Entry[], outcome: Outcome): Promise<void> {
    const told: Entry[] = []
    const telling: Promise<void>[] = []
    await forEachSliced(
      entries,
      entry => {
        entry.end ??= { outcome }
        if (entry.settling) return
        entry.settling = true
        telling.push(this.#tell(entry, told))
      },
      { slicer: this.slicer }
    )
    await Promise.all(telling)
    try {
      await this.forget(told)
      for (const entry of told) this.#remember(entry)
    } catch (error) {
      for (const entry of told) this.#settleLater(entry)
      this.warn('the end of messages could not be stored and will be repeated', error)
    }
    for (const entry of told) entry.settling = false
  }

  async #tell(entry: Entry, told: Entry[]): Promise<void> {
    const { peer, tracking } = entry.record
    try {
      await this.deps.settled({ peer, tracking, ...(entry.end ?? { outcome: 'given-up' }) })
      told.push(entry)
    } catch (error) {
      this.#settleLater(entry)
      entry.settling = false
      this.warn('a settlement failed and will be repeated', error)
    }
  }

  #settleLater(entry: Entry): void {
    entry.settleAtMs = this.nowMs + this.options.unsentMs
  }

  /** Deletes records, in the store and then in memory. */
  forget(entries: readonly Entry[]): Promise<void> {
    return this.exclusive(async () => {
      const present = entries.filter(entry => this.records.has(entry))
      await this.write(present.flatMap(deletionOf))
      for (const entry of present) this.records.remove(entry)
    })
  }

  ended(tracking: string): readonly SendStatus[] {
    const found: SendStatus[] = []
    for (const [, { tracking: name, ...delivery }] of this.#ended) if (name === tracking) found.push(delivery)
    return found
  }

  warn(message: string, error: unknown): void {
    this.deps.logger?.warn(message, { code: SyncError.is(error) ? error.code : 'port-failed' })
  }

  #remember({ record: { peer, tracking, attempts }, end }: Entry): void {
    if (end === undefined) return
    const { outcome } = end
    const state = outcome === 'acknowledged' ? 'acknowledged' : 'abandoned'
    this.#ended.set(`${bytesToHex(peer)}${tracking}`, { peer, state, attempts, outcome, tracking })
  }
}
