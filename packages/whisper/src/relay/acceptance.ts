import { bloomAdmits } from '../bloom.ts'
import { type Envelope, envelopeHeaderLength } from '../envelope.ts'
import type { RefusalReason } from '../events.ts'
import { topicNumber } from '../topic.ts'
import type { TopicSet } from './announced-interest.ts'

/** What this node requires at the moment; the tolerated values are those of before a recent change. */
export interface Requirements {
  /** EIP-627 units; envelopes with less are refused, except for `toleratedMinPow`. */
  readonly minPow: number
  /** The one of before a recent change: an envelope needs no more than the lower of both. */
  readonly toleratedMinPow: number
  /** Absent: everything. */
  readonly bloom: Uint8Array | undefined
  /** The one of before a recent change: envelopes that it admits pass as well. */
  readonly toleratedBloom: Uint8Array | undefined
  /** Exactly these topics; the bloom filters are not looked at then. */
  readonly topics?: TopicSet | undefined
  /** Those of before a recent change. */
  readonly toleratedTopics?: TopicSet | undefined
  /** Bytes: 20 + data. */
  readonly maxMessageSize: number
  /** How far the sender's clock may be from ours. */
  readonly syncAllowanceSeconds: number
}

/** Facts about an envelope that cost hashing: asked for only when the cheap checks pass. */
export interface EnvelopeFacts {
  /** PoW with this many seconds added to the ttl. */
  readonly pow: (futureSeconds: number) => number
  /** 64 bytes: the filter of the envelope's topic. */
  readonly bloom: () => Uint8Array
}

/** What is made of an envelope that arrived. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly pow: number; readonly bloom: Uint8Array }
  /** Just expired: dropped silently, not reported to the peer. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly description: string; readonly pow: number }

/** Whether a refusal may come from clocks that disagree: the strict option does not disconnect for those. */
export function isClockError(reason: RefusalReason): boolean {
  return reason === 'from-future' || reason === 'very-old'
}

function refused(reason: RefusalReason, description: string, pow = 0): Verdict & { kind: 'refused' } {
  return { kind: 'refused', reason, description, pow }
}

/** What the checks of one envelope ask for: what lies in it, and what costs hashing, asked for only when the cheap checks pass. */
export interface Judged {
  readonly expiry: number
  readonly ttl: number
  /** Bytes of its data. */
  readonly dataLength: number
  /** A number of `topicNumber`. */
  readonly topic: number
  /** PoW with this many seconds added to the ttl. */
  readonly pow: (futureSeconds: number) => number
  /** Whether the bloom filter, if there is one, admits it. */
  readonly passes: (bloom: Uint8Array | undefined) => boolean
}

/** An envelope that is taken: its PoW. Numbers and not objects, because nearly every envelope is. */
export type Judgement = number | Exclude<Verdict, { kind: 'accepted' }>

const dropped: Verdict & { kind: 'dropped' } = Object.freeze({ kind: 'dropped' })

/**
 * What a node does with an envelope at `nowSeconds`, in the order of the protocol: the first check that fails decides.
 * SPEC: go-ethereum `whisperv6`, `add`.
 */
export function judge(judged: Judged, requirements: Requirements, nowSeconds: number): Judgement {
  const { syncAllowanceSeconds: allowance } = requirements
  const { expiry } = judged
  const sent = (expiry - judged.ttl) >>> 0
  let futureSeconds = 0
  if (sent > nowSeconds) {
    if (sent - allowance > nowSeconds) return refused('from-future', 'envelope from future')
    futureSeconds = sent - nowSeconds + 1
  }
  if (expiry < nowSeconds) {
    return expiry + 2 * allowance < nowSeconds ? refused('very-old', 'very old envelope') : dropped
  }
  if (envelopeHeaderLength + judged.dataLength > requirements.maxMessageSize) {
    return refused('too-large', 'huge messages are not allowed')
  }
  const pow = judged.pow(futureSeconds)
  if (pow < requirements.minPow && pow < requirements.toleratedMinPow) {
    return refused('low-pow', 'envelope with low PoW received', pow)
  }
  const { topics, toleratedTopics } = requirements
  if (topics !== undefined) {
    const isWanted = topics.has(judged.topic) || toleratedTopics?.has(judged.topic) === true
    return isWanted ? pow : refused('topic-mismatch', 'envelope does not match topic interest', pow)
  }
  if (!judged.passes(requirements.bloom) && !judged.passes(requirements.toleratedBloom)) {
    return refused('bloom-mismatch', 'envelope does not match bloom filter', pow)
  }
  return pow
}

/**
 * {@link judge} of an envelope that is taken apart already.
 *
 * @example
 * ```ts
 * const verdict = judgeEnvelope(envelope, { pow: later => envelopePow(envelope, later), bloom: () => bloom }, requirements, now)
 * if (verdict.kind === 'refused') console.log(verdict.reason)
 * ```
 */
export function judgeEnvelope(
  envelope: Pick<Envelope, 'expiry' | 'ttl' | 'topic' | 'data'>,
  facts: EnvelopeFacts,
  requirements: Requirements,
  nowSeconds: number
): Verdict {
  const { expiry, ttl, topic, data } = envelope
  let bloom: Uint8Array | undefined
  const bloomOf = (): Uint8Array => {
    bloom ??= facts.bloom()
    return bloom
  }
  const judgement = judge(
    {
      expiry,
      ttl,
      dataLength: data.length,
      topic: topicNumber(topic),
      pow: facts.pow,
      passes: filter => bloomAdmits(filter, bloomOf())
    },
    requirements,
    nowSeconds
  )
  return typeof judgement === 'number' ? { kind: 'accepted', pow: judgement, bloom: bloomOf() } : judgement
}
