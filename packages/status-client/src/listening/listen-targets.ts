import type { Core } from '../composition/core.ts'
import { chatTagOf, publicKeyHex } from '../ids.ts'
import type { ChatRef, PublicKey } from '../types.ts'
import { type ListenTarget, type Subscriptions, selfOwner, targetKey } from './subscriptions.ts'

export interface ListenTargetsPorts {
  readonly subscriptions: Pick<Subscriptions<unknown>, 'acquire' | 'release' | 'ownersOf'>
  /** Opens a group's history, before its members are asked for, while others get their turn. */
  readonly openGroup: (groupId: string) => Promise<unknown>
  /** Members of a group that we have joined; empty while we have not. */
  readonly listenedMembers: (groupId: string) => readonly PublicKey[]
}

/** Decides where to listen: what each chat, each contact and we ourselves need. SPEC: 3/WHISPER-USAGE, "Subscriptions" (9.6). */
export interface ListenTargets {
  readonly start: () => Promise<void>
  readonly chatChanged: (chat: ChatRef) => Promise<void>
  readonly contactChanged: (publicKey: PublicKey) => Promise<void>
  /** Whether messages of this chat, or what opens them, arrive at a place. */
  readonly concerns: (chat: ChatRef, place: string) => boolean
  /** The tag of a group that we have joined and that this person is a member of; of several the one that has been listened at for longest. */
  readonly groupOf: (person: PublicKey) => string | undefined
}

export function createListenTargets(core: Core, ports: ListenTargetsPorts): ListenTargets {
  // BOUNDED: one entry per chat and contact that needs a place: those of strangers, who come and go, need none
  const held = new Map<string, Map<string, ListenTarget>>()

  const hold = async (owner: string, targets: readonly ListenTarget[]): Promise<void> => {
    const before = held.get(owner) ?? new Map<string, ListenTarget>()
    const after = new Map(targets.map(target => [targetKey(target), target]))
    if (after.size === 0) held.delete(owner)
    else held.set(owner, after)
    for (const [place, target] of before) if (!after.has(place)) ports.subscriptions.release(owner, target)
    // Those held before as well: another call may still be opening them.
    for (const target of after.values()) await ports.subscriptions.acquire(target, owner)
  }

  const targetsOfChat = (chat: ChatRef): readonly ListenTarget[] => {
    const record = core.chatCache.chat(chat)
    // A stranger's first message alone makes us listen nowhere.
    if (record === undefined || !record.active || record.request) return []
    switch (chat.kind) {
      case 'public':
        return [{ kind: 'public', name: chat.name }]
      case 'one-to-one':
        return [{ kind: 'contact-code', owner: chat.publicKey }]
      case 'group':
        return ports.listenedMembers(chat.id).map(owner => ({ kind: 'contact-code', owner }))
    }
  }

  const groupOf = (person: PublicKey): string | undefined => {
    for (const owner of ports.subscriptions.ownersOf(person)) if (owner.startsWith('chat:group:')) return owner.slice(5)
    return undefined
  }

  const chatChanged = async (chat: ChatRef): Promise<void> => {
    if (chat.kind === 'group') await ports.openGroup(chat.id)
    await hold(`chat:${chatTagOf(chat)}`, targetsOfChat(chat))
  }

  const contactChanged = (publicKey: PublicKey): Promise<void> => {
    const contact = core.chatCache.contact(publicKey)
    const wanted = contact.added && !contact.blocked
    return hold(`contact:${publicKeyHex(publicKey)}`, wanted ? [{ kind: 'contact-code', owner: publicKey }] : [])
  }

  const concerns = (chat: ChatRef, place: string): boolean => {
    if (chat.kind === 'public') return place === targetKey({ kind: 'public', name: chat.name })
    if (place === targetKey({ kind: 'identity' })) return true
    const people = chat.kind === 'group' ? ports.listenedMembers(chat.id) : [chat.publicKey]
    return people.some(
      person =>
        place === targetKey({ kind: 'contact-code', owner: person }) ||
        place === targetKey({ kind: 'rendezvous', peer: person, secret: new Uint8Array() })
    )
  }

  return {
    start: async () => {
      await ports.subscriptions.acquire({ kind: 'identity' }, selfOwner)
      await ports.subscriptions.acquire({ kind: 'contact-code', owner: core.self }, selfOwner)
      for (const { chat } of core.chatCache.chats()) await chatChanged(chat)
      for (const { publicKey } of core.chatCache.contacts()) await contactChanged(publicKey)
    },
    chatChanged,
    contactChanged,
    concerns,
    groupOf
  }
}
