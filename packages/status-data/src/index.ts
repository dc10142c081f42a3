/**
 * What a message means, for applications: content into bytes and back, and the rules about what is stored, as one value.
 *
 * The words (`Content`, `Chat`, `Known`, `Contact`, …) are types of `@status-stack/interface`. `./wire` has the payloads field by
 * field, `./rules` each rule alone.
 *
 * @packageDocumentation
 */
export type { Accepted, Outgoing, ReceiveContext } from './accepted.ts'
export { admit } from './admit.ts'
export { shownName } from './contact.ts'
export { dataLayer } from './data-layer.ts'
export { decode, decodeSliced } from './decode.ts'
export { DataError, type DataErrorCode } from './errors.ts'
export { createGroupId, isGroupId, isMessageId, keyId, keyOfId, messageIdText } from './ids.ts'
export { limits } from './limits.ts'
export { mimeTypes, sniffAudio, sniffImage } from './media.ts'
export { outgoing } from './outgoing.ts'
export type { Rules } from './ports.ts'
export { type RefusalCode, type Refused, refusalCodes } from './refusal.ts'
export type { SliceOptions } from './steps.ts'
export { describeText, type Mention, mentionedKeys, mentionsIn, type TextShape } from './text.ts'
