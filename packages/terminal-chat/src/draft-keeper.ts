import type { Account } from '@status-stack/account-rpc'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import type { Store } from './store.ts'
import { lineOf } from './switching.ts'

/** How long a line may have changed before it is stored, milliseconds: what a crash may take of it. */
const unsavedMs = 500

interface Line {
  readonly id: string
  readonly chat: ChatJson
  readonly text: string
}

/**
 * Stores the line of each chat while it is written, in the account's encrypted store. What could not be stored is tried again
 * with the next change, and once a daemon that had ended is there again. `stop` stores what is left.
 */
export function keepDrafts(
  account: Pick<Account, 'setDraft'>,
  store: Store,
  failed: (error: unknown) => void
): { readonly stop: () => Promise<void> } {
  let line: Line | undefined
  let saved: Line | undefined
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const save = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (line === undefined || line === saved) return
    const written = line
    saved = written
    const write = async (): Promise<void> => {
      try {
        await account.setDraft({ chat: written.chat, text: written.text })
      } catch (error) {
        if (saved === written) saved = undefined
        // A daemon that has ended was told of already.
        if (store.get().daemon !== 'gone') failed(error)
      }
    }
    writing = writing.then(write)
  }
  const look = (): void => {
    const state = store.get()
    const { conversation, daemon } = state
    if (conversation === undefined) return
    const { id, chat } = conversation
    const text = lineOf(state)
    if (line?.id === id && line.text === text) {
      if (line !== saved && daemon === 'attached') timer ??= setTimeout(save, unsavedMs)
      return
    }
    // The line of the chat that was left is complete.
    if (line !== undefined && line.id !== id) save()
    line = { id, chat, text }
    timer ??= setTimeout(save, unsavedMs)
  }
  const off = store.subscribe(look)
  return {
    stop: async () => {
      off()
      look()
      save()
      await writing
    }
  }
}
