import type { Client } from '../client-types.ts'
import type { Chats } from '../people/chats.ts'
import type { Contacts } from '../people/contacts.ts'
import type { createDevices } from '../people/devices.ts'
import type { createGroupOps } from '../people/group-ops.ts'
import { cancelMessage } from '../sending/cancel.ts'
import type { Eraser } from '../storage/stores/eraser.ts'
import type { Core } from './core.ts'
import type { Composition } from './join-layers.ts'

// The public methods by subject, each under the name that applications call it by.

type ChatMethods =
  | 'chats'
  | 'messages'
  | 'search'
  | 'message'
  | 'joinPublic'
  | 'leavePublic'
  | 'send'
  | 'react'
  | 'edit'
  | 'deleteMessage'
  | 'pin'
  | 'pinned'
  | 'sendCommand'
  | 'markSeen'
  | 'clearChat'
  | 'setMuted'
  | 'attachmentLimit'

export function chatMethods(chats: Chats, eraser: Pick<Eraser, 'everything'>): Pick<Client, ChatMethods> {
  return {
    chats: chats.all,
    messages: chats.page,
    search: chats.search,
    message: chats.one,
    joinPublic: chats.joinPublic,
    leavePublic: chats.leavePublic,
    send: chats.send,
    react: chats.react,
    edit: chats.edit,
    deleteMessage: chats.remove,
    pin: chats.pin,
    pinned: chats.pinned,
    sendCommand: chats.command,
    markSeen: chats.markSeen,
    clearChat: async chat => {
      await chats.clear(chat)
      await eraser.everything()
    },
    setMuted: chats.setMuted,
    attachmentLimit: chats.attachmentLimit
  }
}

/** What becomes of messages that were sent. */
export function deliveryMethods(
  core: Core,
  { outbox, sync }: Pick<Composition, 'outbox' | 'sync'>
): Pick<Client, 'ledger' | 'retry' | 'cancel'> {
  return {
    ledger: core.deliveries.read,
    retry: async recipient => {
      await outbox.pump()
      await sync.retry(recipient)
    },
    cancel: messageId => cancelMessage(core, { outbox, sync }, messageId)
  }
}

type ContactMethods =
  | 'contacts'
  | 'contact'
  | 'addContact'
  | 'removeContact'
  | 'block'
  | 'unblock'
  | 'setName'
  | 'setPolicy'
  | 'acceptRequest'

export function contactMethods(contacts: Contacts): Pick<Client, ContactMethods> {
  return {
    contacts: contacts.all,
    contact: contacts.get,
    addContact: contacts.add,
    removeContact: contacts.remove,
    block: contacts.block,
    unblock: contacts.unblock,
    setName: contacts.setName,
    setPolicy: contacts.setPolicy,
    acceptRequest: contacts.accept
  }
}

type GroupMethods =
  | 'createGroup'
  | 'joinGroup'
  | 'inviteToGroup'
  | 'renameGroup'
  | 'promoteInGroup'
  | 'removeFromGroup'
  | 'stepDownInGroup'
  | 'leaveGroup'

export function groupMethods(groups: ReturnType<typeof createGroupOps>): Pick<Client, GroupMethods> {
  return {
    createGroup: groups.create,
    joinGroup: groups.join,
    inviteToGroup: groups.invite,
    renameGroup: groups.rename,
    promoteInGroup: groups.promote,
    removeFromGroup: groups.remove,
    stepDownInGroup: groups.stepDown,
    leaveGroup: groups.leave
  }
}

type DeviceMethods = 'devices' | 'devicesOf' | 'pair' | 'enableDevice' | 'disableDevice' | 'syncDevices'

export function deviceMethods(devices: ReturnType<typeof createDevices>): Pick<Client, DeviceMethods> {
  return {
    devices: devices.own,
    devicesOf: devices.of,
    pair: devices.pair,
    enableDevice: devices.enable,
    disableDevice: devices.disable,
    syncDevices: devices.syncAll
  }
}
