import type { Contact, Quota, Requests } from '@status-stack/interface'
import { check, checkContact, checkMs } from './arguments.ts'
import { relationOf } from './contact.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

/** How much one sender may make us store. */
export interface QuotaRates {
  /** Most messages at once. */
  readonly burst: number
  /** Messages regained per minute. */
  readonly perMinute: number
}

/**
 * What a busy person writes stays below; a contact's other device may hand over a long day at once.
 *
 * @example
 * ```ts
 * quotaRates.contact.burst // messages that a contact may send at once
 * ```
 */
export const quotaRates = Object.freeze({
  stranger: Object.freeze({ burst: 300, perMinute: 300 }),
  contact: Object.freeze({ burst: 6000, perMinute: 6000 })
}) satisfies Readonly<Record<'stranger' | 'contact', QuotaRates>>

/**
 * The rates of a sender.
 *
 * @example
 * ```ts
 * ratesOf(contact) === quotaRates.stranger
 * ```
 */
export function ratesOf(contact: Contact): QuotaRates {
  checkContact(contact)
  return contact.added ? quotaRates.contact : quotaRates.stranger
}

/**
 * Takes one message from a sender's account; `undefined` when it is empty. A clock set back a little gives nothing. After one that was set back
 * by more than a whole burst takes to be regained the account starts anew: an empty one would stay so until the clock is where it was.
 *
 * Spend it for what is going to be stored only, as `admit` does: anyone can send a copy of another person's message, and would
 * spend that person's quota.
 *
 * @example
 * ```ts
 * const left = spendQuota(quota, nowMs, ratesOf(contact))
 * if (left === undefined) wait()
 * ```
 */
export function spendQuota(quota: Quota | undefined, nowMs: number, rates: QuotaRates): Quota | undefined {
  checkMs('nowMs', nowMs)
  check.object('rates', rates)
  checkMs('rates.burst', rates.burst)
  checkMs('rates.perMinute', rates.perMinute)
  const isAhead = quota !== undefined && (quota.atMs - nowMs) * rates.perMinute > rates.burst * 60_000
  const before = quota === undefined || isAhead ? { tokens: rates.burst, atMs: nowMs } : quota
  const regained = (Math.max(0, nowMs - before.atMs) * rates.perMinute) / 60_000
  const tokens = Math.min(rates.burst, before.tokens + regained)
  return tokens < 1 ? undefined : { tokens: tokens - 1, atMs: Math.max(nowMs, before.atMs) }
}

/**
 * Most messages kept of one stranger who has no answer yet.
 *
 * @example
 * ```ts
 * const isFull = request.count >= messagesPerRequest
 * ```
 */
export const messagesPerRequest: number = limits.messagesPerRequest

/** How a message of a person is taken: shown, kept as a request, or refused. */
export type Standing =
  /** Shown like any message. */
  | { readonly kind: 'message' }
  /** Shown among requests; `evicts` when the oldest request has to go for it. */
  | { readonly kind: 'request'; readonly evicts: boolean }

/**
 * What becomes of a 1:1 message by who sent it. A stranger's stays a request until we answer or add them; a full
 * request is refused for now, so the rest comes when we have answered.
 *
 * @example
 * ```ts
 * const standing = validateSender(contact, answered, { open: false, messages: 0 }, waiting)
 * if (standing.kind === 'request' && standing.evicts) dropOldestRequest()
 * ```
 */
export function validateSender(
  contact: Contact,
  answered: boolean,
  requests: Requests,
  waiting: number
): Standing | Refused {
  check.object('requests', requests)
  const { open, messages } = requests
  check.boolean('requests.open', open)
  check.integer('requests.messages', messages, 0, Number.MAX_SAFE_INTEGER)
  check.integer('waiting', waiting, 0, Number.MAX_SAFE_INTEGER)
  const relation = relationOf(contact)
  if (relation === 'blocked') return refuse('author-blocked')
  if (relation === 'added' || relation === 'mutual' || answered) return { kind: 'message' }
  if (messages >= messagesPerRequest) return refuse('quota-exceeded')
  // BOUNDED: limits.messageRequests
  return { kind: 'request', evicts: !open && waiting >= limits.messageRequests }
}
