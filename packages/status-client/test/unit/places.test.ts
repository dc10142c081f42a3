import { bytesToHex } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { composeClient } from '../../src/compose-index.ts'
import { chatTagOf } from '../../src/ids.ts'
import { type ChatRef, defaultLayers } from '../../src/index.ts'
import { createListenTargets } from '../../src/listening/listen-targets.ts'
import { createSubscriptions, type ListenTarget, selfOwner } from '../../src/listening/subscriptions.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import { inside, somebody } from '../support/core.ts'
import { chatWith, connect, during, identityOf, type Person, person, storageKey, until } from '../support/world.ts'

interface Fake {
  readonly log: string[]
  readonly open: Set<string>
}

function fakeSubscriptions(fake: Fake, plan = async (target: ListenTarget) => target) {
  return createSubscriptions<ListenTarget, never>({
    plan,
    subscribe: (target, { signal }) => {
      const name = JSON.stringify(target)
      fake.open.add(name)
      fake.log.push(`open ${target.kind}`)
      const ended = new Promise<IteratorResult<never>>(resolve => {
        signal.addEventListener('abort', () => {
          fake.open.delete(name)
          fake.log.push(`close ${target.kind}`)
          resolve({ done: true, value: undefined })
        })
      })
      return { ready: Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => ended }) }
    },
    deliver: async () => {},
    opened: () => {},
    failed: () => {}
  })
}

const owner = identityOf('bob').publicKey

test('A-12 subscriptions are counted by owner: dropping one keeps the others', async () => {
  const fake: Fake = { log: [], open: new Set() }
  const subscriptions = fakeSubscriptions(fake)
  await subscriptions.open()
  const place: ListenTarget = { kind: 'contact-code', owner }
  await subscriptions.acquire(place, 'chat:bob')
  await subscriptions.acquire(place, 'contact:bob')
  await subscriptions.acquire(place, 'contact:bob')
  expect(fake.log).toEqual(['open contact-code'])
  subscriptions.release('contact:bob')
  expect(fake.open.size).toBe(1)
  subscriptions.release('chat:bob', place)
  expect(fake.open.size).toBe(0)
  await subscriptions.acquire(place, 'chat:bob')
  expect(fake.log).toEqual(['open contact-code', 'close contact-code', 'open contact-code'])
})

test('A-13 what we need ourselves cannot be dropped while we are logged in', async () => {
  const fake: Fake = { log: [], open: new Set() }
  const subscriptions = fakeSubscriptions(fake)
  await subscriptions.open()
  await subscriptions.acquire({ kind: 'identity' }, selfOwner)
  await subscriptions.acquire({ kind: 'contact-code', owner }, selfOwner)
  await subscriptions.acquire({ kind: 'contact-code', owner }, 'chat:self')
  subscriptions.release(selfOwner)
  subscriptions.release(selfOwner, { kind: 'identity' })
  subscriptions.release('chat:self')
  expect(fake.open.size).toBe(2)
  await subscriptions.close()
  expect(fake.open.size).toBe(0)
})

test('a public chat named like another place is another place', async () => {
  const fake: Fake = { log: [], open: new Set() }
  const subscriptions = fakeSubscriptions(fake)
  await subscriptions.open()
  await subscriptions.acquire({ kind: 'identity' }, selfOwner)
  await subscriptions.acquire({ kind: 'public', name: 'identity' }, 'chat:x')
  expect(subscriptions.places().map(({ place }) => place)).toEqual(['identity', 'public:identity'])
})

test('a place that could not be planned is opened by the next who needs it', async () => {
  const fake: Fake = { log: [], open: new Set() }
  const fails = ['disk full', 'disk full']
  const subscriptions = fakeSubscriptions(fake, async target => {
    const failure = fails.pop()
    if (failure !== undefined) throw new Error(failure)
    return target
  })
  await subscriptions.open()
  const place: ListenTarget = { kind: 'rendezvous', peer: owner, secret: new Uint8Array(32) }
  const both = [subscriptions.acquire(place, 'session'), subscriptions.acquire(place, 'session')]
  for (const acquired of both) await expect(acquired).rejects.toThrow('disk full')
  await expect(subscriptions.acquire(place, 'session')).rejects.toThrow('disk full')
  await subscriptions.acquire(place, 'session')
  await subscriptions.acquire(place, 'session')
  expect(fake.log).toEqual(['open rendezvous'])
})

/** Topics as a mailserver would be asked for them. */
const placesOf = (who: Person): Promise<string[]> => who.client.places()

const hex = (key: Uint8Array): string => `0x${bytesToHex(key)}`

test('A-10 after a start exactly the subscriptions of the profile exist', async () => {
  let alice = await person('alice')
  const bob = await person('bob')
  const carol = await person('carol')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await alice.client.joinPublic('status')
    await alice.client.joinPublic('left')
    await alice.client.leavePublic('left')
    await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('answered', () => bob.texts().includes('hello'))
    await alice.client.addContact(carol.client.publicKey)
    await until('quiet', async () => (await alice.client.devicesOf(bob.client.publicKey)).length === 1)
    // A rendezvous comes with the first message that is sealed for somebody: with the greeting, and with the request to Carol.
    for (const { client } of [bob, carol]) {
      const place = `rendezvous:${hex(client.publicKey)}`
      await until(place, async () => (await placesOf(alice)).includes(place))
    }
  })
  await carol.client.stop()
  alice = await person('alice', { database: alice.database })
  await during([alice], async () => {
    expect((await placesOf(alice)).sort()).toEqual(
      [
        'identity',
        `contact-code:${hex(alice.client.publicKey)}`,
        `contact-code:${hex(bob.client.publicKey)}`,
        `contact-code:${hex(carol.client.publicKey)}`,
        'public:status',
        `rendezvous:${hex(bob.client.publicKey)}`,
        `rendezvous:${hex(carol.client.publicKey)}`
      ].sort()
    )
  })
})

test('the security layer is told whom a chat, a contact or a group of ours needs', async () => {
  let isKnown: (person: Uint8Array) => boolean = () => false
  const layers = defaultLayers({ powWorkers: 0 })
  const client = await composeClient(
    { identity: identityOf('alice'), database: new MemoryLevel(), storageKey },
    {
      ...layers,
      security: host => {
        isKnown = host.isKnown
        return layers.security(host)
      }
    },
    { lockAccount: false, timers: false }
  )
  await client.start()
  const keyOf = (name: string) => identityOf(name).publicKey
  const [contact, member, written, stranger] = [keyOf('bob'), keyOf('carol'), keyOf('dave'), keyOf('mallory')]
  await client.addContact(contact)
  await client.createGroup('trip', [member])
  await client.send({ kind: 'one-to-one', publicKey: written }, { text: 'hello' })
  await client.idle()
  expect([client.publicKey, contact, member, written, stranger].map(isKnown)).toEqual([true, true, true, true, false])
  await client.stop()
})

test('A-11 posting to a place opens no subscription and gives the application nothing', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    const before = await placesOf(alice)
    await alice.client.publishContactCode()
    await until('bob has heard nothing', () => true)
    expect(await placesOf(alice)).toEqual(before)
    expect(alice.events.message).toEqual([])
    expect(alice.refusals()).toEqual([])
  })
})

test('F-1 a contact code gives a listener one new prekey per device and no chat event', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    await alice.client.addContact(bob.client.publicKey)
    const before = alice.events.chat.length
    for (const _ of [1, 2]) await bob.client.publishContactCode()
    await until('learnt', async () => (await alice.client.devicesOf(bob.client.publicKey)).length === 1)
    const heard = () => alice.events.trace.filter(fact => fact.did === 'learnt devices').length
    await until('both were heard', () => heard() === 2)
    expect(await alice.client.devicesOf(bob.client.publicKey)).toHaveLength(1)
    expect(alice.events.message).toEqual([])
    expect(alice.events.chat).toHaveLength(before)
    expect(alice.refusals()).toEqual([])
  })
})

test('a member of a group that we have joined is known as such, until we have left or they have', async () => {
  const { core } = await inside()
  const [alice, bob] = [somebody(), somebody()]
  const group: ChatRef = { kind: 'group', id: `uuid-0x${bytesToHex(somebody())}` }
  let members = [alice, bob]
  const listenTargets = createListenTargets(core, {
    subscriptions: fakeSubscriptions({ log: [], open: new Set() }),
    openGroup: async () => undefined,
    listenedMembers: () => members
  })
  const unit = core.store.unit()
  core.chatCache.putChat(unit, blankChat(group))
  core.chatCache.putContact(unit, { ...blankContact(alice), added: true })
  await unit.commit()
  await listenTargets.contactChanged(alice)
  expect(listenTargets.groupOf(alice)).toBeUndefined()
  await listenTargets.chatChanged(group)
  expect([alice, bob].map(listenTargets.groupOf)).toEqual([chatTagOf(group), chatTagOf(group)])
  members = [alice]
  await listenTargets.chatChanged(group)
  expect([alice, bob].map(listenTargets.groupOf)).toEqual([chatTagOf(group), undefined])
  members = []
  await listenTargets.chatChanged(group)
  expect(listenTargets.groupOf(alice)).toBeUndefined()
})
