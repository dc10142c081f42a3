import { describe, expect, test } from 'vitest'
import { describeRecord as inspect } from '../../src/index.ts'
import { encryptMessage, responderRatchet, respondX3dh } from '../../src/primitives.ts'
import { decodeSelf } from '../../src/records/self.ts'
import {
  conversation,
  fakeClock,
  introduce,
  opened,
  person,
  sealed,
  spiedStore,
  string,
  text
} from '../support/sealers.ts'
import { changed, message, parsed, reasonOf, withEntries } from '../support/wire.ts'

const sessionsIn = async (store: ReturnType<typeof spiedStore>) => {
  const records = [...(await store.all()).values()].map(inspect)
  return records.flatMap(record => (record.kind === 'peer' ? record.devices.flatMap(({ sessions }) => sessions) : []))
}

async function bobKnown(clock = fakeClock()) {
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const stores = { a: spiedStore(), b: spiedStore() }
  const [a, b] = [await alice.device('a1', stores.a), await bob.device('b1', stores.b)]
  await introduce(b, bob, a)
  return { clock, alice, bob, a, b, stores }
}

describe('S-10', () => {
  test('S-10 the X3DH header is repeated until the first answer, with one ephemeral key', async () => {
    const { alice, bob, a, b } = await bobKnown()
    const sent = [await sealed(a, bob.known, 'one'), await sealed(a, bob.known, 'two')]
    const headers = sent.map(bytes => parsed(bytes).entries[0]?.x3dh)
    expect(headers[0]).toBeDefined()
    expect(headers[1]).toEqual(headers[0])
    for (const bytes of sent) await opened(b, bytes, alice)
    await opened(a, await sealed(b, alice.known, 'answer'), bob)
    expect(parsed(await sealed(a, bob.known, 'three')).entries[0]?.x3dh).toBeUndefined()
  })

  test('S-10 an answer that does not authenticate does not end the repetition', async () => {
    const { alice, bob, a, b } = await bobKnown()
    await opened(b, await sealed(a, bob.known, 'one'), alice)
    const answer = withEntries(await sealed(b, alice.known, 'answer'), entry => ({
      ...entry,
      payload: entry.payload.map(byte => byte ^ 1)
    }))
    expect(await reasonOf(a, answer, bob)).toBe('bad-mac')
    expect(parsed(await sealed(a, bob.known, 'two')).entries[0]?.x3dh).toBeDefined()
  })
})

test('S-20 both start at once: nothing is lost, both go on, and after the next roll they share one session', async () => {
  const { clock, alice, bob, a, b } = await bobKnown()
  await introduce(a, alice, b)
  const [toBob, toAlice] = [await sealed(a, bob.known, 'to bob'), await sealed(b, alice.known, 'to alice')]
  expect(string((await opened(b, toBob, alice)).bytes)).toBe('to bob')
  expect(string((await opened(a, toAlice, bob)).bytes)).toBe('to alice')
  for (let turn = 0; turn < 3; turn++) {
    expect(string((await opened(b, await sealed(a, bob.known, `a${turn}`), alice)).bytes)).toBe(`a${turn}`)
    expect(string((await opened(a, await sealed(b, alice.known, `b${turn}`), bob)).bytes)).toBe(`b${turn}`)
  }
  clock.advance(86_400_001)
  await opened(b, await sealed(a, bob.known, 'rolled'), alice)
  const answer = await sealed(b, alice.known, 'answer')
  expect(await reasonOf(a, answer, bob)).toBe('message')
  const next = await sealed(a, bob.known, 'joined')
  expect(parsed(next).entries[0]?.ratchet?.id).toEqual(parsed(answer).entries[0]?.ratchet?.id)
  expect(string((await opened(b, next, alice)).bytes)).toBe('joined')
})

test('messages of an old session stay readable after a re-key', async () => {
  const { clock, alice, bob, a, b } = await conversation()
  const old = await sealed(a, bob.known, 'in flight')
  clock.advance(86_400_001)
  await opened(a, await sealed(b, alice.known, 'rolled'), bob)
  const next = await sealed(a, bob.known, 'new session')
  expect(parsed(next).entries[0]?.ratchet?.id).not.toEqual(parsed(old).entries[0]?.ratchet?.id)
  expect(string((await opened(b, next, alice)).bytes)).toBe('new session')
  expect(string((await opened(b, old, alice)).bytes)).toBe('in flight')
})

test('S-27 two people with the same installation id against the same prekey do not collide', async () => {
  const clock = fakeClock()
  const [alice, carol, bob] = [person('alice', clock), person('carol', clock), person('bob', clock)]
  const [a, c, b] = [await alice.device('phone'), await carol.device('phone'), await bob.device('b1')]
  for (const sealer of [a, c]) await introduce(b, bob, sealer)
  for (const turn of ['first', 'second']) {
    const [fromAlice, fromCarol] = [await sealed(a, bob.known, `a ${turn}`), await sealed(c, bob.known, `c ${turn}`)]
    expect(string((await opened(b, fromAlice, alice)).bytes)).toBe(`a ${turn}`)
    expect(string((await opened(b, fromCarol, carol)).bytes)).toBe(`c ${turn}`)
    expect(string((await opened(a, await sealed(b, alice.known, 'to a'), bob)).bytes)).toBe('to a')
    expect(string((await opened(c, await sealed(b, carol.known, 'to c'), bob)).bytes)).toBe('to c')
  }
})

describe('S-28', () => {
  test('S-28 SK is in no record once the session exists, and a repeated X3DH header finds that session', async () => {
    const { alice, bob, a, b, stores } = await bobKnown()
    const sent = [await sealed(a, bob.known, 'one'), await sealed(a, bob.known, 'two'), await sealed(a, bob.known, '3')]
    await opened(b, sent[0]!, alice)
    expect((await sessionsIn(stores.b)).map(({ role, recvN }) => [role, recvN])).toEqual([['responder', 1]])
    await opened(b, sent[2]!, alice)
    await opened(b, sent[1]!, alice)
    expect((await sessionsIn(stores.b)).map(({ recvN, skipped }) => [recvN, skipped])).toEqual([[3, 0]])
  })

  test('S-28 a new ephemeral key against the same prekey is a second session, and the first stays readable', async () => {
    const { alice, bob, a, b, stores } = await bobKnown()
    const before = await stores.a.all()
    const lost = await sealed(a, bob.known, 'from the first session')
    await opened(b, await sealed(a, bob.known, 'hello'), alice)
    await stores.a.setBack(before)
    const again = await alice.device('a1', stores.a)
    const fresh = await sealed(again, bob.known, 'after the loss')
    expect(parsed(fresh).entries[0]?.x3dh?.key).not.toEqual(parsed(lost).entries[0]?.x3dh?.key)
    expect(string((await opened(b, fresh, alice)).bytes)).toBe('after the loss')
    expect(string((await opened(b, lost, alice)).bytes)).toBe('from the first session')
    expect((await sessionsIn(stores.b)).length).toBe(2)
  })
})

test('S-13 the initiator reads what the responder sealed before it opened anything', async () => {
  const { alice, bob, a, b, stores } = await bobKnown()
  const first = await sealed(a, bob.known, 'first')
  // Bob's device has the X3DH header, say of a message that it could not open, and speaks with SK as its chain.
  const { x3dh } = parsed(first).entries[0]!
  const self = decodeSelf((await stores.b.all()).get('pfs/self')!)
  const prekey = self.prekeys[0]!.pair
  const secret = respondX3dh(bob.identity, prekey, { identity: alice.publicKey, ephemeral: x3dh!.key })
  let ratchet = responderRatchet(secret, prekey)
  const early = ['one', 'two'].map(content => {
    const { state, header, payload } = encryptMessage(ratchet, text(content))
    ratchet = state
    return message('b1', { entries: [{ installationId: 'a1', ratchet: { ...header, id: prekey.publicKey }, payload }] })
  })
  expect(parsed(early[0]!).entries[0]?.ratchet?.key).toEqual(prekey.publicKey)
  for (const at of [1, 0]) {
    const result = await opened(a, early[at]!, bob)
    expect([string(result.bytes), result.protection]).toEqual([['one', 'two'][at], 'forward-secret'])
  }
  expect(string((await opened(b, first, alice)).bytes)).toBe('first')
})

test('a message from a device without a bundle still opens and makes the device known', async () => {
  const { alice, bob, a, b } = await bobKnown()
  const bare = changed(await sealed(a, bob.known, 'no bundle'), () => ({ bundles: [] }))
  const result = await opened(b, bare, alice)
  expect([string(result.bytes), result.device]).toEqual(['no bundle', 'a1'])
  expect(result.effects).toEqual([{ kind: 'devices-changed', identity: alice.publicKey }])
  expect(await b.devices(alice.publicKey)).toMatchObject([
    { installationId: 'a1', version: 0, targeted: false, heardFrom: false, strongest: 'forward-secret' }
  ])
  expect(parsed(await sealed(b, alice.known, 'x')).entries[0]?.installationId).toBe('none')
})

test('public_message wins over entries, as with status-go', async () => {
  const { alice, bob, a, b } = await bobKnown()
  const both = changed(await sealed(a, bob.known, 'private'), () => ({ publicMessage: new Uint8Array([1]) }))
  expect(await b.open(both, { sender: alice.publicKey })).toMatchObject({ protection: 'none', device: 'a1' })
  expect(await reasonOf(b, message('a1', { publicMessage: new Uint8Array([2]) }), alice)).toBe('message')
})
