import { encodeKeyText, formatContactLink, formatQrPayload } from '@status-stack/status-accounts'
import type { ChatRef, Client, Message, PublicKey } from '@status-stack/status-client'
import { parseEmoji } from '../emoji.ts'
import { CliError } from '../errors.ts'
import { parseKey, parseTarget } from '../target.ts'
import { contactView, groupView, ledgerView } from '../view.ts'
import { type CommandName, commandTable, helpLines, isCommand } from './command-table.ts'
import { foundLine } from './message-lines.ts'
import type { Action } from './model.ts'
import { qrRows } from './qr.ts'
import type { State } from './state.ts'

export interface CommandContext {
  readonly client: Client
  readonly state: () => State
  readonly dispatch: (action: Action) => void
  /** Shows a chat. */
  readonly open: (chat: ChatRef) => Promise<void>
  readonly quit: () => void
  /** Aborts when the person wants an end of it. */
  readonly signal: AbortSignal
  /** What the contact link names besides the key. */
  readonly peers: readonly string[]
  readonly mailserver: string | undefined
}

type Handler = (context: CommandContext, rest: string) => Promise<void>

const usageError = (message: string): CliError => new CliError('usage', 'chat-command', message)
const wordsOf = (rest: string): readonly string[] => rest.split(/\s+/).filter(word => word !== '')

/** `@name` of somebody seen, or a key in any form. */
export function personOf(state: State, word: string): PublicKey {
  if (!word.startsWith('@')) return parseKey(word)
  const found = Object.entries(state.people).filter(([, name]) => name === word.slice(1))
  const [first] = found
  if (first === undefined || found.length > 1) throw usageError(`nobody known is called ${word}; Tab completes names`)
  return parseKey(first[0])
}

/** Names after `@` become the keys that the protocol mentions people by. */
export function withMentions(state: State, text: string): string {
  return text.replace(/@([^\s@]+?)(?=[.,:;!?)]*(?:\s|$))/g, (written, name: string) => {
    const keys = Object.entries(state.people).filter(([, known]) => known === name)
    return keys.length === 1 ? `@${keys[0]?.[0]}` : written
  })
}

function chatOf(state: State, word: string): ChatRef {
  if (word === '') throw usageError(`who? ${commandTable.to.usage}`)
  return word.startsWith('@') ? { kind: 'one-to-one', publicKey: personOf(state, word) } : parseTarget(word)
}

function here(state: State): ChatRef {
  if (state.conversation === undefined) throw usageError('no chat is open: /to WHO or /join #NAME')
  return state.conversation.chat
}

function groupHere(state: State): string {
  const chat = here(state)
  if (chat.kind !== 'group') throw usageError('this is not a group')
  return chat.id
}

/** The message that `^ID` names, else the newest that fits; and what stands behind it. */
function messageAt(state: State, rest: string, own: boolean): { readonly message: Message; readonly rest: string } {
  const [, reference, text = ''] = /^(?:\^(\S*)\s*)?([\s\S]*)$/.exec(rest) ?? []
  const eligible = (state.conversation?.messages ?? []).filter(
    message => !message.deleted && message.content.kind !== 'system' && (!own || message.outgoing)
  )
  const found =
    reference === undefined
      ? eligible.slice(-1)
      : eligible.filter(({ messageId }) => reference.length >= 4 && messageId.startsWith(`0x${reference}`))
  const [message] = found
  if (message === undefined || found.length > 1)
    throw usageError(reference === undefined ? 'there is no such message here' : `no single message is ^${reference}`)
  return { message, rest: text.trim() }
}

const needed = (text: string, name: CommandName): string => {
  if (text === '') throw usageError(`usage: ${commandTable[name].usage}`)
  return text
}

const say = (context: CommandContext, text: string): void => context.dispatch({ type: 'notice', text })
const show = (context: CommandContext, title: string, lines: readonly string[]): void =>
  context.dispatch({ type: 'panel', panel: { title, lines } })

/** Changes one person and says what is so afterwards. */
const person =
  (name: CommandName, work: (client: Client, publicKey: PublicKey) => Promise<void>): Handler =>
  async (context, rest) => {
    const publicKey = personOf(context.state(), needed(rest, name))
    await work(context.client, publicKey)
    say(context, contactView(await context.client.contact(publicKey)).text)
  }

const handlers: Readonly<Record<CommandName, Handler>> = {
  help: async context => show(context, 'Help', helpLines),
  to: async (context, rest) => context.open(chatOf(context.state(), rest)),
  join: async (context, rest) => context.open(parseTarget(rest.startsWith('#') ? rest : `#${needed(rest, 'join')}`)),
  leave: async context => {
    const chat = here(context.state())
    if (chat.kind === 'one-to-one') throw usageError('a conversation with a person cannot be left: /block ends it')
    if (chat.kind === 'public') await context.client.leavePublic(chat.name)
    else await context.client.leaveGroup(chat.id)
    say(context, 'left')
  },
  accept: async context => {
    const chat = here(context.state())
    if (chat.kind === 'group') await context.client.joinGroup(chat.id)
    else await context.client.acceptRequest(chat)
    say(context, 'accepted')
  },
  add: person('add', (client, publicKey) => client.addContact(publicKey)),
  block: person('block', (client, publicKey) => client.block(publicKey)),
  unblock: person('unblock', (client, publicKey) => client.unblock(publicKey)),
  'group-create': async (context, rest) => {
    const [name = '', ...members] = wordsOf(needed(rest, 'group-create'))
    const keys = members.map(word => personOf(context.state(), word))
    const { id } = await context.client.createGroup(name, keys)
    await context.open({ kind: 'group', id })
  },
  invite: async (context, rest) => {
    const id = groupHere(context.state())
    const keys = wordsOf(needed(rest, 'invite')).map(word => personOf(context.state(), word))
    await context.client.inviteToGroup(id, keys)
    const chat = (await context.client.chats()).find(candidate => candidate.id === id)
    if (chat !== undefined) show(context, 'Group', groupView(chat).text.split('\n'))
  },
  reply: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const content = { text: withMentions(state, needed(rest, 'reply')), replyTo: message.messageId }
    await context.client.send(here(state), content, { signal: context.signal })
  },
  react: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const emoji = parseEmoji(rest)
    const own = message.reactions.some(
      reaction => reaction.emoji === emoji && encodeKeyText(reaction.author) === encodeKeyText(state.self)
    )
    await context.client.react(message.messageId, emoji, !own)
  },
  edit: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    await context.client.edit(message.messageId, withMentions(context.state(), needed(rest, 'edit')))
  },
  delete: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    if (rest !== '') throw usageError(`usage: ${commandTable.delete.usage}`)
    await context.client.deleteMessage(message.messageId)
  },
  ledger: async (context, text) => {
    const { message } = messageAt(context.state(), text, true)
    const entry = await context.client.ledger(message.messageId)
    if (entry === undefined) throw usageError('nothing is known about its delivery')
    show(context, 'Delivery', ledgerView(entry, context.client.publicKey).text.split('\n'))
  },
  search,
  qr: async context => {
    const { self, width, height } = context.state()
    const mailserver = context.mailserver === undefined ? {} : { mailserver: context.mailserver }
    const link = { publicKey: self, enodes: context.peers, ...mailserver }
    const whole = qrRows(formatQrPayload(link))
    const fits = whole.length + 4 <= height && (whole[0]?.length ?? 0) + 2 <= width
    const picture = fits ? whole : qrRows(formatQrPayload({ publicKey: self }))
    const lines = [
      '',
      formatContactLink(link),
      ...(fits ? [] : ['The picture holds the key alone: the window is too small for the peers.'])
    ]
    context.dispatch({ type: 'panel', panel: { title: 'Your contact link', picture, lines } })
  },
  verify: async (context, rest) => {
    const state = context.state()
    const chat = rest === '' ? here(state) : chatOf(state, rest)
    if (chat.kind !== 'one-to-one') throw usageError(`who? ${commandTable.verify.usage}`)
    const { safetyText } = await context.client.contact(chat.publicKey)
    const groups = safetyText.split(' ')
    show(context, 'Verify', [
      encodeKeyText(chat.publicKey),
      '',
      'Both of you see the same numbers, or somebody is between you:',
      ...[0, 4, 8].map(start => `  ${groups.slice(start, start + 4).join(' ')}`)
    ])
  },
  peers: async context => {
    const peers = context.client.peers()
    const lines = peers.map(({ peerId, remoteAddress }) => `${peerId.slice(0, 16)}… ${remoteAddress ?? ''}`)
    show(context, 'Peers', lines.length === 0 ? ['no peers'] : lines)
  },
  retry: async context => {
    await context.client.retry()
    say(context, 'tried again')
  },
  notices: async context => show(context, 'What happened', context.state().notices.toReversed()),
  quit: async context => context.quit()
}

/** BOUNDED: what one search shows. */
const mostFound = 200

/** Reads the stored history of the chat backwards, until enough is found. */
async function search(context: CommandContext, rest: string): Promise<void> {
  const chat = here(context.state())
  const wanted = needed(rest, 'search')
  const found: Message[] = []
  let read = 0
  try {
    for await (const step of context.client.search(chat, wanted)) {
      found.push(...step.messages)
      read += step.read
      context.dispatch({ type: 'progress', text: `searching: ${read} messages, ${found.length} found; Escape ends it` })
      if (found.length >= mostFound || context.signal.aborted) break
    }
  } finally {
    context.dispatch({ type: 'progress' })
  }
  const state = context.state()
  const lines = found.slice(0, mostFound).map(message => foundLine(state, message))
  const title = `${found.length > mostFound ? `the newest ${mostFound}` : found.length} found in ${read} messages`
  show(context, title, lines.length === 0 ? ['nothing found'] : lines)
}

/** Runs one `/command`. @throws CliError `chat-command`, and what the client throws */
export async function runCommand(context: CommandContext, name: string, rest: string): Promise<void> {
  if (!isCommand(name)) throw usageError(`unknown command: /${name.slice(0, 40)}; /help lists them`)
  await handlers[name](context, rest)
}
