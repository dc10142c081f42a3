import type { Host } from '@status-stack/devp2p-transport'
import type { Whisper } from '@status-stack/whisper'
import type { MailserverStats } from '@status-stack/whisper-mailserver'

/** Counters of the mailserver, and of what it could not store. */
export interface MailFacts extends MailserverStats {
  readonly lostEnvelopes: number
}

/** What a relay does besides relaying. */
export interface NodeService {
  /** Before anybody can connect. */
  readonly start: (whisper: Whisper, privateKey: Uint8Array) => Promise<void>
  /** Once others can connect. */
  readonly listening: (host: Host, whisper: Whisper) => void
  /** What it did so far. */
  readonly stats: () => MailFacts | undefined
  /** After the last link has ended. */
  readonly stop: () => Promise<void>
}
