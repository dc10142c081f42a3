import { encodeKeyText } from '@status-stack/status-accounts'
import type { Chat, ClientEvents, Contact, DeviceInfo, PeerInfo, Profile } from '@status-stack/status-client'
import type {
  ChatFact,
  ClockSkewFact,
  ContactFact,
  DeviceFact,
  HistoryFact,
  NoticeFact,
  PeerFact,
  ProfileFact
} from './facts.ts'
import { chatJson, keyHex } from './targets.ts'

/**
 * A conversation as JSON.
 *
 * @example
 * ```ts
 * const facts = (await client.chats()).map(chatFact)
 * ```
 */
export function chatFact(chat: Chat): ChatFact {
  const { group } = chat
  const members = group?.members.map(({ publicKey, ...rest }) => ({ publicKey: keyHex(publicKey), ...rest })) ?? []
  return {
    event: 'chat',
    chat: chatJson(chat.chat),
    id: chat.id,
    active: chat.active,
    request: chat.request,
    unread: chat.unread,
    unreadMentions: chat.unreadMentions,
    lastClock: chat.lastClock,
    muted: chat.muted,
    ...(group === undefined ? {} : { group: { name: group.name, joined: group.joined, member: group.member, members } })
  }
}

/**
 * A private group as JSON.
 *
 * @example
 * ```ts
 * const groups = (await client.chats()).filter(({ group }) => group !== undefined).map(groupFact)
 * ```
 */
export const groupFact = (chat: Chat): ChatFact => ({ ...chatFact(chat), event: 'group' })

/**
 * A person as JSON.
 *
 * @example
 * ```ts
 * const facts = (await client.contacts()).map(contactFact)
 * ```
 */
export function contactFact({ publicKey, ...rest }: Contact): ContactFact {
  return { event: 'contact', publicKey: keyHex(publicKey), text: encodeKeyText(publicKey), ...rest }
}

/**
 * Our own name and picture, as JSON.
 *
 * @example
 * ```ts
 * client.on('profile', profile => tell(profileFact(profile)))
 * ```
 */
export const profileFact = (profile: Profile): ProfileFact => ({ event: 'profile', ...profile })

/**
 * A device as JSON.
 *
 * @example
 * ```ts
 * client.on('device', ({ device, change }) => tell(deviceFact(device, change)))
 * ```
 */
export function deviceFact(device: DeviceInfo, change?: ClientEvents['device']['change']): DeviceFact {
  return { event: 'device', ...device, ...(change === undefined ? {} : { change }) }
}

/** A peer that is connected, as JSON. */
export function peerFact({ peerId, remoteAddress }: PeerInfo): PeerFact {
  const address = remoteAddress === undefined ? {} : { address: remoteAddress }
  return { event: 'peer', state: 'connected', peerId, ...address }
}

/**
 * A request to a mailserver, as JSON.
 *
 * @example
 * ```ts
 * client.on('history', fact => tell(historyFact(fact)))
 * ```
 */
export function historyFact(fact: ClientEvents['history']): HistoryFact {
  const { mailserver, state, interests, pages, deliveries, fromSeconds, toSeconds, reason } = fact
  return {
    event: 'history',
    state,
    mailserver,
    places: interests,
    pages,
    envelopes: deliveries,
    fromSeconds,
    toSeconds,
    ...(reason === undefined ? {} : { reason })
  }
}

/**
 * What is known of the clock, as JSON.
 *
 * @example
 * ```ts
 * client.on('skew', fact => tell(skewFact(fact)))
 * ```
 */
export const skewFact = (fact: ClientEvents['skew']): ClockSkewFact => ({ event: 'skew', ...fact })

/**
 * A notice, as JSON.
 *
 * @example
 * ```ts
 * client.on('notice', fact => tell(noticeFact(fact)))
 * ```
 */
export function noticeFact(fact: ClientEvents['notice']): NoticeFact {
  return { event: 'notice', ...fact, chat: chatJson(fact.chat) }
}
