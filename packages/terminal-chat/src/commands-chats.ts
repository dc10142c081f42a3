import type { ChatFact } from '@status-stack/account-rpc/methods'
import { chatJson, type KeyHex, parseTarget } from '@status-stack/account-rpc/targets'
import { chatView, groupView } from '@status-stack/account-rpc/words'
import { type CommandContext, done, type Handler } from './command-context.ts'
import { type CommandName, commandTable } from './command-table.ts'
import { chatOf, groupHere, here, needed, noArgument, personOf, usageError, wordsOf } from './references.ts'
import { namesOf } from './state.ts'

type Name = Extract<
  CommandName,
  | 'to'
  | 'next'
  | 'chats'
  | 'join'
  | 'leave'
  | 'accept'
  | 'clear'
  | 'members'
  | 'group-create'
  | 'invite'
  | 'promote'
  | 'rename'
  | 'step-down'
>

const showGroup = (context: CommandContext, group: ChatFact): void =>
  context.page('Group', [groupView(group, namesOf(context.state()))])

const everybody = (context: CommandContext, rest: string, name: CommandName): KeyHex[] =>
  wordsOf(needed(rest, name)).map(word => personOf(context.state(), word))

async function accept(context: CommandContext): Promise<void> {
  const chat = here(context.state())
  if (chat.kind === 'group') await context.account.joinGroup({ group: chat.id })
  else await context.account.joinChat({ chat })
  context.say(done('accepted', 'accepted'))
}

export const chatCommands: Readonly<Record<Name, Handler>> = {
  to: async (context, rest) => context.open(chatOf(context.state(), rest)),
  next: async (context, rest) => {
    noArgument(rest, 'next')
    if (!(await context.next())) throw usageError('nothing is unread')
  },
  chats: async context => {
    const chats = (await context.account.chats()).filter(({ active, unread }) => active || unread > 0)
    const none = done('none yet: /to WHO or /join #NAME', 'chats')
    context.page('Chats', chats.length === 0 ? [none] : chats.map(chat => chatView(chat, namesOf(context.state()))))
  },
  join: async (context, rest) => {
    if (rest !== '') return context.open(chatJson(parseTarget(rest.startsWith('#') ? rest : `#${rest}`)))
    if (here(context.state()).kind !== 'group') throw usageError(`which one? ${commandTable.join.usage}`)
    return accept(context)
  },
  leave: async (context, rest) => {
    noArgument(rest, 'leave')
    const chat = here(context.state())
    if (chat.kind === 'one-to-one') throw usageError('a conversation with a person cannot be left: /block ends it')
    await context.account.leaveChat({ chat })
    context.say(done('left', 'left'))
  },
  accept: async (context, rest) => {
    noArgument(rest, 'accept')
    await accept(context)
  },
  clear: async (context, rest) => {
    const chat = here(context.state())
    if (rest !== 'yes') throw usageError('this deletes all stored messages of this chat on this device', '/clear yes')
    await context.account.clearChat({ chat })
    await context.open(chat)
    context.say(done('cleared', 'cleared'))
  },
  members: async context => showGroup(context, await context.account.group({ group: groupHere(context.state()) })),
  'group-create': async (context, rest) => {
    const [name = '', ...members] = wordsOf(needed(rest, 'group-create'))
    const keys = members.map(word => personOf(context.state(), word))
    const { chat } = await context.account.createGroup({ name, members: keys })
    await context.open(chat)
  },
  invite: async (context, rest) => {
    const group = groupHere(context.state())
    const members = everybody(context, rest, 'invite')
    showGroup(context, await context.account.inviteToGroup({ group, members }))
  },
  promote: async (context, rest) => {
    const group = groupHere(context.state())
    const members = everybody(context, rest, 'promote')
    showGroup(context, await context.account.promoteInGroup({ group, members }))
  },
  rename: async (context, rest) => {
    const group = groupHere(context.state())
    await context.account.renameGroup({ group, name: needed(rest, 'rename').replace(/^"(.*)"$/, '$1') })
    context.say(done('renamed', 'renamed'))
  },
  'step-down': async (context, rest) => {
    noArgument(rest, 'step-down')
    await context.account.stepDownInGroup({ group: groupHere(context.state()) })
    context.say(done('you are no longer an admin', 'stepped-down'))
  }
}
