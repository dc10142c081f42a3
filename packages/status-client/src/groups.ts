import { bytesToHex } from '@status-stack/crypto'
import {
  type Accepted,
  createGroupId,
  type Group,
  type GroupChange,
  type GroupEvent,
  mergeGroup,
  openEvents,
  reduceGroup,
  systemMessageId
} from '@status-stack/status-data'
import type { Applied } from './applied.ts'
import { blankChat } from './book.ts'
import type { Core } from './core.ts'
import { callerError } from './errors.ts'
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
  /** The signed events, for sending. */
  readonly events: (id: string) => readonly GroupEvent[]
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

/** SPEC: 7/GROUP-CHAT, numbers of the membership events on the wire. */
const eventTypes = {
  chatCreated: 1,
  nameChanged: 2,
  membersAdded: 3,
  memberJoined: 4,
  memberRemoved: 5,
  adminsAdded: 6,
  adminRemoved: 7
} as const

export const groupRef = (id: string): ChatRef => ({ kind: 'group', id })

/** The line that a chat shows for one event; keys appear as mentions. SPEC: 7/GROUP-CHAT. */
export function systemText(event: GroupEvent): string {
  const from = `@${event.author}`
  const members = event.members.map(member => `@${member}`).join(', ')
  switch (event.type) {
    case eventTypes.chatCreated:
      return `${from} created the group ${event.name}`
    case eventTypes.nameChanged:
      return `${from} changed the group's name to ${event.name}`
    case eventTypes.membersAdded:
      return `${from} has invited ${members}`
    case eventTypes.memberJoined:
      return `${from} joined the group`
    case eventTypes.adminsAdded:
      return `${from} has made ${members} admin`
    case eventTypes.memberRemoved:
      return event.members[0] === event.author ? `${from} left the group` : `${members} left the group`
    default:
      return `${from} is not admin anymore`
  }
}

const eventNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(eventTypes).map(([name, value]) => [value, name])
)

export function createGroups(core: Core, ports: GroupPorts): Groups {
  const { book, messages, self } = core
  const selfId = hexKey(self)
  // BOUNDED: one history per stored group, each limits.groupEventBytes. A signature is recovered once, not once per message.
  const histories = new Map<string, History>()

  const history = (id: string, unit?: Unit): History | undefined => {
    const bytes = book.chat(groupRef(id), unit)?.events
    if (bytes === undefined) return undefined
    const before = histories.get(id)
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
    if (await messages.has(messageId, unit)) return
    const deletedAt = book.chat(groupRef(id), unit)?.deletedAtClock ?? 0
    if (event.clock <= deletedAt) return
    const stored = await messages.add(unit, {
      messageId,
      chat: groupRef(id),
      author: keyOfHex(event.author),
      outgoing: event.author === selfId,
      text: systemText(event),
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
      if (known === undefined && !accepted.mine) {
        const invitations = book.chats().filter(chat => {
          if (chat.chat.kind !== 'group') return false
          return !(state(chat.chat.id)?.joined.includes(selfId) ?? false)
        })
        if (invitations.length >= limits.groupInvitations) {
          return { kind: 'refused', layer: 'quota', reason: 'group-invitation-quota', final: false }
        }
      }
      if (known !== undefined && merged.events.length === (known.events?.length ?? 0)) return { kind: 'applied' }
      const stored = merged.events.map(event => event.bytes)
      const wasMember = known !== undefined && (state(id, unit)?.members.includes(selfId) ?? false)
      book.putChat(unit, {
        ...(known ?? blankChat(ref)),
        active: known === undefined ? true : known.active || (isMember && !wasMember),
        lastClock: Math.max(known?.lastClock ?? 0, merged.state.lastClock),
        events: stored
      })
      for (const event of merged.added) await line(unit, id, event)
      unit.after(() => ports.groupChanged(id))
      return { kind: 'applied' }
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
    newId: () => createGroupId(self, core.random)
  }
}

/** What a person may do in a group, before events are signed that nobody would accept. @throws ClientError */
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
