import type { InterestKey } from '../route.ts'
import type { EnvelopeMessage } from './message.ts'

/** What a filter accepts. SPEC: EIP-627 and go-ethereum `whisper/whisperv6`, filters. */
export interface FilterOptions {
  /** Opens envelopes; those that it does not open are passed over. */
  readonly key: InterestKey
  /** 4 bytes each, shorter ones are padded with zeros on the right; none = every topic. */
  readonly topics?: readonly Uint8Array[] | undefined
  /** 65 bytes: only messages that this key signed. */
  readonly src?: Uint8Array | undefined
  /** Least PoW. @default 0 */
  readonly minPow?: number | undefined
  /** Also peer-to-peer messages of trusted peers. @default false */
  readonly allowP2P?: boolean | undefined
  /** Called with each message instead of storing it for `messages`. */
  readonly onMessage?: ((message: EnvelopeMessage) => void) | undefined
}

/** The filters of a node. Ids are 64 hex digits without 0x. */
export interface FilterTable {
  /** Listens from this call on; live envelopes in the pool are matched too. @throws WhisperError `invalid-argument`, `too-many-filters` */
  readonly add: (options: FilterOptions) => string
  /** The messages since the last call, without order or duplicates; `undefined` for an unknown id. */
  readonly messages: (id: string) => readonly EnvelopeMessage[] | undefined
  /** Whether there is a filter of this id. */
  readonly has: (id: string) => boolean
  /** Whether there was such a filter. */
  readonly remove: (id: string) => boolean
}
