import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { keyHex, parseTarget } from '@status-stack/account-rpc/targets'
import { encodeKeyText } from '@status-stack/status-accounts'
import type { ChatRef, Contact, PublicKey } from '@status-stack/status-client'
import type { OwnNode } from '../platform/node-file.ts'
import type { Addresses, Session } from '../session/open-session.ts'
import type { Settings } from '../session/settings.ts'
import { type ChatList, createChatList, idOf } from './chat-list.ts'
import { type Conversation, type ConversationDeps, openConversation } from './conversation.ts'
import { createHistory, type History } from './history.ts'
import { createInspection, type Inspection } from './inspection.ts'
import { type Invite, inviteOf, personIn } from './invite.ts'
import { createNotices, type Notices } from './notices.ts'
import { createPeople, type People } from './people.ts'
import { createTask, type Task } from './problem.ts'

/** The parts of the page between which a person switches. */
export type Place = 'chats' | 'inspector' | 'me' | 'network'

/** Addresses as they are typed: they wait while a person looks elsewhere for one of them. */
export interface TypedAddresses {
  readonly nodes: Signal<string>
  readonly mailservers: Signal<string>
  readonly own: Signal<boolean>
}

/** What is known beside the session. */
export interface MessengerFacts {
  readonly settings: Settings
  /** What was stored of them cannot be read: these are the first ones. */
  readonly settingsDamaged: boolean
  readonly ownNode: OwnNode | undefined
  readonly addresses: Addresses
}

/** An open account as the page shows it. */
export interface Messenger extends MessengerFacts {
  readonly session: Session
  /** `zQ3sh…` */
  readonly keyText: string
  readonly invite: Invite
  readonly place: ReadonlySignal<Place>
  readonly people: People
  readonly chats: ChatList
  readonly conversation: ReadonlySignal<Conversation | undefined>
  readonly history: History
  readonly notices: Notices
  readonly inspection: Inspection
  readonly typedAddresses: TypedAddresses
  readonly task: Task
  readonly goTo: (place: Place) => void
  readonly openChat: (chat: ChatRef) => Promise<boolean>
  readonly closeChat: () => Promise<void>
  /** Opens what a person typed or scanned: a key, a contact link, `#name`. */
  readonly openTarget: (text: string) => Promise<boolean>
  readonly leave: (chat: ChatRef) => Promise<boolean>
  readonly createGroup: (name: string, members: readonly PublicKey[]) => Promise<boolean>
  /** Accepts an invitation. */
  readonly joinGroup: (id: string) => Promise<boolean>
  readonly inviteToGroup: (id: string, person: string) => Promise<boolean>
  readonly setContact: (publicKey: PublicKey, change: 'add' | 'remove' | 'block' | 'unblock') => Promise<boolean>
  readonly setMinimum: (publicKey: PublicKey, minimum: Contact['minimum']) => Promise<boolean>
  readonly stop: () => Promise<void>
  readonly wipe: () => Promise<void>
}

/** The model of an account over a running session. */
export async function createMessenger(
  session: Session,
  facts: MessengerFacts,
  surroundings: Omit<ConversationDeps, 'client'>
): Promise<Messenger> {
  const { client } = session
  // Where they are entered again.
  const place = signal<Place>(facts.settingsDamaged ? 'network' : 'chats')
  const conversation = signal<Conversation | undefined>(undefined)
  const task = createTask()
  const people = await createPeople(client)
  const chats = await createChatList(client, people)
  const history = createHistory(client, session.mailservers)
  const notices = createNotices(client, chats.titleOf)
  const inspection = createInspection({
    identities: [session.identity],
    chats: () => chats.lines.value.flatMap(({ chat: { chat } }) => (chat.kind === 'public' ? [chat.name] : [])),
    recorder: session.recorder,
    client
  })

  const closeChat = async (): Promise<void> => {
    const closing = conversation.value
    conversation.value = undefined
    await closing?.stop()
  }
  const openNow = async (chat: ChatRef): Promise<void> => {
    const id = idOf(chat, keyHex)
    place.value = 'chats'
    if (conversation.value?.id === id) return
    if (chat.kind === 'public') await client.joinPublic(chat.name)
    await closeChat()
    conversation.value = await openConversation(id, chat, { client, ...surroundings })
  }
  const end = async (): Promise<void> => {
    await closeChat()
    for (const { stop } of [people, chats, history, notices, inspection]) stop()
  }

  return {
    ...facts,
    session,
    keyText: encodeKeyText(client.publicKey),
    invite: inviteOf(client.publicKey),
    place,
    people,
    chats,
    conversation,
    history,
    notices,
    inspection,
    typedAddresses: {
      nodes: signal(facts.settings.nodes.join('\n')),
      mailservers: signal(facts.settings.mailservers.join('\n')),
      own: signal(facts.settings.own)
    },
    task,
    goTo: next => {
      task.dismiss()
      place.value = next
    },
    openChat: chat => task.run(() => openNow(chat)),
    closeChat,
    openTarget: text => task.run(() => openNow(targetIn(text.trim()))),
    leave: chat =>
      task.run(async () => {
        await closeChat()
        if (chat.kind === 'public') await client.leavePublic(chat.name)
        else if (chat.kind === 'group') await client.leaveGroup(chat.id)
        else await client.clearChat(chat)
      }),
    createGroup: (name, members) =>
      task.run(async () => {
        const { id } = await client.createGroup(name.trim(), members)
        await openNow({ kind: 'group', id })
      }),
    joinGroup: id => task.run(() => client.joinGroup(id)),
    inviteToGroup: (id, person) => task.run(() => client.inviteToGroup(id, [personIn(person)])),
    setContact: (publicKey, change) =>
      task.run(() => {
        if (change === 'add') return client.addContact(publicKey)
        if (change === 'remove') return client.removeContact(publicKey)
        return change === 'block' ? client.block(publicKey) : client.unblock(publicKey)
      }),
    setMinimum: (publicKey, minimum) => task.run(() => client.setPolicy(publicKey, { minimum })),
    stop: async () => {
      await end()
      await session.stop()
    },
    wipe: async () => {
      await end()
      await client.wipe()
      await session.stop()
    }
  }
}

/** `#name`, a key, or a contact link, whose nodes are not joined: a person chooses those in the settings. */
function targetIn(text: string): ChatRef {
  return text.startsWith('#') ? parseTarget(text) : { kind: 'one-to-one', publicKey: personIn(text) }
}
