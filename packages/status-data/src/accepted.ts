import type {
  Accepted as AnyAccepted,
  Outgoing as AnyOutgoing,
  ReceiveContext as AnyReceiveContext
} from '@status-stack/interface'
import type { Payload } from './payloads/registry.ts'
import type { Rules } from './ports.ts'

/** A message that passed every check that needs no stored state, with its payload. */
export type Accepted = AnyAccepted<Payload>

/** What to hand to the layers below. Compute once: every recipient gets the same bytes and the same message id. */
export type Outgoing = AnyOutgoing<Payload>

/** What came with the bytes, and by which rules they are checked. */
export interface ReceiveContext extends AnyReceiveContext {
  /** By which rules they are checked. @default 'strict' */
  readonly rules?: Rules
}
