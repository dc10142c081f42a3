import { check } from '../checks.ts'
import { minEnvelopeBytes } from '../envelope.ts'
import { joinList, listHeaderLength, splitList } from './rlp-list.ts'

/**
 * Packet 1: a list of envelopes, each as RLP.
 *
 * @example
 * ```ts
 * await link.send(packetCodes.messages, encodeMessages([encodeEnvelope(envelope)]))
 * ```
 */
export function encodeMessages(envelopes: readonly Uint8Array[]): Uint8Array {
  return joinList(envelopes)
}

/**
 * The RLP of each envelope, views; whether each is an envelope is for `decodeEnvelope`. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const envelopes = decodeMessages(packet.payload).map(decodeEnvelope)
 * ```
 */
export function decodeMessages(payload: Uint8Array): readonly Uint8Array[] {
  check.bytes('payload', payload)
  return splitList(payload, minEnvelopeBytes)
}

/**
 * Splits envelopes into packets of at most `maxBatch` bytes each. An envelope that is larger goes alone, unless its packet
 * would be over `maxPacket`: the peer would end the link over it.
 */
export function splitBatches(
  envelopes: readonly Uint8Array[],
  maxBatch: number,
  maxPacket: number = maxBatch
): readonly (readonly Uint8Array[])[] {
  const batches: Uint8Array[][] = []
  let batch: Uint8Array[] = []
  let length = 0
  for (const envelope of envelopes) {
    if (listHeaderLength(envelope.length) + envelope.length > maxPacket) continue
    const next = length + envelope.length
    if (batch.length > 0 && listHeaderLength(next) + next > maxBatch) {
      batches.push(batch)
      batch = []
      length = 0
    }
    batch.push(envelope)
    length += envelope.length
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
