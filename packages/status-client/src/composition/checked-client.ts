import type { Client } from '../client-types.ts'
import { check } from '../errors.ts'
import { clientEventNames } from '../events.ts'
import { limits } from '../limits.ts'
import type { ChatRef } from '../types.ts'
import * as checks from './arguments.ts'

function onMessage<T>(messageId: string, run: () => Promise<T>): Promise<T> {
  checks.checkText('messageId', messageId)
  return run()
}

function onPerson<T>(publicKey: Uint8Array, run: () => Promise<T>): Promise<T> {
  checks.checkPublicKey('publicKey', publicKey)
  return run()
}

function onChat<T>(chat: ChatRef, run: () => Promise<T>): Promise<T> {
  checks.checkChat(chat)
  return run()
}

function onGroup<T>(id: string, run: () => Promise<T>): Promise<T> {
  checks.checkText('id', id)
  return run()
}

/** Links, events and servers. */
const checkedConnection = (client: Client) =>
  ({
    on: (event, handler) => {
      check.oneOf('event', event, Object.keys(clientEventNames))
      check.function('handler', handler)
      return client.on(event, handler)
    },
    attach: async link => {
      check.object('link', link)
      checks.checkText('link.peerId', link.peerId)
      check.function('link.packets', link.packets)
      check.function('link.send', link.send)
      check.function('link.close', link.close)
      return client.attach(link)
    },
    fetchHistory: async (query = {}) => {
      checks.checkHistoryQuery(query)
      return client.fetchHistory(query)
    }
  }) satisfies Partial<Client>

/** Messages: read, sent, changed, and followed on their way. */
const checkedMessages = (client: Client) =>
  ({
    messages: async (chat, query = {}) => {
      checks.checkMessagesQuery(query)
      return onChat(chat, () => client.messages(chat, query))
    },
    search: (chat, text, query = {}) => {
      checks.checkChat(chat)
      check.text('text', text)
      checks.checkSearchQuery(query)
      return client.search(chat, text, query)
    },
    message: async messageId => onMessage(messageId, () => client.message(messageId)),
    send: async (chat, content, options = {}) => {
      checks.checkContent(content)
      checks.checkSendOptions(options)
      return onChat(chat, () => client.send(chat, content, options))
    },
    react: async (messageId, emoji, on = true) => {
      checks.checkText('emoji', emoji)
      check.boolean('on', on)
      return onMessage(messageId, () => client.react(messageId, emoji, on))
    },
    edit: async (messageId, text) => {
      check.text('text', text)
      return onMessage(messageId, () => client.edit(messageId, text))
    },
    deleteMessage: async messageId => onMessage(messageId, () => client.deleteMessage(messageId)),
    pin: async (messageId, on = true) => {
      check.boolean('on', on)
      return onMessage(messageId, () => client.pin(messageId, on))
    },
    pinned: async chat => onChat(chat, () => client.pinned(chat)),
    sendCommand: async (chat, command) => {
      checks.checkCommand(command)
      return onChat(chat, () => client.sendCommand(chat, command))
    },
    ledger: async messageId => onMessage(messageId, () => client.ledger(messageId)),
    retry: async recipient =>
      recipient === undefined ? client.retry() : onPerson(recipient, () => client.retry(recipient)),
    cancel: async messageId => onMessage(messageId, () => client.cancel(messageId))
  }) satisfies Partial<Client>

/** Chats, and what the user keeps with them. */
const checkedChats = (client: Client) =>
  ({
    joinPublic: async name => {
      checks.checkChannel('name', name)
      return client.joinPublic(name)
    },
    leavePublic: async name => {
      checks.checkChannel('name', name)
      return client.leavePublic(name)
    },
    markSeen: async (chat, upTo) => {
      checks.checkOptionalId('upTo', upTo)
      return onChat(chat, () => client.markSeen(chat, upTo))
    },
    clearChat: async chat => onChat(chat, () => client.clearChat(chat)),
    draft: async chat => onChat(chat, () => client.draft(chat)),
    setDraft: async (chat, text) => {
      checks.checkBounded('text', text, limits.draftCharacters)
      return onChat(chat, () => client.setDraft(chat, text))
    },
    setMuted: async (chat, muted) => {
      check.boolean('muted', muted)
      return onChat(chat, () => client.setMuted(chat, muted))
    },
    acceptRequest: async chat => onChat(chat, () => client.acceptRequest(chat)),
    attachmentLimit: async chat => onChat(chat, () => client.attachmentLimit(chat))
  }) satisfies Partial<Client>

/** People, and who we are to them. */
const checkedPeople = (client: Client) =>
  ({
    contact: async publicKey => onPerson(publicKey, () => client.contact(publicKey)),
    addContact: async publicKey => onPerson(publicKey, () => client.addContact(publicKey)),
    removeContact: async publicKey => onPerson(publicKey, () => client.removeContact(publicKey)),
    block: async publicKey => onPerson(publicKey, () => client.block(publicKey)),
    unblock: async publicKey => onPerson(publicKey, () => client.unblock(publicKey)),
    setName: async (publicKey, name) => {
      checks.checkBounded('name', name, limits.petNameCharacters)
      return onPerson(publicKey, () => client.setName(publicKey, name))
    },
    setPolicy: async (publicKey, policy) => {
      checks.checkPolicy(policy)
      return onPerson(publicKey, () => client.setPolicy(publicKey, policy))
    },
    setProfile: async profile => {
      check.options('profile', profile, ['ensName', 'picture'])
      checks.checkOptionalText('profile.ensName', profile.ensName)
      checks.checkOptionalText('profile.picture', profile.picture)
      return client.setProfile(profile)
    }
  }) satisfies Partial<Client>

/** Private groups. */
const checkedGroups = (client: Client) =>
  ({
    createGroup: async (name, members) => {
      check.text('name', name)
      checks.checkPeople('members', members)
      return client.createGroup(name, members)
    },
    joinGroup: async id => onGroup(id, () => client.joinGroup(id)),
    inviteToGroup: async (id, members) => {
      checks.checkPeople('members', members)
      return onGroup(id, () => client.inviteToGroup(id, members))
    },
    renameGroup: async (id, name) => {
      check.text('name', name)
      return onGroup(id, () => client.renameGroup(id, name))
    },
    promoteInGroup: async (id, members) => {
      checks.checkPeople('members', members)
      return onGroup(id, () => client.promoteInGroup(id, members))
    },
    removeFromGroup: async (id, member) => {
      checks.checkPublicKey('member', member)
      return onGroup(id, () => client.removeFromGroup(id, member))
    },
    stepDownInGroup: async id => onGroup(id, () => client.stepDownInGroup(id)),
    leaveGroup: async id => onGroup(id, () => client.leaveGroup(id))
  }) satisfies Partial<Client>

/** Devices of ours and of others. */
const checkedDevices = (client: Client) =>
  ({
    devicesOf: async publicKey => onPerson(publicKey, () => client.devicesOf(publicKey)),
    pair: async (name, deviceType) => {
      check.text('name', name)
      check.text('deviceType', deviceType)
      return client.pair(name, deviceType)
    },
    enableDevice: async installationId => {
      checks.checkText('installationId', installationId)
      return client.enableDevice(installationId)
    },
    disableDevice: async installationId => {
      checks.checkText('installationId', installationId)
      return client.disableDevice(installationId)
    }
  }) satisfies Partial<Client>

/**
 * The client with every argument checked at its entrance: a wrong one rejects with `invalid-argument`, origin `caller`, before
 * anything has happened.
 */
export function checkedClient(client: Client): Client {
  return {
    ...client,
    ...checkedConnection(client),
    ...checkedMessages(client),
    ...checkedChats(client),
    ...checkedPeople(client),
    ...checkedGroups(client),
    ...checkedDevices(client)
  }
}
