import { parseTarget } from '../target.ts'
import { chatView, groupView } from '../view.ts'
import { type CommandContext, done, type Handler } from './command-context.ts'
import { type CommandName, commandTable } from './command-table.ts'
import { chatOf, groupHere, here, needed, noArgument, personOf, usageError, wordsOf } from './references.ts'

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

async function showGroup(context: CommandContext, id: string): Promise<void> {
  const chat = (await context.client.chats()).find(candidate => candidate.id === id)
  if (chat !== undefined) context.page('Group', [groupView(chat)])
}

const everybody = (context: CommandContext, rest: string, name: CommandName): readonly Uint8Array[] =>
  wordsOf(needed(rest, name)).map(word => personOf(context.state(), word))

async function accept(context: CommandContext): Promise<void> {
  const chat = here(context.state())
  if (chat.kind === 'group') await context.client.joinGroup(chat.id)
  else await context.client.acceptRequest(chat)
  context.say(done('accepted', 'accepted'))
}

export const chatCommands: Readonly<Record<Name, Handler>> = {
  to: async (context, rest) => context.open(chatOf(context.state(), rest)),
  next: async (context, rest) => {
    noArgument(rest, 'next')
    context.next()
  },
  chats: async context => {
    const chats = (await context.client.chats()).filter(({ active, unread }) => active || unread > 0)
    const none = done('none yet: /to WHO or /join #NAME', 'chats')
    context.page('Chats', chats.length === 0 ? [none] : chats.map(chatView))
  },
  join: async (context, rest) => {
    if (rest !== '') return context.open(parseTarget(rest.startsWith('#') ? rest : `#${rest}`))
    if (here(context.state()).kind !== 'group') throw usageError(`which one? ${commandTable.join.usage}`)
    return accept(context)
  },
  leave: async (context, rest) => {
    noArgument(rest, 'leave')
    const chat = here(context.state())
    if (chat.kind === 'one-to-one') throw usageError('a conversation with a person cannot be left: /block ends it')
    if (chat.kind === 'public') await context.client.leavePublic(chat.name)
    else await context.client.leaveGroup(chat.id)
    context.say(done('left', 'left'))
  },
  accept: async (context, rest) => {
    noArgument(rest, 'accept')
    await accept(context)
  },
  clear: async (context, rest) => {
    const chat = here(context.state())
    if (rest !== 'yes') throw usageError('this deletes all stored messages of this chat on this device', '/clear yes')
    await context.client.clearChat(chat)
    await context.open(chat)
    context.say(done('cleared', 'cleared'))
  },
  members: async context => showGroup(context, groupHere(context.state())),
  'group-create': async (context, rest) => {
    const [name = '', ...members] = wordsOf(needed(rest, 'group-create'))
    const keys = members.map(word => personOf(context.state(), word))
    const { id } = await context.client.createGroup(name, keys)
    await context.open({ kind: 'group', id })
  },
  invite: async (context, rest) => {
    const id = groupHere(context.state())
    await context.client.inviteToGroup(id, everybody(context, rest, 'invite'))
    await showGroup(context, id)
  },
  promote: async (context, rest) => {
    const id = groupHere(context.state())
    await context.client.promoteInGroup(id, everybody(context, rest, 'promote'))
    await showGroup(context, id)
  },
  rename: async (context, rest) => {
    const id = groupHere(context.state())
    await context.client.renameGroup(id, needed(rest, 'rename').replace(/^"(.*)"$/, '$1'))
    context.say(done('renamed', 'renamed'))
  },
  'step-down': async (context, rest) => {
    noArgument(rest, 'step-down')
    await context.client.stepDownInGroup(groupHere(context.state()))
    context.say(done('you are no longer an admin', 'stepped-down'))
  }
}
