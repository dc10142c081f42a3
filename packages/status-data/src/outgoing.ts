import type {
  Arrival,
  Audience,
  Chat,
  Content,
  Group,
  GroupEvent,
  OutgoingContext,
  PublicKey
} from '@status-stack/interface'
import type { Outgoing } from './accepted.ts'
import { buildChatMessage, buildPayload, buildReaction, wrongChat } from './build-payload.ts'
import type { Origin } from './checks/context.ts'
import { bidClock } from './clock.ts'
import { DataError, notSendable } from './errors.ts'
import { signChanges } from './group/changes.ts'
import { reduceGroup } from './group/membership.ts'
import { usableEvents } from './group/merge.ts'
import { keyId, keyOfId } from './ids.ts'
import { checkOutgoing } from './outgoing-arguments.ts'
import type { ChatMessage } from './payloads/chat-message.ts'
import type { EmojiReaction } from './payloads/emoji-reaction.ts'
import { encodePayload, type Payload, payloadTypeNumber } from './payloads/registry.ts'
import { wellFormedTexts } from './strings.ts'
import { toAccepted } from './to-accepted.ts'
import { messageIdOf, wrap } from './wrapper.ts'

type Route =
  | { readonly reliability: 'reliable'; readonly to: readonly PublicKey[]; readonly ownCopies: boolean }
  | { readonly reliability: 'best-effort'; readonly to: readonly Audience[] }

interface Plan {
  readonly payload: Exclude<Payload, { name: 'unknown' }>
  readonly route: Route
  /** The events inside, opened. */
  readonly events?: readonly GroupEvent[]
}

/**
 * A message: its bytes, its id, whom it is for, and what we keep of it. Pure: the same arguments give the same bytes.
 * Call it once per message and hand the same result to every recipient and every retry.
 *
 * The context's `lastClock` is the chat's; `local.clock` is the chat's next one. A last clock too far ahead of
 * now is left out of that, and `ignoredLastClock` says so.
 *
 * @throws DataError `not-sendable` when readers, or the group, would refuse it; `invalid-argument` for content that
 * cannot be said in such a chat
 *
 * @example
 * ```ts
 * const out = outgoing({ kind: 'one-to-one', publicKey }, { kind: 'text', text: 'hello' }, { identity, nowMs, lastClock })
 * if (out.reliability === 'reliable') for (const peer of out.to) await sync.enqueue({ peer, body: out.bytes, tracking })
 * ```
 */
export function outgoing(chat: Chat, content: Content, context: OutgoingContext): Outgoing {
  checkOutgoing(chat, content, context)
  const { identity } = context
  const self = identity.publicKey
  const authorId = keyId(self)
  const { clock, ignoredLast } = bidClock(context.lastClock ?? 0, context.nowMs)
  const said = plan(withUsableEvents(chat, authorId, context.nowMs), content, clock, context)
  const { route, events = [] } = said
  const payload = wellFormedTexts(said.payload)
  const type = payloadTypeNumber(payload.name)
  const bytes = wrap(type, encodePayload(payload), identity)
  const messageId = messageIdOf(bytes, self)
  const origin: Origin = {
    author: self,
    authorId,
    self,
    selfId: authorId,
    fromSelf: true,
    arrival: echoOf(chat),
    rules: 'strict'
  }
  const times = { sentMs: context.nowMs, nowMs: context.nowMs, rules: 'strict' } as const
  // What is kept is what readers will have: the payload goes through the steps that they take it through.
  const about = { messageId, signed: true, type, knownEvents: () => events }
  const local = toAccepted(payload, origin, times, about)
  if (local.kind === 'refused') throw notSendable(local.reason)
  return { messageId, bytes, local, ...(ignoredLast ? { ignoredLastClock: true as const } : {}), ...route }
}

/** Events that we signed while our time was wrong are not sent on: no reader takes them, status-go refuses all for one. */
function withUsableEvents(chat: Chat, selfId: string, nowMs: number): Chat {
  return chat.kind === 'group' ? { ...chat, events: usableEvents(chat.events, selfId, nowMs) } : chat
}

/** How our own message would come back to us. */
function echoOf(chat: Chat): Arrival {
  return chat.kind === 'public' ? { kind: 'public', name: chat.name } : { kind: 'identity' }
}

function plan(chat: Chat, content: Content, clock: number, context: OutgoingContext): Plan {
  const self = keyId(context.identity.publicKey)
  switch (content.kind) {
    case 'text':
    case 'status':
    case 'emoji':
    case 'sticker':
    case 'image':
    case 'audio':
    case 'unsupported': {
      const message = buildChatMessage(chat, content, clock, context)
      if (chat.kind === 'group') return inGroup(chat, { message }, self)
      return { payload: { name: 'chat-message', message }, route: reliableTo(chat, self) }
    }
    case 'reaction': {
      const message = buildReaction(chat, content, clock)
      if (chat.kind === 'group') return inGroup(chat, { emojiReaction: message }, self)
      return { payload: { name: 'emoji-reaction', message }, route: bestEffortTo(chat, self) }
    }
    case 'group-changes':
      return changeGroup(chat, content, context, self)
    case 'group-update':
      if (chat.kind !== 'group') throw wrongChat(chat.kind)
      return inGroup(chat, {}, self)
    case 'push':
    case 'unknown':
      throw notSendable('type-unknown')
    case 'pair':
      if (chat.kind !== 'own-devices') throw wrongChat(chat.kind)
      return {
        payload: named(buildPayload(chat, content, clock)),
        // SPEC: pairing goes to devices whose bundles we may not have.
        route: { reliability: 'best-effort', to: [{ kind: 'own-devices', reach: 'any-device' }] }
      }
    default:
      if (chat.kind === 'group' && !canSpeak(reduceGroup(chat.id, chat.events).state, self)) {
        throw notSendable('not-a-member')
      }
      return { payload: named(buildPayload(chat, content, clock)), route: routeOf(chat, content.kind, self) }
  }
}

function named(payload: Payload): Plan['payload'] {
  if (payload.name === 'unknown') throw notSendable('type-unknown')
  return payload
}

/** Contact updates, sync and transactions, and the annotations of later releases. */
function routeOf(chat: Chat, kind: Content['kind'], self: string): Route {
  const annotates = kind === 'edit' || kind === 'delete' || kind === 'pin'
  const syncs = kind === 'sync-contact' || kind === 'sync-public-chat'
  // A note about a message names its chat, and that of our devices has no name: `buildPayload` has refused it.
  const fits =
    annotates ||
    chat.kind === (syncs ? 'own-devices' : 'one-to-one') ||
    (kind === 'contact-update' && chat.kind === 'own-devices')
  if (!fits) throw wrongChat(chat.kind)
  return reliableTo(chat, self)
}

/** SPEC: 6/PAYLOADS and 7/GROUP-CHAT; how each message travels. */
function reliableTo(chat: Chat, self: string): Route {
  switch (chat.kind) {
    case 'public':
      return { reliability: 'best-effort', to: [{ kind: 'public', name: chat.name }] }
    case 'one-to-one': {
      const peer = peerOf(chat)
      return { reliability: 'reliable', to: keyId(peer) === self ? [] : [peer], ownCopies: true }
    }
    case 'own-devices':
      return { reliability: 'reliable', to: [], ownCopies: true }
    case 'group':
      return {
        reliability: 'reliable',
        to: others(reduceGroup(chat.id, chat.events).state.members, self),
        ownCopies: true
      }
  }
}

/** The same people, each copy sent once and never retried. */
function bestEffortTo(chat: Chat, self: string): Route {
  const route = reliableTo(chat, self)
  if (route.reliability === 'best-effort') return route
  const people = route.to.map((publicKey): Audience => ({ kind: 'identity', publicKey, reach: 'known-devices' }))
  return { reliability: 'best-effort', to: [...people, { kind: 'own-devices', reach: 'known-devices' }] }
}

function peerOf({ publicKey }: Extract<Chat, { kind: 'one-to-one' }>): PublicKey {
  if (keyOfId(keyId(publicKey)) === undefined) {
    throw new DataError('invalid-argument', 'chat: expected a 65-byte public key', { origin: 'caller' })
  }
  return publicKey
}

/** BOUNDED: members come from events, whose targets are bounded by limits.eventMembers and limits.groupEvents. */
function others(members: readonly string[], self: string): PublicKey[] {
  return members.filter(member => member !== self).flatMap(member => keyOfId(member) ?? [])
}

function update(
  chatId: string,
  events: readonly GroupEvent[],
  inside: { readonly message?: ChatMessage; readonly emojiReaction?: EmojiReaction }
): Plan['payload'] {
  return { name: 'membership-update', message: { chatId, events: events.map(event => event.bytes), ...inside } }
}

/** What is said in a group travels with the group's whole history, so that members who missed an update catch up. */
function inGroup(
  chat: Extract<Chat, { kind: 'group' }>,
  inside: { readonly message?: ChatMessage; readonly emojiReaction?: EmojiReaction },
  self: string
): Plan {
  const { state, accepted } = reduceGroup(chat.id, chat.events)
  const says = inside.message !== undefined || inside.emojiReaction !== undefined
  if (says && !canSpeak(state, self)) throw notSendable('not-a-member')
  const payload = update(chat.id, accepted, inside)
  const route = inside.emojiReaction === undefined ? reliableTo(chat, self) : bestEffortTo(chat, self)
  return { payload, route, events: accepted }
}

const canSpeak = (state: Group, who: string): boolean => state.joined.includes(who) && state.members.includes(who)

function changeGroup(
  chat: Chat,
  content: Extract<Content, { kind: 'group-changes' }>,
  context: OutgoingContext,
  self: string
): Plan {
  if (chat.kind !== 'group') throw wrongChat(chat.kind)
  const { signed, before, after } = signChanges(chat.id, chat.events, content.changes, context.identity, context)
  const { accepted } = reduceGroup(chat.id, [...chat.events, ...signed])
  // Former members are told as well: a removed member learns of the removal, and of nothing after it.
  const to = others([...new Set([...before.members, ...after.members])], self)
  return {
    payload: update(chat.id, accepted, {}),
    route: { reliability: 'reliable', to, ownCopies: true },
    events: accepted
  }
}
