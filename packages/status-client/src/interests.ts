import { bytesToHex } from '@status-stack/crypto'
import type { Core } from './core.ts'
import { placeOf, type Want } from './subscriptions.ts'

export interface Interests<Interest> {
  readonly plan: (want: Want) => Promise<Interest>
  /** The place is no longer listened at: what was remembered of it is deleted. */
  readonly forget: (want: Want) => Promise<void>
}

/**
 * What opens a place, remembered from one run to the next. The key of a name takes 65 356 rounds of PBKDF2, by the protocol; with
 * a hundred chats that was more than a second of every start. Ours alone is not stored: it holds the identity.
 */
export function createInterests<Interest extends object>(
  core: Pick<Core, 'store' | 'keys'>,
  plan: (want: Want) => Promise<Interest>
): Interests<Interest> {
  // A secret that both sides share may be another one the next time.
  const keyOf = (want: Want): string =>
    core.keys.interest(want.kind === 'rendezvous' ? `${placeOf(want)}:${bytesToHex(want.secret)}` : placeOf(want))
  return {
    plan: async want => {
      if (want.kind === 'identity') return plan(want)
      const key = keyOf(want)
      const known = await core.store.get<Interest>(key)
      if (known !== undefined) return known
      const interest = await plan(want)
      const unit = core.store.unit()
      unit.put(key, interest)
      await unit.commit()
      return interest
    },
    forget: async want => {
      if (want.kind === 'identity') return
      const unit = core.store.unit()
      unit.delete(keyOf(want))
      await unit.commit()
    }
  }
}
