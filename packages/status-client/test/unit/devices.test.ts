import { equalBytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { chatWith, connect, during, movableClock, type Person, person, until } from '../support/world.ts'

/** A relay in the middle of everybody: the first person's node. */
function star(center: Person, others: readonly Person[]): void {
  for (const other of others) connect(center, other)
}

const told = async (from: Person, to: Person, text: string): Promise<string> => {
  const { messageId } = await from.client.send(chatWith(to), { text })
  await until(`"${text}" was read`, () => to.texts().includes(text))
  return messageId
}

const deviceOf = async (who: Person, installationId: string) =>
  (await who.client.devices()).find(device => device.installationId === installationId)

/** Two devices of Alice's, each enabled on the other. */
async function paired(one: Person, two: Person): Promise<void> {
  await one.client.pair('one', 'desktop')
  await two.client.pair('two', 'phone')
  for (const [here, there] of [
    [one, two],
    [two, one]
  ] as const) {
    await until('named', async () => ((await deviceOf(here, there.client.installationId))?.name ?? '') !== '')
    await here.client.enableDevice(there.client.installationId)
  }
}

test('F-12 nothing goes to a device before it is enabled; after both were, both show the same new messages', async () => {
  const bob = await person('bob')
  const one = await person('alice-1', { identity: 'alice' })
  const two = await person('alice-2', { identity: 'alice' })
  await during([bob, one, two], async () => {
    star(bob, [one, two])
    await told(one, bob, 'from one')
    await until('everything is quiet', async () => (await bob.client.chats()).length === 1)
    expect(two.events.message).toEqual([])
    await paired(one, two)
    expect((await deviceOf(one, two.client.installationId))?.name).toBe('two')
    const sent = await told(one, bob, 'from one again')
    await until('the other device has it', async () => (await two.client.message(sent)) !== undefined)
    expect(await two.client.message(sent)).toMatchObject({
      outgoing: true,
      chat: chatWith(bob),
      text: 'from one again'
    })
    await bob.client.send(chatWith(one), { text: 'to both' })
    for (const device of [one, two]) await until('both read', () => device.texts().includes('to both'))
  })
})

test('F-14 a disabled device gets no further copies', async () => {
  const bob = await person('bob')
  const one = await person('alice-1', { identity: 'alice' })
  const two = await person('alice-2', { identity: 'alice' })
  await during([bob, one, two], async () => {
    star(bob, [one, two])
    await paired(one, two)
    const copied = await told(one, bob, 'copied')
    await until('copied', async () => (await two.client.message(copied)) !== undefined)
    await one.client.disableDevice(two.client.installationId)
    const alone = await told(one, bob, 'not copied')
    expect((await one.client.ledger(alone))?.legs).toHaveLength(1)
    const also = await told(one, bob, 'a later one')
    await until('acknowledged', async () => (await one.client.ledger(also))?.complete === true)
    expect(await two.client.message(alone)).toBeUndefined()
  })
})

test('F-13 sync hands over public chats, contacts and profile, and repeating it changes nothing', async () => {
  const one = await person('alice-1', { identity: 'alice' })
  const two = await person('alice-2', { identity: 'alice' })
  const bob = await person('bob')
  await during([bob, one, two], async () => {
    star(bob, [one, two])
    await one.client.joinPublic('status')
    await one.client.addContact(bob.client.publicKey)
    await paired(one, two)
    for (const _ of [1, 2]) {
      await one.client.syncDevices()
      await until('synced', async () => {
        const chats = await two.client.chats()
        return (await two.client.contact(bob.client.publicKey)).added && chats.some(chat => chat.id === 'status')
      })
    }
    expect((await two.client.chats()).filter(chat => chat.id === 'status')).toHaveLength(1)
    expect(await two.client.contacts()).toHaveLength(1)
  })
})

/** What a contact of ours hears of our profile, once it is another. */
const profileAt = async (contact: Person, us: Person, ensName: string): Promise<string> => {
  await until(
    `"${ensName}" was heard`,
    async () => (await contact.client.contact(us.client.publicKey)).ensName === ensName
  )
  return (await contact.client.contact(us.client.publicKey)).picture
}

test('F-13 a profile that is set on one device is that of the other: what either says to others carries it', async () => {
  const picture = 'data:image/png;base64,AAAA'
  const database = new MemoryLevel()
  const one = await person('alice-1', { identity: 'alice' })
  let two = await person('alice-2', { identity: 'alice', database })
  const [bob, carol] = [await person('bob'), await person('carol')]
  /** The other device has what was sent to it last. */
  const told = async (device: Person): Promise<void> => {
    await device.client.idle()
    const isOurs = ({ recipient }: { recipient?: Uint8Array | undefined }): boolean =>
      recipient !== undefined && equalBytes(recipient, device.client.publicKey)
    const last = [...new Set(device.events.delivery.filter(isOurs).map(({ messageId }) => messageId))].at(-1) ?? ''
    const isTold = async () => (await device.client.ledger(last))?.legs.find(isOurs)?.state === 'acknowledged'
    await until('acknowledged by the other device', isTold, 20_000)
  }
  await during([bob, carol, one], async () => {
    await during([two], async () => {
      star(bob, [carol, one, two])
      await paired(one, two)
      // Before it was enabled nothing reached it: asked for, it has all.
      await one.client.setProfile({ ensName: 'alice.eth', picture })
      await told(one)
      await two.client.addContact(bob.client.publicKey)
      expect(await profileAt(bob, two, 'alice.eth')).toBe(picture)
      // The other way, and by half.
      await two.client.setProfile({ ensName: 'alice.stateofus.eth' })
      await told(two)
      expect(await profileAt(bob, two, 'alice.stateofus.eth')).toBe(picture)
      await one.client.addContact(carol.client.publicKey)
      expect(await profileAt(carol, one, 'alice.stateofus.eth')).toBe(picture)
    })
    // It is on the disk, and idempotent: syncing an old state again changes nothing.
    two = await person('alice-2', { identity: 'alice', database })
    await during([two], async () => {
      star(bob, [two])
      await one.client.syncDevices()
      await told(one)
      await two.client.addContact(carol.client.publicKey)
      expect(await profileAt(carol, two, 'alice.stateofus.eth')).toBe(picture)
    })
  })
})

test('a profile is read, and told of, on each device, also when another one set it or cleared all of it', async () => {
  const picture = 'data:image/png;base64,AAAA'
  const one = await person('alice-1', { identity: 'alice' })
  const two = await person('alice-2', { identity: 'alice' })
  const bob = await person('bob')
  const isAt = (device: Person, ensName: string, shown: string): Promise<void> =>
    until(`"${ensName}" is the profile`, async () => {
      const profile = await device.client.profile()
      return profile.ensName === ensName && profile.picture === shown
    })
  await during([bob, one, two], async () => {
    expect(await one.client.profile()).toEqual({ ensName: '', picture: '' })
    star(bob, [one, two])
    await paired(one, two)
    await two.client.addContact(bob.client.publicKey)
    await one.client.setProfile({ ensName: 'alice.eth', picture })
    for (const device of [one, two]) await isAt(device, 'alice.eth', picture)
    await two.client.setProfile({ picture: '' })
    for (const device of [one, two]) await isAt(device, 'alice.eth', '')
    await two.client.setProfile({ ensName: '' })
    for (const device of [one, two]) await isAt(device, '', '')
    await profileAt(bob, two, '')
    // What is said again is no news.
    await one.client.setProfile({ ensName: '' })
    await one.client.syncDevices()
    await one.client.idle()
  })
  const told = [
    { ensName: 'alice.eth', picture },
    { ensName: 'alice.eth', picture: '' },
    { ensName: '', picture: '' }
  ]
  expect(one.events.profile).toEqual(told)
  expect(two.events.profile).toEqual(told)
})

test('a device that has no profile yet takes that of no other away', async () => {
  const one = await person('alice-1', { identity: 'alice' })
  const two = await person('alice-2', { identity: 'alice' })
  const [bob, carol] = [await person('bob'), await person('carol')]
  await during([bob, carol, one, two], async () => {
    await one.client.setProfile({ ensName: 'alice.eth' })
    star(bob, [carol, one, two])
    await paired(one, two)
    await two.client.addContact(bob.client.publicKey)
    await two.client.syncDevices()
    await until('the contact is there', async () => (await one.client.contact(bob.client.publicKey)).added)
    await one.client.addContact(carol.client.publicKey)
    await profileAt(carol, one, 'alice.eth')
  })
})

test('a profile that was set while the clock was far ahead is told with the time of now once the clock is right, without a warning', async () => {
  const clock = movableClock(30 * 86_400_000)
  const alice = await person('alice', { clock })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    await alice.client.setProfile({ ensName: 'alice.eth' })
    clock.forward(-30 * 86_400_000)
    connect(alice, bob)
    await alice.client.addContact(bob.client.publicKey)
    await profileAt(bob, alice, 'alice.eth')
    await alice.client.setProfile({ ensName: 'later.eth' })
    await profileAt(bob, alice, 'later.eth')
    expect(alice.events.notice).toEqual([])
  })
})

test('profiles that are sent to several people in one millisecond are messages of their own', async () => {
  const nowMs = Date.now()
  const alice = await person('alice', { clock: { nowMs: () => nowMs } })
  const [bob, carol] = [await person('bob'), await person('carol')]
  await during([alice], async () => {
    for (const { client } of [bob, carol]) await alice.client.addContact(client.publicKey)
    for (const other of [bob, carol]) await alice.client.send(chatWith(other), { text: `hello ${other.name}` })
    await alice.client.setProfile({ ensName: 'alice.eth' })
    await alice.client.idle()
    expect(new Set(alice.events.delivery.map(({ messageId }) => messageId)).size).toBe(6)
    for (const { messageId, recipient } of alice.events.delivery)
      expect((await alice.client.ledger(messageId))?.legs.map(leg => leg.recipient)).toEqual([recipient])
  })
  for (const { client } of [bob, carol]) await client.stop()
})

test('F-4 one envelope serves two devices, both read it, one acknowledgement suffices', async () => {
  const alice = await person('alice', { syncRetryMs: 3_600_000 })
  const one = await person('bob-1', { identity: 'bob' })
  const two = await person('bob-2', { identity: 'bob' })
  await during([alice, one, two], async () => {
    star(alice, [one, two])
    await until('linked', () => one.client.connected() && two.client.connected())
    await alice.client.addContact(one.client.publicKey)
    for (const device of [one, two]) await device.client.publishContactCode()
    await until('both known', async () => (await alice.client.devicesOf(one.client.publicKey)).length === 2)
    const { messageId } = await alice.client.send(chatWith(one), { text: 'to both' })
    for (const device of [one, two]) await until('read', () => device.texts().includes('to both'))
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    const [leg] = (await alice.client.ledger(messageId))?.legs ?? []
    expect(leg).toMatchObject({ attempts: 1, protection: 'forward-secret' })
    expect([one.client.installationId, two.client.installationId]).toContain(leg?.acknowledgedBy)
  })
})

test('F-6 a new device moves the traffic back to the partitioned topic until it is heard from', async () => {
  const clock = movableClock()
  const alice = await person('alice', { clock })
  const one = await person('bob-1', { identity: 'bob', clock })
  const two = await person('bob-2', { identity: 'bob', clock })
  const routeOf = (messageId: string): string | undefined =>
    alice.events.trace.find(fact => fact.layer === 'route' && fact.messageIds.includes(messageId))?.did
  await during([alice, one, two], async () => {
    connect(alice, one)
    await told(alice, one, 'first')
    await told(one, alice, 'answer')
    const agreed = await told(alice, one, 'on the shared topic')
    expect(routeOf(agreed)).toBe('route of the shared rendezvous')
    await alice.client.addContact(one.client.publicKey)
    await until('quiet', async () => {
      const waiting = alice.events.delivery.filter(fact => fact.state === 'queued').length
      return alice.events.delivery.filter(fact => fact.state === 'acknowledged').length >= waiting
    })
    // Earlier envelopes are over: the new device hears none of them, and Alice hears no answer to them.
    clock.forward(120_000)
    connect(alice, two)
    await until('linked', () => two.client.connected())
    await two.client.publishContactCode()
    await until('known', async () => (await alice.client.devicesOf(one.client.publicKey)).length === 2)
    const back = await told(alice, two, 'back on the partitioned topic')
    expect(routeOf(back)).toBe('route of identity')
    await told(two, alice, 'heard from')
    const again = await told(alice, two, 'shared again')
    expect(routeOf(again)).toBe('route of the shared rendezvous')
  })
})

test('F-5 X3DH headers stop after the first answer from that device', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    // Until the first message was sealed, Bob hears nothing: an acknowledgement of the contact request would be an answer already.
    let deaf = true
    connect(alice, bob, { toB: ({ code }) => !deaf || code !== 1 })
    await until('linked', () => alice.client.connected())
    await alice.client.addContact(bob.client.publicKey)
    await bob.client.publishContactCode()
    await until('known', async () => (await alice.client.devicesOf(bob.client.publicKey)).length === 1)
    const sealedSize = (messageId: string): number | undefined =>
      alice.events.trace.find(fact => fact.layer === 'pfs' && fact.messageIds.includes(messageId))?.bytesOut
    const { messageId: first } = await alice.client.send(chatWith(bob), { text: 'same length 1' })
    await until('sealed', () => sealedSize(first) !== undefined)
    deaf = false
    await until('the first was read', () => bob.texts().includes('same length 1'))
    const answer = await told(bob, alice, 'answer')
    // An acknowledgement that is still due would travel with the next message, and count.
    await until('answer acknowledged', async () => (await bob.client.ledger(answer))?.complete === true)
    const second = await told(alice, bob, 'same length 2')
    // 70 bytes: two compressed keys with their field headers, and the header's own.
    expect((sealedSize(first) ?? 0) - (sealedSize(second) ?? 0)).toBeGreaterThanOrEqual(66)
  })
})

test('F-18 after recovery on a new device what was pending reaches it, and the group comes back', async () => {
  const alice = await person('alice')
  const lost = await person('bob-1', { identity: 'bob' })
  await alice.client.start()
  await lost.client.start()
  const link = connect(alice, lost)
  await told(alice, lost, 'before')
  await told(lost, alice, 'answer')
  const { id } = await alice.client.createGroup('club', [lost.client.publicKey])
  await until('invited', async () => (await lost.client.chats()).some(chat => chat.id === id))
  await lost.client.joinGroup(id)
  await until('joined', async () => {
    const group = (await alice.client.chats()).find(chat => chat.id === id)?.group
    return group?.members.every(member => member.joined) === true
  })
  link.cut()
  await lost.client.stop()
  const pending = await alice.client.send(chatWith(lost), { text: 'pending' })
  const fresh = await person('bob-2', { identity: 'bob' })
  await during([fresh], async () => {
    connect(alice, fresh)
    // Its bundle reaches Alice in the answer to the message that it cannot read (S-19).
    await until('pending arrives', () => fresh.texts().includes('pending'))
    await until('acknowledged', async () => (await alice.client.ledger(pending.messageId))?.complete === true)
    expect((await fresh.client.message(pending.messageId))?.protection).toBe('forward-secret')
    await alice.client.send({ kind: 'group', id }, { text: 'who is back' })
    await until('group is back', () => fresh.texts().includes('who is back'))
    expect((await fresh.client.chats()).find(chat => chat.id === id)?.group?.joined).toBe(true)
  })
  await alice.client.stop()
})

test('F-19 S-19 a bundle is answered once per author and cooldown, and never between own devices', async () => {
  const clock = movableClock()
  const alice = await person('alice', { clock })
  const lost = await person('bob-1', { identity: 'bob', clock })
  await alice.client.start()
  await lost.client.start()
  const link = connect(alice, lost)
  await told(alice, lost, 'before')
  await told(lost, alice, 'answer')
  link.cut()
  await lost.client.stop()
  const fresh = await person('bob-2', { identity: 'bob', clock })
  const other = await person('bob-3', { identity: 'bob', clock })
  const advertised = (who: Person): number =>
    who.events.trace.filter(fact => fact.layer === 'pfs' && fact.direction === 'out' && fact.bytesIn === 0).length
  // Alice cannot hear the answers, so she goes on writing to the lost device only.
  let deaf = true
  await during([fresh, other], async () => {
    connect(alice, fresh, { toA: ({ code }) => !(deaf && code === 1) })
    await until('linked', () => fresh.client.connected())
    const { messageId } = await alice.client.send(chatWith(lost), { text: 'one' })
    await until('unreadable', () => fresh.refusals().some(fact => fact.reason === 'not-for-this-device'))
    await until('tried again', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) >= 3)
    await until('unreadable again', () => fresh.refusals().length >= 2)
    expect(advertised(fresh)).toBe(1)
    connect(fresh, other)
    await until('linked', () => other.client.connected())
    await other.client.pair('other', 'phone')
    await until('seen', () => fresh.events.device.length > 0)
    expect(advertised(fresh)).toBe(1)
    deaf = false
  })
  await alice.client.stop()
})
