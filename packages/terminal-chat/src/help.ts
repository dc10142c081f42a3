import type { View } from '@status-stack/account-rpc/words'
import { type CommandName, commandRows, commandTable } from './command-table.ts'

/** Keys of the full screen: what to press, and what it does. README.md has the same table. */
export const keyRows: readonly (readonly [keys: string, what: string])[] = [
  ['Enter', 'sends'],
  ['Alt+Enter, Ctrl+J', 'starts a new line'],
  ['Up, Down', 'lines of the text, then what you sent before'],
  ['Tab, Shift+Tab', 'completes commands, @people, #chats and ^messages'],
  ['Alt+B, Alt+F, Ctrl+A, Ctrl+E', 'by words, to the ends of the line'],
  ['Ctrl+W, Alt+D, Ctrl+K, Ctrl+U', 'cuts a word or to an end of the line; Ctrl+Y puts it in again'],
  ['Ctrl+_', 'takes the last change back'],
  ['Ctrl+X Ctrl+E', 'writes in $VISUAL or $EDITOR'],
  ['Ctrl+S', 'chooses a message: reply, react, edit, delete, copy, save'],
  ['Alt+N', 'next unread chat'],
  ['Ctrl+N, Ctrl+P', 'next and previous chat'],
  ['PageUp, PageDown', 'through the history'],
  ['Home, End', 'its beginning and its end, while nothing is typed; with Ctrl always'],
  ['Escape', 'closes a page, ends a search'],
  ['Ctrl+C', 'empties the line, then ends the program'],
  ['Ctrl+Z, Ctrl+L', 'back to the shell until fg; draws anew']
]

const markRows: readonly string[] = [
  'After each message: how it was protected; after yours, also how far it got:',
  '  … waiting   > sent   ✓ on the network   ✓✓ received by a device (never "read")   ! held or given up'
]

const heading = (text: string): View => ({ event: { event: 'help', text }, text })

export function commandHelp(name: CommandName): readonly View[] {
  const { usage, what, more, oneShot } = commandTable[name] as (typeof commandRows)[number][1]
  const lines = [
    usage,
    `  ${what}`,
    ...(more === undefined ? [] : [`  ${more}`]),
    ...(oneShot === undefined ? [] : [`  From outside: ${oneShot.map(path => `status-stack ${path}`).join(', ')}`])
  ]
  const event = { event: 'help', command: name, usage, what, ...(more === undefined ? {} : { more }) }
  return [{ event, text: lines.join('\n') }]
}

/** The page of `/help`; `keys` where there is a screen. */
export function helpPage(keys: boolean): readonly View[] {
  const commands = commandRows.map(([command, { usage, what }]) => ({
    event: { event: 'help', command, usage, what },
    text: `${usage.padEnd(24)} ${what}`
  }))
  const screen = keyRows.map(([pressed, what]) => ({
    event: { event: 'help', keys: pressed, what },
    text: `${pressed.padEnd(30)} ${what}`
  }))
  return [
    heading('A line is a message; a line that begins with / is a command, with // a message that begins with /.'),
    heading(''),
    ...(keys ? [...screen, heading('')] : []),
    ...commands,
    heading(''),
    heading('WHO is a public key (zQ3sh…, 0x04…), a contact link or @name; /help COMMAND says more.'),
    heading(''),
    ...markRows.map(heading)
  ]
}
