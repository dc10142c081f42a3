import { emojis } from '../emoji.ts'

/** What an argument names, for completion. `own` and `any` are messages, written `^` and the first digits of their id. */
export type ArgumentKind = 'chat' | 'person' | 'own' | 'any' | 'command' | 'text' | readonly string[]

export interface CommandRow {
  readonly usage: string
  readonly what: string
  readonly args: readonly ArgumentKind[]
  /** The one-shot commands that do the same from outside: `contacts add`. */
  readonly oneShot?: readonly string[]
  /** More for `/help COMMAND`. */
  readonly more?: string
}

export const policyLevels = ['auto', 'forward-secret', 'static-key', 'any'] as const

/** Every `/command`; the last kind of argument may be repeated. */
export const commandTable = Object.freeze({
  help: {
    usage: '/help [COMMAND]',
    what: 'keys and commands',
    args: ['command'],
    more: 'With the name of a command: how it is used.'
  },
  to: {
    usage: '/to WHO',
    what: 'show a chat: a person, #name or a group',
    args: ['chat'],
    more: 'WHO is a public key (zQ3sh…, 0x04…), a contact link, @name of a known person, #name or the id of a group.'
  },
  next: {
    usage: '/next',
    what: 'show the next unread chat (Alt+N)',
    args: [],
    more: 'Chats that name you come first.'
  },
  chats: { usage: '/chats', what: 'all chats, with what is unread', args: [], oneShot: ['chats list', 'group list'] },
  join: {
    usage: '/join [#NAME]',
    what: 'join a public chat; without a name: accept the invitation to this group',
    args: ['chat'],
    oneShot: ['chats join', 'group join']
  },
  leave: {
    usage: '/leave',
    what: 'leave this public chat or group',
    args: [],
    oneShot: ['chats leave', 'group leave']
  },
  accept: {
    usage: '/accept',
    what: 'accept the request or the invitation',
    args: [],
    oneShot: ['chats accept', 'group join']
  },
  clear: {
    usage: '/clear [yes]',
    what: 'delete the stored messages of this chat',
    args: [['yes']],
    oneShot: ['chats clear'],
    more: 'Only on this device; asks for “yes” first. It stays on all other devices.'
  },
  contacts: { usage: '/contacts', what: 'all contacts', args: [], oneShot: ['contacts list'] },
  add: { usage: '/add WHO', what: 'add a contact, and tell them', args: ['person'], oneShot: ['contacts add'] },
  remove: {
    usage: '/remove WHO',
    what: 'remove from this group, else from the contacts',
    args: ['person'],
    oneShot: ['contacts remove', 'group remove'],
    more: 'In a group it removes a member, and all members are told. In any other chat it is about your contacts.'
  },
  block: { usage: '/block WHO', what: 'block a contact', args: ['person'], oneShot: ['contacts block'] },
  unblock: { usage: '/unblock WHO', what: 'unblock a contact', args: ['person'], oneShot: ['contacts unblock'] },
  policy: {
    usage: '/policy [WHO] [LEVEL] [pfs=on|off]',
    what: 'least protection for one person',
    args: ['person', policyLevels, ['pfs=on', 'pfs=off']],
    oneShot: ['contacts policy'],
    more: 'LEVEL is auto, forward-secret, static-key or any. Without WHO it is about the person of this chat; without LEVEL and pfs it shows what holds.'
  },
  verify: { usage: '/verify [WHO]', what: 'numbers that both of you compare', args: ['person'], oneShot: ['verify'] },
  members: { usage: '/members', what: 'who is in this group', args: [], oneShot: ['group show'] },
  'group-create': {
    usage: '/group-create NAME WHO…',
    what: 'make a private group',
    args: ['text', 'person'],
    oneShot: ['group create'],
    more: 'A name of several words stands in quotes: /group-create "the hikers" @bob'
  },
  invite: { usage: '/invite WHO…', what: 'invite to this group', args: ['person'], oneShot: ['group invite'] },
  promote: { usage: '/promote WHO…', what: 'make members admins', args: ['person'], oneShot: ['group promote'] },
  rename: { usage: '/rename NAME', what: 'give this group another name', args: ['text'], oneShot: ['group rename'] },
  'step-down': {
    usage: '/step-down',
    what: 'stop being an admin of this group',
    args: [],
    oneShot: ['group step-down']
  },
  reply: {
    usage: '/reply [^ID] TEXT',
    what: 'answer a message; without ^ID the last one',
    args: ['any', 'text'],
    oneShot: ['send'],
    more: '^ID is ^ and the first digits of a message id; Tab behind ^ shows the last messages.'
  },
  react: {
    usage: '/react [^ID] EMOJI',
    what: 'react to a message; again takes it back',
    args: ['any', emojis],
    oneShot: ['react'],
    more: `EMOJI is ${emojis.join(', ')}.`
  },
  edit: { usage: '/edit [^ID] TEXT', what: 'change a message of yours', args: ['own', 'text'], oneShot: ['edit'] },
  delete: {
    usage: '/delete [^ID]',
    what: 'delete a message of yours for all recipients',
    args: ['own'],
    oneShot: ['delete']
  },
  cancel: { usage: '/cancel [^ID]', what: 'cancel a message that is waiting', args: ['own'] },
  ledger: {
    usage: '/ledger [^ID]',
    what: 'what became of a message of yours',
    args: ['own'],
    oneShot: ['ledger']
  },
  search: {
    usage: '/search TEXT',
    what: 'search the whole history of this chat',
    args: ['text'],
    oneShot: ['history']
  },
  fetch: {
    usage: '/fetch [HOURS]',
    what: 'ask the mailserver for what this chat missed',
    args: ['text'],
    oneShot: ['fetch'],
    more: 'Without HOURS: everything since the last time. 7d, 2w or a date are understood too. Escape ends it. What came is kept either way.'
  },
  editor: {
    usage: '/editor',
    what: 'write in $VISUAL or $EDITOR (Ctrl+X Ctrl+E)',
    args: [],
    more: 'What is saved comes back to the input, to be sent with Enter. The file is readable by you alone and removed afterwards.'
  },
  devices: {
    usage: '/devices [WHO|pair NAME|enable ID|disable ID|sync]',
    what: 'your devices, or those of another person',
    args: [['pair', 'enable', 'disable', 'sync'], 'text'],
    oneShot: ['devices list', 'devices pair', 'devices enable', 'devices disable', 'devices sync']
  },
  whoami: { usage: '/whoami', what: 'your public key', args: [], oneShot: ['whoami'] },
  qr: { usage: '/qr', what: 'your contact link to scan', args: [], oneShot: ['keys link'] },
  peers: { usage: '/peers', what: 'who we are connected to', args: [] },
  retry: { usage: '/retry', what: 'try now what is waiting', args: [], oneShot: ['retry'] },
  notices: { usage: '/notices', what: 'what happened so far', args: [] },
  quit: { usage: '/quit', what: 'end the program', args: [] }
} satisfies Readonly<Record<string, CommandRow>>)

export type CommandName = keyof typeof commandTable

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commandTable, name)

export const commandRows = Object.entries(commandTable) as readonly (readonly [CommandName, CommandRow])[]

/** The command that was meant by a name that does not exist: one that begins so, else one that differs by a slip. */
export function meantCommand(name: string): CommandName | undefined {
  const names = commandRows.map(([known]) => known)
  const longer = name.length < 2 ? undefined : names.find(known => known.startsWith(name))
  if (longer !== undefined) return longer
  const [nearest] = names
    .map(known => ({ known, distance: slips(name.toLowerCase(), known) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(name.length / 3))
    ? nearest.known
    : undefined
}

/** Letters left out, put in, exchanged or swapped with their neighbour that lead from one word to the other. */
function slips(from: string, to: string): number {
  let older: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + same,
          swapped ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    older = row
    row = next
  }
  return row[to.length] ?? 0
}
