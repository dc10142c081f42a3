import type { IdentityKey, Whisper } from '@status-stack/whisper'

/** Random bytes; key material is made of them. */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
}

/** Unix time in milliseconds. */
export interface Clock {
  readonly nowMs: () => number
}

/** Messages about failing clients and our own bugs; never keys, parameters or content. */
export interface Logger {
  readonly warn: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly error: (message: string, facts?: Readonly<Record<string, string | number>>) => void
}

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
  /** @default silent */
  readonly logger?: Logger | undefined
}
