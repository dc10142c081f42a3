/**
 * Each rule alone: what a payload, a clock, a group event or a person's message may do. All are pure. SPEC: 6/PAYLOADS, 7/GROUP-CHAT.
 *
 * @packageDocumentation
 */
export { admit, validateRemoved } from './admit.ts'
export type { Times } from './checks/context.ts'
export { validatePayload } from './checks/payload.ts'
export { bidClock, type ClockBid, deletionClock, isPossibleClock, nextClock, validateClock } from './clock.ts'
export { nextContact, type Relation, relationOf, shownName, unknownContact } from './contact.ts'
export { type SignedChanges, signChanges } from './group/changes.ts'
export { eventKey, openEvent, openEvents, openEventsSliced, signEvent, systemMessageId } from './group/event.ts'
export { type GroupReplay, type GroupStep, reduceGroup, reduceGroupSliced, replayGroup } from './group/membership.ts'
export {
  type GroupMerge,
  isWholeGroup,
  type MergeOptions,
  mergeGroup,
  mergeGroupSliced,
  usableEvents
} from './group/merge.ts'
export { eventNames, systemMessages } from './group/system-message.ts'
export { contactCodesWanted, type Reasons } from './interests.ts'
export type { Rules } from './ports.ts'
export { countReactions, newerReaction, type Reaction, reactionId } from './reaction.ts'
export {
  messagesPerRequest,
  type QuotaRates,
  quotaRates,
  ratesOf,
  type Standing,
  spendQuota,
  validateSender
} from './request.ts'
export type { SliceOptions } from './steps.ts'
export { nextTransaction, paymentDigest, paymentSigner, type TransactionMessage } from './transaction.ts'
