import { equalBytes } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import type { Served } from '../events.ts'
import type { StoredEnvelope, StoreQuery } from '../ports.ts'
import type { Reader } from './handover.ts'
import { type PageEnd, packBundles } from './packing.ts'

/** Bytes of a packet around its bundle: the header of packet 127's list; two headers and three items in packet 124. */
export const packetOverhead = Object.freeze({ messages: 4, syncResponse: 16 })

/** What was sent, and how the page ended. */
export interface Answer extends Omit<Served, 'peerId'> {
  readonly end: PageEnd
}

/** One packet of an answer: how it is sent, and how many bytes of envelopes are in it. */
export interface AnswerPacket {
  readonly send: () => Promise<void>
  readonly bytes: number
}

export function bytesOf(envelopes: readonly Uint8Array[]): number {
  return envelopes.reduce((sum, { length }) => sum + length, 0)
}

/**
 * A cursor says that there is more to ask for. With a page that brought nothing, or one that leads back to where the page began, a
 * client would ask for ever: whatever the store did, such a page is the last one.
 */
function endOf(end: PageEnd, envelopes: number, asked: Uint8Array | undefined): PageEnd {
  const leads = envelopes > 0 && !(asked !== undefined && end.cursor.length > 0 && equalBytes(end.cursor, asked))
  return leads ? end : { ...end, cursor: new Uint8Array(0) }
}

/**
 * Sends a page, `chunks` of what a store found for `query`, bundle by bundle; they are read only as fast as the peer takes them.
 * @throws what the store or the hand-over rejects with
 */
export async function sendPage(
  chunks: AsyncIterable<readonly StoredEnvelope[]>,
  query: StoreQuery,
  overhead: number,
  reader: Reader,
  packetsOf: (bundle: readonly Uint8Array[]) => readonly AnswerPacket[]
): Promise<Answer> {
  const bundles = packBundles(chunks, query.limit, overhead)
  const sent = { envelopes: 0, bytes: 0, packets: 0 }
  try {
    for (;;) {
      const next = await bundles.next()
      if (next.done === true) {
        const end = endOf(next.value, sent.envelopes, query.cursor)
        return { ...sent, more: end.cursor.length > 0, end }
      }
      for (const { send, bytes } of packetsOf(next.value)) {
        await reader.give(send, bytes)
        sent.packets += 1
        const pause = timeSlicer.background.yielded(query.signal)
        if (pause !== undefined) await pause
      }
      sent.envelopes += next.value.length
      sent.bytes += bytesOf(next.value)
    }
  } finally {
    await bundles.return({ lastHash: new Uint8Array(32), cursor: new Uint8Array(0) })
  }
}
