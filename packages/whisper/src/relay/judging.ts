import { hexToBytes } from '@status-stack/crypto'
import { bloomAdmitsTopic } from '../bloom.ts'
import type { RefusalReason } from '../events.ts'
import type { Candidate } from '../filters/listener.ts'
import { createEnvelopeSpan, type EnvelopeSpan, readEnvelope } from '../packets/envelope-reader.ts'
import type { Archived } from '../ports.ts'
import { envelopePowOfSpan } from '../pow.ts'
import { topicBytes, topicNumberAt } from '../topic.ts'
import { type Judgement, judge } from './acceptance.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

const nothing = new Uint8Array(0)
// Used within one call and never across calls.
const candidateSpan = createEnvelopeSpan()

/** What this node does with the envelope at `span` of a packet now. One is made for many envelopes. */
export type SpanJudge = (packet: Uint8Array, span: EnvelopeSpan, own: boolean) => Judgement

export function createSpanJudge(context: NodeContext): SpanJudge {
  let packet: Uint8Array = nothing
  let span = createEnvelopeSpan()
  const judged = {
    expiry: 0,
    ttl: 0,
    dataLength: 0,
    topic: 0,
    pow: (futureSeconds: number): number => envelopePowOfSpan(packet, span, futureSeconds),
    passes: (bloom: Uint8Array | undefined): boolean => bloomAdmitsTopic(bloom, judged.topic)
  }
  return (bytes, at, own) => {
    packet = bytes
    span = at
    judged.expiry = at.expiry
    judged.ttl = at.ttl
    judged.dataLength = at.dataEnd - at.dataStart
    judged.topic = topicNumberAt(bytes, at.topicStart)
    const current = context.requirements.current()
    // What we write ourselves goes to others: our own filter has no say in it.
    const requirements = own ? { ...current, bloom: undefined, topics: undefined } : current
    const judgement = judge(judged, requirements, nowSeconds(context))
    packet = nothing
    return judgement
  }
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

/** What an archive needs of an envelope. */
export type Archivable = Pick<PooledEnvelope, 'id' | 'bytes' | 'topic' | 'expiry' | 'ttl'>

/** An envelope as an archive stores it. */
export function archivedOf(entry: Archivable): Archived {
  return {
    bytes: entry.bytes,
    hash: hexToBytes(entry.id),
    topic: topicBytes(entry.topic),
    sentSeconds: (entry.expiry - entry.ttl) >>> 0,
    expirySeconds: entry.expiry
  }
}

/** The data of a pooled envelope: a view of its bytes. */
function dataOf({ bytes }: PooledEnvelope): Uint8Array {
  readEnvelope(bytes, 0, bytes.length, candidateSpan)
  return bytes.subarray(candidateSpan.dataStart, candidateSpan.dataEnd)
}

/**
 * A pooled envelope for the filters.
 *
 * @param data a view of it, where one is at hand
 * @param from the peer whose packet brought it, if one did
 * @param p2p whether it counts as a peer-to-peer one
 */
export function candidateOf(entry: PooledEnvelope, data = dataOf(entry), from?: string, p2p = false): Candidate {
  const { topic, expiry, ttl, id, pow, order } = entry
  return { topic, expiry, ttl, data, id, pow, p2p, from, arrival: order }
}

/** The envelope at `span` of a packet of a trusted peer for the filters. */
export function candidateAt(packet: Uint8Array, span: EnvelopeSpan, id: string, pow: number): Candidate {
  const { expiry, ttl, topicStart, dataStart, dataEnd } = span
  const data = packet.subarray(dataStart, dataEnd)
  const topic = topicNumberAt(packet, topicStart)
  return { topic, expiry, ttl, data, id, pow, p2p: true, from: undefined, arrival: undefined }
}
