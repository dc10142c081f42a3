import { bytesToHex } from '@status-stack/crypto'
import type { TimeSlicer } from '@status-stack/utils'
import { pairKey, slotKey } from './keys.ts'
import { readBatch, type SyncLimits } from './limits.ts'
import type { SyncChange, SyncStore, SyncTable } from './ports.ts'
import { decodePeer, encodePeer, type PeerMemory } from './record.ts'

/** Whose message a remembered id is. */
export type Origin = 'theirs' | 'ours'

const theirs = Uint8Array.of(0)
const ours = Uint8Array.of(1)

/** What is to change about a peer: ids to remember, and when it was heard. */
export interface PeerUpdate {
  readonly peer: Uint8Array
  readonly nowMs: number
  readonly ids: readonly { readonly id: Uint8Array; readonly origin: Origin }[]
}

/** Changes ready to be written, and the step to take in memory once they are. */
export interface Planned {
  readonly changes: readonly SyncChange[]
  readonly commit: () => void
}

/**
 * The duplicate memory: per peer a ring of handled and own message ids, so that a duplicate is recognised with one `get`
 * and the oldest id is found with another. Callers serialise `plan` up to `commit`.
 */
export class Peers {
  // BOUNDED: maxPeers
  readonly #peers = new Map<string, PeerMemory>()
  readonly #store: SyncStore
  readonly #limits: SyncLimits
  readonly #isKnown: (peer: Uint8Array) => boolean
  readonly #slicer: TimeSlicer

  constructor(
    store: SyncStore,
    { limits, isKnown, slicer }: { limits: SyncLimits; isKnown: (peer: Uint8Array) => boolean; slicer: TimeSlicer }
  ) {
    this.#store = store
    this.#limits = limits
    this.#isKnown = isKnown
    this.#slicer = slicer
  }

  async load(): Promise<void> {
    this.#peers.clear()
    for (const value of await this.#store.list('peer')) {
      const memory = decodePeer(value)
      this.#peers.set(bytesToHex(memory.peer), memory)
    }
  }

  get(peer: Uint8Array): PeerMemory | undefined {
    return this.#peers.get(bytesToHex(peer))
  }

  /** Whose the id is when it is remembered. */
  async originOf(peer: Uint8Array, id: Uint8Array): Promise<Origin | undefined> {
    return (await this.originsOf(peer, [id]))[0]
  }

  /** Whose the ids are, in their order. */
  async originsOf(peer: Uint8Array, ids: readonly Uint8Array[]): Promise<readonly (Origin | undefined)[]> {
    if (!this.#peers.has(bytesToHex(peer))) return ids.map(() => undefined)
    const marks = await this.#read(
      'seen',
      ids.map(id => pairKey(peer, id))
    )
    return marks.map(mark => (mark === undefined ? undefined : mark[0] === ours[0] ? 'ours' : 'theirs'))
  }

  /** Reads many keys, in batches and slices. */
  async #read(table: SyncTable, keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const { getMany } = this.#store
    const values: (Uint8Array | undefined)[] = []
    // BOUNDED: readBatch
    for (let at = 0; at < keys.length; at += readBatch) {
      if (at > 0) await this.#slicer.yielded()
      const batch = keys.slice(at, at + readBatch)
      if (getMany !== undefined) values.push(...(await getMany(table, batch)))
      else for (const key of batch) values.push(await this.#store.get(table, key))
    }
    return values
  }

  /** Changes that carry out an update; ids must be distinct and not remembered yet. */
  async plan(update: PeerUpdate): Promise<Planned> {
    const { peer, ids } = update
    const key = bytesToHex(peer)
    const before = this.#peers.get(key) ?? empty(peer)
    const changes: SyncChange[] = []
    const ring = this.#limits.maxSeenPerPeer
    const inThisUpdate = new Map<number, Uint8Array>()
    let { nextSlot, usedSlots } = before
    const overwritten = await this.#slotsOf(peer, before, Math.min(ids.length, ring))
    for (const [at, { id, origin }] of ids.entries()) {
      const slot = nextSlot % ring
      const old = inThisUpdate.get(slot) ?? overwritten[at]
      if (old !== undefined) changes.push({ table: 'seen', key: pairKey(peer, old), value: undefined })
      changes.push({ table: 'slot', key: slotKey(peer, slot), value: id })
      changes.push({ table: 'seen', key: pairKey(peer, id), value: origin === 'ours' ? ours : theirs })
      inThisUpdate.set(slot, id)
      nextSlot = (slot + 1) % ring
      usedSlots = Math.max(usedSlots, slot + 1)
    }
    const after: PeerMemory = {
      peer,
      nextSlot,
      usedSlots,
      heardMs: update.nowMs
    }
    changes.push({ table: 'peer', key: peer, value: encodePeer(after) })
    const forgotten = this.#peers.has(key) ? undefined : await this.#forgetOldest(changes)
    return {
      changes,
      commit: () => {
        if (forgotten !== undefined) this.#peers.delete(forgotten)
        this.#peers.set(key, after)
      }
    }
  }

  /** The ids in the next `count` slots, which are about to be overwritten. */
  async #slotsOf(peer: Uint8Array, { nextSlot, usedSlots }: PeerMemory, count: number) {
    const slots = Array.from({ length: count }, (_, at) => (nextSlot + at) % this.#limits.maxSeenPerPeer)
    const used = slots.filter(slot => slot < usedSlots)
    const ids = await this.#read(
      'slot',
      used.map(slot => slotKey(peer, slot))
    )
    const bySlot = new Map(used.map((slot, at) => [slot, ids[at]]))
    return slots.map(slot => bySlot.get(slot))
  }

  /** Adds the changes that make room for one more peer; answers whose room it is. */
  async #forgetOldest(changes: SyncChange[]): Promise<string | undefined> {
    if (this.#peers.size < this.#limits.maxPeers) return undefined
    const oldest = this.#oldest(peer => !this.#isKnown(peer)) ?? this.#oldest(() => true)
    if (oldest === undefined) return undefined
    const [key, { peer, usedSlots }] = oldest
    const slots = Array.from({ length: usedSlots }, (_, slot) => slotKey(peer, slot))
    const ids = await this.#read('slot', slots)
    for (const [slot, id] of ids.entries()) {
      if (id !== undefined) changes.push({ table: 'seen', key: pairKey(peer, id), value: undefined })
      changes.push({ table: 'slot', key: slotKey(peer, slot), value: undefined })
    }
    changes.push({ table: 'peer', key: peer, value: undefined })
    return key
  }

  /** The peer unheard for longest among those that may be forgotten. */
  #oldest(mayForget: (peer: Uint8Array) => boolean): readonly [string, PeerMemory] | undefined {
    let oldest: readonly [string, PeerMemory] | undefined
    for (const entry of this.#peers) {
      const [, { peer, heardMs }] = entry
      if ((oldest === undefined || heardMs < oldest[1].heardMs) && mayForget(peer)) oldest = entry
    }
    return oldest
  }
}

function empty(peer: Uint8Array): PeerMemory {
  return { peer, nextSlot: 0, usedSlots: 0, heardMs: 0 }
}
