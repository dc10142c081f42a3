import type { Client } from '@status-stack/status-client'
import { AccountError } from '../errors.ts'
import { chatFact, groupFact } from '../fact-makers.ts'
import type { ChatFact, ChatJson } from '../facts.ts'
import { chatOf, done, groupOf, type Implementations, type MethodContext } from '../implementation.ts'
import type { chatMethods } from '../methods/chats.ts'
import { parsePerson } from '../targets.ts'

/** The group as it is now. @throws AccountError `unknown-chat` */
async function shown(client: Client, id: string): Promise<ChatFact> {
  const chat = (await client.chats()).find(candidate => candidate.id === id)
  if (chat === undefined) throw new AccountError('unknown-chat', 'there is no such group in this profile')
  return groupFact(chat)
}

/** Changes a group, and answers what it is afterwards. */
const change =
  <P extends { readonly group: string | ChatJson }>(work: (client: Client, id: string, params: P) => Promise<void>) =>
  async (params: P, { client }: MethodContext): Promise<ChatFact> => {
    const id = groupOf(params)
    await work(client, id, params)
    return shown(client, id)
  }

/** Conversations, and private groups. */
export const chatImplementations: Implementations<typeof chatMethods> = {
  chats: async (_, { client }) => (await client.chats()).map(chatFact),
  joinChat: (params, { client }) => {
    const chat = chatOf(params)
    return done(chat.kind === 'public' ? client.joinPublic(chat.name) : client.acceptRequest(chat))
  },
  leaveChat: (params, { client }) => {
    const chat = chatOf(params)
    if (chat.kind === 'public') return done(client.leavePublic(chat.name))
    return done(chat.kind === 'group' ? client.leaveGroup(chat.id) : client.clearChat(chat))
  },
  mute: (params, { client }) => done(client.setMuted(chatOf(params), params.on)),
  draft: async (params, { client }) => ({ text: await client.draft(chatOf(params)) }),
  setDraft: (params, { client }) => done(client.setDraft(chatOf(params), params.text)),
  clearChat: (params, { client }) => done(client.clearChat(chatOf(params))),
  createGroup: async ({ name, members }, { client }) => {
    const { id } = await client.createGroup(name, members.map(parsePerson))
    return shown(client, id)
  },
  group: change(async () => {}),
  joinGroup: change((client, id) => client.joinGroup(id)),
  leaveGroup: change((client, id) => client.leaveGroup(id)),
  inviteToGroup: change((client, id, { members }) => client.inviteToGroup(id, members.map(parsePerson))),
  renameGroup: change((client, id, { name }) => client.renameGroup(id, name)),
  promoteInGroup: change((client, id, { members }) => client.promoteInGroup(id, members.map(parsePerson))),
  removeFromGroup: change((client, id, { publicKey }) => client.removeFromGroup(id, parsePerson(publicKey))),
  stepDownInGroup: change((client, id) => client.stepDownInGroup(id))
}
