import { bytesToHex } from '@status-stack/crypto'
import type { SyncLimits } from './limits.ts'

interface Waiting {
  readonly peer: Uint8Array
  /** Oldest first. */
  readonly ids: Map<string, Uint8Array>
  dueMs: number
  held: boolean
  /** Counts `retry` calls, so that one made during a send is noticed after it. */
  retries: number
}

/**
 * Acknowledgements that wait for the next tick. In memory only: one that is lost is made again when the sender repeats its
 * message. SPEC: 2/MVDS "acks are never stored".
 */
export class AckQueue {
  // BOUNDED: maxAckPeers, maxAcksPerPeer
  readonly #waiting = new Map<string, Waiting>()
  readonly #limits: SyncLimits
  readonly #isKnown: (peer: Uint8Array) => boolean

  constructor(limits: SyncLimits, isKnown: (peer: Uint8Array) => boolean) {
    this.#limits = limits
    this.#isKnown = isKnown
  }

  get peers(): Iterable<string> {
    return this.#waiting.keys()
  }

  add(peer: Uint8Array, id: Uint8Array): void {
    const key = bytesToHex(peer)
    let waiting = this.#waiting.get(key)
    if (waiting === undefined) {
      if (this.#waiting.size >= this.#limits.maxAckPeers) this.#evictPeer()
      waiting = { peer, ids: new Map(), dueMs: 0, held: false, retries: 0 }
      this.#waiting.set(key, waiting)
    }
    if (waiting.ids.size >= this.#limits.maxAcksPerPeer) deleteOldest(waiting.ids)
    waiting.ids.set(bytesToHex(id), id)
  }

  #evictPeer(): void {
    for (const [key, { peer }] of this.#waiting) {
      if (this.#isKnown(peer)) continue
      this.#waiting.delete(key)
      return
    }
    deleteOldest(this.#waiting)
  }

  /** What to acknowledge to a peer now; `undefined` when there is nothing, or not yet. */
  due(
    peerKey: string,
    nowMs: number
  ): { readonly peer: Uint8Array; readonly ids: readonly Uint8Array[]; readonly retries: number } | undefined {
    const waiting = this.#waiting.get(peerKey)
    if (waiting === undefined || waiting.held || waiting.dueMs > nowMs) return undefined
    return { peer: waiting.peer, ids: [...waiting.ids.values()], retries: waiting.retries }
  }

  /** How often `retry` was called for a peer with acknowledgements waiting. */
  retries(peerKey: string): number {
    return this.#waiting.get(peerKey)?.retries ?? 0
  }

  /** When the peer's acknowledgements are due; `undefined` when there are none, for then there is no entry, or they are held. */
  dueMs(peerKey: string): number | undefined {
    const waiting = this.#waiting.get(peerKey)
    return waiting === undefined || waiting.held ? undefined : waiting.dueMs
  }

  /** They left, or there is no device to get them. */
  remove(peerKey: string, ids: readonly Uint8Array[]): void {
    const waiting = this.#waiting.get(peerKey)
    for (const id of ids) waiting?.ids.delete(bytesToHex(id))
    if (waiting?.ids.size === 0) this.#waiting.delete(peerKey)
  }

  /** They did not leave: wait until `dueMs`, or for `retry` when held; a `retry` since `retries` was read wins. */
  postpone(peerKey: string, until: { readonly dueMs: number; readonly held: boolean; readonly retries: number }): void {
    const waiting = this.#waiting.get(peerKey)
    if (waiting === undefined || waiting.retries !== until.retries) return
    waiting.dueMs = until.dueMs
    waiting.held = until.held
  }

  retry(peerKey: string, nowMs: number): void {
    const waiting = this.#waiting.get(peerKey)
    if (waiting === undefined) return
    waiting.held = false
    waiting.dueMs = nowMs
    waiting.retries++
  }
}

/** Maps keep the order of insertion: the first key is the oldest. */
function deleteOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
