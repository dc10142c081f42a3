import type { Core } from './core.ts'
import { chatTagOf, hexKey } from './ids.ts'
import { placeOf, type Subscriptions, selfOwner, type Want } from './subscriptions.ts'
import type { ChatRef, PublicKey } from './types.ts'

export interface PlacesPorts {
  readonly subscriptions: Pick<Subscriptions<unknown>, 'acquire' | 'release'>
  /** Opens a group's history, before its members are asked for, while others get their turn. */
  readonly openGroup: (groupId: string) => Promise<unknown>
  /** Members of a group that we have joined; empty while we have not. */
  readonly listenedMembers: (groupId: string) => readonly PublicKey[]
}

/** Decides where to listen: what each chat, each contact and we ourselves need. SPEC: 3/WHISPER-USAGE, "Subscriptions" (9.6). */
export interface Places {
  readonly start: () => Promise<void>
  readonly chatChanged: (chat: ChatRef) => Promise<void>
  readonly contactChanged: (publicKey: PublicKey) => Promise<void>
  /** Whether messages of this chat, or what opens them, arrive at a place. */
  readonly concerns: (chat: ChatRef, place: string) => boolean
}

export function createPlaces(core: Core, ports: PlacesPorts): Places {
  // BOUNDED: one entry per chat and contact
  const held = new Map<string, Map<string, Want>>()

  const hold = async (owner: string, wants: readonly Want[]): Promise<void> => {
    const before = held.get(owner) ?? new Map<string, Want>()
    const after = new Map(wants.map(want => [placeOf(want), want]))
    held.set(owner, after)
    for (const [place, want] of before) if (!after.has(place)) ports.subscriptions.release(owner, want)
    for (const [place, want] of after) if (!before.has(place)) await ports.subscriptions.acquire(want, owner)
  }

  const wantsOfChat = (chat: ChatRef): readonly Want[] => {
    const record = core.book.chat(chat)
    // A stranger's first message alone makes us listen nowhere.
    if (record === undefined || !record.active || record.request) return []
    switch (chat.kind) {
      case 'public':
        return [{ kind: 'public-chat', name: chat.name }]
      case 'one-to-one':
        return [{ kind: 'contact-code', owner: chat.publicKey }]
      case 'group':
        return ports.listenedMembers(chat.id).map(owner => ({ kind: 'contact-code', owner }))
    }
  }

  const chatChanged = async (chat: ChatRef): Promise<void> => {
    if (chat.kind === 'group') await ports.openGroup(chat.id)
    await hold(`chat:${chatTagOf(chat)}`, wantsOfChat(chat))
  }

  const contactChanged = (publicKey: PublicKey): Promise<void> => {
    const contact = core.book.contact(publicKey)
    const wanted = contact.added && !contact.blocked
    return hold(`contact:${hexKey(publicKey)}`, wanted ? [{ kind: 'contact-code', owner: publicKey }] : [])
  }

  const concerns = (chat: ChatRef, place: string): boolean => {
    if (chat.kind === 'public') return place === placeOf({ kind: 'public-chat', name: chat.name })
    if (place === placeOf({ kind: 'identity' })) return true
    const people = chat.kind === 'group' ? ports.listenedMembers(chat.id) : [chat.publicKey]
    return people.some(
      person =>
        place === placeOf({ kind: 'contact-code', owner: person }) ||
        place === placeOf({ kind: 'rendezvous', peer: person, secret: new Uint8Array() })
    )
  }

  return {
    start: async () => {
      await ports.subscriptions.acquire({ kind: 'identity' }, selfOwner)
      await ports.subscriptions.acquire({ kind: 'contact-code', owner: core.self }, selfOwner)
      for (const { chat } of core.book.chats()) await chatChanged(chat)
      for (const { publicKey } of core.book.contacts()) await contactChanged(publicKey)
    },
    chatChanged,
    contactChanged,
    concerns
  }
}
