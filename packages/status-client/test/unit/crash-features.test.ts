import { afterAll, beforeAll, expect } from 'vitest'
import { crashTest } from '../support/crashes.ts'
import { type Mailserver, mailserver } from '../support/mailserver.ts'
import { chatWith, connect, during, movableClock, type Person, peerIdOf, person, until } from '../support/world.ts'

const quick = { syncRetryMs: 100 }

const groupOf = async (who: Person, name: string) => (await who.client.chats()).find(chat => chat.group?.name === name)
const allJoined = async (who: Person, name: string) =>
  (await groupOf(who, name))?.group?.members.every(member => member.joined) === true

/** A group from its founding to its first message; what exists already is taken as it is. */
async function founded(name: string, founder: Person, invited: Person, wait: typeof until): Promise<void> {
  if ((await groupOf(founder, name)) === undefined) await founder.client.createGroup(name, [invited.client.publicKey])
  await wait('invited', async () => (await groupOf(invited, name)) !== undefined)
  const id = (await groupOf(invited, name))?.id
  if (id === undefined) return
  if ((await groupOf(invited, name))?.group?.joined === false) await invited.client.joinGroup(id)
  await wait('joined', () => allJoined(founder, name))
  await founder.client.send({ kind: 'group', id }, { text: name }, { clientTag: name })
  const read = async () => (await invited.client.messages({ kind: 'group', id })).some(({ text }) => text === name)
  await wait('read', read)
}

crashTest('founding and joining groups', async ({ faulty, disk, lives, until: orDead }) => {
  const alice = await person('alice', quick)
  await during([alice], async () => {
    let bob: Person | undefined
    await lives(async () => {
      bob = await person('bob', { ...quick, database: faulty.database })
      await bob.client.start()
      connect(alice, bob)
      await founded('of bob', bob, alice, orDead)
      await founded('of alice', alice, bob, orDead)
      await bob.client.idle()
    })
    await bob?.client.stop().catch(() => undefined)
    const back = await person('bob', { ...quick, database: disk })
    await during([back], async () => {
      connect(alice, back)
      await founded('of bob', back, alice, until)
      await founded('of alice', alice, back, until)
      for (const name of ['of bob', 'of alice']) {
        const [here, there] = [await groupOf(back, name), await groupOf(alice, name)]
        expect(here?.group).toEqual(there?.group)
        const lines = async (who: Person) =>
          (await who.client.messages({ kind: 'group', id: here?.id ?? '' })).map(({ text, messageId }) => [
            messageId,
            text
          ])
        // Founded, invited, joined, and what was said: each once, the same on both sides.
        expect(await lines(back)).toHaveLength(4)
        expect(await lines(back)).toEqual(await lines(alice))
      }
      const groups = async (who: Person) => (await who.client.chats()).filter(({ chat }) => chat.kind === 'group')
      expect(await groups(back)).toHaveLength(2)
      expect(await groups(alice)).toHaveLength(2)
    })
  })
})

/** Two devices tell their names and are enabled on each other; once more changes nothing. */
async function paired(one: Person, two: Person, wait: typeof until): Promise<void> {
  const named = (here: Person, there: Person) => async () =>
    (await here.client.devices()).some(
      ({ installationId, name }) => installationId === there.client.installationId && name === there.name
    )
  for (const [here, there] of [
    [one, two],
    [two, one]
  ] as const) {
    await there.client.pair(there.name, 'desktop')
    await wait(`${here.name} knows ${there.name}`, named(here, there))
    await here.client.enableDevice(there.client.installationId)
  }
}

crashTest('pairing a device', async ({ faulty, disk, lives, until: orDead }) => {
  const bob = await person('bob', quick)
  const one = await person('one', { ...quick, identity: 'alice' })
  const alice = { kind: 'one-to-one', publicKey: one.client.publicKey } as const
  await during([bob, one], async () => {
    connect(bob, one)
    await one.client.joinPublic('status')
    const together = async (two: Person, wait: typeof until): Promise<void> => {
      await paired(one, two, wait)
      await one.client.syncDevices()
      await wait('it has the chats', async () => (await two.client.chats()).some(({ id }) => id === 'status'))
      await two.client.send(chatWith(bob), { text: 'from two' }, { clientTag: 'from two' })
      await wait('bob reads', () => bob.texts().includes('from two'))
      await wait('one shows it', async () => (await one.client.messages(chatWith(bob))).length > 0)
    }
    let two: Person | undefined
    await lives(async () => {
      two = await person('two', { ...quick, identity: 'alice', database: faulty.database })
      await two.client.start()
      connect(bob, two)
      await together(two, orDead)
      await two.client.idle()
    })
    await two?.client.stop().catch(() => undefined)
    const back = await person('two', { ...quick, identity: 'alice', database: disk })
    await during([back], async () => {
      connect(bob, back)
      await together(back, until)
      const { messageId } = await one.client.send(chatWith(bob), { text: 'from one' }, { clientTag: 'from one' })
      await until('two shows it', async () => (await back.client.message(messageId)) !== undefined)
      for (const device of [one, back]) {
        const texts = (await device.client.messages(chatWith(bob))).map(({ text }) => text)
        expect(texts.sort()).toEqual(['from one', 'from two'])
      }
      await until('bob has both', async () => (await bob.client.messages(alice)).length === 2)
      expect(bob.texts().sort()).toEqual(['from one', 'from two'])
    })
  })
})

const clock = movableClock()
const sent = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']
let mail: Mailserver
const mailed = { clock, mailservers: [peerIdOf('mail')], historyPageLimit: 2 }

beforeAll(async () => {
  mail = await mailserver('mail', { clock })
  const alice = await person('alice', mailed)
  const bob = await person('bob', mailed)
  await during([alice], async () => {
    mail.link(alice)
    for (const text of sent) await alice.client.send(chatWith(bob), { text })
    await until(
      'archived',
      () => alice.events.delivery.filter(({ state }) => state === 'archived').length >= sent.length
    )
  })
  await bob.client.stop()
  // Nothing of it is live any more, and its author is gone.
  clock.forward(120_000)
})

afterAll(() => mail.stop())

crashTest(
  'fetching history',
  async ({ faulty, disk, lives, until: orDead }) => {
    let bob: Person | undefined
    const fetched = (who: Person) => () => who.events.history.some(({ state }) => state === 'done')
    await lives(async () => {
      bob = await person('bob', { ...mailed, database: faulty.database })
      await bob.client.start()
      mail.link(bob)
      await orDead('fetched', fetched(bob))
      await bob.client.idle()
    })
    await bob?.client.stop().catch(() => undefined)
    const back = await person('bob', { ...mailed, database: disk })
    await during([back], async () => {
      mail.link(back)
      await until('fetched', fetched(back))
      const [chat] = await back.client.chats()
      if (chat === undefined) throw new Error('nothing was fetched')
      const texts = (await back.client.messages(chat.chat)).map(({ text }) => text)
      expect(texts.sort()).toEqual(sent)
      expect(chat).toMatchObject({ unread: sent.length })
    })
  },
  1
)
