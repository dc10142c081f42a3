import type { Contact, Quota } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import { type Core, isAcquainted } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import { contactOf } from '../people/contact-record.ts'
import type { PublicKey } from '../types.ts'

/**
 * What each person may still make us store, by the data layer's rates. Kept in memory: a restart gives everyone a full account, which
 * its owner cannot bring about.
 */
export interface Quotas {
  readonly of: (author: PublicKey) => Quota | undefined
  readonly set: (author: PublicKey, quota: Quota) => void
  /** A person as their rate goes: whom we know has that of a contact. */
  readonly person: (author: PublicKey) => Contact
  /** Takes one message for bytes that are none. False when the account is empty. */
  readonly spend: (author: PublicKey) => boolean
}

export function createQuotas(core: Pick<Core, 'chatCache' | 'clock' | 'data'>): Quotas {
  // BOUNDED: limits.ratedAuthors, the author who wrote longest ago is evicted
  const quotas = createBoundedMap<string, Quota>({ maxEntries: limits.ratedAuthors })
  const of = (author: PublicKey): Quota | undefined => quotas.get(publicKeyHex(author))
  const set = (author: PublicKey, quota: Quota): void => {
    quotas.set(publicKeyHex(author), quota)
  }
  const person = (author: PublicKey): Contact => {
    const contact = contactOf(core.chatCache.contact(author))
    return isAcquainted(core, author) ? { ...contact, added: true } : contact
  }
  return {
    of,
    set,
    person,
    spend: author => {
      const left = core.data.spendQuota(of(author), core.clock.nowMs(), person(author))
      if (left !== undefined) set(author, left)
      return left !== undefined
    }
  }
}
