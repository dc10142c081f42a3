import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { type GroupChange, outgoing } from '@status-stack/status-data'
import type { Delivery, Interest } from '@status-stack/whisper'
import { expect, test } from 'vitest'
import { blankChat, blankContact } from '../../src/book.ts'
import { createHistory } from '../../src/history.ts'
import { importAccount, limits } from '../../src/index.ts'
import { createRateLimit } from '../../src/rate-limit.ts'
import { createSubscriptions, selfOwner, type Want } from '../../src/subscriptions.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { identityOf, person, storageKey } from '../support/world.ts'

const text = (author: Uint8Array, words = 'hello') =>
  accepted(
    author,
    { kind: 'text', text: words },
    { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author }
  )

const update = (author: Uint8Array, fields: { ensName?: string; profileImage?: string } = {}, clock = 1) => {
  const { ensName = '', profileImage = '' } = fields
  const effect = { kind: 'contact-updated', publicKey: author, ensName, profileImage, clock } as const
  return accepted(author, { kind: 'contact-update', ensName, profileImage }, undefined, [effect])
}

test('chats of strangers are bounded: the oldest makes room for the next', async () => {
  const { take, core, forward } = await inside()
  const first = somebody()
  const opening = text(first)
  expect(await take(opening)).toBe('applied')
  for (let index = 1; index < limits.messageRequests; index += 1) {
    forward(1)
    expect(await take(text(somebody()))).toBe('applied')
  }
  const late = somebody()
  expect(await take(text(late))).toBe('applied')
  expect(core.book.chats()).toHaveLength(limits.messageRequests)
  expect(core.book.chat({ kind: 'one-to-one', publicKey: first })).toBeUndefined()
  expect(core.book.chat({ kind: 'one-to-one', publicKey: late })?.count).toBe(1)
  expect(await core.messages.has(`0x${bytesToHex(opening.messageId)}`)).toBe(false)
})

test('an accepted request is never evicted', async () => {
  const { take, core } = await inside()
  const friend = somebody()
  expect(await take(text(friend))).toBe('applied')
  const unit = core.store.unit()
  const [first] = core.book.chats()
  if (first !== undefined) core.book.putChat(unit, { ...first, request: false })
  await unit.commit()
  for (let index = 0; index < limits.messageRequests + 5; index += 1) await take(text(somebody()))
  expect(core.book.chats()).toHaveLength(limits.messageRequests + 1)
  expect(core.book.chat({ kind: 'one-to-one', publicKey: friend })?.count).toBe(1)
})

test('bounds hold for one batch, whose messages are not on the disk yet', async () => {
  const { apply, core } = await inside()
  const unit = core.store.unit()
  for (let index = 0; index < limits.messageRequests + 20; index += 1) {
    await apply.apply(unit, text(somebody()), { shown: 'static-key', source: 'live', old: false })
  }
  await unit.commit()
  expect(core.book.chats()).toHaveLength(limits.messageRequests)
})

test('messages of one stranger are bounded until the request is accepted', async () => {
  const { take } = await inside()
  const author = somebody()
  for (let index = 0; index < limits.messagesPerRequest; index += 1) expect(await take(text(author))).toBe('applied')
  expect(await take(text(author))).toBe('request-full')
})

test('P-16 people stored without our adding them are bounded: the oldest makes room; one that we blocked stays', async () => {
  const { take, core, forward } = await inside()
  const [blocked, first, late] = [somebody(), somebody(), somebody()]
  const unit = core.store.unit()
  core.book.putContact(unit, { ...blankContact(blocked), blocked: true })
  await unit.commit()
  expect(await take(update(first))).toBe('applied')
  forward(1)
  const filling = core.store.unit()
  for (let index = 2; index < limits.strangers; index += 1)
    core.book.putContact(filling, { ...blankContact(somebody()), seenMs: core.clock.nowMs() })
  await filling.commit()
  expect(await take(update(late))).toBe('applied')
  expect(core.book.knows(late)).toBe(true)
  expect(core.book.knows(first)).toBe(false)
  expect(core.book.chat({ kind: 'one-to-one', publicKey: first })).toBeUndefined()
  expect(core.book.contact(blocked).blocked).toBe(true)
  expect(core.book.contacts()).toHaveLength(limits.strangers)
})

test('where all people stored are ours, a stranger is refused, and not for good', async () => {
  const { core, apply } = await inside()
  const unit = core.store.unit()
  for (let index = 0; index < limits.strangers; index += 1)
    core.book.putContact(unit, { ...blankContact(somebody()), blocked: true })
  await unit.commit()
  const late = somebody()
  const next = core.store.unit()
  expect(await apply.apply(next, update(late), { shown: 'static-key', source: 'live', old: false })).toMatchObject({
    reason: 'stranger-quota',
    final: false
  })
  await next.commit()
  expect(core.book.knows(late)).toBe(false)
})

test('long pictures and names are left out, the rest of the update counts', async () => {
  const { take, core } = await inside()
  const author = somebody()
  const fields = {
    ensName: `${'n'.repeat(limits.ensNameBytes)}.eth`,
    profileImage: 'p'.repeat(limits.pictureBytes + 1)
  }
  expect(await take(update(author, fields))).toBe('applied')
  expect(core.book.contact(author)).toMatchObject({ requestReceived: true, ensName: '', picture: '' })
})

test('attachments over the limit are refused', async () => {
  const { take } = await inside()
  const author = somebody()
  const chat = { kind: 'one-to-one', id: '', publicKey: author } as const
  const image = (length: number) =>
    accepted(author, { kind: 'image', image: new Uint8Array(length), format: 'png', text: 'x' }, chat)
  expect(await take(image(limits.attachmentBytes))).toBe('applied')
  expect(await take(image(limits.attachmentBytes + 1))).toBe('attachment-too-large')
})

const room = { kind: 'public', id: 'status' } as const

/** A client that reads a public chat. */
async function inRoom() {
  const all = await inside()
  const unit = all.core.store.unit()
  all.core.book.putChat(unit, blankChat({ kind: 'public', name: room.id }))
  await unit.commit()
  return all
}

const react = (author: Uint8Array, messageId: string) =>
  accepted(author, { kind: 'reaction', messageId, emoji: 'love' }, room)
const someId = () => `0x${bytesToHex(randomBytes(32))}`

test('reactions of one message are bounded', async () => {
  const { take } = await inRoom()
  const messageId = someId()
  for (let index = 0; index < limits.reactionsPerMessage; index += 1)
    expect(await take(react(somebody(), messageId))).toBe('applied')
  expect(await take(react(somebody(), messageId))).toBe('reaction-quota')
})

test('what is noted about messages that have not come is bounded, and room again when they come', async () => {
  const { take } = await inRoom()
  const author = somebody()
  const awaited = accepted(author, { kind: 'text', text: 'late' }, room)
  expect(await take(react(author, `0x${bytesToHex(awaited.messageId)}`))).toBe('applied')
  for (let index = 1; index < limits.earlyNotes; index += 1) await take(react(author, someId()))
  expect(await take(react(author, someId()))).toBe('early-note-quota')
  expect(await take(awaited)).toBe('applied')
  expect(await take(react(author, someId()))).toBe('applied')
  expect(await take(react(author, someId()))).toBe('early-note-quota')
})

test('pins of one chat are bounded', async () => {
  const { take } = await inside({ messageRequests: false })
  const author = somebody()
  const chat = { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author } as const
  const pins = []
  for (let index = 0; index <= limits.pinsPerChat; index += 1) {
    const message = accepted(author, { kind: 'text', text: `m${index}` }, chat)
    await take(message)
    pins.push((pinned: boolean) =>
      accepted(author, { kind: 'pin', messageId: `0x${bytesToHex(message.messageId)}`, pinned }, chat)
    )
  }
  const last = pins.pop()
  for (const pin of pins) expect(await take(pin(true))).toBe('applied')
  if (last === undefined || pins[0] === undefined) throw new Error('no pins')
  expect(await take(last(true))).toBe('pin-quota')
  expect(await take(pins[0](false))).toBe('applied')
  expect(await take(last(true))).toBe('applied')
})

/** An update of a group of somebody's, as the data layer would give it to us. */
function groupUpdate(name: string, members: readonly Uint8Array[], renames = 0, by = 'mallory') {
  const identity = identityOf(by)
  const uuid = `${bytesToHex(randomBytes(4))}-0000-4000-8000-000000000000`
  const id = `${uuid}-0x${bytesToHex(identity.publicKey)}`
  const changes: GroupChange[] = [
    { kind: 'created', name },
    { kind: 'members-added', members }
  ]
  for (let index = 0; index < renames; index += 1)
    changes.push({ kind: 'name-changed', name: `${index} ${'n'.repeat(240)}` })
  const nowMs = 1_600_000_000_000
  const group = { kind: 'group', id, events: [] } as const
  const { local } = outgoing(group, { kind: 'group-changes', changes }, { identity, nowMs })
  return { ...local, mine: false }
}

const us = identityOf('bob').publicKey

test('one stranger puts us into a few groups only, and never uses up the share of others', async () => {
  const { take, core } = await inside()
  for (let index = 0; index < limits.groupInvitationsPerStranger; index += 1) {
    expect(await take(groupUpdate(`g${index}`, [us]))).toBe('applied')
  }
  expect(await take(groupUpdate('one more', [us]))).toBe('group-invitation-quota')
  expect(core.book.chats()).toHaveLength(limits.groupInvitationsPerStranger)
  expect(await take(groupUpdate('of alice', [us], 0, 'alice'))).toBe('applied')
})

test('many strangers push out the oldest invitation of strangers, never that of a contact or a group we joined', async () => {
  const { take, core, heard, forward } = await inside()
  const addContact = async (name: string): Promise<void> => {
    const unit = core.store.unit()
    core.book.putContact(unit, { ...blankContact(identityOf(name).publicKey), added: true })
    await unit.commit()
  }
  await addContact('friend')
  const friends = groupUpdate('of a friend', [us], 0, 'friend')
  const oldest = groupUpdate('first', [us], 0, 'stranger first')
  expect(await take(friends)).toBe('applied')
  forward(1)
  expect(await take(oldest)).toBe('applied')
  for (let index = 1; index <= limits.groupInvitations; index += 1) {
    forward(1)
    expect(await take(groupUpdate(`g${index}`, [us], 0, `stranger ${index}`))).toBe('applied')
  }
  const groups = core.book.chats().map(({ chat }) => (chat.kind === 'group' ? chat.id : ''))
  expect(groups).toHaveLength(limits.groupInvitations + 1)
  expect(groups).toContain(friends.chat?.id)
  expect(groups).not.toContain(oldest.chat?.id)
  expect(heard.notice).toEqual([{ kind: 'chat-evicted', chat: { kind: 'group', id: oldest.chat?.id } }])
})

test('a contact has a share of invitations that is bounded too', async () => {
  const { take, core } = await inside()
  const unit = core.store.unit()
  core.book.putContact(unit, { ...blankContact(identityOf('friend').publicKey), added: true })
  await unit.commit()
  for (let index = 0; index < limits.groupInvitationsPerContact; index += 1) {
    expect(await take(groupUpdate(`g${index}`, [us], 0, 'friend'))).toBe('applied')
  }
  expect(await take(groupUpdate('one more', [us], 0, 'friend'))).toBe('group-invitation-quota')
})

test('opened histories are bounded: groups beyond are opened anew, and nothing is lost', async () => {
  const { take, core, groups } = await inside()
  const ids: string[] = []
  for (const friend of ['friend one', 'friend two', 'friend three']) {
    const unit = core.store.unit()
    core.book.putContact(unit, { ...blankContact(identityOf(friend).publicKey), added: true })
    await unit.commit()
    for (let index = 0; index < limits.groupHistories / 2 && ids.length <= limits.groupHistories; index += 1) {
      const update = groupUpdate(`g${ids.length}`, [us], 0, friend)
      expect(await take(update)).toBe('applied')
      ids.push(update.chat?.id ?? '')
    }
  }
  expect(ids).toHaveLength(limits.groupHistories + 1)
  expect(ids.map(id => groups.info(id)?.name)).toEqual(ids.map((_, index) => `g${index}`))
})

test('members and history of a group are bounded', async () => {
  const { take, core } = await inside()
  const crowd = Array.from({ length: limits.groupMembers - 2 }, (_, index) => identityOf(`member ${index}`).publicKey)
  expect(await take(groupUpdate('full', [us, ...crowd]))).toBe('applied')
  const tooMany = groupUpdate('too many', [us, ...crowd, identityOf('one more').publicKey])
  expect(await take(tooMany)).toBe('group-quota')
  expect(await take(groupUpdate('too long', [us], Math.ceil(limits.groupEventBytes / 300)))).toBe('group-quota')
  expect(core.book.chats()).toHaveLength(1)
})

test('subscriptions are bounded, our own excepted', async () => {
  let open = 0
  const subscriptions = createSubscriptions<Want, never>({
    plan: async want => want,
    subscribe: () => {
      open += 1
      return { ready: Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
    },
    deliver: async () => {},
    opened: () => {},
    failed: () => {}
  })
  await subscriptions.open()
  for (let index = 0; index < limits.subscriptions + 5; index += 1) {
    await subscriptions.acquire({ kind: 'public-chat', name: `room ${index}` }, 'chats')
  }
  expect(open).toBe(limits.subscriptions)
  await subscriptions.acquire({ kind: 'identity' }, selfOwner)
  expect(open).toBe(limits.subscriptions + 1)
})

test('a backup over the limit is not even opened', async () => {
  const { database } = await person('alice').then(async one => {
    await one.client.stop()
    return one
  })
  const huge = { length: limits.backupBytes + 1 } as Uint8Array
  await expect(importAccount({ identity: identityOf('alice'), database, storageKey }, huge, 'x')).rejects.toMatchObject(
    {
      code: 'backup-invalid'
    }
  )
})

test('messages of one person a minute are bounded, less for strangers than for people we know', () => {
  let nowMs = 0
  const rate = createRateLimit(() => nowMs)
  const [stranger, friend] = [somebody(), somebody()]
  const count = (author: Uint8Array, times: number): void => {
    for (let index = 0; index < times; index += 1) rate.count(author)
  }
  count(stranger, limits.messagesPerAuthorPerMinute - 1)
  expect(rate.isSpent(stranger, false)).toBe(false)
  count(stranger, 1)
  expect(rate.isSpent(stranger, false)).toBe(true)
  expect(rate.isSpent(stranger, true)).toBe(false)
  count(friend, limits.messagesPerContactPerMinute)
  expect(rate.isSpent(friend, true)).toBe(true)
  nowMs += 60_000
  expect(rate.isSpent(stranger, false)).toBe(false)
})

test('authors that are counted are bounded: the one who wrote longest ago is forgotten', () => {
  const rate = createRateLimit(() => 0)
  const first = somebody()
  for (let index = 0; index < limits.messagesPerAuthorPerMinute; index += 1) rate.count(first)
  for (let index = 1; index < limits.ratedAuthors; index += 1) rate.count(somebody())
  expect(rate.isSpent(first, false)).toBe(true)
  rate.count(somebody())
  expect(rate.isSpent(first, false)).toBe(false)
})

const hashOf = (index: number) => Uint8Array.of(index >> 16, (index >> 8) & 255, index & 255)

test('a long history is opened in parts, each in the order of sending', async () => {
  const { core } = await inside()
  const handled: number[] = []
  let most = 0
  let fetched = 0
  const pages = Math.ceil(limits.historyBuffer / 1000) + 2
  const history = createHistory(core, {
    connected: () => true,
    interests: () => [{ place: 'public-chat:status', interest: {} as Interest }],
    deliver: async ({ sentSeconds }) => {
      handled.push(sentSeconds)
    },
    page: async () => {
      most = Math.max(most, fetched * 1000 - handled.length)
      const start = fetched * 1000
      fetched += 1
      // Newest first, as some servers do.
      const deliveries = Array.from(
        { length: 1000 },
        (_, index) =>
          ({
            sentSeconds: start + 999 - index,
            hash: hashOf(start + index),
            payload: new Uint8Array(1)
          }) as unknown as Delivery
      )
      return fetched < pages ? { deliveries, cursor: hashOf(fetched) } : { deliveries }
    }
  })
  const result = await history.fetch({ mailserver: 'a'.repeat(64) })
  expect(result).toMatchObject({ deliveries: pages * 1000, pages })
  expect(handled).toEqual(Array.from({ length: pages * 1000 }, (_, index) => index))
  expect(most).toBeLessThanOrEqual(limits.historyBuffer)
})
