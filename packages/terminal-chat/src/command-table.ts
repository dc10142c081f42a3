import { emojis } from '@status-stack/account-rpc/methods'

/** What an argument names, for completion. `own` and `any` are messages, written `^` and the first digits of their id. */
export type ArgumentKind = 'chat' | 'person' | 'own' | 'any' | 'command' | 'text' | readonly string[]

/** What is known of one `/command`. */
export interface CommandRow {
  /** The command with its arguments, as `/help` shows it. */
  readonly usage: string
  /** What it does, in a few words. */
  readonly what: string
  /** What each argument is, for completion. */
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
    more: 'WHO is a public key (zQ3sh…, 0x04…), a contact link, @name of a known person, #name, or the name or the id of a group.'
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
  mute: {
    usage: '/mute [on|off]',
    what: 'let this chat ring no more',
    args: [['on', 'off']],
    oneShot: ['chats mute'],
    more: 'On this device, over restarts; what is unread is counted all the same. /mute off undoes it.'
  },
  read: {
    usage: '/read [all]',
    what: 'mark this chat, or all chats, as read',
    args: [['all']],
    oneShot: ['seen']
  },
  contacts: { usage: '/contacts', what: 'all contacts', args: [], oneShot: ['contacts list'] },
  add: { usage: '/add WHO', what: 'add a contact, and tell them', args: ['person'], oneShot: ['contacts add'] },
  name: {
    usage: '/name [WHO] [NAME]',
    what: 'what you call a person; without NAME it is forgotten',
    args: ['person', 'text'],
    oneShot: ['contacts name'],
    more: 'It stays on this device, and no other person learns of it. Without WHO it is about the person of this chat.'
  },
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
    what: 'react to a message; the same once more takes it back',
    args: ['any', emojis],
    oneShot: ['react'],
    more: `EMOJI is ${emojis.join(', ')}.`
  },
  edit: { usage: '/edit [^ID] TEXT', what: 'change a message of yours', args: ['own', 'text'], oneShot: ['edit'] },
  delete: {
    usage: '/delete [^ID]',
    what: 'delete a message of yours for everyone',
    args: ['own'],
    oneShot: ['delete']
  },
  image: {
    usage: '/image FILE [TEXT]',
    what: 'send a picture, with a text',
    args: ['text'],
    oneShot: ['send'],
    more: 'PNG, JPEG, WEBP or GIF. Put a path with spaces in quotes; ~ is your home folder.'
  },
  audio: {
    usage: '/audio FILE [TEXT]',
    what: 'send a sound, with a text',
    args: ['text'],
    oneShot: ['send'],
    more: 'AAC or AMR; its length is read from the file.'
  },
  save: {
    usage: '/save [^ID] [FILE]',
    what: 'write the picture or sound of a message to a file',
    args: ['any', 'text'],
    oneShot: ['attachment'],
    more: 'Without ^ID the newest one; without FILE, or with a folder, under a name made of its id. No file is overwritten.'
  },
  open: {
    usage: '/open [^ID]',
    what: 'open the picture or sound of a message in another program',
    args: ['any'],
    more: 'Uses the program of the setting `opener`, or the default one of the system. Only you can read the file, and it is removed when the chat ends.'
  },
  view: {
    usage: '/view [^ID]',
    what: 'show the picture of a message in the terminal',
    args: ['any'],
    more: 'In terminals that show pictures; any key ends it.'
  },
  copy: {
    usage: '/copy [^ID|WHO|key|link]',
    what: 'copy a text, a key or your contact link',
    args: ['any'],
    more: 'Uses the clipboard of the terminal, also over SSH, if the terminal allows it. Without an argument, the newest text.'
  },
  cancel: { usage: '/cancel [^ID]', what: 'cancel a message that is waiting', args: ['own'] },
  ledger: {
    usage: '/ledger [^ID]',
    what: 'what became of a message of yours',
    args: ['own'],
    oneShot: ['ledger']
  },
  search: {
    usage: '/search [--all] TEXT',
    what: 'search the whole history of this chat, or of all',
    args: ['text'],
    oneShot: ['history'],
    more: 'Results appear as they are found: ↑ and ↓ choose one, Enter shows it where it was said. Escape ends the search.'
  },
  fetch: {
    usage: '/fetch [HOURS]',
    what: 'ask the mailserver for messages that this chat missed',
    args: ['text'],
    oneShot: ['fetch'],
    more: 'Without HOURS: everything since the last time. 7d, 2w or a date are understood too. Escape ends it. Fetched messages are kept in any case.'
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

/** Every command with its row, in the order of the table. */
export const commandRows = Object.entries(commandTable) as readonly (readonly [CommandName, CommandRow])[]
