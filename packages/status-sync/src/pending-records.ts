import { bytesToHex } from '@status-stack/crypto'
import { pairKey } from './keys.ts'
import type { Outcome, SyncChange, SyncStore } from './ports.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { type RecordEvent, type SyncRecord, type Timing, transition } from './state.ts'

/** A record in memory, with what is under way about it. */
export interface Entry {
  record: SyncRecord
  readonly peerKey: string
  readonly idKey: string
  /** Its body may lie in our own store. */
  readonly hasBody: boolean
  /** Events since the send under way began; they are applied again after its result, so they win over it. */
  sending: RecordEvent[] | undefined
  /** Set once it is over; it is not sent any more and is deleted after `settled`. */
  end: { readonly outcome: Outcome; readonly device?: string } | undefined
  /** Told to `settled` at the moment. */
  settling: boolean
  /** When an end that could not be told or written is tried again. */
  settleAtMs: number
}

/**
 * All pending records: in memory for decisions, written through for restarts. Changes in memory are immediate; `flush`
 * makes them durable.
 */
export class PendingRecords {
  // BOUNDED: maxPending and maxRequests, checked where records are added
  readonly #byPeer = new Map<string, Map<string, Entry>>()
  readonly #byTracking = new Map<string, Set<Entry>>()
  /** Requests to peers that were strangers when they were added, oldest first. */
  readonly #strangers = new Set<Entry>()
  readonly #store: SyncStore
  readonly #timing: Timing
  readonly #isKnown: (peer: Uint8Array) => boolean
  /** Entries that are not yet as written. */
  readonly #dirty = new Set<Entry>()
  #size = 0
  #requests = 0

  constructor(store: SyncStore, timing: Timing, isKnown: (peer: Uint8Array) => boolean) {
    this.#store = store
    this.#timing = timing
    this.#isKnown = isKnown
  }

  async load(): Promise<void> {
    // All are read before the first is added: a load that fails is repeated from the start.
    const records = (await this.#store.list('record')).map(decodeRecord)
    for (const record of records) this.add(record)
  }

  /** Messages and offers pending in all. */
  get size(): number {
    return this.#size
  }

  /** Requests pending in all. */
  get requests(): number {
    return this.#requests
  }

  /** Requests of strangers, oldest first. Peers that have become known meanwhile are not among them any more. */
  *strangerRequests(): Iterable<Entry> {
    for (const entry of this.#strangers) {
      if (this.#isKnown(entry.record.peer)) this.#strangers.delete(entry)
      else yield entry
    }
  }

  /** How many requests of strangers there are at most. */
  get strangers(): number {
    return this.#strangers.size
  }

  get peers(): Iterable<string> {
    return this.#byPeer.keys()
  }

  of(peerKey: string): Iterable<Entry> {
    return this.#byPeer.get(peerKey)?.values() ?? []
  }

  *all(): Iterable<Entry> {
    for (const entries of this.#byPeer.values()) yield* entries.values()
  }

  get(peerKey: string, id: Uint8Array): Entry | undefined {
    return this.#byPeer.get(peerKey)?.get(bytesToHex(id))
  }

  tracked(tracking: string): readonly Entry[] {
    return [...(this.#byTracking.get(tracking) ?? [])]
  }

  /** How many messages and offers, or requests, are pending for a peer. */
  count(peerKey: string, what: 'own' | 'requests'): number {
    let count = 0
    for (const { record } of this.of(peerKey)) if ((record.kind === 'request') === (what === 'requests')) count++
    return count
  }

  /** Adds a record in memory that is already written, with a body of its own or without. */
  add(record: SyncRecord, hasBody = record.kind !== 'request'): Entry {
    const entry: Entry = {
      record,
      peerKey: bytesToHex(record.peer),
      idKey: bytesToHex(record.id),
      hasBody,
      sending: undefined,
      end: undefined,
      settling: false,
      settleAtMs: 0
    }
    const entries = this.#byPeer.get(entry.peerKey) ?? new Map<string, Entry>()
    entries.set(entry.idKey, entry)
    this.#byPeer.set(entry.peerKey, entries)
    if (record.kind === 'request') {
      this.#requests++
      if (!this.#isKnown(record.peer)) this.#strangers.add(entry)
    } else {
      this.#size++
      const tracked = this.#byTracking.get(record.tracking) ?? new Set<Entry>()
      this.#byTracking.set(record.tracking, tracked.add(entry))
    }
    return entry
  }

  /** Forgets an entry in memory; idempotent. */
  remove(entry: Entry): void {
    const entries = this.#byPeer.get(entry.peerKey)
    if (entries?.get(entry.idKey) !== entry) return
    this.#dirty.delete(entry)
    entries.delete(entry.idKey)
    if (entries.size === 0) this.#byPeer.delete(entry.peerKey)
    if (entry.record.kind === 'request') {
      this.#requests--
      this.#strangers.delete(entry)
      return
    }
    this.#size--
    const tracked = this.#byTracking.get(entry.record.tracking)
    tracked?.delete(entry)
    if (tracked?.size === 0) this.#byTracking.delete(entry.record.tracking)
  }

  has(entry: Entry): boolean {
    return this.#byPeer.get(entry.peerKey)?.get(entry.idKey) === entry
  }

  /** Applies an event from outside, now and again after a send that is under way. */
  apply(entry: Entry, event: RecordEvent): void {
    const { record } = entry
    entry.record = transition(record, event, this.#timing)
    entry.sending?.push(event)
    if (entry.record !== record) this.#dirty.add(entry)
  }

  /** Applies the result of a send to the record as it was before, then what happened meanwhile. */
  finishSend(entry: Entry, before: SyncRecord, result: RecordEvent): void {
    const since = entry.sending ?? []
    entry.sending = undefined
    if (!this.has(entry)) return
    entry.record = [result, ...since].reduce((record, event) => transition(record, event, this.#timing), before)
    this.#dirty.add(entry)
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /** Writes of all records changed since the last flush; `done` marks them as written unless they changed again. */
  unwritten(): { readonly changes: readonly SyncChange[]; readonly done: () => void } {
    const written = [...this.#dirty].map(entry => ({ entry, record: entry.record }))
    return {
      changes: written.map(({ record }) => recordChange(record)),
      done: () => {
        for (const { entry, record } of written) if (entry.record === record) this.#dirty.delete(entry)
      }
    }
  }
}

/** The change that stores a record. */
export function recordChange(record: SyncRecord): SyncChange {
  return { table: 'record', key: pairKey(record.peer, record.id), value: encodeRecord(record) }
}

/** The changes that delete a record and its body. */
export function deletionOf({ record, hasBody }: Entry): readonly SyncChange[] {
  const key = pairKey(record.peer, record.id)
  const changes: SyncChange[] = [{ table: 'record', key, value: undefined }]
  if (hasBody) changes.push({ table: 'body', key, value: undefined })
  return changes
}
