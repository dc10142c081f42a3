import { type ReadonlySignal, signal } from '@preact/signals'
import { equalBytes } from '@status-stack/crypto'
import { limits } from '../limits.ts'

/** A packet of envelopes that went out of the page or came in. */
export interface Recorded {
  /** Counts up; names the packet. */
  readonly id: number
  readonly atMs: number
  readonly direction: 'in' | 'out'
  readonly bytes: Uint8Array
  /** The beginning of the peer's id. */
  readonly peer: string
}

/** Keeps the last packets of the page and what was inside for the inspector: in memory, and only while the inspector records. */
export interface Recorder {
  readonly on: ReadonlySignal<boolean>
  /** Latest first. */
  readonly packets: ReadonlySignal<readonly Recorded[]>
  readonly start: () => void
  /** Stops, and forgets what was recorded: plaintext is in it. */
  readonly stop: () => void
  readonly packet: (packet: Omit<Recorded, 'id' | 'atMs'>) => void
  /** What the security layer sealed into these bytes, or opened in them. */
  readonly sealed: (bytes: Uint8Array, plaintext: Uint8Array) => void
  /** The symmetric key of a place where the page posts or listens: told as soon as it is planned, and kept, for it is planned once. */
  readonly place: (key: Uint8Array) => void
  /** Those keys, latest first. */
  readonly places: () => readonly Uint8Array[]
  /** What is known to be inside sealed bytes. */
  readonly opened: (bytes: Uint8Array) => Uint8Array | undefined
}

interface Pair {
  readonly bytes: Uint8Array
  readonly plaintext: Uint8Array
}

export function createRecorder(nowMs: () => number = Date.now): Recorder {
  const on = signal(false)
  const packets = signal<readonly Recorded[]>([])
  let pairs: readonly Pair[] = []
  let places: readonly Uint8Array[] = []
  let next = 1
  return {
    on,
    packets,
    start: () => {
      on.value = true
    },
    stop: () => {
      on.value = false
      packets.value = []
      pairs = []
    },
    packet: packet => {
      if (!on.value) return
      const kept: Recorded = { ...packet, id: next++, atMs: nowMs(), bytes: Uint8Array.from(packet.bytes) }
      packets.value = latest([kept, ...packets.value], ({ bytes }) => bytes.length)
    },
    sealed: (bytes, plaintext) => {
      if (!on.value) return
      const pair = { bytes: Uint8Array.from(bytes), plaintext: Uint8Array.from(plaintext) }
      pairs = latest([pair, ...pairs], one => one.bytes.length + one.plaintext.length)
    },
    place: key => {
      // BOUNDED: limits.placeKeys
      if (!places.some(known => equalBytes(known, key))) places = [key, ...places].slice(0, limits.placeKeys)
    },
    places: () => places,
    opened: bytes => pairs.find(pair => equalBytes(pair.bytes, bytes))?.plaintext
  }
}

/** BOUNDED: `limits.recordedEntries`, `limits.recordedBytes`. */
function latest<T>(all: readonly T[], sizeOf: (one: T) => number): readonly T[] {
  let bytes = 0
  const tooMany = all.findIndex((one, at) => {
    bytes += sizeOf(one)
    return at >= limits.recordedEntries || bytes > limits.recordedBytes
  })
  return tooMany === -1 ? all : all.slice(0, tooMany)
}
