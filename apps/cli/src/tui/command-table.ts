/** What an argument names, for completion. `own` and `any` are messages, written `^` and the first digits of their id. */
export type ArgumentKind = 'chat' | 'person' | 'own' | 'any' | 'emoji' | 'text'

export interface CommandRow {
  readonly usage: string
  readonly what: string
  readonly args: readonly ArgumentKind[]
}

/** Every `/command`; the last kind of argument may be repeated. */
export const commandTable = Object.freeze({
  help: { usage: '/help', what: 'keys and commands', args: [] },
  to: { usage: '/to WHO', what: 'show a chat: a person, #name or a group', args: ['chat'] },
  join: { usage: '/join #NAME', what: 'read a public chat', args: ['chat'] },
  leave: { usage: '/leave', what: 'leave the public chat or group', args: [] },
  accept: { usage: '/accept', what: 'accept the request or the invitation', args: [] },
  add: { usage: '/add WHO', what: 'add to the contacts', args: ['person'] },
  block: { usage: '/block WHO', what: 'show nothing more of somebody', args: ['person'] },
  unblock: { usage: '/unblock WHO', what: 'hear somebody again', args: ['person'] },
  'group-create': { usage: '/group-create NAME WHO…', what: 'make a private group', args: ['text', 'person'] },
  invite: { usage: '/invite WHO…', what: 'invite to this group', args: ['person'] },
  reply: { usage: '/reply [^ID] TEXT', what: 'answer a message; without ^ID the last one', args: ['any', 'text'] },
  react: { usage: '/react [^ID] EMOJI', what: 'react to a message; again takes it back', args: ['any', 'emoji'] },
  edit: { usage: '/edit [^ID] TEXT', what: 'change a message of yours', args: ['own', 'text'] },
  delete: { usage: '/delete [^ID]', what: 'delete a message of yours', args: ['own'] },
  ledger: { usage: '/ledger [^ID]', what: 'what became of a message of yours', args: ['own'] },
  search: { usage: '/search TEXT', what: 'search the whole history of this chat', args: ['text'] },
  qr: { usage: '/qr', what: 'your contact link to scan', args: [] },
  verify: { usage: '/verify [WHO]', what: 'numbers that both of you compare', args: ['person'] },
  peers: { usage: '/peers', what: 'who we are connected to', args: [] },
  retry: { usage: '/retry', what: 'try now what is waiting', args: [] },
  notices: { usage: '/notices', what: 'what happened so far', args: [] },
  quit: { usage: '/quit', what: 'end the program', args: [] }
} satisfies Readonly<Record<string, CommandRow>>)

export type CommandName = keyof typeof commandTable

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commandTable, name)

export const commandRows = Object.entries(commandTable) as readonly (readonly [CommandName, CommandRow])[]

/** The page of `/help`. */
export const helpLines: readonly string[] = [
  'Enter sends; Alt+Enter or Ctrl+J starts a new line; Up and Down go through what you sent.',
  'Tab completes commands, people after @, chats and messages. A line that begins with // is sent with one /.',
  'Ctrl+N and Ctrl+P go to the next and the previous chat; PageUp and PageDown through the history.',
  'Escape closes a page like this one and ends a search; Ctrl+C empties the line, or ends the program.',
  '',
  ...commandRows.map(([, { usage, what }]) => `${usage.padEnd(24)} ${what}`),
  '',
  'Behind a message stands how it was protected, and behind yours how far it came:',
  '  … waiting   > sent   ✓ on the network   ✓✓ received by a device (never "read")   ! held or given up'
]
