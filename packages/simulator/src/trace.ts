import { SimulatorError } from './errors.ts'
import { limits } from './limits.ts'

/** One thing that happened. */
export interface TraceEvent {
  /** Milliseconds since the beginning. */
  readonly atMs: number
  /** Of packets `sent`, `delivered` or `lost`; of links `up` or `down`. */
  readonly kind: 'sent' | 'delivered' | 'lost' | 'up' | 'down' | 'note'
  /** Name of the node that sent or dialed. */
  readonly from: string
  /** The other node, or what the note says. */
  readonly to: string
  /** Packet id, and the payload's length and digest; -1, 0 and 0 where there is no packet. */
  readonly code: number
  /** Length of the payload, bytes. */
  readonly bytes: number
  /** 32 bits of the payload. */
  readonly digest: number
}

/** What a run did, in order. */
export interface Trace {
  /** 16 hex digits over every event so far: two runs with the same one did the same. Not made to resist forgery. */
  readonly hash: () => string
  /** Events so far. */
  readonly length: () => number
  /** Those that were kept: the first `limits.traceEvents`, if asked for. */
  readonly events: () => readonly TraceEvent[]
}

/** A mixing step of two lanes of 32 bits. */
function mix(high: number, low: number, word: number): readonly [number, number] {
  const a = Math.imul(high ^ word, 0x9e37_79b1)
  const b = Math.imul(low ^ (word >>> 15) ^ word, 0x85eb_ca6b)
  return [(a ^ (b >>> 16)) >>> 0, (b ^ (a >>> 13)) >>> 0]
}

/** 32 bits of some bytes. */
export function digestOf(bytes: Uint8Array): number {
  let state = 0x811c_9dc5
  for (let at = 0; at < bytes.length; at++) state = Math.imul(state ^ (bytes[at] ?? 0), 0x0100_0193)
  return state >>> 0
}

const line = ({ atMs, kind, from, to, code, bytes, digest }: TraceEvent): string =>
  `${atMs.toFixed(3)} ${kind} ${from} ${to} ${code} ${bytes} ${digest}`

export interface TraceWriter extends Trace {
  readonly add: (event: TraceEvent) => void
}

/**
 * @param keep keeps the events, not only their hash
 * @param expected what a former run did: the first difference ends this one
 */
export function createTrace(keep: boolean, expected?: readonly TraceEvent[]): TraceWriter {
  let [high, low, length] = [0x6a09_e667, 0xbb67_ae85, 0]
  // BOUNDED: limits.traceEvents
  const kept: TraceEvent[] = []
  return {
    add: event => {
      const text = line(event)
      const wanted = expected?.[length]
      if (wanted !== undefined && line(wanted) !== text) {
        throw new SimulatorError('diverged', `trace: event ${length}: expected "${line(wanted)}", got "${text}"`, {
          origin: 'environment'
        })
      }
      for (let at = 0; at < text.length; at++) [high, low] = mix(high, low, text.charCodeAt(at) + at)
      length += 1
      if (keep && kept.length < limits.traceEvents) kept.push(event)
    },
    hash: () => high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0'),
    length: () => length,
    events: () => kept
  }
}
