import { describe, expect, test } from 'vitest'
import {
  conversation,
  day,
  fakeClock,
  introduce,
  opened,
  type Person,
  person,
  sealed,
  spiedStore,
  string
} from '../support/sealers.ts'
import { reasonOf } from '../support/wire.ts'

/** All records of a device and its identity key, in the hands of somebody else. */
async function stolen(who: Person, installationId: string, store: ReturnType<typeof spiedStore>) {
  const copy = spiedStore()
  for (const [id, record] of await store.all()) {
    await copy.put(
      Uint8Array.from(id, char => char.charCodeAt(0)),
      record,
      0
    )
  }
  // Same identity key, same records; its randomness is its own.
  return who.device(installationId, copy, {})
}

describe('forward secrecy', () => {
  test('who takes everything from the receiver later cannot open what was confirmed', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const past: Uint8Array[] = []
    for (let turn = 0; turn < 3; turn++) {
      const bytes = await sealed(a, bob.known, `secret ${turn}`)
      const { receipt } = await opened(b, bytes, alice)
      await b.confirm(receipt!)
      past.push(bytes)
      const answer = await opened(a, await sealed(b, alice.known, 'answer'), bob)
      await a.confirm(answer.receipt!)
    }
    clock.advance(1)
    const thief = await stolen(bob, 'b1', stores.b)
    for (const bytes of past)
      expect(['replayed', 'already-used', 'bad-mac']).toContain(await reasonOf(thief, bytes, alice))
  })

  test('who takes everything from the sender cannot open what was sent', async () => {
    const { alice, bob, a, b, stores } = await conversation()
    const bytes = await sealed(b, alice.known, 'secret')
    const { receipt } = await opened(a, bytes, bob)
    await a.confirm(receipt!)
    const [atAlice, atBob] = [await stolen(alice, 'a1', stores.a), await stolen(bob, 'b1', stores.b)]
    expect(await reasonOf(atAlice, bytes, bob)).toBe('replayed')
    expect(await reasonOf(atBob, bytes, bob)).toBe('own-echo')
    // Bob's keys under another device name do not help either: the entry is for a1 alone.
    expect(await reasonOf(await alice.device('a2'), bytes, bob)).toBe('not-for-this-device')
  })

  test('first flight: safe from the receiver’s records once its prekey is erased', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const stores = { a: spiedStore(), b: spiedStore() }
    const [a, b] = [await alice.device('a1', stores.a), await bob.device('b1', stores.b)]
    await introduce(b, bob, a)
    const first = await sealed(a, bob.known, 'first flight')
    const { receipt } = await opened(b, first, alice)
    await b.confirm(receipt!)
    clock.advance(day + 1)
    await b.expire()
    clock.advance(31 * day)
    await b.expire()
    const thief = await stolen(bob, 'b1', stores.b)
    expect(await reasonOf(thief, first, alice)).toBe('unknown-prekey')
  })
})

describe('not promised: first flight', () => {
  test('while the prekey lives, who takes it and the identity key opens the first flight', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a, store] = [await alice.device('a1'), spiedStore()]
    const b = await bob.device('b1', store)
    await introduce(b, bob, a)
    const thief = await stolen(bob, 'b1', store)
    const first = await sealed(a, bob.known, 'first flight')
    await opened(b, first, alice)
    expect(string((await opened(thief, first, alice)).bytes)).toBe('first flight')
  })

  test('static-key messages open for whoever gets the identity key, at any time, any number of times', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const a = await alice.device('a1')
    const bytes = await sealed(a, bob.known, 'static')
    const thief = await bob.device('b9')
    for (let times = 0; times < 2; times++) expect(string((await opened(thief, bytes, alice)).bytes)).toBe('static')
  })
})

describe('post-compromise security', () => {
  test('a listener is locked out once the victim has taken a turn of the conversation after the theft', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    clock.advance(1)
    const thief = await stolen(bob, 'b1', stores.b)
    // Not promised: bob's current ratchet key is stolen, so the thief reads what answers it.
    await opened(a, await sealed(b, alice.known, 'with the stolen key'), bob)
    const answer = await sealed(a, bob.known, 'answer to the stolen key')
    expect(string((await opened(thief, answer, alice)).bytes)).toBe('answer to the stolen key')
    await opened(b, answer, alice)
    // Opening it made bob draw a new key; as soon as alice has heard it, the thief is out.
    await opened(a, await sealed(b, alice.known, 'with a key made after the theft'), bob)
    for (const content of ['after', 'and after that']) {
      const bytes = await sealed(a, bob.known, content)
      expect(await reasonOf(thief, bytes, alice)).toBe('bad-mac')
      expect(string((await opened(b, bytes, alice)).bytes)).toBe(content)
    }
  })

  test('the next prekey locks a listener out of new sessions too', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const thief = await stolen(bob, 'b1', stores.b)
    clock.advance(day + 1)
    await opened(a, await sealed(b, alice.known, 'rolled'), bob)
    const bytes = await sealed(a, bob.known, 'against the new prekey')
    expect(await reasonOf(thief, bytes, alice)).toBe('unknown-prekey')
    expect(string((await opened(b, bytes, alice)).bytes)).toBe('against the new prekey')
  })

  test('not promised: an active clone that holds the identity key speaks as that device', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    clock.advance(1)
    const clone = await stolen(alice, 'a1', stores.a)
    const { bytes, receipt } = await opened(b, await sealed(clone, bob.known, 'by the clone'), alice)
    expect(string(bytes)).toBe('by the clone')
    await b.confirm(receipt!)
    expect(await reasonOf(b, await sealed(a, bob.known, 'by alice, with the same key'), alice)).toBe('already-used')
  })
})
