import type { TimeSlicer } from '@status-stack/utils'
import type { Pool } from './pool.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** Slots whose bits fit into a small integer, which costs no memory of its own. Most nodes have fewer peers. */
const inlineSlots = 30
const wordBits = 32

/** Whether the peer of a slot has an envelope. */
export function isKnown(entry: PooledEnvelope, slot: number): boolean {
  if (slot < 0) return true
  if (slot < inlineSlots) return ((entry.known >>> slot) & 1) === 1
  const bit = slot - inlineSlots
  return (((entry.knownMore?.[Math.floor(bit / wordBits)] ?? 0) >>> (bit % wordBits)) & 1) === 1
}

/** Notes that the peer of a slot has an envelope; nothing for a peer whose slot was given back. */
export function markKnown(entry: PooledEnvelope, slot: number): void {
  if (slot < 0) return
  if (slot < inlineSlots) {
    entry.known |= 1 << slot
    return
  }
  const bit = slot - inlineSlots
  const word = Math.floor(bit / wordBits)
  let words = entry.knownMore
  if (words === undefined || words.length <= word) {
    const more = new Uint32Array(word + 1)
    if (words !== undefined) more.set(words)
    entry.knownMore = more
    words = more
  }
  words[word] = (words[word] ?? 0) | (1 << (bit % wordBits))
}

function clearKnown(entry: PooledEnvelope, slot: number): void {
  if (slot < inlineSlots) {
    entry.known &= ~(1 << slot)
    return
  }
  const bit = slot - inlineSlots
  const word = Math.floor(bit / wordBits)
  const words = entry.knownMore
  if (words !== undefined && word < words.length) words[word] = (words[word] ?? 0) & ~(1 << (bit % wordBits))
}

/** Numbers for the peers that are connected, as low as possible. */
export interface PeerSlots {
  /** A slot whose bit no envelope of the pool has. Waits for the walk that clears slots when none is left. */
  readonly take: () => Promise<number>
  /** Gives a slot back. Its bit is cleared before another peer gets it. */
  readonly release: (slot: number) => void
}

/** Slots given back before a walk over the pool clears their bits together. */
const slotsPerWalk = 16

/**
 * @param max most slots in use at once
 */
export function createPeerSlots(pool: Pool, max: number, slicer: TimeSlicer): PeerSlots {
  // BOUNDED: max + slotsPerWalk numbers, each in one of the two or in use.
  const free: number[] = []
  const used = new Set<number>()
  let made = 0
  let clearing: Promise<void> | undefined

  const clear = async (): Promise<void> => {
    const slots = [...used]
    used.clear()
    if (pool.size() > 0) {
      await pool.walk(entry => {
        for (const slot of slots) clearKnown(entry, slot)
      }, slicer.background)
    }
    free.push(...slots)
    free.sort((a, b) => b - a)
  }
  const startClearing = (): Promise<void> => {
    clearing ??= clear().finally(() => {
      clearing = undefined
    })
    return clearing
  }
  return {
    take: async () => {
      for (;;) {
        const lowest = free.pop()
        if (lowest !== undefined) return lowest
        if (made < max + slotsPerWalk) return made++
        await startClearing()
      }
    },
    release: slot => {
      used.add(slot)
      if (used.size >= slotsPerWalk || pool.size() === 0) void startClearing()
    }
  }
}
