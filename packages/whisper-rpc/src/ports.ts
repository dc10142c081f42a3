import type { Clock, IdentityKey, Logger, Random } from '@status-stack/interface'
import type { Whisper } from '@status-stack/whisper'

export type { Clock, Logger, Random }

/** What `net_*` tells. */
export interface Network {
  /** What `net_listening` answers. */
  readonly listening: () => boolean
  /** What `net_peerCount` answers: peers of the whole node, of any protocol. */
  readonly peerCount: () => number
}

/** The part of a node of either protocol that this package drives. */
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

/** The collaborators of the API: a node of Whisper, of Waku, or both. */
export interface RpcDeps {
  /** Answers `shh_*` and `shhext_*`. */
  readonly whisper?: WhisperNode | undefined
  /** Answers `waku_*` and `wakuext_*`. */
  readonly waku?: WhisperNode | undefined
  /** Key of the devp2p node: mailserver requests are signed with it. Without one they are refused. */
  readonly nodeKey?: IdentityKey | undefined
  /** Enode URLs of known mailservers. @default none */
  readonly mailservers?: readonly string[] | undefined
  /** What `net_*` answers. @default listening, and the peers of the nodes, each once */
  readonly network?: Network | undefined
  /** Ids of keys, filters and subscriptions, and generated keys. @default the platform's random bytes */
  readonly random?: Random | undefined
  /** What a history request that names no time ends with. @default the system clock */
  readonly clock?: Clock | undefined
  /** Messages about failing calls; never keys, parameters or content. @default silent */
  readonly logger?: Pick<Logger, 'warn' | 'error'> | undefined
}
