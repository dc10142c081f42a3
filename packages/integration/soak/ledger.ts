import { equalBytes } from '@status-stack/crypto'
import type { Whisper } from '@status-stack/whisper'
import { decodeEnvelope } from '@status-stack/whisper/wire'

const dataBytes = 1000
const markBytes = 16

/** Which relay pooled which envelope of the traffic. Those that people write are not among them. */
export interface Ledger {
  /** The data of a new envelope, which this relay is offered. */
  readonly nextData: (relay: number) => Uint8Array
  /** Envelopes that a relay never pooled, summed over the relays. */
  readonly missing: () => number
}

/**
 * For eight relays at most, because an envelope has one byte: its memory is all there from the start, so that the judge does not look like a
 * relay that grows.
 */
export function createLedger(relays: readonly Whisper[], most: number): Ledger {
  const everyone = 2 ** relays.length - 1
  const pooledBy = new Uint8Array(most)
  const mark = crypto.getRandomValues(new Uint8Array(markBytes))
  const rest = crypto.getRandomValues(new Uint8Array(dataBytes - markBytes - 4))
  let made = 0
  const note = (number: number, relay: number): void => {
    pooledBy[number] = (pooledBy[number] ?? 0) | (1 << relay)
  }
  for (const [relay, { exchange }] of relays.entries()) {
    exchange.onPooled(bytes => {
      const { data } = decodeEnvelope(bytes)
      if (data.length !== dataBytes || !equalBytes(data.subarray(0, markBytes), mark)) return
      note(new DataView(data.buffer, data.byteOffset).getUint32(markBytes), relay)
    })
  }
  return {
    nextData: relay => {
      const data = new Uint8Array(dataBytes)
      data.set(mark)
      new DataView(data.buffer).setUint32(markBytes, made)
      data.set(rest, markBytes + 4)
      // What other networks offer a node is not told to other networks.
      note(made, relay)
      made += 1
      return data
    },
    missing: () => {
      const all = pooledBy.subarray(0, made)
      return all.reduce((sum, relaysWithIt) => sum + bitsOf(everyone & ~relaysWithIt), 0)
    }
  }
}

function bitsOf(number: number): number {
  let bits = 0
  for (let rest = number; rest !== 0; rest &= rest - 1) bits += 1
  return bits
}
