import { equalBytes, hexToBytes } from '@status-stack/crypto'
import type { Whisper } from '@status-stack/whisper'
import { decodeEnvelope } from '@status-stack/whisper/wire'

const dataBytes = 1000
const markBytes = 16
/** Where the number of the process that made an envelope is, and then its own. */
const originAt = markBytes
const numberAt = originAt + 1

/** Which relays of this process pooled which envelope of the traffic. Those that people write are not among them. */
export interface Ledger {
  /** The data of a new envelope, which this relay is offered. */
  readonly nextData: (relay: number) => Uint8Array
  /** Envelopes that this process made. */
  readonly made: () => number
  /** Envelopes that a relay of this process never pooled, summed over the relays. `made`: how many each process made. */
  readonly missing: (made: readonly number[]) => number
}

/**
 * For eight relays at most, because an envelope has one byte: its memory is all there from the start, so that the judge does not look like a
 * relay that grows.
 *
 * @param mark 32 hex digits, the same in all processes of a run
 * @param most envelopes that one process makes
 */
export function createLedger(
  relays: readonly Whisper[],
  run: { readonly mark: string; readonly origin: number; readonly processes: number; readonly most: number }
): Ledger {
  const everyone = 2 ** relays.length - 1
  const pooledBy = Array.from({ length: run.processes }, () => new Uint8Array(run.most))
  const mark = hexToBytes(run.mark)
  let made = 0
  const note = (origin: number, number: number, relay: number): void => {
    const row = pooledBy[origin]
    if (row !== undefined) row[number] = (row[number] ?? 0) | (1 << relay)
  }
  for (const [relay, { exchange }] of relays.entries()) {
    exchange.onPooled(bytes => {
      const { data } = decodeEnvelope(bytes)
      if (data.length !== dataBytes || !equalBytes(data.subarray(0, markBytes), mark)) return
      const number = new DataView(data.buffer, data.byteOffset).getUint32(numberAt)
      note(data[originAt] ?? 0, number, relay)
    })
  }
  return {
    nextData: relay => {
      // Random to its end, as what people seal is.
      const data = crypto.getRandomValues(new Uint8Array(dataBytes))
      data.set(mark)
      data[originAt] = run.origin
      new DataView(data.buffer).setUint32(numberAt, made)
      // What other networks offer a node is not told to other networks.
      note(run.origin, made, relay)
      made += 1
      return data
    },
    made: () => made,
    missing: madeBy => {
      let missing = 0
      for (const [origin, row] of pooledBy.entries()) {
        for (const relaysWithIt of row.subarray(0, madeBy[origin] ?? 0)) missing += bitsOf(everyone & ~relaysWithIt)
      }
      return missing
    }
  }
}

function bitsOf(number: number): number {
  let bits = 0
  for (let rest = number; rest !== 0; rest &= rest - 1) bits += 1
  return bits
}
