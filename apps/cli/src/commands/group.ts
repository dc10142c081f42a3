import type { Account } from '@status-stack/account-rpc'
import type { ChatFact } from '@status-stack/account-rpc/methods'
import { type Definition, defineCommand, defineGroup, type Position } from '../command.ts'
import { CliError, codeOf } from '../errors.ts'
import { peerOption, privacyOption } from '../flags.ts'

const load = () => import('../messenger.ts')

const list = defineCommand({
  name: 'list',
  isDefault: true,
  summary: 'all groups',
  examples: [['which there are', 'group list']],
  load,
  run: async ({ globals, output }, { withAccount, chatView }) => {
    await withAccount({ network: 'offline' }, globals, output, async ({ names, show }) => {
      const groups = names.chats().filter(chat => chat.group !== undefined)
      for (const chat of groups) show(chatView(chat, names))
      if (groups.length === 0) output.hint('· none yet: status-stack group create NAME zQ3sh… zQ3sh…')
    })
  }
})

const show = defineCommand({
  name: 'show',
  summary: 'one group and its members',
  positions: [['<group>', 'its name or id', 'groups']],
  examples: [['who is in it', 'group show fcb42c9b-…']],
  load,
  run: async ({ globals, output, args: [group = ''] }, kit) => {
    kit.assertGroup(group)
    await kit.withAccount({ network: 'offline' }, globals, output, async ({ account, names, show }) => {
      const id = await kit.findGroup(names, group)
      show(kit.groupView(await account.group({ group: id }).catch(unknownGroup), names))
    })
  }
})

function unknownGroup(error: unknown): never {
  if (codeOf(error) !== 'unknown-chat') throw error
  throw new CliError(
    'failed',
    'unknown-group',
    'there is no such group in this profile',
    '`status-stack group list` shows those there are'
  )
}

const create = defineCommand({
  name: 'create',
  summary: 'make a group and invite people',
  positions: [
    ['<name>', 'its name'],
    ['[members...]', 'names or public keys', 'contacts']
  ],
  flags: [peerOption(), privacyOption()],
  examples: [['a group of three', 'group create hikers zQ3sh… zQ3sh… --peer enode://…@host:30303']],
  load,
  run: async (
    { globals, output, args: [name = '', ...members] },
    { assertPerson, findPerson, withAccount, groupView }
  ) => {
    for (const member of members) assertPerson(member)
    await withAccount({ network: 'online', brief: true }, globals, output, async ({ account, names, show }) => {
      const keys = await Promise.all(members.map(member => findPerson(names, member)))
      show(groupView(await account.createGroup({ name, members: keys }), names))
    })
  }
})

interface Change {
  readonly name: string
  readonly summary: string
  /** What it takes besides the group. */
  readonly position?: Position
  /** What the example has in its place. */
  readonly example?: string
  /** The rest are people. */
  readonly people?: boolean
  readonly work: (account: Account, group: string, rest: readonly string[]) => Promise<ChatFact>
}

/** A change of one group that is sent to its members. */
const change = ({ name, summary, position, example = '', people = false, work }: Change): Definition =>
  defineCommand({
    name,
    summary,
    positions: [['<group>', 'its name or id', 'groups'], ...(position === undefined ? [] : [position])],
    flags: [peerOption(), privacyOption()],
    examples: [[summary, `group ${name} fcb42c9b-…${example} --peer enode://…@host:30303`]],
    load,
    run: async ({ globals, output, args: [group = '', ...rest] }, kit) => {
      kit.assertGroup(group)
      if (people) for (const person of rest) kit.assertPerson(person)
      await kit.withAccount({ network: 'online', brief: true }, globals, output, async ({ account, names, show }) => {
        const id = await kit.findGroup(names, group)
        const others = people ? await Promise.all(rest.map(person => kit.findPerson(names, person))) : rest
        show(kit.groupView(await work(account, id, others), names))
      })
    }
  })

const changes = [
  change({ name: 'join', summary: 'accept an invitation', work: (account, group) => account.joinGroup({ group }) }),
  change({ name: 'leave', summary: 'leave a group', work: (account, group) => account.leaveGroup({ group }) }),
  change({
    name: 'step-down',
    summary: 'stop being an admin',
    work: (account, group) => account.stepDownInGroup({ group })
  }),
  change({
    name: 'rename',
    summary: 'give a group another name',
    position: ['<name>', 'the new name'],
    example: ' climbers',
    work: (account, group, [name = '']) => account.renameGroup({ group, name })
  }),
  change({
    name: 'invite',
    summary: 'invite more people',
    position: ['<members...>', 'names or public keys', 'contacts'],
    example: ' Bob',
    people: true,
    work: (account, group, members) => account.inviteToGroup({ group, members })
  }),
  change({
    name: 'promote',
    summary: 'make members admins',
    position: ['<members...>', 'names or public keys', 'contacts'],
    example: ' zQ3sh…',
    people: true,
    work: (account, group, members) => account.promoteInGroup({ group, members })
  }),
  change({
    name: 'remove',
    summary: 'remove a member',
    position: ['<member>', 'a name or a public key', 'contacts'],
    example: ' zQ3sh…',
    people: true,
    work: (account, group, [publicKey = '']) => account.removeFromGroup({ group, publicKey })
  })
]

/** Private groups. */
export const group = defineGroup({
  name: 'group',
  summary: 'private groups',
  examples: [
    ['which there are', 'group'],
    ['make one', 'group create hikers zQ3sh… zQ3sh… --peer enode://…@host:30303'],
    ['accept an invitation', 'group join fcb42c9b-… --peer enode://…@host:30303'],
    ['write to all its members', 'send --to fcb42c9b-… --peer enode://…@host:30303 "hello"']
  ],
  commands: [list, show, create, ...changes]
})
