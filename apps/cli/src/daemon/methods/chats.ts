import type { Client } from '@status-stack/status-client'
import { chatView, groupView } from '../../view.ts'
import type { Arguments } from '../arguments.ts'
import { chatOf, done, groupOf, type MethodTable, membersOf, personOf } from './method.ts'

/** The group as it is now. */
async function shown(client: Client, id: string): Promise<object> {
  const chat = (await client.chats()).find(candidate => candidate.id === id)
  return chat === undefined ? {} : groupView(chat).event
}

/** Changes a group, and answers what it is afterwards. */
const change =
  (work: (client: Client, id: string, args: Arguments) => Promise<void>) =>
  async (client: Client, args: Arguments): Promise<object> => {
    const id = groupOf(args)
    await work(client, id, args)
    return shown(client, id)
  }

/** Conversations, and private groups. */
export const chatMethods: MethodTable = {
  chats: { params: [], run: async client => (await client.chats()).map(chat => chatView(chat).event) },
  joinChat: {
    params: ['chat'],
    run: (client, args) => {
      const chat = chatOf(args)
      return done(chat.kind === 'public' ? client.joinPublic(chat.name) : client.acceptRequest(chat))
    }
  },
  leaveChat: {
    params: ['chat'],
    run: (client, args) => {
      const chat = chatOf(args)
      if (chat.kind === 'public') return done(client.leavePublic(chat.name))
      return done(chat.kind === 'group' ? client.leaveGroup(chat.id) : client.clearChat(chat))
    }
  },
  clearChat: { params: ['chat'], run: (client, args) => done(client.clearChat(chatOf(args))) },
  createGroup: {
    params: ['name', 'members'],
    run: async (client, args) => {
      const { id } = await client.createGroup(args.text('name'), membersOf(args))
      return shown(client, id)
    }
  },
  group: { params: ['group'], run: change(async () => {}) },
  joinGroup: { params: ['group'], run: change((client, id) => client.joinGroup(id)) },
  leaveGroup: { params: ['group'], run: change((client, id) => client.leaveGroup(id)) },
  inviteToGroup: {
    params: ['group', 'members'],
    run: change((client, id, args) => client.inviteToGroup(id, membersOf(args)))
  },
  renameGroup: {
    params: ['group', 'name'],
    run: change((client, id, args) => client.renameGroup(id, args.text('name')))
  },
  promoteInGroup: {
    params: ['group', 'members'],
    run: change((client, id, args) => client.promoteInGroup(id, membersOf(args)))
  },
  removeFromGroup: {
    params: ['group', 'publicKey'],
    run: change((client, id, args) => client.removeFromGroup(id, personOf(args)))
  },
  stepDownInGroup: { params: ['group'], run: change((client, id) => client.stepDownInGroup(id)) }
}
