import type { Clock, IdentityKey, Logger, Random } from '@status-stack/interface'
import type { Whisper } from '@status-stack/whisper'

export type { Clock, Logger, Random }

/** What `net_*` tells. */
export interface Network {
  readonly listening: () => boolean
  readonly peerCount: () => number
}

/** The part of a Whisper node that this package drives. */
export type WhisperNode = Pick<
  Whisper,
  | 'filters'
  | 'info'
  | 'mailserver'
  | 'peers'
  | 'postEnvelope'
  | 'setBloomFilter'
  | 'setMaxMessageSize'
  | 'setMinPow'
  | 'trustPeer'
> & {
  /** Announces a light node from the next link on. */
  readonly setLight: (light: boolean) => void
}

/** The collaborators of the API. */
export interface RpcDeps {
  readonly whisper: WhisperNode
  /** Key of the devp2p node: mailserver requests are signed with it. Without one they are refused. */
  readonly nodeKey?: IdentityKey | undefined
  /** Enode URLs of known mailservers. @default none */
  readonly mailservers?: readonly string[] | undefined
  /** @default listening, and the peers of `whisper` */
  readonly network?: Network | undefined
  /** @default the platform's random bytes */
  readonly random?: Random | undefined
  /** @default the system clock */
  readonly clock?: Clock | undefined
  /** Messages about failing calls; never keys, parameters or content. @default silent */
  readonly logger?: Pick<Logger, 'warn' | 'error'> | undefined
}
