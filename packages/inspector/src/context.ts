import type { Arrival } from '@status-stack/whisper/status'
import type { Keyring } from './keyring.ts'
import type { Sessions } from './sessions.ts'
import type { Tree } from './tree.ts'

/** What the layers above an inner one told about it, and what all share. */
export interface Context {
  readonly tree: Tree
  readonly ring: Keyring
  readonly sessions: Sessions
  /** Unix milliseconds; clocks are held against it. */
  readonly nowMs: number
  /** 65 bytes: who signed the layer below. */
  readonly sender?: Uint8Array
  /** 65 bytes: which of our identities it is for. */
  readonly self?: Uint8Array
  readonly arrival?: Arrival
  /** When the envelope was sent, Unix milliseconds. */
  readonly sentMs?: number
  /** What is known to be inside a ProtocolMessage that the keys do not open. */
  readonly opened?: ((protocolMessage: Uint8Array) => Uint8Array | undefined) | undefined
  /** The innermost thing was read: a payload, acknowledgements, a bundle, an empty message. */
  readonly reach: (what: string) => void
}
