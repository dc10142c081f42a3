import type { Mutex } from '@status-stack/utils'
import type { Background, Ending } from './background.ts'
import type { Book } from './book.ts'
import type { ClientEvents } from './events.ts'
import { hexKey } from './ids.ts'
import type { Ledger } from './ledger.ts'
import type { Messages } from './messages.ts'
import type { ResolvedOptions } from './options.ts'
import type { PersonPolicy } from './policy.ts'
import type { Clock, IdentityKey, Logger, Random } from './ports.ts'
import type { SelfRecord } from './records.ts'
import type { Keys } from './stores/keys.ts'
import type { Store } from './stores/store.ts'
import type { PublicKey, TraceFact } from './types.ts'

/** What every feature shares. Plain collaborators; no feature reaches another through it. */
export interface Core {
  readonly self: PublicKey
  readonly identity: IdentityKey
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly options: ResolvedOptions
  readonly store: Store
  readonly keys: Keys
  readonly book: Book
  readonly messages: Messages
  readonly ledger: Ledger
  readonly background: Background
  /** What only watches, for as long as an envelope lives: `stop` waits for it, `idle` does not. */
  readonly watching: Background
  /** When the client stops, nothing that only watches may hold it up. */
  readonly stopping: Ending
  /** Held while chats, contacts or messages are changed. */
  readonly state: Mutex
  /** Runs what emits a stored message, one after the other: listeners hear messages in the order of storing. */
  readonly announce: (what: string, task: () => Promise<void>) => void
  /** Settles when what is stored has been told, or nearly: a bound on what waits. */
  readonly announced: () => Promise<void>
  readonly emit: <K extends keyof ClientEvents>(event: K, fact: ClientEvents[K]) => void
  /** Builds the fact only when there is a listener. */
  readonly trace: (fact: () => TraceFact) => void
  readonly profile: () => SelfRecord
}

export function isSelf(core: Pick<Core, 'self'>, publicKey: PublicKey): boolean {
  return hexKey(core.self) === hexKey(publicKey)
}

/** People we know: contacts, and those we have written to or whose request we have accepted. */
export function isAcquainted({ book }: Pick<Core, 'book'>, person: PublicKey): boolean {
  const chat = book.chat({ kind: 'one-to-one', publicKey: person })
  return book.contact(person).added || (chat?.active === true && !chat.request)
}

/** Our own rules for a person; for ourselves only that pfs stays on. */
export function policyFor(core: Pick<Core, 'self' | 'book' | 'options'>, person: PublicKey): PersonPolicy {
  if (isSelf(core, person)) return { minimum: 'auto', pfs: 'on' }
  const contact = core.book.contact(person)
  return { minimum: contact.minimum ?? core.options.minimum, pfs: contact.pfs ?? core.options.pfs }
}
