import { bytesToHex, equalBytes } from '@status-stack/crypto'
import type { Accepted, DataEffect, Seen } from './accepted.ts'
import { validateFormat } from './checks/chat-message.ts'
import type { Origin, Times } from './checks/context.ts'
import { placePayload, validateRelay } from './checks/origin.ts'
import { judgePayload } from './checks/payload.ts'
import { clockNumber, judgeClock } from './clock.ts'
import { eventKey, type GroupEvent, openEvent, signatureLength } from './group/event.ts'
import { isWholeGroup } from './group/merge.ts'
import { keyId, keyOfId } from './ids.ts'
import { contentOf } from './interpret.ts'
import { limits } from './limits.ts'
import type { ChatMessage } from './payloads/chat-message.ts'
import type { MembershipUpdateMessage } from './payloads/membership-update.ts'
import { decodePayload, type Payload } from './payloads/registry.ts'
import { type RefusalCode, type Refused, refuse } from './refusal.ts'
import { decodeWrapper, messageIdOf, signerOf } from './wrapper.ts'

/**
 * Opens a wrapper and judges everything that can be judged without stored state: signature, author, recipient, arrival,
 * clocks, fields, group events. What needs stored state is `admit`'s. Never throws on bytes from outside.
 * SPEC: 6/PAYLOADS; the inbound pipeline of status-go 0.56.10.
 */
export function decode(bytes: Uint8Array, seen: Seen): Accepted | Refused {
  const rules = seen.rules ?? 'strict'
  const { transportAuthor } = seen
  if (transportAuthor === undefined) return refuse('envelope-unsigned')
  if (bytes.length > limits.wrapperBytes) return refuse('wrapper-too-large')
  const wrapper = tryDecode(() => decodeWrapper(bytes))
  if (wrapper === undefined) return refuse('wrapper-malformed')
  const signer = signerOf(wrapper)
  if (signer === 'invalid') return refuse('wrapper-signature')
  // DEVIATION: status-go 0.56.10 takes the envelope's author for an unsigned wrapper's. No release sends such wrappers.
  if (signer === undefined && rules === 'strict') return refuse('wrapper-unsigned')
  if (wrapper.type === 0) return refuse('type-unknown')
  const payload = tryDecode(() => decodePayload(wrapper.type, wrapper.payload))
  if (payload === undefined) return refuse('payload-malformed')
  const author = signer ?? transportAuthor
  const messageId = messageIdOf(bytes, signer)
  const mine = equalBytes(author, seen.self)
  const origin: Origin = {
    author,
    authorId: keyId(author),
    self: seen.self,
    selfId: keyId(seen.self),
    mine,
    arrival: seen.arrival,
    rules
  }
  const relay = validateRelay(payload, origin, transportAuthor)
  if (relay !== undefined) return refuse(relay)
  return toAccepted(
    payload,
    origin,
    { sentMs: sentMsOf(seen), nowMs: seen.nowMs, rules },
    { messageId, signed: signer !== undefined, type: wrapper.type, knownEvents: seen.knownEvents }
  )
}

/**
 * The envelope's time as a reference for clocks. Its sender chose it, and an archive may hand over any: strict rules
 * believe it up to two minutes from now, so that nobody can push our clocks ahead of everyone's bounds.
 */
function sentMsOf({ sentMs, nowMs, rules = 'strict' }: Seen): number {
  return rules === 'strict' ? Math.min(sentMs, nowMs + limits.clockAheadMs) : sentMs
}

/** What is known of a payload besides itself. */
interface About extends Pick<Accepted, 'messageId' | 'signed' | 'type'>, Pick<Seen, 'knownEvents'> {}

/** A parsed payload of a known author, judged and put into words. */
export function toAccepted(payload: Payload, origin: Origin, times: Times, about: About): Accepted | Refused {
  const placement = placePayload(payload, origin)
  if ('refusal' in placement) return refuse(placement.refusal)
  const judgement = judgePayload(payload, times) ?? validateShown(payload)
  if (judgement !== undefined) return refuse(judgement)
  const effects = effectsOf(payload, origin, times, about)
  if (typeof effects === 'string') return refuse(effects)
  const { clock, timestamp } = timesOf(payload, effects, times)
  const { messageId, signed, type } = about
  return {
    kind: 'accepted',
    messageId,
    author: origin.author,
    signed,
    mine: origin.mine,
    type,
    payload,
    content: contentOf(payload),
    ...placement,
    clock,
    timestamp,
    effects
  }
}

function validateShown(payload: Payload): RefusalCode | undefined {
  if (payload.name === 'chat-message') return validateFormat(payload.message)
  const inside = payload.name === 'membership-update' ? payload.message.message : undefined
  return inside === undefined ? undefined : validateFormat(inside)
}

function tryDecode<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function timesOf(
  payload: Payload,
  effects: readonly DataEffect[],
  { sentMs }: Times
): { clock: number; timestamp: number } {
  if (payload.name === 'chat-message') return timesOfMessage(payload.message)
  if (payload.name === 'membership-update') {
    const { message, emojiReaction } = payload.message
    if (message !== undefined) return timesOfMessage(message)
    if (emojiReaction !== undefined) return { clock: clockNumber(emojiReaction.clock), timestamp: sentMs }
    const clocks = effects.flatMap(effect => (effect.kind === 'group-events' ? effect.events.map(e => e.clock) : []))
    return { clock: Math.max(0, ...clocks), timestamp: sentMs }
  }
  const fields = payload.message as { readonly clock?: bigint }
  return { clock: typeof fields.clock === 'bigint' ? clockNumber(fields.clock) : 0, timestamp: sentMs }
}

const timesOfMessage = ({ clock, timestamp }: ChatMessage): { clock: number; timestamp: number } => ({
  clock: clockNumber(clock),
  timestamp: clockNumber(timestamp)
})

function effectsOf(payload: Payload, origin: Origin, times: Times, about: About): readonly DataEffect[] | RefusalCode {
  switch (payload.name) {
    case 'chat-message':
      return ensClaim(payload.message, origin)
    case 'membership-update':
      return groupEffects(payload.message, origin, times, about)
    case 'contact-update': {
      const { ensName, profileImage } = payload.message
      const clock = clockNumber(payload.message.clock)
      if (origin.mine) return [{ kind: 'own-profile', ensName, profileImage, clock }]
      return [{ kind: 'contact-updated', publicKey: origin.author, ensName, profileImage, clock }]
    }
    case 'pair-installation': {
      const { installationId, deviceType, name, clock } = payload.message
      return [{ kind: 'device-announced', installationId, deviceType, name, clock: clockNumber(clock) }]
    }
    case 'sync-installation-contact': {
      const { id, ensName, profileImage, clock } = payload.message
      const publicKey = keyOfId(id)
      if (publicKey === undefined) return 'contact-id-invalid'
      return [{ kind: 'contact-synced', publicKey, ensName, profileImage, clock: clockNumber(clock) }]
    }
    case 'sync-installation-public-chat':
      return [{ kind: 'public-chat-synced', name: payload.message.id, clock: clockNumber(payload.message.clock) }]
    default:
      return []
  }
}

function ensClaim({ ensName, clock }: ChatMessage, { author, mine }: Origin): readonly DataEffect[] {
  if (mine || !ensName.endsWith('.eth')) return []
  return [{ kind: 'ens-claimed', publicKey: author, ensName, clock: clockNumber(clock) }]
}

/** An event we have, if these are its very bytes. */
function knownEvent(known: ReadonlyMap<string, GroupEvent>, bytes: Uint8Array): GroupEvent | undefined {
  if (known.size === 0) return undefined
  const event = known.get(bytesToHex(bytes.subarray(0, signatureLength)))
  return event !== undefined && equalBytes(event.bytes, bytes) ? event : undefined
}

/** Strict: each event for itself. status-go 0.56.10: one that is none, or an invalid set, refuses the whole update. */
function groupEffects(
  update: MembershipUpdateMessage,
  origin: Origin,
  times: Times,
  { knownEvents }: About
): readonly DataEffect[] | RefusalCode {
  const { chatId } = update
  const known = new Map(knownEvents?.(chatId).map(event => [eventKey(event), event]))
  const events: GroupEvent[] = []
  let first: RefusalCode | undefined
  for (const bytes of update.events) {
    const opened = knownEvent(known, bytes) ?? openEvent(chatId, bytes, times.rules)
    const problem = typeof opened === 'string' ? opened : judgeClock(BigInt(opened.clock), times.nowMs)
    first ??= problem
    if (problem === undefined && typeof opened !== 'string') events.push(opened)
  }
  if (times.rules === 'strict') {
    // Nothing usable and nothing said: the reason of the first event stands for all.
    if (events.length === 0 && first !== undefined) return first
  } else {
    if (first !== undefined) return first
    if (events.length > 0 && !isWholeGroup(chatId, events)) return 'events-invalid'
  }
  const claim = update.message === undefined ? [] : ensClaim(update.message, origin)
  return [{ kind: 'group-events', chatId, events }, ...claim]
}
