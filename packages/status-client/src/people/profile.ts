import type { Client } from '../client-types.ts'
import type { Core } from '../composition/core.ts'
import type { SelfRecord } from '../storage/records.ts'
import type { Contacts } from './contacts.ts'

/** Our own name and picture: stored, and sent to everyone whom we have added. SPEC: P-28. */
export function createSetProfile(
  core: Pick<Core, 'clock' | 'chatCache'>,
  contacts: Pick<Contacts, 'sendProfile'>,
  saveSelf: (change: Partial<SelfRecord>) => Promise<void>
): Client['setProfile'] {
  return async ({ ensName, picture }) => {
    await saveSelf({
      ...(ensName === undefined ? {} : { ensName }),
      ...(picture === undefined ? {} : { picture }),
      profileClock: core.clock.nowMs()
    })
    for (const contact of core.chatCache.contacts()) if (contact.added) await contacts.sendProfile(contact.publicKey)
  }
}
