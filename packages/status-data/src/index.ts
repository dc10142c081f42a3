export type { Accepted, DataEffect, Outgoing, OutgoingContext, Seen } from './accepted.ts'
export type { Chat, ChatRef } from './chat.ts'
export type {
  AnnotationContent,
  AudioFormat,
  Content,
  DeviceContent,
  Emoji,
  GroupChange,
  GroupContent,
  ImageFormat,
  MessageContent,
  TransactionContent
} from './content.ts'
export { DataError, type DataErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export { decodePayload, encodePayload, type Payload, type PayloadName, payloadTypeNumber } from './payloads/registry.ts'
export type { Arrival, Audience, IdentityKey, PublicKey, Random, Rules } from './ports.ts'
export { type RefusalCode, type Refused, refusalCodes } from './refusal.ts'
