import { emojiPictures, emojis, type MessageFact } from '@status-stack/account-rpc/methods'
import { reference } from './complete.ts'
import type { State } from './state.ts'

/** What can be chosen: not lines of the system, nor what is no longer there. */
const canBeChosen = (message: MessageFact): boolean => !message.deleted && message.kind !== 'system'

/** The messages of the window that can be chosen, oldest first. */
export const choices = ({ conversation }: State): readonly MessageFact[] =>
  conversation?.messages.filter(canBeChosen) ?? []

/** What each letter does with the message that is chosen. */
const selectKeys: readonly (readonly [key: string, what: string])[] = [
  ['r', 'reply'],
  ['+', 'react'],
  ['e', 'edit'],
  ['d', 'delete'],
  ['c', 'copy'],
  ['s', 'save'],
  ['o', 'open'],
  ['v', 'view'],
  ['i', 'delivery']
]

/** What the keys do now, for the line above the input. */
export function selectHint(state: State): string {
  const message = choices(state).find(({ messageId }) => messageId === state.selected)
  if (state.choosing === 'reaction')
    return emojis.map((name, index) => `${index + 1} ${emojiPictures[name]} ${name}`).join(' · ')
  if (state.choosing === 'deletion') return 'd again deletes it for all recipients; any other key keeps it'
  const keys = selectKeys.filter(
    ([key]) =>
      (message?.outgoing === true || !'edi'.includes(key)) &&
      (message?.attachment !== undefined || !'sov'.includes(key))
  )
  const what = keys.map(([key, does]) => `${key} ${does}`).join(' · ')
  return `${message === undefined ? '' : `${reference(message)} `}↑ ↓ choose · ${what} · Escape`
}
