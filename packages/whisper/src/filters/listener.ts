import type { InterestKey } from '../route.ts'
import type { EnvelopeFacts, Found } from './found.ts'

/** Who listens for what: filters and subscriptions alike. */
export interface Listener {
  readonly key: InterestKey
  /** None: every topic. */
  readonly topics: readonly Uint8Array[]
  readonly src: Uint8Array | undefined
  readonly minPow: number
  /** `pooled`: those that reach a light node through its pool, but not those of packet 127. */
  readonly allowP2P: boolean | 'pooled'
  /** `from`: the peer whose packet brought the message, if one did. */
  readonly deliver: (found: Found, from?: string) => void
}

/** An envelope that may be for a listener here. */
export interface Candidate extends EnvelopeFacts {
  /** A view, which may lie in a buffer of many envelopes. */
  readonly data: Uint8Array
  /** The peer whose packet brought it. */
  readonly from?: string | undefined
  /** Its place in the order of arrival of the pool. */
  readonly arrival?: number | undefined
}
