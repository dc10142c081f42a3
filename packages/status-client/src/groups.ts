import { bytesToHex } from '@status-stack/crypto'
import {
  type Accepted,
  createGroupId,
  eventTypes,
  type Group,
  type GroupChange,
  type GroupEvent,
  mergeGroup,
  openEvents,
  reduceGroup,
  systemMessageId
} from '@status-stack/status-data'
import { createBoundedMap, timeSlicer } from '@status-stack/utils'
import { type Applied, applied, duplicate } from './applied.ts'
import { blankChat } from './book.ts'
import { greatestClock, isCleared, isRetired } from './chat-clock.ts'
import type { Core } from './core.ts'
import { callerError } from './errors.ts'
import { createEvictions } from './evictions.ts'
import { hexKey, keyOfHex, messageIdOf } from './ids.ts'
import { limits } from './limits.ts'
import type { Unit } from './stores/store.ts'
import type { ChatRef, GroupInfo, PublicKey } from './types.ts'

export interface Groups {
  /** Unites received events with the stored ones; stages the group and its system lines. */
  readonly merge: (unit: Unit, id: string, events: readonly GroupEvent[], accepted: Accepted) => Promise<Applied>
  /** Only members who confirmed talk, and only to us when we did (P-23). */
  readonly mayRead: (unit: Unit, id: string, author: PublicKey) => boolean
  readonly info: (id: string) => GroupInfo | undefined
  readonly state: (id: string, unit?: Unit) => Group | undefined
  /** The signed events that are stored. */
  readonly events: (id: string) => readonly GroupEvent[]
  /** Those that readers accept now: no reader accepts one signed while our clock was years ahead, nor what follows it. */
  readonly sendableEvents: (id: string) => readonly GroupEvent[]
  readonly newId: () => string
}

export interface GroupPorts {
  /** The members we have to hear of changed. Called after the batch is on disk. */
  readonly groupChanged: (id: string) => void
}

/** A group's stored events, opened. */
interface History {
  readonly bytes: readonly Uint8Array[]
  readonly events: readonly GroupEvent[]
  readonly state: Group
}

/** Events that one call signs at most, each with a clock of its own after the last one. */
const changesAtOnce = 2

export const groupRef = (id: string): ChatRef => ({ kind: 'group', id })

/** A group's name inside a line that is not its author's: on one line, without characters that change how the rest is shown. */
function quotedName(name: string): string {
  const plain = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return [...plain].slice(0, nameCharacters).join('')
}

/** Characters of a name that a system line shows. */
const nameCharacters = 100

/**
 * The line that a chat shows for one event; keys appear as mentions. `undefined` when the event names no one it could be about.
 * People come from the event's targets, which are keys: the other text of an event is whatever its author wrote.
 * SPEC: 7/GROUP-CHAT.
 */
export function systemText({ author, targets, type, name }: GroupEvent): string | undefined {
  const from = `@${author}`
  const people = targets.map(target => `@${target}`).join(', ')
  switch (type) {
    case eventTypes.chatCreated:
      return `${from} created the group ${quotedName(name)}`
    case eventTypes.nameChanged:
      return `${from} changed the group's name to ${quotedName(name)}`
    case eventTypes.memberJoined:
      return `${from} joined the group`
    case eventTypes.membersAdded:
      return people === '' ? undefined : `${from} has invited ${people}`
    case eventTypes.adminsAdded:
      return people === '' ? undefined : `${from} has made ${people} admin`
    case eventTypes.memberRemoved:
      return people === '' ? undefined : `${people} left the group`
    case eventTypes.adminRemoved:
      return `${from} is not admin anymore`
    default:
      return undefined
  }
}

const eventNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(eventTypes).map(([name, value]) => [value, name])
)

export function createGroups(core: Core, ports: GroupPorts): Groups {
  const { book, messages, self } = core
  const evictions = createEvictions(core)
  const selfId = hexKey(self)
  // BOUNDED: limits.groupHistories of at most limits.groupEventBytes each, the one used longest ago is evicted and opened anew when
  // it is needed. Without it a signature would be recovered with each message.
  const histories = createBoundedMap<string, History>({ maxEntries: limits.groupHistories })

  const history = (id: string, unit?: Unit): History | undefined => {
    const bytes = book.chat(groupRef(id), unit)?.events
    if (bytes === undefined) return undefined
    const before = histories.touch(id)
    if (before?.bytes === bytes) return before
    const opened = new Map(before?.events.map(event => [bytesToHex(event.bytes), event]))
    const events = bytes.flatMap(one => opened.get(bytesToHex(one)) ?? openEvents(id, [one]))
    const fresh = { bytes, state: reduceGroup(id, events).state, events }
    histories.set(id, fresh)
    return fresh
  }

  const state = (id: string, unit?: Unit): Group | undefined => history(id, unit)?.state

  const line = async (unit: Unit, id: string, event: GroupEvent): Promise<void> => {
    const messageId = messageIdOf(systemMessageId(event))
    const text = systemText(event)
    if (text === undefined || (await messages.has(messageId, unit))) return
    const chat = book.chat(groupRef(id), unit)
    const nowMs = core.clock.nowMs()
    if (chat !== undefined && (isCleared(chat, event.clock, nowMs) || isRetired(chat, event.clock, nowMs))) return
    const stored = await messages.add(unit, {
      messageId,
      chat: groupRef(id),
      author: keyOfHex(event.author),
      outgoing: event.author === selfId,
      text,
      content: { kind: 'system', event: eventNames[event.type] ?? 'unknown' },
      clock: event.clock,
      timestampMs: event.clock,
      storedMs: core.clock.nowMs(),
      protection: 'public',
      source: 'local'
    })
    unit.after(() => core.announce('message', async () => core.emit('message', await messages.view(stored))))
  }

  return {
    merge: async (unit, id, events, accepted) => {
      const ref = groupRef(id)
      const known = book.chat(ref, unit)
      const merged = mergeGroup(id, history(id, unit)?.events ?? [], events)
      if (merged.kind === 'refused') return { kind: 'refused', layer: 'data', reason: merged.reason, final: true }
      const isMember = merged.state.members.includes(selfId)
      if (known === undefined && !isMember)
        return { kind: 'refused', layer: 'data', reason: 'not-a-member', final: true }
      const bytes = merged.events.reduce((sum, event) => sum + event.bytes.length, 0)
      if (bytes > limits.groupEventBytes || merged.state.members.length > limits.groupMembers) {
        return { kind: 'refused', layer: 'quota', reason: 'group-quota', final: true }
      }
      const isNew = known === undefined && !accepted.mine
      if (isNew) {
        const room = await evictions.forInvitation(unit, accepted.author)
        if (room.kind !== 'applied') return room
      }
      if (known !== undefined && merged.events.length === (known.events?.length ?? 0)) return duplicate
      const stored = merged.events.map(event => event.bytes)
      const wasMember = known !== undefined && (state(id, unit)?.members.includes(selfId) ?? false)
      const { invitedBy: _, ...before } = known ?? blankChat(ref)
      const inviter = isNew ? accepted.author : known?.invitedBy
      const isInvitation = inviter !== undefined && !merged.state.joined.includes(selfId)
      book.putChat(unit, {
        ...before,
        ...(isNew ? { openedMs: core.clock.nowMs() } : {}),
        ...(isInvitation ? { invitedBy: inviter } : {}),
        active: known === undefined ? true : known.active || (isMember && !wasMember),
        lastClock: Math.max(known?.lastClock ?? 0, merged.state.lastClock),
        events: stored
      })
      for (const event of merged.added) {
        await line(unit, id, event)
        await timeSlicer.yielded()
      }
      unit.after(() => ports.groupChanged(id))
      return applied
    },
    mayRead: (unit, id, author) => {
      const group = state(id, unit)
      return group?.joined.includes(selfId) === true && group.joined.includes(hexKey(author))
    },
    info: id => {
      const group = state(id)
      if (group === undefined) return undefined
      return {
        name: group.name,
        members: group.members.map(member => ({
          publicKey: keyOfHex(member),
          admin: group.admins.includes(member),
          joined: group.joined.includes(member)
        })),
        member: group.members.includes(selfId),
        joined: group.joined.includes(selfId)
      }
    },
    state,
    events: id => history(id)?.events ?? [],
    sendableEvents: id => {
      const greatest = greatestClock(core.clock.nowMs()) - changesAtOnce
      return (history(id)?.events ?? []).filter(({ clock }) => clock < greatest)
    },
    newId: () => createGroupId(self, core.random)
  }
}

/** What a person may do in a group, before events are signed that no member would accept. @throws ClientError */
export function assertMayChange(group: Group | undefined, self: PublicKey, change: GroupChange): void {
  if (change.kind === 'created') return
  const id = hexKey(self)
  if (group === undefined) throw callerError('unknown-chat', 'group: unknown')
  if (!group.members.includes(id)) throw callerError('not-a-member', 'group: you are not a member')
  const isAdmin = group.admins.includes(id)
  const ownLeave = change.kind === 'member-removed' && hexKey(change.member) === id
  if (change.kind === 'member-joined' || ownLeave) return
  if (!isAdmin) throw callerError('not-an-admin', 'group: only admins may do this')
  if (change.kind === 'member-removed') {
    const target = hexKey(change.member)
    if (!group.members.includes(target)) throw callerError('not-a-member', 'group: they are not a member')
    if (group.admins.includes(target)) throw callerError('not-an-admin', 'group: an admin cannot be removed')
  }
  if (change.kind === 'admins-added' && !change.members.every(member => group.members.includes(hexKey(member)))) {
    throw callerError('not-a-member', 'group: only members become admins')
  }
  const size = change.kind === 'members-added' ? group.members.length + change.members.length : 0
  if (size > limits.groupMembers) {
    throw callerError('limit', `group: at most ${limits.groupMembers} members`, { limit: limits.groupMembers })
  }
}
