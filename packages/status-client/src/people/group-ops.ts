import type { GroupChange } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import type { Composition } from '../composition/join-layers.ts'
import { callerError } from '../errors.ts'
import { assertPublicKey, groupRef } from '../ids.ts'
import type { PublicKey } from '../types.ts'
import { assertMayChange } from './groups.ts'

type Layers = Pick<Composition, 'groups' | 'messageSender' | 'listenTargets'>

/** What a person does with private groups. Each is one or two signed events, sent with the whole history. SPEC: 7/GROUP-CHAT. */
export function createGroupOps(core: Core, layers: Layers) {
  const { limits } = core.data
  const change = async (id: string, changes: readonly GroupChange[]): Promise<void> => {
    const events = await layers.groups.events(id)
    for (const one of changes) {
      if (changes[0]?.kind !== 'created') assertMayChange(core, layers.groups.state(id), one)
    }
    await layers.messageSender.send({
      chat: { kind: 'group', id, events },
      ref: groupRef(id),
      content: { kind: 'group-changes', changes }
    })
    await layers.listenTargets.chatChanged(groupRef(id))
  }

  const others = (members: readonly PublicKey[]): readonly PublicKey[] => {
    members.forEach(assertPublicKey)
    return members.filter(member => !isSelf(core, member))
  }

  return {
    create: async (name: string, members: readonly PublicKey[]): Promise<{ readonly id: string }> => {
      if (name.trim() === '') throw callerError('invalid-argument', 'a group needs a name')
      const invited = others(members)
      if (invited.length + 1 > limits.groupMembers) {
        throw callerError('limit', `a group has at most ${limits.groupMembers} members`, { limit: limits.groupMembers })
      }
      const id = layers.groups.newId()
      const changes: GroupChange[] = [{ kind: 'created', name }]
      if (invited.length > 0) changes.push({ kind: 'members-added', members: invited })
      await change(id, changes)
      return { id }
    },
    join: (id: string): Promise<void> => change(id, [{ kind: 'member-joined' }]),
    invite: (id: string, members: readonly PublicKey[]): Promise<void> =>
      change(id, [{ kind: 'members-added', members: others(members) }]),
    rename: (id: string, name: string): Promise<void> => change(id, [{ kind: 'name-changed', name }]),
    promote: (id: string, members: readonly PublicKey[]): Promise<void> => {
      members.forEach(assertPublicKey)
      return change(id, [{ kind: 'admins-added', members }])
    },
    remove: (id: string, member: PublicKey): Promise<void> => {
      assertPublicKey(member)
      if (isSelf(core, member))
        throw callerError('invalid-argument', 'nobody removes themselves: leave the group instead')
      return change(id, [{ kind: 'member-removed', member }])
    },
    stepDown: (id: string): Promise<void> => change(id, [{ kind: 'admin-removed' }]),
    leave: (id: string): Promise<void> => change(id, [{ kind: 'member-removed', member: core.self }])
  }
}
