import type { DataLayer, SecurityLayer } from '@status-stack/interface'
import type { Mutex } from '@status-stack/utils'
import type { ClientEvents } from '../events.ts'
import { publicKeyHex } from '../ids.ts'
import type { ExpiryClock } from '../maintenance/expiry-clock.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Clock, IdentityKey, Logger, Random } from '../ports.ts'
import type { Deliveries } from '../sending/deliveries.ts'
import type { PersonPolicy } from '../sending/policy.ts'
import type { ChatCache } from '../storage/chat-cache.ts'
import type { MessageStore } from '../storage/messages/types.ts'
import type { OutgoingBodies } from '../storage/outgoing-bodies.ts'
import type { SelfRecord } from '../storage/records.ts'
import type { Keys } from '../storage/stores/keys.ts'
import type { Store, Unit } from '../storage/stores/store.ts'
import type { PublicKey, TraceFact } from '../types.ts'
import type { Background } from './background.ts'

/** What every feature shares. Plain collaborators; no feature reaches another through it. */
export interface Core {
  readonly self: PublicKey
  readonly identity: IdentityKey
  /** What a message means, and the rules about what is stored. */
  readonly data: DataLayer
  readonly clock: Clock
  /** By which something is deleted for good, or given up. */
  readonly expiryClock: ExpiryClock
  readonly random: Random
  readonly log: Logger
  readonly options: ResolvedOptions
  readonly store: Store
  readonly keys: Keys
  readonly chatCache: ChatCache
  readonly messages: MessageStore
  /** The bytes of messages on their way. */
  readonly bodies: OutgoingBodies
  readonly deliveries: Deliveries
  readonly background: Background
  /** What only watches, for as long as an envelope lives: `stop` waits for it, `idle` does not. */
  readonly untracked: Background
  /** Aborted when the client stops: nothing that only watches may hold it up. */
  readonly stopping: AbortSignal
  /** Held while chats, contacts or messages are changed. */
  readonly state: Mutex
  /** Runs what emits a stored message, one after the other: listeners hear messages in the order of storing. */
  readonly announce: (what: string, task: () => Promise<void>) => void
  /** Settles when what is stored has been told, or nearly: a bound on what waits. */
  readonly announced: () => Promise<void>
  readonly emit: <K extends keyof ClientEvents>(event: K, fact: ClientEvents[K]) => void
  /** Builds the fact only when there is a listener. */
  readonly trace: (fact: () => TraceFact | undefined) => void
  readonly profile: () => SelfRecord
  /** Stages a change of our own record, which other reads see once it is on the disk. Under `state`. */
  readonly stageSelf: (unit: Unit, change: Partial<SelfRecord>) => Promise<void>
}

export function isSelf(core: Pick<Core, 'self'>, publicKey: PublicKey): boolean {
  return publicKeyHex(core.self) === publicKeyHex(publicKey)
}

/** People we know: contacts, and those we have written to or whose request we have accepted. */
export function isAcquainted({ chatCache }: Pick<Core, 'chatCache'>, person: PublicKey): boolean {
  const chat = chatCache.chat({ kind: 'one-to-one', publicKey: person })
  return chatCache.contact(person).added || (chat?.active === true && !chat.request)
}

/** Whether another device of ours gets copies of what this one does. */
export async function hasOtherDevices(
  { self }: Pick<Core, 'self'>,
  sealer: Pick<SecurityLayer, 'devices'>
): Promise<boolean> {
  return (await sealer.devices(self)).some(device => !device.self && device.enabled)
}

/** Our own rules for a person; for ourselves only that pfs stays on. */
export function policyFor(core: Pick<Core, 'self' | 'chatCache' | 'options'>, person: PublicKey): PersonPolicy {
  if (isSelf(core, person)) return { minimum: 'auto', pfs: 'on' }
  const contact = core.chatCache.contact(person)
  return { minimum: contact.minimum ?? core.options.minimum, pfs: contact.pfs ?? core.options.pfs }
}
