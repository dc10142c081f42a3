import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { GroupChange } from '@status-stack/interface'
import { limits as dataLimits, keyId, outgoing } from '@status-stack/status-data'
import { quotaRates, signEvent } from '@status-stack/status-data/rules'
import { decodePayload, decodeWrapper, encodePayload, type Payload, wrap } from '@status-stack/status-data/wire'
import type { Interest, ReceivedMessage } from '@status-stack/whisper'
import { expect, test } from 'vitest'
import { importAccount, limits } from '../../src/index.ts'
import { createHistory } from '../../src/listening/history.ts'
import { createSubscriptions, type ListenTarget, selfOwner, targetKey } from '../../src/listening/subscriptions.ts'
import { createQuotas } from '../../src/receiving/rate-limit.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { arriving } from '../support/inbound.ts'
import { identityOf, person, storageKey } from '../support/world.ts'

const text = (author: Uint8Array, words = 'hello') =>
  accepted(
    author,
    { kind: 'text', text: words },
    { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author }
  )

const update = (author: Uint8Array, fields: { ensName?: string; picture?: string } = {}, clock = 1) => {
  const { ensName = '', picture = '' } = fields
  const effect = { kind: 'contact-updated', publicKey: author, ensName, picture, clock } as const
  const chat = { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author } as const
  return { ...accepted(author, { kind: 'contact-update', ensName, picture }, chat, [effect]), clock }
}

test('chats of strangers are bounded: the oldest makes room for the next', async () => {
  const { take, core, forward } = await inside()
  const first = somebody()
  const opening = text(first)
  expect(await take(opening)).toBe('applied')
  for (let index = 1; index < dataLimits.messageRequests; index += 1) {
    forward(1)
    expect(await take(text(somebody()))).toBe('applied')
  }
  const late = somebody()
  expect(await take(text(late))).toBe('applied')
  expect(core.chatCache.chats()).toHaveLength(dataLimits.messageRequests)
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: first })).toBeUndefined()
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: late })?.count).toBe(1)
  expect(await core.messages.has(`0x${bytesToHex(opening.messageId)}`)).toBe(false)
})

test('an accepted request is never evicted', async () => {
  const { take, core } = await inside()
  const friend = somebody()
  expect(await take(text(friend))).toBe('applied')
  const unit = core.store.unit()
  const [first] = core.chatCache.chats()
  if (first !== undefined) core.chatCache.putChat(unit, { ...first, request: false })
  await unit.commit()
  for (let index = 0; index < dataLimits.messageRequests + 5; index += 1) await take(text(somebody()))
  expect(core.chatCache.chats()).toHaveLength(dataLimits.messageRequests + 1)
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: friend })?.count).toBe(1)
})

test('bounds hold for one batch, whose messages are not on the disk yet', async () => {
  const { apply, core } = await inside()
  const unit = core.store.unit()
  for (let index = 0; index < dataLimits.messageRequests + 20; index += 1) {
    await apply.apply(unit, text(somebody()), { shown: 'static-key', source: 'live', old: false })
  }
  await unit.commit()
  expect(core.chatCache.chats()).toHaveLength(dataLimits.messageRequests)
})

test('messages of one stranger are bounded until the request is accepted', async () => {
  const { take } = await inside()
  const author = somebody()
  for (let index = 0; index < dataLimits.messagesPerRequest; index += 1)
    expect(await take(text(author))).toBe('applied')
  expect(await take(text(author))).toBe('quota-exceeded')
})

test('P-16 people stored without our adding them are bounded: the oldest makes room; one that we blocked stays', async () => {
  const { take, core, forward } = await inside()
  const [blocked, first, late] = [somebody(), somebody(), somebody()]
  const unit = core.store.unit()
  core.chatCache.putContact(unit, { ...blankContact(blocked), blocked: true })
  await unit.commit()
  expect(await take(update(first))).toBe('applied')
  forward(1)
  const filling = core.store.unit()
  for (let index = 2; index < dataLimits.strangers; index += 1)
    core.chatCache.putContact(filling, { ...blankContact(somebody()), seenMs: core.clock.nowMs() })
  await filling.commit()
  expect(await take(update(late))).toBe('applied')
  expect(core.chatCache.knows(late)).toBe(true)
  expect(core.chatCache.knows(first)).toBe(false)
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: first })).toBeUndefined()
  expect(core.chatCache.contact(blocked).blocked).toBe(true)
  expect(core.chatCache.contacts()).toHaveLength(dataLimits.strangers)
})

test('where all people stored are ours, a stranger is refused, and not for good', async () => {
  const { core, apply } = await inside()
  const unit = core.store.unit()
  for (let index = 0; index < dataLimits.strangers; index += 1)
    core.chatCache.putContact(unit, { ...blankContact(somebody()), blocked: true })
  await unit.commit()
  const late = somebody()
  const next = core.store.unit()
  expect(await apply.apply(next, update(late), { shown: 'static-key', source: 'live', old: false })).toMatchObject({
    reason: 'stranger-quota',
    final: false
  })
  await next.commit()
  expect(core.chatCache.knows(late)).toBe(false)
})

const bob = { kind: 'one-to-one', publicKey: identityOf('bob').publicKey } as const

/** Alice's message to Bob with its payload changed, as the data layer would not make it. */
function forged(content: Parameters<typeof outgoing>[1], change: (payload: Payload) => void): Uint8Array {
  const identity = identityOf('alice')
  const { bytes } = outgoing(bob, content, { identity, nowMs: 1_600_000_000_000 })
  const { type, payload: encoded } = decodeWrapper(bytes)
  const payload = decodePayload(type, encoded)
  change(payload)
  return wrap(type, encodePayload(payload as Parameters<typeof encodePayload>[0]), identity)
}

test('a long picture is left out, the rest of the update counts; a long name refuses it', async () => {
  const world = await arriving()
  const alice = identityOf('alice').publicKey
  const update = (fields: { ensName?: string; profileImage?: string }) =>
    forged({ kind: 'contact-update', ensName: '', picture: '' }, ({ message }) => Object.assign(message, fields))
  await world.deliver({ bodies: [update({ ensName: 'n'.repeat(dataLimits.nameBytes + 1) })] })
  expect(world.refusals.map(({ reason }) => reason)).toEqual(['field-too-long'])
  await world.deliver({
    bodies: [update({ profileImage: `data:image/png;base64,${'A'.repeat(dataLimits.pictureBytes)}` })]
  })
  expect(world.core.chatCache.contact(alice)).toMatchObject({ requestReceived: true, ensName: '', picture: '' })
  expect(world.refusals).toHaveLength(1)
})

test('attachments over the limit are refused', async () => {
  const world = await arriving()
  const image = (length: number) => {
    const png = new Uint8Array(length)
    png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    return png
  }
  const content = { kind: 'image', image: image(dataLimits.imageBytes), text: 'x' } as const
  const tooLarge = forged(content, payload => {
    if (payload.name !== 'chat-message' || payload.message.image === undefined) throw new Error('no image')
    Object.assign(payload.message.image, { payload: image(dataLimits.imageBytes + 1) })
  })
  await world.deliver({ bodies: [tooLarge] })
  expect(world.refusals).toMatchObject([{ layer: 'data', reason: 'image-too-large', final: true, expected: false }])
  await world.deliver({ bodies: [forged(content, () => {})] })
  expect(world.refusals).toHaveLength(1)
})

const room = { kind: 'public', id: 'status' } as const

/** A client that reads a public chat. */
async function inRoom() {
  const all = await inside()
  const unit = all.core.store.unit()
  all.core.chatCache.putChat(unit, blankChat({ kind: 'public', name: room.id }))
  await unit.commit()
  return all
}

const react = (author: Uint8Array, messageId: string) =>
  accepted(author, { kind: 'reaction', messageId, emoji: 'love' }, room)
const someId = () => `0x${bytesToHex(randomBytes(32))}`

test('reactions of one message are bounded', async () => {
  const { take } = await inRoom()
  const messageId = someId()
  for (let index = 0; index < dataLimits.annotationsPerMessage; index += 1)
    expect(await take(react(somebody(), messageId))).toBe('applied')
  expect(await take(react(somebody(), messageId))).toBe('reaction-quota')
})

/** Early notes in the store, and whether the one about a message is among them. */
async function earlyIn(core: Awaited<ReturnType<typeof inRoom>>['core']) {
  const notes: string[] = []
  for await (const { value } of core.store.range<{ note: string }>(
    core.keys.earlyOf({ kind: 'public', name: room.id })
  ))
    notes.push(value.note)
  return {
    count: notes.length,
    has: (messageId: string) =>
      notes.some(note => note >= core.keys.notesOf(messageId).gte && note < core.keys.notesOf(messageId).lt)
  }
}

test('a peer who fills a chat with notes for messages that never come loses his own, and no one else’s', async () => {
  const { take, core } = await inRoom()
  const honest = somebody()
  const hostile = Array.from({ length: 10 }, somebody)
  const awaited = accepted(honest, { kind: 'text', text: 'late' }, room)
  const messageId = `0x${bytesToHex(awaited.messageId)}`
  expect(await take(react(honest, messageId))).toBe('applied')
  for (let index = 0; index < dataLimits.earlyAnnotationsPerAuthor + 5; index += 1)
    for (const author of hostile) expect(await take(react(author, someId()))).toBe('applied')
  const filled = await earlyIn(core)
  expect([filled.count, filled.has(messageId)]).toEqual([dataLimits.earlyAnnotations, true])
  // Later notes of others have room.
  const later = someId()
  expect(await take(react(somebody(), later))).toBe('applied')
  expect((await earlyIn(core)).has(later)).toBe(true)
  expect(await take(awaited)).toBe('applied')
  const [shown] = await core.messages.page({ kind: 'public', name: room.id }, undefined, 1)
  expect(shown?.reactions).toMatchObject([{ author: honest, emoji: 'love' }])
})

test('where nobody has more notes waiting than others, the one that waits for longest makes room', async () => {
  const { take, core, forward } = await inRoom()
  const ids = Array.from({ length: dataLimits.earlyAnnotations + 1 }, someId)
  const [first = '', second = '', last = ''] = [ids[0], ids[1], ids.at(-1)]
  for (const id of ids) {
    await take(react(somebody(), id))
    forward(1)
  }
  const left = await earlyIn(core)
  expect([left.count, left.has(first), left.has(second), left.has(last)]).toEqual([ids.length - 1, false, true, true])
  let notes = 0
  for await (const _ of core.store.keys({ gte: 'note!', lt: 'note!~' })) notes += 1
  expect(notes).toBe(ids.length - 1)
})

test('one person fills a share only of what is noted about messages that have not come, also in one batch', async () => {
  const { take, apply, core, forward } = await inRoom()
  const [busy, other] = [somebody(), somebody()]
  const how = { shown: 'static-key', source: 'live', old: false } as const
  const kept = someId()
  expect(await take(react(other, kept))).toBe('applied')
  const unit = core.store.unit()
  const ids = Array.from({ length: dataLimits.earlyAnnotationsPerAuthor + 3 }, someId)
  for (const id of ids) {
    expect(await apply.apply(unit, react(busy, id), how)).toMatchObject({ kind: 'applied' })
    forward(1)
  }
  await unit.commit()
  const left = await earlyIn(core)
  expect([left.count, left.has(kept)]).toEqual([dataLimits.earlyAnnotationsPerAuthor + 1, true])
  expect(ids.map(left.has)).toEqual(ids.map((_, index) => index >= 3))
})

test('pins of one chat are bounded', async () => {
  const { take } = await inside({ messageRequests: false })
  const author = somebody()
  const chat = { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author } as const
  const pins = []
  for (let index = 0; index <= dataLimits.pins; index += 1) {
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
  return { ...local, fromSelf: false }
}

const us = identityOf('bob').publicKey

test('one stranger puts us into a few groups only, and never uses up the share of others', async () => {
  const { take, core } = await inside()
  for (let index = 0; index < dataLimits.invitationsPerStranger; index += 1) {
    expect(await take(groupUpdate(`g${index}`, [us]))).toBe('applied')
  }
  expect(await take(groupUpdate('one more', [us]))).toBe('group-invitation-quota')
  expect(core.chatCache.chats()).toHaveLength(dataLimits.invitationsPerStranger)
  expect(await take(groupUpdate('of alice', [us], 0, 'alice'))).toBe('applied')
})

test('many strangers push out the oldest invitation of strangers, never that of a contact or a group we joined', async () => {
  const { take, core, heard, forward } = await inside()
  const addContact = async (name: string): Promise<void> => {
    const unit = core.store.unit()
    core.chatCache.putContact(unit, { ...blankContact(identityOf(name).publicKey), added: true })
    await unit.commit()
  }
  await addContact('friend')
  const friends = groupUpdate('of a friend', [us], 0, 'friend')
  const oldest = groupUpdate('first', [us], 0, 'stranger first')
  expect(await take(friends)).toBe('applied')
  forward(1)
  expect(await take(oldest)).toBe('applied')
  for (let index = 1; index <= dataLimits.groupInvitations; index += 1) {
    forward(1)
    expect(await take(groupUpdate(`g${index}`, [us], 0, `stranger ${index}`))).toBe('applied')
  }
  const groups = core.chatCache.chats().map(({ chat }) => (chat.kind === 'group' ? chat.id : ''))
  expect(groups).toHaveLength(dataLimits.groupInvitations + 1)
  expect(groups).toContain(friends.chat?.id)
  expect(groups).not.toContain(oldest.chat?.id)
  expect(heard.notice).toEqual([{ kind: 'chat-evicted', chat: { kind: 'group', id: oldest.chat?.id } }])
})

test('a contact has a share of invitations that is bounded too', async () => {
  const { take, core } = await inside()
  const unit = core.store.unit()
  core.chatCache.putContact(unit, { ...blankContact(identityOf('friend').publicKey), added: true })
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
    core.chatCache.putContact(unit, { ...blankContact(identityOf(friend).publicKey), added: true })
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
  const { take, core, groups } = await inside()
  const crowd = Array.from(
    { length: dataLimits.groupMembers - 2 },
    (_, index) => identityOf(`member ${index}`).publicKey
  )
  expect(await take(groupUpdate('full', [us, ...crowd]))).toBe('applied')
  const [full] = core.chatCache.chats()
  if (full?.chat.kind !== 'group') throw new Error('no group')
  const identity = identityOf('mallory')
  const added = (name: string, clock: bigint) =>
    signEvent(id, { clock, members: [keyId(identityOf(name).publicKey)], name: '', type: 3 }, identity)
  const { id } = full.chat
  const events = [added('one too many', 1_600_000_000_009n)]
  const more = accepted(identity.publicKey, { kind: 'group-update' }, { kind: 'group', id }, [
    { kind: 'group-events', chatId: id, events }
  ])
  await take(more)
  expect(groups.info(id)?.members).toHaveLength(dataLimits.groupMembers)
  expect(await take(groupUpdate('too long', [us], Math.ceil(dataLimits.groupEventBytes / 300)))).toBe('events-too-many')
  expect(core.chatCache.chats()).toHaveLength(1)
})

/** Subscriptions over a layer that only counts what is open, and the places that were given up. */
async function countedSubscriptions() {
  let open = 0
  const closed: ListenTarget[] = []
  const subscriptions = createSubscriptions<ListenTarget, never>({
    plan: async target => target,
    subscribe: () => {
      open += 1
      return { ready: Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
    },
    deliver: async () => {},
    opened: () => {},
    failed: () => {},
    closed: target => {
      open -= 1
      closed.push(target)
    }
  })
  await subscriptions.open()
  return { subscriptions, open: () => open, closed }
}

test('sessions with strangers leave places for chats, for contacts and for those who write later', async () => {
  const { subscriptions, open, closed } = await countedSubscriptions()
  const secret = new Uint8Array(32)
  const [friend, late] = [somebody(), somebody()]
  const strangers = Array.from({ length: limits.subscriptions }, somebody)
  const session = (peer: Uint8Array) => subscriptions.acquire({ kind: 'rendezvous', peer, secret }, 'session')
  for (const stranger of strangers) await session(stranger)
  expect(open()).toBe(limits.subscriptions)
  // Heard of again, the first one is no longer the one that was needed longest ago.
  await session(strangers[0] ?? late)
  await subscriptions.acquire({ kind: 'public', name: room.id }, 'chat:room')
  await subscriptions.acquire({ kind: 'contact-code', owner: friend }, 'contact:friend')
  for (const peer of [friend, late]) await session(peer)
  expect(closed.map(target => (target.kind === 'rendezvous' ? target.peer : target.kind))).toEqual(
    strangers.slice(1, 5)
  )
  for (let index = 0; index < limits.subscriptions; index += 1) await session(somebody())
  const places = new Set(subscriptions.places().map(({ place }) => place))
  expect(places.size).toBe(limits.subscriptions)
  for (const target of [
    { kind: 'public', name: room.id },
    { kind: 'contact-code', owner: friend },
    { kind: 'rendezvous', peer: friend, secret }
  ] as const)
    expect(places, target.kind).toContain(targetKey(target))
  expect(places).not.toContain(targetKey({ kind: 'rendezvous', peer: late, secret }))
})

test('subscriptions are bounded, our own excepted', async () => {
  const { subscriptions, open } = await countedSubscriptions()
  for (let index = 0; index < limits.subscriptions + 5; index += 1) {
    await subscriptions.acquire({ kind: 'public', name: `room ${index}` }, 'chats')
  }
  expect(open()).toBe(limits.subscriptions)
  await subscriptions.acquire({ kind: 'identity' }, selfOwner)
  expect(open()).toBe(limits.subscriptions + 1)
})

test('a backup over the limit is not even opened', async () => {
  const { database } = await person('alice').then(async one => {
    await one.client.stop()
    return one
  })
  const huge = Object.defineProperty(new Uint8Array(0), 'length', { value: limits.backupBytes + 1 })
  await expect(importAccount({ identity: identityOf('alice'), database, storageKey }, huge, 'x')).rejects.toMatchObject(
    {
      code: 'backup-invalid'
    }
  )
})

/** Bytes that are no message, as many as a person may send at once. */
const spendAll = (quotas: ReturnType<typeof createQuotas>, author: Uint8Array): number => {
  let spent = 0
  while (quotas.spend(author)) spent += 1
  return spent
}

test('bytes that are no message count: less for strangers than for people we know, and regained with time', async () => {
  const { core, forward } = await inside()
  const quotas = createQuotas(core)
  const [stranger, friend] = [somebody(), somebody()]
  const unit = core.store.unit()
  core.chatCache.putContact(unit, { ...blankContact(friend), added: true })
  await unit.commit()
  expect(spendAll(quotas, stranger)).toBe(quotaRates.stranger.burst)
  expect(spendAll(quotas, friend)).toBe(quotaRates.contact.burst)
  forward(60_000)
  expect(spendAll(quotas, stranger)).toBe(quotaRates.stranger.perMinute)
})

test('authors whose quotas are kept are bounded: the one who wrote longest ago is forgotten', async () => {
  const quotas = createQuotas((await inside()).core)
  const first = somebody()
  spendAll(quotas, first)
  for (let index = 1; index < limits.ratedAuthors; index += 1) quotas.spend(somebody())
  expect(quotas.spend(first)).toBe(false)
  quotas.spend(somebody())
  expect(quotas.spend(first)).toBe(true)
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
    interests: () => [{ place: 'public:status', interest: {} as Interest }],
    deliver: async ({ sentSeconds }) => {
      handled.push(sentSeconds)
      return true
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
          }) as unknown as ReceivedMessage
      )
      return fetched < pages ? { deliveries, cursor: hashOf(fetched) } : { deliveries }
    }
  })
  const result = await history.fetch({ mailserver: 'a'.repeat(64) })
  expect(result).toMatchObject({ deliveries: pages * 1000, pages })
  expect(handled).toEqual(Array.from({ length: pages * 1000 }, (_, index) => index))
  expect(most).toBeLessThanOrEqual(limits.historyBuffer)
})
