/**
 * The one table of an account's methods and events: the server, the client, the help of `status-stack call` and the documentation are
 * made from it. This entry loads no layer.
 *
 * @packageDocumentation
 */
import type { EventName } from './events.ts'
import { method, result } from './method.ts'
import { chatMethods } from './methods/chats.ts'
import { messageMethods } from './methods/messages.ts'
import { ownMethods } from './methods/own.ts'
import { peopleMethods } from './methods/people.ts'
import { texts } from './params.ts'

export { attachmentName, bytesOf } from './attachments.ts'
export { eventTable, methodLines, methodTable } from './documentation.ts'
export { emojiPictures, emojis } from './emoji.ts'
export { type EventFacts, type EventName, eventNames, events } from './events.ts'
export * from './facts.ts'
export { limits } from './limits.ts'
export * from './message-facts.ts'
export type { CallOf, CallOptions, Method, ResultDoc } from './method.ts'
export { momentForms, parseMoment } from './moment.ts'

/** Every method of an account, by name. */
export const methods = { ...ownMethods, ...chatMethods, ...messageMethods, ...peopleMethods }

const subscriptions = result<{ readonly events: readonly EventName[] }>('`events` that this connection now gets')

/** Methods that belong to the connection: what they change ends with it. */
export const connectionMethods = {
  subscribe: method({ doc: 'sends these events as notifications', params: { events: texts }, result: subscriptions }),
  unsubscribe: method({ doc: 'no longer sends these events', params: { events: texts }, result: subscriptions })
}

/** Name of a method of the connection. */
export type ConnectionMethodName = keyof typeof connectionMethods

/** Name of a method. */
export type MethodName = keyof typeof methods
