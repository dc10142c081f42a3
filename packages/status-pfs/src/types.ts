import type {
  Audience,
  Effect,
  Protection,
  SealResult,
  Device as SeamDevice,
  OpenResult as SeamOpenResult
} from '@status-stack/interface'

export type { Audience, Effect } from '@status-stack/interface'

/**
 * Why bytes could not be opened.
 * - `own-echo`: this device sealed them;
 * - `malformed`: a ProtocolMessage whose fields have impossible lengths or numbers, or point off the curve;
 * - `invalid-bundle`: a bundle in it does not verify;
 * - `not-for-this-device`: there is no entry for this device;
 * - `not-paired`: the same, and another device of our own identity sealed it;
 * - `unknown-prekey`: sealed against a prekey this device no longer has or never had;
 * - `unknown-session`: continues a session this device does not have;
 * - `bad-mac`: the authentication tag fits no session with that device;
 * - `already-used`: its message key is gone; not one of the messages remembered as opened;
 * - `replayed`: opened and confirmed before;
 * - `too-many-skipped`: more than `maxSkip` messages are missing before it.
 */
export type OpenFailure =
  | 'own-echo'
  | 'malformed'
  | 'invalid-bundle'
  | 'not-for-this-device'
  | 'not-paired'
  | 'unknown-prekey'
  | 'unknown-session'
  | 'bad-mac'
  | 'already-used'
  | 'replayed'
  | 'too-many-skipped'

/** Names one message key. Plain data: store it with the message and hand it to `confirm`, after a restart too. */
export interface Receipt {
  /** Sender identity, 66 hex digits. */
  readonly identity: string
  /** The device that sealed the message. */
  readonly installationId: string
  /** Prekey that names the session, 66 hex digits. */
  readonly bundleId: string
  /** Ratchet key of the sender, 66 hex digits. */
  readonly ratchetKey: string
  /** The message's number in its chain, from 0. */
  readonly n: number
}

export type { SealResult } from '@status-stack/interface'

/** What became of opening, with this layer's receipts and reasons. Forward-secret messages have a receipt. */
export type OpenResult = SeamOpenResult<Receipt, OpenFailure>

/** One installation of an identity, with what this layer knows of it. Own devices start disabled, others enabled. */
export interface Device extends SeamDevice {
  /** A direct message of it was opened here. */
  readonly heardFrom: boolean
  /** The best protection that a message of it had. */
  readonly strongest: Protection
  /** Prekey version; 0 while no prekey is known. */
  readonly version: number
  /** Unix milliseconds of the newest bundle naming it; 0 while none is known. */
  readonly bundleMs: number
}

/**
 * The security layer: who can read a message. Calls may be made from anywhere at any time; they run one after the other.
 * State is stored before its ciphertext or plaintext is handed out.
 */
export interface Sealer {
  /** Seals `bytes`. @throws PfsError `invalid-argument`, `invalid-public-key`, `invalid-audience`, `too-large`, `store-conflict` */
  readonly seal: (bytes: Uint8Array, to: Audience) => Promise<SealResult>
  /** Opens what `sender` (identity key that signed the envelope, 65 or 33 bytes) posted. Never throws because of `bytes`. */
  readonly open: (bytes: Uint8Array, from: { readonly sender: Uint8Array }) => Promise<OpenResult>
  /** The plaintext is durable: its message key is deleted and a replay is refused from now on. Idempotent. */
  readonly confirm: (receipt: Receipt) => Promise<void>
  /** Length of what `seal` would give for `length` bytes now. Changes nothing that is stored. */
  readonly sealedSize: (length: number, to: Audience) => Promise<number>
  /**
   * The longest plaintext whose sealed length is at most `limit` bytes now; 0 also when not even an empty one fits. Changes
   * nothing that is stored.
   */
  readonly maxPlaintext: (limit: number, to: Audience) => Promise<number>
  /** Effects that must be in force after a restart, before messages arrive. */
  readonly initialEffects: () => Promise<readonly Effect[]>
  /** What is known of the devices of an identity, own devices included, newest bundle first. */
  readonly devices: (identity: Uint8Array) => Promise<readonly Device[]>
  /**
   * Erases what has outlived its time in every record: message keys, idle sessions, private prekeys, and the records of
   * identities that were never written to and have been silent for two grace periods. Records in use are tidied as they are
   * used; call this daily for the others. Stops between two records when aborted.
   */
  readonly expire: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<void>
  /** Pairs or revokes a device of our own identity. @throws PfsError `unknown-device` */
  readonly enable: (installationId: string, on: boolean) => Promise<void>
}
