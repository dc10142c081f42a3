import type { Client } from '../client-types.ts'
import type { Core } from '../composition/core.ts'
import { assertChat } from '../ids.ts'

/** What is stored of a text that is being written. */
interface DraftRecord {
  readonly text: string
}

/** Texts that are being written, one for each chat: encrypted like messages, and on this device only. */
export function createDrafts({ store, keys }: Pick<Core, 'store' | 'keys'>): Pick<Client, 'draft' | 'setDraft'> {
  return {
    draft: async chat => {
      assertChat(chat)
      return (await store.get<DraftRecord>(keys.draft(chat)))?.text ?? ''
    },
    setDraft: async (chat, text) => {
      assertChat(chat)
      const unit = store.unit()
      const record: DraftRecord = { text }
      if (text === '') unit.delete(keys.draft(chat))
      else unit.put(keys.draft(chat), record)
      await unit.commit()
    }
  }
}
