import type { ChatFact } from '../facts.ts'
import { method, result } from '../method.ts'
import { chat, flag, people, person, text, withDefault } from '../params.ts'
import { done } from './own.ts'

const group = result<ChatFact>('`group` with its members')

/** Conversations, and private groups. */
export const chatMethods = {
  chats: method({ doc: 'all conversations', params: {}, result: result<readonly ChatFact[]>('list of `chat`') }),
  joinChat: method({
    doc: 'joins a public chat, or accepts the request of a person',
    params: { chat },
    result: done
  }),
  leaveChat: method({
    doc: 'leaves a public chat or a group; of a person, deletes the messages stored here',
    params: { chat },
    result: done
  }),
  clearChat: method({
    doc: 'deletes the stored messages of a conversation here',
    params: { chat },
    result: done
  }),
  mute: method({
    doc: 'asks for no notices of what arrives in a conversation, or with `on: false` for notices again; on this device only',
    params: { chat, on: withDefault(flag, true) },
    result: done
  }),
  draft: method({
    doc: 'the text that is being written for a conversation, as `chat` keeps it',
    params: { chat },
    result: result<{ readonly text: string }>('`text`, empty for none')
  }),
  setDraft: method({
    doc: 'keeps the text that is being written for a conversation, encrypted; an empty one forgets it',
    params: { chat, text },
    result: done
  }),
  createGroup: method({
    doc: 'makes a group and invites its members',
    params: { name: text, members: people },
    result: group
  }),
  group: method({ doc: 'one group', params: { group: chat }, result: group }),
  joinGroup: method({ doc: 'accepts an invitation', params: { group: chat }, result: group }),
  leaveGroup: method({ doc: 'leaves a group', params: { group: chat }, result: group }),
  inviteToGroup: method({ doc: 'invites more people', params: { group: chat, members: people }, result: group }),
  renameGroup: method({ doc: 'gives a group another name', params: { group: chat, name: text }, result: group }),
  promoteInGroup: method({ doc: 'makes members admins', params: { group: chat, members: people }, result: group }),
  removeFromGroup: method({ doc: 'removes a member', params: { group: chat, publicKey: person }, result: group }),
  stepDownInGroup: method({ doc: 'stops being an admin', params: { group: chat }, result: group })
}
