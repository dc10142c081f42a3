import type { Group, GroupChange, GroupEvent, GroupMerge } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import { groupRef, keyOfHex, publicKeyHex } from '../ids.ts'
import { blankChat } from '../storage/chat-cache.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { GroupInfo, PublicKey } from '../types.ts'
import { createGroupHistories, unplaced } from './group-histories.ts'
import { createGroupLines } from './group-lines.ts'

/** A group with the events of an update, before anything of it is stored. */
export type MergedGroup = Extract<GroupMerge, { kind: 'merged' }>

export interface Groups {
  /** Unites received events with the stored ones; stages nothing. */
  readonly merge: (unit: Unit, id: string, events: readonly GroupEvent[]) => Promise<GroupMerge>
  /** Stages a merged group and its system lines; many of them follow in batches of their own, see `settled`. `inviter`: the person whose update made the group known to us. */
  readonly stage: (unit: Unit, id: string, merged: MergedGroup, inviter: PublicKey | undefined) => Promise<void>
  /** The group as it is stored, opened while others get their turn. */
  readonly open: (id: string, unit?: Unit) => Promise<Group | undefined>
  /** The signed events that are stored, opened while others get their turn. */
  readonly events: (id: string) => Promise<readonly GroupEvent[]>
  /** Those of them that are open already: they need no second verification. */
  readonly knownEvents: (id: string) => readonly GroupEvent[]
  readonly info: (id: string) => GroupInfo | undefined
  readonly state: (id: string) => Group | undefined
  readonly newId: () => string
  /** Settles when the system lines that follow a unit are stored; not to be awaited under the lock of the chats. */
  readonly settled: (unit: Unit) => Promise<void>
  /** Stores the system lines that a crash kept from following. */
  readonly resume: () => Promise<void>
}

export interface GroupPorts {
  /** The members we have to hear of changed. Called after the batch is on disk. */
  readonly groupChanged: (id: string) => void
}

export function createGroups(core: Core, ports: GroupPorts): Groups {
  const { chatCache, self, data } = core
  const selfId = publicKeyHex(self)
  const lines = createGroupLines(core)
  const histories = createGroupHistories(core)
  const now = () => ({ self, nowMs: core.clock.nowMs() })

  return {
    merge: async (unit, id, events) => {
      const stored = (await histories.open(id, unit, events))?.events ?? []
      return data.groups.merge(id, stored, events, now())
    },
    stage: async (unit, id, { state, events, added }, inviter) => {
      const ref = groupRef(id)
      const known = chatCache.chat(ref, unit)
      const before = known === undefined ? undefined : (await histories.open(id, unit))?.state
      const isMember = state.members.includes(selfId)
      const wasMember = before?.members.includes(selfId) ?? false
      const { invitedBy: earlier, ...record } = known ?? blankChat(ref)
      const invitedBy = known === undefined ? inviter : earlier
      const isInvitation = invitedBy !== undefined && !state.joined.includes(selfId)
      const stored = events.map(({ bytes }) => bytes)
      chatCache.putChat(unit, {
        ...record,
        ...(known === undefined && inviter !== undefined ? { openedMs: core.clock.nowMs() } : {}),
        ...(isInvitation ? { invitedBy } : {}),
        active: known === undefined ? true : known.active || (isMember && !wasMember),
        lastClock: Math.max(known?.lastClock ?? 0, state.lastClock),
        events: stored
      })
      await histories.replace(id, stored, events.map(unplaced))
      await lines.stage(unit, id, added)
      unit.after(() => ports.groupChanged(id))
    },
    open: async (id, unit) => (await histories.open(id, unit))?.state,
    events: async id => (await histories.open(id, undefined))?.events ?? [],
    knownEvents: id => histories.cached(id)?.events ?? [],
    info: id => {
      const group = histories.openAtOnce(id)?.state
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
    state: id => histories.openAtOnce(id)?.state,
    newId: () => data.groups.createId(self, core.random),
    settled: lines.settled,
    resume: () =>
      lines.resume(async id => {
        const events = (await histories.open(id, undefined))?.events ?? []
        return (await data.groups.reduceSliced(id, events, now())).accepted
      })
  }
}

/** What a person may do in a group, before events are signed that no member would accept. @throws ClientError */
export function assertMayChange(
  { self, data }: Pick<Core, 'self' | 'data'>,
  group: Group | undefined,
  change: GroupChange
): void {
  if (change.kind === 'created') return
  const id = publicKeyHex(self)
  if (group === undefined) throw callerError('unknown-chat', 'this account knows no such group')
  if (!group.members.includes(id)) throw callerError('not-a-member', 'you are not a member of this group')
  const isAdmin = group.admins.includes(id)
  const ownLeave = change.kind === 'member-removed' && publicKeyHex(change.member) === id
  if (change.kind === 'member-joined' || ownLeave) return
  if (!isAdmin) throw callerError('not-an-admin', 'only an admin of the group can do this')
  if (change.kind === 'member-removed') {
    const target = publicKeyHex(change.member)
    if (!group.members.includes(target)) throw callerError('not-a-member', 'this person is not a member of the group')
    if (group.admins.includes(target)) throw callerError('not-an-admin', 'an admin of the group cannot be removed')
  }
  if (change.kind === 'admins-added' && !change.members.every(member => group.members.includes(publicKeyHex(member)))) {
    throw callerError('not-a-member', 'only a member of the group can become an admin')
  }
  const size = change.kind === 'members-added' ? group.members.length + change.members.length : 0
  const { groupMembers } = data.limits
  if (size > groupMembers) {
    throw callerError('limit', `a group has at most ${groupMembers} members`, { limit: groupMembers })
  }
}
