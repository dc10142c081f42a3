import type { Contact, DataLayer } from '@status-stack/interface'
import type { ContactRecord } from '../storage/records.ts'

/** What the data layer's rules look at of a stored person. */
export function contactOf(record: ContactRecord): Contact {
  const { added, requestReceived, blocked, ensName, ensVerified, ensClock, picture, profileClock, decidedClock } =
    record
  const contact = { added, requestReceived, blocked, ensName, ensVerified, ensClock, picture, profileClock }
  return decidedClock === undefined ? contact : { ...contact, decidedClock }
}

/** A stored person with what the data layer's rules made of it; our own rules for them stay. */
export function withContact(record: ContactRecord, contact: Contact): ContactRecord {
  return { ...record, ...contact }
}

/** Whether a contact says nothing: it is not stored, as no record means the same. */
export function isUnknown({ contacts }: Pick<DataLayer, 'contacts'>, contact: Contact): boolean {
  return Object.entries(contacts.unknown).every(([name, value]) => contact[name as keyof Contact] === value)
}
