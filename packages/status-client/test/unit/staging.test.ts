import type { Accepted, Device, GroupMerge } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { accepted, somebody } from '../support/core.ts'
import { admitted, alice, chatOf, hello, judged, refOf } from '../support/judged.ts'

type Merged = Extract<GroupMerge, { kind: 'merged' }>

const group = { kind: 'group', id: 'g' } as const

/** A message of a group with events, the merge of which the test decides; what is staged of the group is noted. */
async function inGroup(merge: Partial<Merged> = {}) {
  const staged: unknown[] = []
  const merged = { kind: 'merged', changed: true, state: { members: [] }, ...merge } as unknown as Merged
  const world = await judged([], {
    merge: async () => merged,
    stage: async (_unit, id, what, inviter) => void staged.push([id, what === merged, inviter])
  })
  const update = (fields: Partial<Accepted> = {}): Accepted => ({
    ...accepted(alice, { kind: 'group-update' }, group),
    effects: [{ kind: 'group-events', chatId: 'g', events: [] }],
    ...fields
  })
  return { ...world, staged, merged, update }
}

test('a group is stored where it changed, and as an invitation of the author where it is new', async () => {
  const { take, answers, staged, update } = await inGroup()
  await take(update())
  expect(staged).toEqual([['g', true, undefined]])
  answers({ ...admitted, createsChat: 'active' })
  await take(update())
  expect(staged[1]).toEqual(['g', true, alice])
  // A group of ours from another device invites nobody.
  await take(update({ fromSelf: true }))
  expect(staged[2]).toEqual(['g', true, undefined])
})

test('a group that did not change is stored only where it is new, and one without events never', async () => {
  const { take, answers, staged, update } = await inGroup({ changed: false })
  await take(update())
  expect(staged).toEqual([])
  answers({ ...admitted, createsChat: 'active' })
  await take(update({ effects: [] }))
  expect(staged).toEqual([])
  await take(update())
  expect(staged).toHaveLength(1)
})

test('of a message that shows nothing it is its events that count', async () => {
  const nothing = { content: { kind: 'contact-code' } } as const
  const changed = await inGroup()
  expect(await changed.take(changed.update(nothing))).toBe('applied')
  const same = await inGroup({ changed: false })
  expect(await same.take(same.update(nothing))).toBe('duplicate')
  expect(await same.take(same.update({ ...nothing, effects: [] }))).toBe('duplicate')
})

test('what the data layer is told of a group: its state, what the merge changed, and who waits where it is new', async () => {
  const { take, known, merged, update, stored } = await inGroup()
  await take(update())
  expect(known[0]).toMatchObject({
    group: merged.state,
    groupChanged: true,
    invitations: { waiting: 0, byAuthor: 0 }
  })
  await stored([{ chat: group }])
  await take(update())
  expect(known[1]).not.toHaveProperty('invitations')
  await take(hello())
  for (const name of ['group', 'groupChanged', 'invitations']) expect(known[2]).not.toHaveProperty(name)
})

test('groupInvitationsPerContact: a contact puts us into no more, and what is refused so leaves nothing behind', async () => {
  const { take, stored, answers, staged, update, apply, core } = await inGroup()
  const invited = Array.from({ length: limits.groupInvitationsPerContact }, (_, at) => ({
    chat: { kind: 'group', id: String(at) } as const,
    invitedBy: alice
  }))
  await stored(invited, [{ publicKey: alice, added: true }])
  answers({ ...admitted, createsChat: 'active' })
  const unit = core.store.unit()
  expect(await apply.apply(unit, update(), { shown: 'public', source: 'live', old: false })).toMatchObject({
    layer: 'quota',
    reason: 'group-invitation-quota',
    final: false
  })
  expect(staged).toEqual([])
  // Neither our own groups, nor what is said in those that are there, nor chats of two are invitations.
  expect(await take(update({ fromSelf: true }))).toBe('applied')
  expect(await take(hello())).toBe('applied')
  answers(admitted)
  expect(await take(update())).toBe('applied')
})

test('the oldest invitation of strangers, and the oldest request, make room where the data layer says so', async () => {
  const { take, stored, answers, core, update, heard } = await inGroup()
  const old = { kind: 'group', id: 'old' } as const
  const asking = refOf(somebody())
  await stored([
    { chat: old, invitedBy: somebody() },
    { chat: asking, request: true }
  ])
  const left = () => core.chatCache.chats().map(({ chat }) => chat)
  await take(update())
  expect(left()).toHaveLength(2)
  answers({ ...admitted, evictsInvitation: true })
  await take(update())
  expect(left()).toEqual([asking])
  answers({ ...admitted, evictsRequest: true })
  await take(hello())
  expect(heard.notice.map(notice => notice.kind)).toEqual(['chat-evicted', 'chat-evicted'])
})

test('where nobody can make room for a person, what they say of themselves is refused for now, and what they say to us is not', async () => {
  const { core, take, stored, answers } = await judged()
  const somebodyElse = { ...core.data.contacts.unknown, ensName: 'alice.eth' }
  answers({ ...admitted, evictsStranger: true, contact: somebodyElse })
  const update = () => accepted(alice, { kind: 'contact-update', ensName: 'alice.eth', picture: '' }, chatOf(alice))
  expect(await take(update())).toBe('stranger-quota')
  expect(core.chatCache.knows(alice)).toBe(false)
  expect(await take(hello())).toBe('applied')
  const other = somebody()
  await stored([], [{ publicKey: other, ensName: 'other.eth' }])
  // Of whom nothing is known, nobody has to go.
  answers({ ...admitted, evictsStranger: true, contact: core.data.contacts.unknown })
  await take(accepted(somebody(), { kind: 'text', text: 'hello' }, chatOf(somebody())))
  expect(core.chatCache.knows(other)).toBe(true)
  answers({ ...admitted, evictsStranger: true, contact: somebodyElse })
  expect(await take(update())).toBe('applied')
  expect(core.chatCache.knows(other)).toBe(false)
})

test.each([
  ['paired', 'phone', true],
  ['not paired', 'tablet', false],
  ['of no bundle', 'desk', false]
])(
  'a device that names itself is stored and told, with whether it gets copies: %s',
  async (_, installationId, enabled) => {
    const device = { self: false, targeted: true }
    const devices: readonly Device[] = [
      { ...device, installationId: 'tablet', enabled: false },
      { ...device, installationId: 'phone', enabled: true }
    ]
    const { core, take, heard } = await judged(devices)
    const pair = { kind: 'pair', installationId, name: 'mine', deviceType: 'ios' } as const
    const message: Accepted = { ...accepted(core.self, pair, undefined), fromSelf: true }
    expect(await take(message)).toBe('applied')
    expect(await core.store.get(core.keys.device(installationId))).toEqual({
      installationId,
      name: 'mine',
      deviceType: 'ios',
      clock: message.clock
    })
    expect(heard.device).toEqual([
      { change: 'named', device: { installationId, own: true, enabled, name: 'mine', deviceType: 'ios' } }
    ])
  }
)
