import type { Arrival, PublicKey } from '@status-stack/interface'
import type { Rules } from '../ports.ts'

/** The times a clock is held against, and the rules. */
export interface Times {
  /** When the envelope was sent, ms: the reference of chat messages, pairing and transactions. */
  readonly sentMs: number
  /** The local time, ms: the reference of group events and reactions, which travel again and again. */
  readonly nowMs: number
  /** Which rules are applied. */
  readonly rules: Rules
}

/** Who wrote, to whom, and how it came. */
export interface Origin {
  /** 65 bytes. */
  readonly author: PublicKey
  /** `0x` + 130 hex digits. */
  readonly authorId: string
  /** 65 bytes: ourselves. */
  readonly self: PublicKey
  /** `0x` + 130 hex digits. */
  readonly selfId: string
  /** Written by ourselves. */
  readonly fromSelf: boolean
  readonly arrival: Arrival
  readonly rules: Rules
}
