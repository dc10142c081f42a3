import { hexToBytes } from '@status-stack/crypto'
import { envelopeBloom } from '../bloom.ts'
import { decodeEnvelope } from '../envelope.ts'
import type { RefusalReason } from '../events.ts'
import type { Candidate } from '../filters/filter-index.ts'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import type { Archived } from '../ports.ts'
import { envelopePowOfSpan } from '../pow.ts'
import { topicBytes, topicLength } from '../topic.ts'
import { judgeEnvelope, type Verdict } from './acceptance.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** What this node does with the envelope at `span` now. */
export function judgeSpan(context: NodeContext, packet: Uint8Array, span: EnvelopeSpan, own: boolean): Verdict {
  const current = context.requirements.current()
  return judgeEnvelope(
    { expiry: span.expiry, ttl: span.ttl, data: packet.subarray(span.dataStart, span.dataEnd) },
    {
      pow: futureSeconds => envelopePowOfSpan(packet, span, futureSeconds),
      bloom: () => envelopeBloom(packet.subarray(span.topicStart, span.topicStart + topicLength))
    },
    // What we write ourselves goes to others: our own filter has no say in it.
    own ? { ...current, bloom: undefined } : current,
    nowSeconds(context)
  )
}

/** Seconds by which an envelope is outside its life; `undefined` for reasons that have nothing to do with time. */
export function offBySeconds(
  reason: RefusalReason,
  { expiry, ttl }: { readonly expiry: number; readonly ttl: number },
  now: number
): number | undefined {
  if (reason === 'from-future') return ((expiry - ttl) >>> 0) - now
  return reason === 'very-old' || reason === 'expired' ? expiry - now : undefined
}

/** A pooled envelope as an archive stores it. */
export function archivedOf(entry: PooledEnvelope): Archived {
  return {
    bytes: entry.bytes,
    hash: hexToBytes(entry.id),
    topic: topicBytes(entry.topic),
    sentSeconds: (entry.expiry - entry.ttl) >>> 0,
    expirySeconds: entry.expiry
  }
}

/** A pooled envelope for the filters. `from`: the peer whose packet brought it, if one did. */
export function candidateOf(entry: PooledEnvelope, from?: string): Candidate {
  return {
    envelope: decodeEnvelope(entry.bytes),
    hash: hexToBytes(entry.id),
    pow: entry.pow,
    p2p: false,
    from,
    arrival: entry.order
  }
}
