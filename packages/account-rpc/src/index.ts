/**
 * A messenger account as other programs use it: one table of methods, the account over a running client, and its JSON-RPC server.
 * The client for the other end is in `./client`, the table alone in `./methods`.
 *
 * @packageDocumentation
 */
export { type Account, type AccountCalls, type AccountOptions, createAccount, type LocalAccount } from './account.ts'
export {
  assertAudio,
  assertImage,
  assertReply,
  attachmentOf,
  parseMessageId,
  parseSticker,
  storedMessage
} from './content.ts'
export { type DeliveryMark, deliveryMark, deliveryWords, heldWords } from './delivery-mark.ts'
export { emojiPictures, parseEmoji } from './emoji.ts'
export {
  AccountError,
  ArgumentError,
  CallError,
  type CallErrorCode,
  type ConnectionCode,
  type NameCode,
  type RefusalCode,
  refusalCodes
} from './errors.ts'
export {
  chatFact,
  contactFact,
  deviceFact,
  groupFact,
  historyFact,
  noticeFact,
  profileFact,
  skewFact
} from './fact-makers.ts'
export { type Delivered, followDelivery, type WaitState } from './follow-delivery.ts'
export { assertRange, type FetchQuery, type FetchRange, fetchHistory, unreachable } from './history.ts'
export { limits } from './limits.ts'
export { deliveryFact, ledgerFact, messageFact, refusedFact, sentFact } from './message-fact-makers.ts'
export { withoutMetadata } from './picture-metadata.ts'
export { type HistorySearch, type HistorySearchStep, searchHistory } from './search-history.ts'
export { serveAccount } from './serve-account.ts'
