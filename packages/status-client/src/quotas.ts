import { type Quota, ratesOf, spendQuota } from '@status-stack/status-data'
import { createBoundedMap } from '@status-stack/utils'
import { contactOf } from './contact-record.ts'
import { type Core, isAcquainted } from './core.ts'
import { hexKey } from './ids.ts'
import { limits } from './limits.ts'
import type { PublicKey } from './types.ts'

/**
 * What each person may still make us store, by the data layer's rates. Kept in memory: a restart gives everyone a full account, which
 * its owner cannot bring about.
 */
export interface Quotas {
  readonly of: (author: PublicKey) => Quota | undefined
  readonly set: (author: PublicKey, quota: Quota) => void
  /** Takes one message for bytes that are none. False when the account is empty. */
  readonly spend: (author: PublicKey) => boolean
}

export function createQuotas(core: Pick<Core, 'book' | 'clock'>): Quotas {
  // BOUNDED: limits.ratedAuthors, the author who wrote longest ago is evicted
  const quotas = createBoundedMap<string, Quota>({ maxEntries: limits.ratedAuthors })
  const of = (author: PublicKey): Quota | undefined => quotas.get(hexKey(author))
  const set = (author: PublicKey, quota: Quota): void => {
    quotas.set(hexKey(author), quota)
  }
  return {
    of,
    set,
    spend: author => {
      const contact = contactOf(core.book.contact(author))
      const rates = ratesOf(isAcquainted(core, author) ? { ...contact, added: true } : contact)
      const left = spendQuota(of(author), core.clock.nowMs(), rates)
      if (left !== undefined) set(author, left)
      return left !== undefined
    }
  }
}
