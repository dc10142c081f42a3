import type { Envelope } from '../envelope.ts'
import type { InterestKey } from '../route.ts'
import type { EnvelopeMessage } from './message.ts'

/** Who listens for what: filters and subscriptions alike. */
export interface Listener {
  readonly key: InterestKey
  /** None: every topic. */
  readonly topics: readonly Uint8Array[]
  readonly src: Uint8Array | undefined
  readonly minPow: number
  /** `pooled`: those that reach a light node through its pool, but not those of packet 127. */
  readonly allowP2P: boolean | 'pooled'
  /** `from`: the peer whose packet brought the message, if one did; `id`: its hash as text, where it is at hand. */
  readonly deliver: (message: EnvelopeMessage, from?: string, id?: string) => void
}

/** An envelope that may be for a listener here. */
export interface Candidate {
  readonly envelope: Omit<Envelope, 'nonce'> & { readonly nonce?: bigint }
  readonly hash: Uint8Array
  /** The hash as text, where it is at hand. */
  readonly id?: string
  readonly pow: number
  readonly p2p: boolean
  /** The peer whose packet brought it. */
  readonly from?: string | undefined
  /** Its place in the order of arrival of the pool. */
  readonly arrival?: number | undefined
}
