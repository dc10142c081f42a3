import type { MailPeer } from '@status-stack/whisper'
import type { Served } from '../events.ts'
import type { EnvelopeStore, StoreQuery } from '../ports.ts'
import type { Handover } from './handover.ts'
import { type PageEnd, packBundles } from './packing.ts'

/** Bytes of a packet around its bundle: the header of packet 127's list; two headers and three items in packet 124. */
export const packetOverhead = Object.freeze({ messages: 4, syncResponse: 16 })

/** What was sent, and how the page ended. */
export interface Answer extends Omit<Served, 'peerId'> {
  readonly end: PageEnd
}

/**
 * Walks a page and sends it bundle by bundle; the store is read only as fast as the peer takes them.
 * @throws what the store or the hand-over rejects with
 */
export async function sendPage(
  store: EnvelopeStore,
  query: StoreQuery,
  overhead: number,
  peer: MailPeer,
  handover: Handover,
  packetsOf: (bundle: readonly Uint8Array[]) => readonly (() => Promise<void>)[]
): Promise<Answer> {
  const { signal } = peer
  const chunks = store.query(signal === undefined ? query : { ...query, signal })
  const bundles = packBundles(chunks, query.limit, overhead)
  const sent = { envelopes: 0, bytes: 0, packets: 0 }
  try {
    for (;;) {
      const next = await bundles.next()
      if (next.done === true) return { ...sent, more: next.value.cursor.length > 0, end: next.value }
      for (const send of packetsOf(next.value)) {
        await handover.give(peer, send)
        sent.packets += 1
      }
      sent.envelopes += next.value.length
      sent.bytes += next.value.reduce((sum, { length }) => sum + length, 0)
    }
  } finally {
    await bundles.return({ lastHash: new Uint8Array(32), cursor: new Uint8Array(0) })
  }
}
