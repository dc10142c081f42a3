import type { Contact, ContactEvent } from '@status-stack/interface'
import { check, checkContact } from './arguments.ts'
import { DataError } from './errors.ts'
/**
 * The record of a person about whom nothing is known.
 *
 * @example
 * ```ts
 * const contact = (await store.contact(publicKey)) ?? unknownContact
 * ```
 */
export const unknownContact: Contact = Object.freeze({
  added: false,
  requestReceived: false,
  blocked: false,
  ensName: '',
  ensVerified: false,
  ensClock: 0,
  picture: '',
  profileClock: 0
})

/** How we and another identity stand to each other. */
export type Relation = 'stranger' | 'requested-us' | 'added' | 'mutual' | 'blocked'

/**
 * Our relation to a person. A block outweighs everything; only we can lift it.
 *
 * @example
 * ```ts
 * relationOf({ ...unknownContact, requestReceived: true }) // 'requested-us'
 * ```
 */
export function relationOf(contact: Contact): Relation {
  checkContact(contact)
  const { added, requestReceived, blocked } = contact
  if (blocked) return 'blocked'
  if (added) return requestReceived ? 'mutual' : 'added'
  return requestReceived ? 'requested-us' : 'stranger'
}

/**
 * The contact after an event; the same object when nothing changed.
 *
 * @example
 * ```ts
 * nextContact(unknownContact, { kind: 'added' }).added // true
 * ```
 */
export function nextContact(contact: Contact, event: ContactEvent): Contact {
  checkContact(contact)
  check.object('event', event)
  switch (event.kind) {
    case 'added':
      // A blocked person has to be unblocked first.
      return contact.blocked || contact.added ? contact : { ...decided(contact, event), added: true }
    case 'removed':
      return contact.added ? { ...decided(contact, event), added: false } : contact
    case 'blocked':
      return contact.blocked ? contact : { ...decided(contact, event), blocked: true, added: false }
    case 'unblocked':
      return contact.blocked ? { ...decided(contact, event), blocked: false } : contact
    case 'contact-updated':
      if (contact.blocked || event.clock <= contact.profileClock) return contact
      return { ...withProfile(contact, event), requestReceived: true }
    case 'contact-synced': {
      // Our other device added them. A block here is newer knowledge than an old sync and stays.
      if (contact.blocked) return contact
      const profiled = event.clock <= contact.profileClock ? contact : withProfile(contact, event)
      // Whether they are added is ours to say: a profile of theirs with a later clock does not overtake it.
      return event.clock <= (contact.decidedClock ?? 0) ? profiled : { ...decided(profiled, event), added: true }
    }
    case 'ens-claimed':
      if (event.ensName === contact.ensName || event.clock < contact.ensClock) return contact
      return withName(contact, event.ensName, event.clock)
    case 'ens-checked':
      // The answer to an older question says nothing about the present name.
      if (event.ensName !== contact.ensName || event.ensName === '') return contact
      return { ...contact, ensVerified: event.verified }
    default:
      throw new DataError('invalid-argument', 'event: unknown kind', { origin: 'caller' })
  }
}

/** The clock of our own decisions never goes back: another device's may be ahead. */
function decided(contact: Contact, { clock = 0 }: { readonly clock?: number }): Contact {
  const { decidedClock = 0 } = contact
  return clock <= decidedClock ? contact : { ...contact, decidedClock: clock }
}

function withProfile(
  contact: Contact,
  { ensName, picture, clock }: { readonly ensName: string; readonly picture: string; readonly clock: number }
): Contact {
  // A message may have claimed another name since: a profile that comes late brings its picture only.
  const named = ensName === contact.ensName || clock < contact.ensClock ? contact : withName(contact, ensName, clock)
  return { ...named, picture, profileClock: clock }
}

const withName = (contact: Contact, ensName: string, clock: number): Contact => ({
  ...contact,
  ensName,
  ensClock: clock,
  ensVerified: false
})

/**
 * The name to show: verified and ending in `.eth`, or none.
 *
 * @example
 * ```ts
 * shownName({ ensName: 'alice.eth', ensVerified: true }) // 'alice.eth'
 * ```
 */
export function shownName(contact: Pick<Contact, 'ensName' | 'ensVerified'>): string | undefined {
  check.object('contact', contact)
  const { ensName, ensVerified } = contact
  check.text('contact.ensName', ensName)
  return ensVerified && ensName.endsWith('.eth') ? ensName : undefined
}
