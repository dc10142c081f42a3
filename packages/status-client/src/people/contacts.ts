import { equalBytes } from '@status-stack/crypto'
import type { SecurityLayer, SyncLayer } from '@status-stack/interface'
import { type Core, hasOtherDevices, isSelf } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import { assertPublicKey } from '../ids.ts'
import type { ListenTargets } from '../listening/listen-targets.ts'
import { cancelAllFor } from '../sending/cancel.ts'
import type { MessageSender } from '../sending/send-message.ts'
import type { ChatRecord, ContactRecord, MessageRecord } from '../storage/records.ts'
import type { ChatRef, Contact, PolicyLevel, PublicKey } from '../types.ts'
import { clearMessages, nothingUnread } from './clear-messages.ts'
import { contactOf, withContact } from './contact-record.ts'
import { safetyText } from './safety-text.ts'

export interface ContactPorts {
  readonly messageSender: MessageSender
  readonly listenTargets: Pick<ListenTargets, 'contactChanged' | 'chatChanged'>
  readonly sync: Pick<SyncLayer, 'retry' | 'cancel'>
  readonly sealer: Pick<SecurityLayer, 'devices'>
  readonly nameClaimed: (publicKey: PublicKey) => void
}

export function createContacts(core: Core, ports: ContactPorts) {
  const view = (record: ContactRecord): Contact => contactView(core, record)

  const assertOther = (publicKey: PublicKey): void => assertNotOwn(core, publicKey)

  const happened =
    (kind: 'added' | 'removed' | 'blocked' | 'unblocked') =>
    (record: ContactRecord): ContactRecord =>
      withContact(record, core.data.contacts.next(contactOf(record), { kind, clock: core.clock.nowMs() }))

  const { sendProfile, syncProfile, syncContact } = profileMessages(core, ports.messageSender)

  const change = async (publicKey: PublicKey, to: (record: ContactRecord) => ContactRecord): Promise<void> => {
    assertOther(publicKey)
    await core.state.run(async () => {
      const unit = core.store.unit()
      core.chatCache.putContact(unit, to(core.chatCache.contact(publicKey)))
      await unit.commit()
    })
    await ports.listenTargets.contactChanged(publicKey)
  }

  const purgeBlocked = async (publicKey: PublicKey): Promise<void> => {
    await cancelAllFor(core, ports.sync, publicKey)
    const chat: ChatRef = { kind: 'one-to-one', publicKey }
    await core.state.run(() => purge(core, publicKey, chat))
    await ports.listenTargets.chatChanged(chat)
    await change(publicKey, ({ purging: _, ...record }) => record)
  }

  return {
    view,
    all: async (): Promise<readonly Contact[]> => core.chatCache.contacts().map(view),
    get: async (publicKey: PublicKey): Promise<Contact> => {
      assertOther(publicKey)
      return view(core.chatCache.contact(publicKey))
    },
    add: async (publicKey: PublicKey): Promise<void> => {
      assertOther(publicKey)
      if (core.chatCache.contact(publicKey).blocked)
        throw callerError('blocked', 'this person is blocked: unblock them first')
      const fresh = !core.chatCache.contact(publicKey).added
      await change(publicKey, happened('added'))
      if (fresh) ports.nameClaimed(publicKey)
      await accept({ kind: 'one-to-one', publicKey })
      await sendProfile(publicKey)
      if (fresh && (await hasOtherDevices(core, ports.sealer))) await syncContact(publicKey)
    },
    remove: (publicKey: PublicKey): Promise<void> => change(publicKey, happened('removed')),
    /** Local only: nothing is sent. Deletes what they wrote and the chat with them. */
    block: async (publicKey: PublicKey): Promise<void> => {
      await change(publicKey, record => ({ ...happened('blocked')(record), purging: true }))
      await purgeBlocked(publicKey)
    },
    /** Deletes what a crash has left of people who were being blocked. */
    resume: async (): Promise<void> => {
      for (const { publicKey, purging } of core.chatCache.contacts())
        if (purging === true) await purgeBlocked(publicKey)
    },
    unblock: (publicKey: PublicKey): Promise<void> =>
      change(publicKey, ({ purging: _, ...record }) => happened('unblocked')(record)),
    setName: (publicKey: PublicKey, name: string): Promise<void> =>
      change(publicKey, ({ name: _, ...record }) => (name === '' ? record : { ...record, name })),
    setPolicy: async (
      publicKey: PublicKey,
      policy: { readonly minimum?: PolicyLevel | undefined; readonly pfs?: 'on' | 'off' | undefined }
    ): Promise<void> => {
      await change(publicKey, record => ({
        ...record,
        ...(policy.minimum === undefined ? {} : { minimum: policy.minimum }),
        ...(policy.pfs === undefined ? {} : { pfs: policy.pfs })
      }))
      await ports.sync.retry(publicKey)
    },
    accept: async (chat: ChatRef): Promise<void> => accept(chat),
    sendProfile,
    syncProfile,
    syncContact
  }

  async function accept(chat: ChatRef): Promise<void> {
    await core.state.run(async () => {
      const record = core.chatCache.chat(chat)
      if (record?.request !== true) return
      const unit = core.store.unit()
      core.chatCache.putChat(unit, { ...record, request: false })
      await unit.commit()
    })
    await ports.listenTargets.chatChanged(chat)
  }
}

function assertNotOwn(core: Core, publicKey: PublicKey): void {
  assertPublicKey(publicKey)
  if (isSelf(core, publicKey)) throw callerError('invalid-argument', 'this is your own key')
}

function contactView(core: Core, record: ContactRecord): Contact {
  return {
    publicKey: record.publicKey,
    added: record.added,
    requestReceived: record.requestReceived,
    blocked: record.blocked,
    name: record.name ?? '',
    ensName: record.ensName,
    ensVerified: record.ensVerified,
    picture: record.picture,
    minimum: record.minimum ?? core.options.minimum,
    pfs: record.pfs ?? core.options.pfs,
    safetyText: safetyText(core.self, record.publicKey)
  }
}

/** What of our profile and our contacts is sent. */
function profileMessages(core: Core, sender: MessageSender) {
  const profile = () => {
    const { ensName, picture, profileClock } = core.profile()
    // One that was never set takes that of no other device of ours away.
    const cleared = profileClock > 0 && ensName === '' && picture === ''
    return { kind: 'contact-update', ensName, picture, ...(cleared ? { cleared } : {}) } as const
  }
  return {
    /** Our profile, to one person; receiving one is how people learn that we added them. */
    sendProfile: async (publicKey: PublicKey): Promise<void> => {
      await sender.send({
        chat: { kind: 'one-to-one', publicKey },
        ref: { kind: 'one-to-one', publicKey },
        content: profile()
      })
    },

    /** Our profile, to our other devices. */
    syncProfile: async (): Promise<void> => {
      await sender.send({
        chat: { kind: 'own-devices' },
        ref: { kind: 'one-to-one', publicKey: core.self },
        content: profile()
      })
    },

    syncContact: async (publicKey: PublicKey): Promise<void> => {
      const { ensName, picture } = core.chatCache.contact(publicKey)
      await sender.send({
        chat: { kind: 'own-devices' },
        ref: { kind: 'one-to-one', publicKey: core.self },
        content: { kind: 'sync-contact', publicKey, ensName, picture }
      })
    }
  }
}

/** Deletes the chat with somebody, and what they wrote in others. */
async function purge(core: Core, publicKey: PublicKey, chat: ChatRef): Promise<void> {
  await clearMessages(core, chat)
  const unit = core.store.unit()
  const purged = core.chatCache.chat(chat)
  if (purged !== undefined) {
    core.chatCache.putChat(unit, { ...purged, ...nothingUnread, active: false, request: false })
  }
  await unit.commit()
  await eraseMessagesOf(
    core,
    publicKey,
    core.chatCache.chats().filter(other => other.chat.kind !== 'one-to-one')
  )
}

async function eraseMessagesOf(core: Core, publicKey: PublicKey, chats: readonly ChatRecord[]): Promise<void> {
  for (const { chat } of chats) {
    const unit = core.store.unit()
    for await (const { value } of core.store.range<MessageRecord>(core.keys.messagesOf(chat))) {
      if (equalBytes(value.author, publicKey) && !value.deleted && value.content.kind !== 'system') {
        core.messages.erase(unit, value)
      }
    }
    await core.messages.purgeEarly(unit, chat, { author: publicKey })
    await unit.commit()
  }
}

export type Contacts = ReturnType<typeof createContacts>
