import { bytesToHex } from '@status-stack/crypto'
import type { Accepted, Admitted, Device, Known, Refused } from '@status-stack/interface'
import { createApply } from '../../src/receiving/apply.ts'
import type { ApplyPorts, Circumstances } from '../../src/receiving/staging.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import type { ChatRecord, ContactRecord } from '../../src/storage/records.ts'
import type { ChatRef } from '../../src/types.ts'
import { accepted, inside, somebody } from './core.ts'

export const alice = somebody()
export const chatOf = (publicKey: Uint8Array) =>
  ({ kind: 'one-to-one', id: `0x${bytesToHex(publicKey)}`, publicKey }) as const
export const refOf = (publicKey: Uint8Array): ChatRef => ({ kind: 'one-to-one', publicKey })
export const hello = (by = alice) => accepted(by, { kind: 'text', text: 'hello' }, chatOf(by))

export const admitted: Admitted = { kind: 'admitted', as: 'message', evictsRequest: false }
export const refused = (reason: Refused['reason'], more: Partial<Refused> = {}): Refused => ({
  kind: 'refused',
  reason,
  final: true,
  ...more
})

/** Applies messages over a data layer that notes what it is told is known, and answers what the test says. */
export async function judged(devices: readonly Device[] = [], groupPorts: Partial<ApplyPorts['groups']> = {}) {
  const { core, groups, heard, forward } = await inside()
  const known: Known[] = []
  let answer: Admitted | Refused = admitted
  const told: unknown[] = []
  const data: typeof core.data = {
    ...core.data,
    admit: (_accepted, facts) => {
      known.push(facts)
      return answer
    }
  }
  const apply = createApply(
    { ...core, data },
    {
      sealer: { devices: async () => devices },
      groups: { ...groups, ...groupPorts },
      chatOpened: chat => told.push(['chat', chat]),
      contactChanged: person => told.push(['contact', person]),
      nameClaimed: person => told.push(['name', person])
    }
  )
  const take = async (message: Accepted, how: Partial<Circumstances> = {}) => {
    const unit = core.store.unit()
    const outcome = await apply.apply(unit, message, { shown: 'static-key', source: 'live', old: false, ...how })
    await unit.commit()
    await core.background.idle()
    return outcome.kind === 'refused' ? outcome.reason : outcome.kind
  }
  const stored = async (
    chats: readonly (Partial<ChatRecord> & Pick<ChatRecord, 'chat'>)[],
    contacts: readonly (Partial<ContactRecord> & Pick<ContactRecord, 'publicKey'>)[] = []
  ): Promise<void> => {
    const unit = core.store.unit()
    for (const chat of chats) core.chatCache.putChat(unit, { ...blankChat(chat.chat), ...chat })
    for (const contact of contacts) core.chatCache.putContact(unit, { ...blankContact(contact.publicKey), ...contact })
    await unit.commit()
  }
  return {
    core,
    apply,
    take,
    stored,
    told,
    heard,
    known,
    forward,
    answers: (next: Admitted | Refused) => {
      answer = next
    }
  }
}
