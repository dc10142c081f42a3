import { signal } from '@preact/signals'
import { isStackError } from '@status-stack/interface'

/** No mailserver gave what was missed, whoever asked. */
export const historyFailed = 'No mailserver answered. What is missing is asked for again later.'

/** Codes of the packages below, in words for a person; the errors of the page have their own. */
const sentences: Readonly<Record<string, string>> = {
  'wrong-password': 'The password does not open this account.',
  'invalid-mnemonic': 'These are not the words of a recovery phrase: a word or the checksum does not fit.',
  'account-in-use': 'This account is open in another tab.',
  'store-newer': 'This account was opened by a later version of this page. Reload the page.',
  'store-corrupt': 'The database of this account is damaged.',
  'wrong-storage-key': 'The database of this account belongs to another key.',
  'store-failed': 'This browser could not read or store that. Reload the page, and try again.',
  'disk-full': 'There is no more room in this browser. What you wrote is not stored.',
  link: 'This is neither a contact link nor a public key.',
  'invalid-link': 'This is neither a contact link nor a public key.',
  'unsupported-link': 'This link does not lead to a person.',
  'chat-name': 'The name of a public chat has small letters, digits and dashes.',
  'public-key': 'This is not a public key: it looks like zQ3sh… or 0x04….',
  'too-large': 'This is too large to be sent.',
  blocked: 'You have blocked this person.',
  'not-yours': 'Only the author can do that.',
  'not-a-member': 'You are not a member of this group.',
  'not-an-admin': 'Only an admin of the group can do that.',
  limit: 'There are as many as allowed already.',
  'history-failed': historyFailed
}

/** A sentence about an error. What an unknown one says is not shown: it may hold anything. */
export function sentenceOf(error: unknown): string {
  if (!isStackError(error)) return 'Something went wrong. Reload the page if it happens again.'
  if (error.name === 'PageError') return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
  return sentences[error.code] ?? `That is not possible (${error.code}).`
}

/** One thing that a person started: whether it is going on, and what went wrong with the last one. */
export function createTask() {
  const busy = signal(false)
  const problem = signal<string | undefined>(undefined)
  return {
    busy,
    problem,
    /** Takes the sentence about it away. */
    dismiss: (): void => {
      problem.value = undefined
    },
    /** Runs it unless one is running. Answers whether it went well. */
    run: async (work: () => Promise<unknown>): Promise<boolean> => {
      if (busy.value) return false
      busy.value = true
      problem.value = undefined
      try {
        await work()
        return true
      } catch (error) {
        problem.value = sentenceOf(error)
        return false
      } finally {
        busy.value = false
      }
    }
  }
}

export type Task = ReturnType<typeof createTask>
