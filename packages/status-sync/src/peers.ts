import { hexKey } from './bytes.ts'
import { pairKey, slotKey } from './keys.ts'
import type { SyncLimits } from './limits.ts'
import type { SyncChange, SyncStore } from './ports.ts'
import { decodePeer, encodePeer, type PeerMemory } from './record.ts'

/** Whose message a remembered id is. */
export type Origin = 'theirs' | 'ours'

const theirs = Uint8Array.of(0)
const ours = Uint8Array.of(1)

/** What is to change about a peer: ids to remember, and fields of its memory. */
export interface PeerUpdate {
  readonly peer: Uint8Array
  readonly nowMs: number
  readonly ids: readonly { readonly id: Uint8Array; readonly origin: Origin }[]
  readonly lastOwnId?: Uint8Array
  readonly missing?: readonly Uint8Array[]
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

  constructor(store: SyncStore, limits: SyncLimits) {
    this.#store = store
    this.#limits = limits
  }

  async load(): Promise<void> {
    this.#peers.clear()
    for (const value of await this.#store.list('peer')) {
      const memory = decodePeer(value)
      this.#peers.set(hexKey(memory.peer), memory)
    }
  }

  get(peer: Uint8Array): PeerMemory | undefined {
    return this.#peers.get(hexKey(peer))
  }

  /** Whose the id is when it is remembered. */
  async originOf(peer: Uint8Array, id: Uint8Array): Promise<Origin | undefined> {
    if (!this.#peers.has(hexKey(peer))) return undefined
    const mark = await this.#store.get('seen', pairKey(peer, id))
    if (mark === undefined) return undefined
    return mark[0] === ours[0] ? 'ours' : 'theirs'
  }

  /** Changes that carry out an update; ids must be distinct and not remembered yet. */
  async plan(update: PeerUpdate): Promise<Planned> {
    const { peer, ids } = update
    const key = hexKey(peer)
    const before = this.#peers.get(key) ?? empty(peer)
    const changes: SyncChange[] = []
    const ring = this.#limits.maxSeenPerPeer
    const inThisUpdate = new Map<number, Uint8Array>()
    let { nextSlot, usedSlots } = before
    for (const { id, origin } of ids) {
      const slot = nextSlot % ring
      const old =
        inThisUpdate.get(slot) ?? (slot < usedSlots ? await this.#store.get('slot', slotKey(peer, slot)) : undefined)
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
      heardMs: update.nowMs,
      lastOwnId: update.lastOwnId ?? before.lastOwnId,
      missing: update.missing ?? before.missing
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

  /** Adds the changes that make room for one more peer; answers whose room it is. */
  async #forgetOldest(changes: SyncChange[]): Promise<string | undefined> {
    if (this.#peers.size < this.#limits.maxPeers) return undefined
    let oldest: readonly [string, PeerMemory] | undefined
    for (const entry of this.#peers) {
      if (oldest === undefined || entry[1].heardMs < oldest[1].heardMs) oldest = entry
    }
    if (oldest === undefined) return undefined
    const [key, { peer, usedSlots }] = oldest
    for (let slot = 0; slot < usedSlots; slot++) {
      const id = await this.#store.get('slot', slotKey(peer, slot))
      if (id !== undefined) changes.push({ table: 'seen', key: pairKey(peer, id), value: undefined })
      changes.push({ table: 'slot', key: slotKey(peer, slot), value: undefined })
    }
    changes.push({ table: 'peer', key: peer, value: undefined })
    return key
  }
}

function empty(peer: Uint8Array): PeerMemory {
  return { peer, nextSlot: 0, usedSlots: 0, heardMs: 0, lastOwnId: new Uint8Array(), missing: [] }
}
