import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { createSealer, memorySessionStore, type SealerDeps, type SessionStore } from '../../src/index.ts'
import {
  conversation,
  fakeClock,
  introduce,
  opened,
  person,
  sealed,
  seededRandom,
  string,
  text
} from '../support/sealers.ts'
import { parsed } from '../support/wire.ts'

const keysOf = (all: readonly Uint8Array[]) =>
  all.map(bytes => {
    const { ratchet } = parsed(bytes).entries[0]!
    return `${bytesToHex(ratchet!.key)}/${ratchet!.n}`
  })

/** Every operation waits for a turn of the event loop, so that calls interleave. */
function slow(store: SessionStore): SessionStore {
  const turn = () => new Promise(resolve => setImmediate(resolve))
  return {
    get: id => turn().then(() => store.get(id)),
    put: (id, record, revision) => turn().then(() => store.put(id, record, revision)),
    delete: (id, revision) => turn().then(() => store.delete(id, revision))
  }
}

test('fifty seals at once use fifty message keys, and all open in any order', async () => {
  const { alice, bob, a, b } = await conversation()
  const all = await Promise.all(Array.from({ length: 50 }, (_, i) => sealed(a, bob.known, `m${i}`)))
  expect(new Set(keysOf(all)).size).toBe(50)
  const results = await Promise.all(all.toReversed().map(bytes => opened(b, bytes, alice)))
  expect(results.map(({ bytes }) => string(bytes)).sort()).toEqual(Array.from({ length: 50 }, (_, i) => `m${i}`).sort())
})

test('seals and opens at once on a slow store lose nothing', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const [a, b] = [
    await alice.device('a1', slow(memorySessionStore())),
    await bob.device('b1', slow(memorySessionStore()))
  ]
  await introduce(a, alice, b)
  await introduce(b, bob, a)
  for (let round = 0; round < 5; round++) {
    const [toBob, toAlice] = await Promise.all([
      Promise.all([0, 1, 2].map(i => sealed(a, bob.known, `a${i}`))),
      Promise.all([0, 1, 2].map(i => sealed(b, alice.known, `b${i}`)))
    ])
    const [atBob, atAlice] = await Promise.all([
      Promise.all([...toBob.map(bytes => opened(b, bytes, alice)), sealed(b, alice.known, 'meanwhile')]),
      Promise.all([...toAlice.map(bytes => opened(a, bytes, bob)), sealed(a, bob.known, 'meanwhile')])
    ])
    expect(string((await opened(a, atBob[3] as Uint8Array, bob)).bytes)).toBe('meanwhile')
    expect(string((await opened(b, atAlice[3] as Uint8Array, alice)).bytes)).toBe('meanwhile')
  }
})

test('two sealers over one store, as in two tabs, never share a key', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const store = slow(memorySessionStore())
  const b = await bob.device('b1')
  const deps = (seed: string): SealerDeps => ({ identity: alice.identity, store, clock, random: seededRandom(seed) })
  const tabs = [
    await createSealer(deps('1'), { installationId: 'a1' }),
    await createSealer(deps('2'), { installationId: 'a1' })
  ]
  await introduce(b, bob, tabs[0]!)
  const all = await Promise.all(Array.from({ length: 12 }, (_, i) => sealed(tabs[i % 2]!, bob.known, `m${i}`)))
  expect(new Set(keysOf(all)).size).toBe(12)
  for (const bytes of all) await opened(b, bytes, alice)
})

test('a store that always answers no ends in store-conflict, not in a loop', async () => {
  const { alice, bob, clock } = await conversation()
  const inner = memorySessionStore()
  let refuse = false
  const store: SessionStore = {
    ...inner,
    put: async (id, record, revision) => (refuse ? false : inner.put(id, record, revision))
  }
  const a = await alice.device('a1', store)
  refuse = true
  await expect(a.seal(text('x'), bob.known)).rejects.toMatchObject({ code: 'store-conflict', origin: 'environment' })
  refuse = false
  expect((await a.seal(text('x'), bob.known)).kind).toBe('sealed')
  expect(clock.nowMs()).toBeGreaterThan(0)
})

test('a failed call does not block the next one', async () => {
  const { alice, bob, a } = await conversation()
  const calls = await Promise.allSettled([
    a.seal(text('x'), { ...bob.known, publicKey: new Uint8Array(65) }),
    a.seal(text('y'), bob.known),
    a.open(new Uint8Array(3), { sender: new Uint8Array(2) }),
    a.sealedSize(1, bob.known)
  ])
  expect(calls.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
  expect(calls.filter(call => call.status === 'rejected').map(({ reason }) => reason.code)).toEqual([
    'invalid-public-key',
    'invalid-public-key'
  ])
  expect(alice.name).toBe('alice')
})

test('state is stored before its ciphertext leaves', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const inner = memorySessionStore()
  let fail = false
  const store: SessionStore = {
    ...inner,
    put: async (id, record, revision) => {
      if (fail) throw new Error('disk full')
      return inner.put(id, record, revision)
    }
  }
  const [a, b] = [await alice.device('a1', store), await bob.device('b1')]
  await introduce(b, bob, a)
  await opened(b, await sealed(a, bob.known, 'first'), alice)
  fail = true
  await expect(a.seal(text('x'), bob.known)).rejects.toThrow('disk full')
  fail = false
  // Nothing left, so the key was not spent: the next message is number 1.
  expect(parsed(await sealed(a, bob.known, 'second')).entries[0]?.ratchet?.n).toBe(1)
})
