import { bytesToHex } from '@status-stack/crypto'
import { dataLayer } from '@status-stack/status-data'
import { expect, test } from 'vitest'
import { safetyText, shownName } from '../../src/index.ts'
import { chatWith, connect, during, identityOf, movableClock, type Person, person, until } from '../support/world.ts'

async function two(run: (alice: Person, bob: Person) => Promise<void>, options = {}): Promise<void> {
  const alice = await person('alice', options)
  const bob = await person('bob', options)
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected() && bob.client.connected())
    await run(alice, bob)
  })
}

const chatOf = async (who: Person, other: Person) => {
  const id = `0x${bytesToHex(other.client.publicKey)}`
  return (await who.client.chats()).find(chat => chat.id === id)
}

test('P-28 being added is a request: it adds nobody and shows no chat', () =>
  two(async (alice, bob) => {
    await alice.client.setProfile({ picture: 'data:image/png;base64,AAAA' })
    await alice.client.addContact(bob.client.publicKey)
    await until('request', async () => (await bob.client.contact(alice.client.publicKey)).requestReceived)
    expect(await bob.client.contact(alice.client.publicKey)).toMatchObject({
      added: false,
      picture: 'data:image/png;base64,AAAA'
    })
    expect((await chatOf(bob, alice))?.active).toBe(false)
    await bob.client.addContact(alice.client.publicKey)
    await until('mutual', async () => (await alice.client.contact(bob.client.publicKey)).requestReceived)
    expect(await alice.client.contact(bob.client.publicKey)).toMatchObject({ added: true, requestReceived: true })
    await bob.client.removeContact(alice.client.publicKey)
    expect((await bob.client.contact(alice.client.publicKey)).added).toBe(false)
  }))

test('the first message of a stranger is shown apart until it is accepted or answered', () =>
  two(async (alice, bob) => {
    await alice.client.send(chatWith(bob), { text: 'do you know me?' })
    await until('arrived', () => bob.texts().length === 1)
    expect((await chatOf(bob, alice))?.request).toBe(true)
    expect((await chatOf(alice, bob))?.request).toBe(false)
    expect(
      (await bob.client.places()).some(place =>
        place.startsWith(`contact-code:0x${bytesToHex(alice.client.publicKey)}`)
      )
    ).toBe(false)
    await bob.client.acceptRequest(chatWith(alice))
    expect((await chatOf(bob, alice))?.request).toBe(false)
    expect(await bob.client.places()).toContain(`contact-code:0x${bytesToHex(alice.client.publicKey)}`)
  }))

test('answering a request accepts it', () =>
  two(async (alice, bob) => {
    await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('arrived', () => bob.texts().length === 1)
    await bob.client.send(chatWith(alice), { text: 'hello yourself' })
    expect((await chatOf(bob, alice))?.request).toBe(false)
  }))

test('P-15 a blocked person leaves no trace and learns nothing; sync acknowledges', () =>
  two(async (alice, bob) => {
    await bob.client.joinPublic('status')
    await alice.client.joinPublic('status')
    const room = { kind: 'public', name: 'status' } as const
    const spoken = await alice.client.send(room, { text: 'in public' })
    await alice.client.send(chatWith(bob), { text: 'before' })
    await until('arrived', () => bob.texts().length === 2)
    await bob.client.block(alice.client.publicKey)
    expect(await bob.client.messages(chatWith(alice))).toEqual([])
    expect((await chatOf(bob, alice))?.active).toBe(false)
    expect((await bob.client.message(spoken.messageId))?.deleted).toBe(true)
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'after' })
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    expect(bob.refusals().map(fact => fact.reason)).toContain('author-blocked')
    expect(await bob.client.message(messageId)).toBeUndefined()
    await expect(bob.client.send(chatWith(alice), { text: 'x' })).rejects.toMatchObject({ code: 'blocked' })
    await expect(bob.client.addContact(alice.client.publicKey)).rejects.toMatchObject({ code: 'blocked' })
    await bob.client.unblock(alice.client.publicKey)
    await alice.client.send(chatWith(bob), { text: 'forgiven' })
    await until('read again', () => bob.texts().includes('forgiven'))
  }))

test('safety texts are equal on both sides and differ for every pair', () => {
  const keys = ['alice', 'bob', 'carol'].map(name => identityOf(name).publicKey)
  const [a, b, c] = keys as [Uint8Array, Uint8Array, Uint8Array]
  expect(safetyText(a, b)).toBe(safetyText(b, a))
  expect(safetyText(a, b)).toMatch(/^(\d{5} ){11}\d{5}$/)
  expect(new Set([safetyText(a, b), safetyText(a, c), safetyText(b, c)]).size).toBe(3)
})

test('of two profiles in one millisecond the later one counts, also where no chat was begun', async () => {
  const clock = { nowMs: () => Date.UTC(2026, 0, 1) }
  const alice = await person('alice', { clock })
  const bob = await person('bob', { clock })
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected() && bob.client.connected())
    await alice.client.addContact(bob.client.publicKey)
    await alice.client.setProfile({ ensName: 'alice.eth' })
    await until('heard', async () => (await bob.client.contact(alice.client.publicKey)).ensName === 'alice.eth')
    await bob.client.idle()
    expect(bob.refusals()).toEqual([])
  })
})

test('A-17 names are shown only when they are verified and end in .eth', async () => {
  expect(shownName({ ensName: 'alice.stateofus.eth', ensVerified: true })).toBe('alice.stateofus.eth')
  expect(shownName({ ensName: 'alice.stateofus.eth', ensVerified: false })).toBeUndefined()
  expect(shownName({ ensName: 'alice.com', ensVerified: true })).toBeUndefined()

  const registry = new Map([['alice.eth', identityOf('alice').publicKey]])
  const asked: string[] = []
  const names = {
    publicKeyOf: async (name: string) => {
      asked.push(name)
      return registry.get(name)
    }
  }
  const alice = await person('alice')
  const bob = await person('bob', { names })
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    const claimed = async (ensName: string) => {
      await alice.client.setProfile({ ensName })
      await until('heard', async () => (await bob.client.contact(alice.client.publicKey)).ensName === ensName)
      await bob.client.idle()
      return bob.client.contact(alice.client.publicKey)
    }
    await alice.client.addContact(bob.client.publicKey)
    await bob.client.addContact(alice.client.publicKey)
    expect(shownName(await claimed('alice.eth'))).toBe('alice.eth')
    expect(shownName(await claimed('vitalik.eth'))).toBeUndefined()
    expect(shownName(await claimed('alice.com'))).toBeUndefined()
    expect(asked).toEqual(['alice.eth', 'vitalik.eth'])
  })
})

test('a resolver that never answers holds up neither what is done by itself nor the end of the client', async () => {
  const clock = movableClock()
  let asked = 0
  const names = {
    publicKeyOf: (): Promise<Uint8Array> => {
      asked += 1
      return asked === 1 ? Promise.reject(new Error('unreachable')) : new Promise(() => undefined)
    }
  }
  const alice = await person('alice', { clock })
  const bob = await person('bob', { clock, names })
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    await alice.client.addContact(bob.client.publicKey)
    await bob.client.addContact(alice.client.publicKey)
    await alice.client.setProfile({ ensName: 'alice.eth' })
    await until('asked', () => asked === 1)
    await bob.client.idle()
    clock.forward(2 * 60_000)
    await bob.client.tick()
    await until('asked again', () => asked === 2)
    await bob.client.tick()
    await alice.client.setProfile({ ensName: 'other.eth' })
    await until('asked for another', () => asked === 3)
  })
  expect(asked).toBe(3)
})

test('a name or a picture that no reader takes is refused, and leaves nothing behind', async () => {
  const alice = await person('alice')
  const { nameBytes, pictureBytes } = dataLayer.limits
  await during([alice], async () => {
    const { setProfile, profile } = alice.client
    await setProfile({ ensName: 'alice.eth' })
    for (const wrong of [{ ensName: 'ä'.repeat(nameBytes / 2 + 1) }, { picture: 'x'.repeat(pictureBytes + 1) }]) {
      await expect(setProfile({ ...wrong })).rejects.toMatchObject({ code: 'too-large', origin: 'caller' })
      expect(await profile()).toEqual({ ensName: 'alice.eth', picture: '' })
    }
    await setProfile({ ensName: 'x'.repeat(nameBytes), picture: 'x'.repeat(pictureBytes) })
    await alice.client.addContact(identityOf('bob').publicKey)
  })
})
