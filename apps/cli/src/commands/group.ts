import type { SharedClient } from '../daemon/remote.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { type Session, withClient } from '../session.ts'
import { parseKey, parseTarget } from '../target.ts'
import { chatView, groupView } from '../view.ts'

type Args = readonly string[]

function groupId(text = ''): string {
  const chat = parseTarget(text)
  if (chat.kind !== 'group')
    throw new CliError(
      'usage',
      'group-id',
      `not the id of a group: ${text.slice(0, 24)}…`,
      '`status-stack group list` shows them'
    )
  return chat.id
}

async function showGroup({ client, show }: Session, id: string): Promise<void> {
  const chat = (await client.chats()).find(candidate => candidate.id === id)
  if (chat === undefined)
    throw new CliError(
      'failed',
      'unknown-group',
      'there is no such group in this profile',
      '`status-stack group list` shows those there are'
    )
  show(groupView(chat))
}

export async function listGroups(_: object, globals: Globals, output: Output): Promise<void> {
  await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
    const groups = (await client.chats()).filter(chat => chat.group !== undefined)
    for (const chat of groups) show(chatView(chat))
    if (groups.length === 0) output.hint('· none yet: status-stack group create NAME zQ3sh… zQ3sh…')
  })
}

export async function show(_: object, globals: Globals, output: Output, [id]: Args): Promise<void> {
  await withClient({ network: 'offline' }, globals, output, session => showGroup(session, groupId(id)))
}

export async function create(
  _: object,
  globals: Globals,
  output: Output,
  [name = '', ...members]: Args
): Promise<void> {
  const keys = members.map(parseKey)
  await withClient({ network: 'online' }, globals, output, async session => {
    const { id } = await session.client.createGroup(name, keys)
    await showGroup(session, id)
  })
}

/** A change of one group that is sent to its members. */
function change(work: (client: SharedClient, id: string, rest: Args) => Promise<void>) {
  return async (_: object, globals: Globals, output: Output, [id, ...rest]: Args): Promise<void> => {
    const group = groupId(id)
    await withClient({ network: 'online' }, globals, output, async session => {
      await work(session.client, group, rest)
      await showGroup(session, group)
    })
  }
}

export const join = change((client, id) => client.joinGroup(id))
export const leave = change((client, id) => client.leaveGroup(id))
export const stepDown = change((client, id) => client.stepDownInGroup(id))
export const rename = change((client, id, [name = '']) => client.renameGroup(id, name))
export const invite = change((client, id, members) => client.inviteToGroup(id, members.map(parseKey)))
export const promote = change((client, id, members) => client.promoteInGroup(id, members.map(parseKey)))
export const remove = change((client, id, [member = '']) => client.removeFromGroup(id, parseKey(member)))
