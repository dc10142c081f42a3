import type { GroupEvent, SystemMessage } from '@status-stack/interface'
import { checkEvents } from '../arguments.ts'
import { eventTypes } from '../payloads/membership-update.ts'
import { oneLine } from '../strings.ts'
import { eventKey, systemMessageId } from './event.ts'

/**
 * The lines of events, one each, in order; an event that comes twice has one line.
 *
 * @example
 * ```ts
 * for (const line of systemMessages(merged.added)) show(line.text)
 * ```
 */
export function systemMessages(events: readonly GroupEvent[]): readonly SystemMessage[] {
  checkEvents('events', events)
  const lines = new Map<string, SystemMessage>()
  for (const event of events) {
    const key = eventKey(event)
    if (lines.has(key)) continue
    const { author, clock } = event
    lines.set(key, {
      messageId: systemMessageId(event),
      author,
      clock,
      event: eventNames[event.type] ?? 'unknown',
      text: textOf(event)
    })
  }
  return [...lines.values()]
}

/**
 * The name of an event type, for those who show lines in words of their own.
 *
 * @example
 * ```ts
 * eventNames[event.type] // 'memberJoined'
 * ```
 */
export const eventNames: Readonly<Record<number, keyof typeof eventTypes>> = Object.freeze(
  Object.fromEntries(Object.entries(eventTypes).map(([name, type]) => [type, name as keyof typeof eventTypes]))
)

/**
 * What a line says. It speaks in the client's own voice, so it names people by their keys only: a member can write anything
 * where a key is expected. A group's name is quoted, on one line, for the same reason.
 */
function textOf({ author, targets, name, type }: GroupEvent): string {
  const from = `@${author}`
  const named = targets.length === 0 ? 'no one' : targets.map(target => `@${target}`).join(', ')
  switch (type) {
    case eventTypes.chatCreated:
      return `${from} created the group ${quoted(name)}`
    case eventTypes.nameChanged:
      return `${from} changed the group's name to ${quoted(name)}`
    case eventTypes.membersAdded:
      return `${from} has invited ${named}`
    case eventTypes.memberJoined:
      return `${from} joined the group`
    case eventTypes.adminsAdded:
      return `${from} has made ${named} admin`
    case eventTypes.memberRemoved:
      return `${named} left the group`
    case eventTypes.adminRemoved:
      return `${from} is not admin anymore`
    default:
      return `${from} changed the group`
  }
}

const quoted = (name: string): string => `“${oneLine(name).replace(/[“”"]/g, "'")}”`
