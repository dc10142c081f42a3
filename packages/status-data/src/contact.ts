import { check, checkContact } from './arguments.ts'
import { DataError } from './errors.ts'
/** What we keep of one person. Times are Lamport clocks of their messages, ms. */
export interface Contact {
  /** We added them: their messages are no requests, and our profile is sent to them. */
  readonly added: boolean
  /** They added us. Never adds them. */
  readonly requestReceived: boolean
  readonly blocked: boolean
  /** Claimed; to be shown only when verified. */
  readonly ensName: string
  readonly ensVerified: boolean
  readonly ensClock: number
  readonly profileImage: string
  /** Clock of the newest profile applied. */
  readonly lastUpdated: number
}

/** What can happen to a contact: by us, or by an effect of an accepted message. */
export type ContactEvent =
  | { readonly kind: 'added' | 'removed' | 'blocked' | 'unblocked' }
  | {
      readonly kind: 'contact-updated'
      readonly ensName: string
      readonly profileImage: string
      readonly clock: number
    }
  | { readonly kind: 'contact-synced'; readonly ensName: string; readonly profileImage: string; readonly clock: number }
  | { readonly kind: 'ens-claimed'; readonly ensName: string; readonly clock: number }
  | { readonly kind: 'ens-checked'; readonly ensName: string; readonly verified: boolean }

/** Nobody yet. */
export const unknownContact: Contact = Object.freeze({
  added: false,
  requestReceived: false,
  blocked: false,
  ensName: '',
  ensVerified: false,
  ensClock: 0,
  profileImage: '',
  lastUpdated: 0
})

export type Relation = 'stranger' | 'requested-us' | 'added' | 'mutual' | 'blocked'

/** How we stand to somebody. A block outweighs everything; nobody but us can lift it. */
export function relationOf(contact: Contact): Relation {
  checkContact(contact)
  const { added, requestReceived, blocked } = contact
  if (blocked) return 'blocked'
  if (added) return requestReceived ? 'mutual' : 'added'
  return requestReceived ? 'requested-us' : 'stranger'
}

/** The contact after an event; the same object when nothing changed. */
export function nextContact(contact: Contact, event: ContactEvent): Contact {
  checkContact(contact)
  check.object('event', event)
  switch (event.kind) {
    case 'added':
      // Adding somebody who is blocked would be half a decision: unblock first.
      return contact.blocked || contact.added ? contact : { ...contact, added: true }
    case 'removed':
      return contact.added ? { ...contact, added: false } : contact
    case 'blocked':
      return contact.blocked ? contact : { ...contact, blocked: true, added: false }
    case 'unblocked':
      return contact.blocked ? { ...contact, blocked: false } : contact
    case 'contact-updated':
      if (contact.blocked || event.clock <= contact.lastUpdated) return contact
      return { ...withProfile(contact, event), requestReceived: true }
    case 'contact-synced':
      // Our other device added them. A block here is newer knowledge than an old sync and stays.
      if (contact.blocked || event.clock <= contact.lastUpdated) return contact
      return { ...withProfile(contact, event), added: true }
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

function withProfile(
  contact: Contact,
  { ensName, profileImage, clock }: { readonly ensName: string; readonly profileImage: string; readonly clock: number }
): Contact {
  const named = ensName === contact.ensName ? contact : withName(contact, ensName, clock)
  return { ...named, profileImage, lastUpdated: clock }
}

const withName = (contact: Contact, ensName: string, clock: number): Contact => ({
  ...contact,
  ensName,
  ensClock: clock,
  ensVerified: false
})

/** The name to show: verified and ending in `.eth`, or none. */
export function shownName(contact: Pick<Contact, 'ensName' | 'ensVerified'>): string | undefined {
  check.object('contact', contact)
  const { ensName, ensVerified } = contact
  check.text('contact.ensName', ensName)
  return ensVerified && ensName.endsWith('.eth') ? ensName : undefined
}
