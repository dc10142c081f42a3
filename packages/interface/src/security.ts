import type { Audience, Effect, Protection } from './protection.ts'

/** What became of sealing. */
export type SealResult =
  | {
      readonly kind: 'sealed'
      readonly bytes: Uint8Array
      readonly protection: Protection
      /** The agreed secret, 32 bytes: post on its topic. Absent: post where the identity listens. */
      readonly rendezvous?: Uint8Array
      readonly effects: readonly Effect[]
    }
  /** There is no device to seal for. */
  | { readonly kind: 'nobody'; readonly effects: readonly Effect[] }

/** What became of opening. `Receipt` is plain data: store it with the message and hand it to `confirm`. */
export type OpenResult<Receipt = unknown, Failure extends string = string> =
  | {
      readonly kind: 'message'
      readonly bytes: Uint8Array
      readonly protection: Protection
      /** The strongest protection seen so far from this device, or from the sender when the payload names no device. */
      readonly strongest: Protection
      readonly device?: string
      readonly receipt?: Receipt
      readonly effects: readonly Effect[]
    }
  /** An advertisement: devices were learnt, there is nothing to show. */
  | { readonly kind: 'nothing'; readonly effects: readonly Effect[] }
  /** No session state changed. `own-echo` is a message of our own that came back. */
  | { readonly kind: 'unreadable'; readonly reason: Failure; readonly effects: readonly Effect[] }

/** One installation of an identity. */
export interface Device {
  /** The name that the device chose for itself when its store was made, a UUID in status-go and here. */
  readonly installationId: string
  /** This very device. */
  readonly self: boolean
  /** May get copies: a device of others from the start, one of ours once it was paired through `enable`. */
  readonly enabled: boolean
  /** Gets a copy of what is sealed for this identity now. */
  readonly targeted: boolean
}

/**
 * The security layer: who can read a message. Calls may be made at any time; they run one after the other. State is stored
 * before its ciphertext or plaintext is handed out.
 */
export interface SecurityLayer<Receipt = unknown, Failure extends string = string> {
  /** Encrypts for everyone in the audience at once. Stores the advanced state first, so bytes that are thrown away cost a message key. */
  readonly seal: (bytes: Uint8Array, to: Audience) => Promise<SealResult>
  /** Opens what `sender` posted: the identity key that signed for transport. Never throws because of `bytes`. */
  readonly open: (bytes: Uint8Array, from: { readonly sender: Uint8Array }) => Promise<OpenResult<Receipt, Failure>>
  /** The plaintext is durable: its message key is deleted, and a replay is refused from now on. Idempotent. */
  readonly confirm: (receipt: Receipt) => Promise<void>
  /** Length of what `seal` would give for `length` bytes now. Changes nothing that is stored. */
  readonly sealedSize: (length: number, to: Audience) => Promise<number>
  /** Most bytes whose sealed form takes at most `limit` bytes now; 0 when not even an empty message fits. */
  readonly maxPlaintext: (limit: number, to: Audience) => Promise<number>
  /** Effects that must be in force after a restart, before links attach. */
  readonly initialEffects: () => Promise<readonly Effect[]>
  /** What is known of the devices of an identity, own devices included. */
  readonly devices: (identity: Uint8Array) => Promise<readonly Device[]>
  /** Erases what has outlived its time in records that nothing uses; to be called daily. */
  readonly expire: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<void>
  /** Pairs or revokes a device of our own identity. */
  readonly enable: (installationId: string, on: boolean) => Promise<void>
}
