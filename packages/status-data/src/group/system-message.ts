import { eventTypes } from '../payloads/membership-update.ts'
import { type GroupEvent, systemMessageId } from './event.ts'

/** A line that a device writes into a group's chat for an event. It never travels. */
export interface SystemMessage {
  /** Keccak-256 of the event's signature: one line per event, however often it arrives. */
  readonly messageId: Uint8Array
  readonly author: string
  readonly clock: number
  /** English, with people as `@0x04…` mentions. */
  readonly text: string
}

/** The lines of events, one each, in order; an event that comes twice has one line. */
export function systemMessages(events: readonly GroupEvent[]): readonly SystemMessage[] {
  const lines = new Map<string, SystemMessage>()
  for (const event of events) {
    const messageId = systemMessageId(event)
    const line = { messageId, author: event.author, clock: event.clock, text: textOf(event) }
    if (!lines.has(String(messageId))) lines.set(String(messageId), line)
  }
  return [...lines.values()]
}

function textOf({ author, members, name, type }: GroupEvent): string {
  const from = `@${author}`
  const named = members.map(member => `@${member}`).join(', ')
  switch (type) {
    case eventTypes.chatCreated:
      return `${from} created the group ${name}`
    case eventTypes.nameChanged:
      return `${from} changed the group's name to ${name}`
    case eventTypes.membersAdded:
      return `${from} has invited ${named}`
    case eventTypes.memberJoined:
      return `${from} joined the group`
    case eventTypes.adminsAdded:
      return `${from} has made ${named} admin`
    case eventTypes.memberRemoved:
      return `${named} left the group`
    default:
      return `${named} is not admin anymore`
  }
}
