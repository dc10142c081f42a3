import type { ReceiveContext } from './accepted.ts'
import { check, checkKey, checkMs, checkRules } from './arguments.ts'

const arrivals = ['identity', 'public', 'rendezvous', 'contact-code'] as const

/** What came with the bytes of a message. An envelope without a signer is an answer of its own, no wrong argument. */
export function checkReceiveContext(seen: unknown): asserts seen is ReceiveContext {
  check.object('seen', seen)
  const { transportAuthor, sentMs, nowMs, arrival, self, rules, knownEvents } = seen as Partial<ReceiveContext>
  if (transportAuthor !== undefined) checkKey('seen.transportAuthor', transportAuthor)
  checkMs('seen.sentMs', sentMs)
  checkMs('seen.nowMs', nowMs)
  checkKey('seen.self', self)
  checkRules(rules)
  if (knownEvents !== undefined) check.function('seen.knownEvents', knownEvents)
  check.object('seen.arrival', arrival)
  check.oneOf('seen.arrival.kind', arrival.kind, arrivals)
  if (arrival.kind === 'public') check.text('seen.arrival.name', arrival.name)
  if (arrival.kind === 'rendezvous') checkKey('seen.arrival.peer', arrival.peer)
  if (arrival.kind === 'contact-code') checkKey('seen.arrival.owner', arrival.owner)
}
