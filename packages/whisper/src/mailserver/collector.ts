import { bytesToHex } from '@status-stack/crypto'
import type { TimeSlicer } from '@status-stack/utils'
import { bloomAdmits, envelopeBloom, filterBloom } from '../bloom.ts'
import { WhisperError } from '../errors.ts'
import { createFilterIndex } from '../filters/filter-index.ts'
import { limits } from '../limits.ts'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { candidateAt } from '../relay/judging.ts'
import type { ReceivedMessage } from '../route.ts'
import { deliveryOf } from '../subscriptions.ts'
import { topicLength } from '../topic.ts'
import type { HistoryQuery } from '../whisper-types.ts'

/** The first and the last second of something, Unix seconds. */
export interface SentSpan {
  readonly first: number
  readonly last: number
}

/** The page that a server is sending. */
export interface Collector {
  readonly deliveries: readonly ReceivedMessage[]
  /** Ids of the envelopes that were asked for. */
  readonly envelopes: ReadonlySet<string>
  /** When the first and the last of those were sent, Unix seconds; absent when there were none. */
  readonly sent: () => SentSpan | undefined
  /** One envelope of a packet 127, with its hash. */
  readonly collect: (packet: Uint8Array, span: EnvelopeSpan, hash: Uint8Array) => Promise<void> | undefined
  /** The page is over: what was prepared of its keys is overwritten. */
  readonly close: () => void
}

export interface CollectorParts {
  readonly query: HistoryQuery
  readonly server: string
  /** End of the range, Unix seconds. */
  readonly toSeconds: number
  readonly maxBytes: number
  readonly slicer: TimeSlicer
  /** The page is too large: nothing more is collected. */
  readonly overflow: (error: WhisperError) => void
}

export function createCollector(parts: CollectorParts): Collector {
  const { query, server, toSeconds, maxBytes, slicer, overflow } = parts
  const index = createFilterIndex(slicer)
  // BOUNDED: maxBytes, by what the envelopes take.
  const deliveries: ReceivedMessage[] = []
  const wanted = filterBloom(query.interests.flatMap(interest => interest.topics))
  // BOUNDED: maxBytes, counted with what an id takes.
  const envelopes = new Set<string>()
  let bytes = 0
  let first = Number.POSITIVE_INFINITY
  let last = 0
  for (const interest of query.interests) {
    index.add({
      key: interest.key,
      topics: interest.topics,
      src: interest.signer,
      minPow: 0,
      allowP2P: true,
      deliver: found => deliveries.push(deliveryOf(found, interest, { mailserver: server }))
    })
  }
  return {
    deliveries,
    envelopes,
    close: index.clear,
    sent: () => (envelopes.size === 0 ? undefined : { first, last }),
    collect: (packet, span, hash) => {
      if (bytes > maxBytes) return undefined
      bytes += span.end - span.start + limits.collectedEnvelopeBytes
      if (bytes > maxBytes) {
        overflow(
          new WhisperError('response-too-large', `history: over ${maxBytes} bytes for one page`, {
            origin: 'peer',
            details: { most: maxBytes }
          })
        )
        return undefined
      }
      const sent = (span.expiry - span.ttl) >>> 0
      if (sent < query.fromSeconds || sent > toSeconds) return undefined
      const topic = packet.subarray(span.topicStart, span.topicStart + topicLength)
      const id = bytesToHex(hash)
      if (!bloomAdmits(wanted, envelopeBloom(topic)) || envelopes.has(id)) return undefined
      envelopes.add(id)
      first = Math.min(first, sent)
      last = Math.max(last, sent)
      const candidate = candidateAt(packet, span, id, 0)
      if (!index.hears(candidate.topic)) return undefined
      const matched = index.match(candidate)
      return typeof matched === 'boolean' ? undefined : matched.then(() => undefined)
    }
  }
}
