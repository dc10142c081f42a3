import { bloomAdmits } from '../bloom.ts'
import { type Envelope, envelopeSize, sentSeconds } from '../envelope.ts'
import type { RefusalReason } from '../events.ts'

/** What this node requires at the moment; the tolerated values are those of before a recent change. */
export interface Requirements {
  readonly minPow: number
  readonly toleratedMinPow: number
  /** Absent: everything. */
  readonly bloom: Uint8Array | undefined
  readonly toleratedBloom: Uint8Array | undefined
  readonly maxMessageSize: number
  readonly syncAllowanceSeconds: number
}

/** Facts about an envelope that cost hashing: asked for only when the cheap checks pass. */
export interface EnvelopeFacts {
  /** PoW with this many seconds added to the ttl. */
  readonly pow: (futureSeconds: number) => number
  readonly bloom: () => Uint8Array
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly pow: number; readonly bloom: Uint8Array }
  /** Just expired: dropped silently, not reported to the peer. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly description: string; readonly pow: number }

/** Whether a refusal may come from clocks that disagree: the strict option does not disconnect for those. */
export function isClockError(reason: RefusalReason): boolean {
  return reason === 'from-future' || reason === 'very-old'
}

function refused(reason: RefusalReason, description: string, pow = 0): Verdict {
  return { kind: 'refused', reason, description, pow }
}

/**
 * What a node does with an envelope at `nowSeconds`, in the order of the protocol: the first check that fails decides.
 * SPEC: go-ethereum `whisperv6`, `add`.
 */
export function judgeEnvelope(
  envelope: Pick<Envelope, 'expiry' | 'ttl' | 'data'>,
  facts: EnvelopeFacts,
  requirements: Requirements,
  nowSeconds: number
): Verdict {
  const { syncAllowanceSeconds: allowance } = requirements
  const sent = sentSeconds(envelope)
  let futureSeconds = 0
  if (sent > nowSeconds) {
    if (sent - allowance > nowSeconds) return refused('from-future', 'envelope from future')
    futureSeconds = sent - nowSeconds + 1
  }
  if (envelope.expiry < nowSeconds) {
    return envelope.expiry + 2 * allowance < nowSeconds ? refused('very-old', 'very old envelope') : { kind: 'dropped' }
  }
  if (envelopeSize(envelope) > requirements.maxMessageSize) {
    return refused('too-large', 'huge messages are not allowed')
  }
  const pow = facts.pow(futureSeconds)
  if (pow < requirements.minPow && pow < requirements.toleratedMinPow) {
    return refused('low-pow', 'envelope with low PoW received', pow)
  }
  const bloom = facts.bloom()
  if (!bloomAdmits(requirements.bloom, bloom) && !bloomAdmits(requirements.toleratedBloom, bloom)) {
    return refused('bloom-mismatch', 'envelope does not match bloom filter', pow)
  }
  return { kind: 'accepted', pow, bloom }
}
