import type { DataEffect } from '@status-stack/interface'
import type { Accepted, ReceiveContext } from './accepted.ts'
import { validateFormat } from './checks/chat-message.ts'
import type { Origin, Times } from './checks/context.ts'
import { placePayload } from './checks/origin.ts'
import { validatePayload } from './checks/payload.ts'
import { clockNumber } from './clock.ts'
import { isWholeGroup } from './group/merge.ts'
import { openUpdate } from './group/open-update.ts'
import { keyOfId } from './ids.ts'
import { contentOf } from './interpret.ts'
import { limits } from './limits.ts'
import { keptPicture } from './media.ts'
import type { ChatMessage } from './payloads/chat-message.ts'
import type { MembershipUpdateMessage } from './payloads/membership-update.ts'
import type { Payload } from './payloads/registry.ts'
import { type RefusalCode, type Refused, refuse } from './refusal.ts'
import { runSteps, type Steps } from './steps.ts'

/** What is known of a payload besides itself. */
interface About extends Pick<Accepted, 'messageId' | 'signed' | 'type'>, Pick<ReceiveContext, 'knownEvents'> {}

/** A parsed payload of a known author, checked and put into words. */
export function toAccepted(payload: Payload, origin: Origin, times: Times, about: About): Accepted | Refused {
  return runSteps(acceptSteps(payload, origin, times, about))
}

/** The steps of {@link toAccepted}: one for each signature that is verified. */
export function* acceptSteps(payload: Payload, origin: Origin, times: Times, about: About): Steps<Accepted | Refused> {
  const placement = placePayload(payload, origin)
  if ('refusal' in placement) return refuse(placement.refusal)
  const invalid = validatePayload(payload, times) ?? validateShown(payload)
  if (invalid !== undefined) return refuse(invalid)
  const effects = yield* effectsOf(payload, origin, times, about)
  if (typeof effects === 'string') return refuse(effects)
  const { clock, timestamp } = timesOf(payload, effects, times)
  const { messageId, signed, type } = about
  return {
    kind: 'accepted',
    messageId,
    author: origin.author,
    signed,
    fromSelf: origin.fromSelf,
    type,
    payload,
    content: contentOf(payload),
    ...placement,
    clock,
    timestamp,
    ...(isOld(payload, clock, times) ? { old: true as const } : {}),
    effects
  }
}

function validateShown(payload: Payload): RefusalCode | undefined {
  if (payload.name === 'chat-message') return validateFormat(payload.message)
  const inside = payload.name === 'membership-update' ? payload.message.message : undefined
  return inside === undefined ? undefined : validateFormat(inside)
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

/** Whether what people see was written long before its envelope was sent. A history of events is old by nature. */
function isOld({ name, message }: Payload, clock: number, { sentMs }: Times): boolean {
  const says = name !== 'membership-update' || message.message !== undefined || message.emojiReaction !== undefined
  return says && clock > 0 && clock < sentMs - limits.oldAfterMs
}

function* effectsOf(
  payload: Payload,
  origin: Origin,
  times: Times,
  about: About
): Steps<readonly DataEffect[] | RefusalCode> {
  switch (payload.name) {
    case 'chat-message':
      return ensClaim(payload.message, origin)
    case 'membership-update':
      return yield* groupEffects(payload.message, origin, times, about)
    case 'contact-update': {
      const { ensName } = payload.message
      const picture = keptPicture(payload.message.profileImage)
      const clock = clockNumber(payload.message.clock)
      const cleared = payload.message.cleared === true ? { cleared: true } : {}
      if (origin.fromSelf) return [{ kind: 'own-profile', ensName, picture, ...cleared, clock }]
      return [{ kind: 'contact-updated', publicKey: origin.author, ensName, picture, clock }]
    }
    case 'pair-installation': {
      const { installationId, deviceType, name, clock } = payload.message
      return [{ kind: 'device-announced', installationId, deviceType, name, clock: clockNumber(clock) }]
    }
    case 'sync-installation-contact': {
      const { id, ensName, clock } = payload.message
      const picture = keptPicture(payload.message.profileImage)
      const publicKey = keyOfId(id)
      if (publicKey === undefined) return 'contact-id-invalid'
      return [{ kind: 'contact-synced', publicKey, ensName, picture, clock: clockNumber(clock) }]
    }
    case 'sync-installation-public-chat':
      return [{ kind: 'public-chat-synced', name: payload.message.id, clock: clockNumber(payload.message.clock) }]
    default:
      return []
  }
}

function ensClaim({ ensName, clock }: ChatMessage, { author, fromSelf }: Origin): readonly DataEffect[] {
  if (fromSelf || !ensName.endsWith('.eth')) return []
  return [{ kind: 'ens-claimed', publicKey: author, ensName, clock: clockNumber(clock) }]
}

/** Strict: each event for itself. status-go 0.56.10: one that is none, or an invalid set, refuses the whole update. */
function* groupEffects(
  update: MembershipUpdateMessage,
  origin: Origin,
  times: Times,
  { knownEvents }: About
): Steps<readonly DataEffect[] | RefusalCode> {
  const { chatId } = update
  const { events, refusal } = yield* openUpdate(update, origin.authorId, times, knownEvents?.(chatId) ?? [])
  if (times.rules === 'strict') {
    // Nothing usable and nothing said: the reason of the first event stands for all.
    if (events.length === 0 && refusal !== undefined) return refusal
  } else {
    if (refusal !== undefined) return refusal
    if (events.length > 0 && !isWholeGroup(chatId, events)) return 'events-invalid'
  }
  const claim = update.message === undefined ? [] : ensClaim(update.message, origin)
  return [{ kind: 'group-events', chatId, events }, ...claim]
}
