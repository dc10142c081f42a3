import { ecdhX } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { createNullSealer, createSealer, type IdentityKey, memorySessionStore } from '../../src/index.ts'
import { createBundle, keyPairOf } from '../../src/primitives.ts'
import { sendingSession } from '../../src/sessions.ts'
import { conversation, fakeClock, introduce, opened, person, sealed, seededRandom, string } from '../support/sealers.ts'
import { changed, flipped, message, parsed } from '../support/wire.ts'

const points = Array.from({ length: 3 }, (_, at) => keyPairOf(new Uint8Array(32).fill(at + 1)).publicKey)

test('an identity key elsewhere is asked with points of 65 bytes alone', async () => {
  const clock = fakeClock()
  const [alice, carol] = [person('alice', clock), person('carol', clock)]
  const asked: number[] = []
  const identity: IdentityKey = {
    ...carol.identity,
    ecdhX: publicKey => {
      asked.push(publicKey.length)
      return ecdhX(carol.privateKey, publicKey)
    }
  }
  const random = seededRandom('carol c1')
  const deps = { identity, store: memorySessionStore(), clock, random }
  const [a, c] = [await alice.device('a1'), await createSealer(deps, { installationId: 'c1' })]
  await opened(c, await sealed(a, carol.known, 'static'), alice)
  await opened(a, await sealed(c, alice.known, 'first of a session'), carol)
  await introduce(c, carol, a)
  await opened(c, await sealed(a, carol.known, 'answer'), alice)
  expect(asked.length).toBeGreaterThan(1)
  expect(new Set(asked)).toEqual(new Set([65]))
})

test('what is sealed for all is a copy, and so is what passes through unchanged', async () => {
  const { alice, bob: other, a, b } = await conversation()
  const bytes = Uint8Array.of(1, 2, 3)
  const result = await a.seal(bytes, { kind: 'public', name: 'room' })
  const foreign = await b.open(bytes, { sender: alice.publicKey })
  const plain = await createNullSealer(a).seal(bytes, other.known)
  bytes.fill(9)
  for (const { bytes: kept } of [result, foreign, plain] as { readonly bytes?: Uint8Array }[]) {
    expect(kept).toEqual(Uint8Array.of(1, 2, 3))
  }
  expect([result.effects, plain.effects]).toEqual([[], []])
  const code = await a.seal(bytes, alice.contactCode)
  expect(code.effects).toEqual([])
})

test('what is not protected is as long as it is; an empty message for all devices goes through the full sealer', async () => {
  const { bob: other, a } = await conversation()
  const plain = createNullSealer(a)
  expect(await plain.maxPlaintext(700, other.known)).toBe(700)
  expect(await plain.maxPlaintext(700, other.any)).toBe(700)
  expect(await plain.maxPlaintext(700, { kind: 'own-devices', reach: 'any-device' })).toBe(
    await a.maxPlaintext(700, { kind: 'own-devices', reach: 'any-device' })
  )
  expect(await plain.sealedSize(0, other.known)).toBe(0)
  expect(await plain.sealedSize(1, other.any)).toBe(1)
  expect(await plain.sealedSize(0, other.any)).toBe(await a.sealedSize(0, other.any))
})

test('our own device is among our devices, first, and is nobody’s target', async () => {
  const { clock, alice, bob: other, a } = await conversation()
  const startMs = clock.nowMs()
  expect(await a.devices(alice.publicKey)).toEqual([
    {
      installationId: 'a1',
      self: true,
      enabled: true,
      targeted: false,
      heardFrom: true,
      strongest: 'none',
      version: 1,
      bundleMs: startMs
    }
  ])
  expect(await a.devices(other.publicKey)).toMatchObject([{ installationId: 'b1', self: false, bundleMs: startMs }])
})

test('only an identity itself says which protocol its devices speak: nobody signed that', async () => {
  const clock = fakeClock()
  const [alice, mallory] = [person('alice', clock), person('mallory', clock)]
  const [a1, a2] = [await alice.device('a1'), await alice.device('a2')]
  await introduce(a2, alice, a1)
  await a1.enable('a2', true)
  clock.advance(1000)
  const code = await sealed(a2, alice.contactCode, '')
  const raised = (bytes: Uint8Array, protocolVersion: number) =>
    changed(bytes, ({ bundles }) => ({
      bundles: bundles.map(bundle => ({
        ...bundle,
        signedPrekeys: bundle.signedPrekeys.map(listed => ({ ...listed, protocolVersion }))
      }))
    }))
  const listed = async () =>
    parsed(await sealed(a1, alice.contactCode, '')).bundles[0]?.signedPrekeys.map(
      ({ protocolVersion }) => protocolVersion
    )
  await a1.open(raised(code, 7), { sender: mallory.publicKey })
  expect(await listed()).toEqual([1, 1])
  await a1.open(raised(code, 3), { sender: alice.publicKey })
  expect(await listed()).toEqual([1, 3])
  // One that is older than what is known changes nothing.
  clock.advance(1000)
  await introduce(a2, alice, a1)
  await a1.open(raised(code, 5), { sender: alice.publicKey })
  expect(await listed()).toEqual([1, 1])
})

test('a bundle of ours that comes back, from whomever, does not make our own device another one', async () => {
  const { alice, bob, a, b } = await conversation()
  const own = await a.devices(alice.publicKey)
  const code = await sealed(a, alice.contactCode, '')
  const relayed = message('b1', { bundles: parsed(code).bundles })
  expect(await a.open(relayed, { sender: bob.publicKey })).toEqual({ kind: 'nothing', effects: [] })
  expect(await a.devices(alice.publicKey)).toEqual(own)
  expect(await a.initialEffects()).toEqual([expect.objectContaining({ kind: 'rendezvous' })])
  expect((await b.open(relayed, { sender: bob.publicKey })).kind).toBe('unreadable')
})

test('an undated bundle of version 0 is taken when nothing else is known', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const a = await alice.device('a1')
  const listed = { installationId: 'b1', publicKey: points[0]!, version: 0, protocolVersion: 1 }
  const bundle = createBundle(bob.identity, [listed], 0n)
  await a.open(message('b1', { bundles: [bundle] }), { sender: bob.publicKey })
  const [entry] = parsed(await sealed(a, bob.known, 'x')).entries
  expect([entry?.installationId, entry?.ratchet?.id]).toEqual(['b1', points[0]])
})

test('a message that does not open does not take the sender out of the records, nor one of its devices in', async () => {
  const { clock, alice, bob: other, a, b } = await conversation()
  clock.advance(1000)
  const bytes = await sealed(a, other.known, 'torn')
  const before = await b.devices(alice.publicKey)
  const torn = changed(bytes, ({ entries }) => ({
    installationId: 'a9',
    bundles: [],
    entries: entries.map(entry => ({ ...entry, payload: flipped(entry.payload, -1) }))
  }))
  expect(await b.open(torn, { sender: alice.publicKey })).toMatchObject({
    kind: 'unreadable',
    reason: 'unknown-session'
  })
  expect(await b.devices(alice.publicKey)).toEqual(before)
  expect(string((await opened(b, bytes, alice)).bytes)).toBe('torn')
})

describe('the session that is sent on', () => {
  const [mine, theirs, older] = points as [Uint8Array, Uint8Array, Uint8Array]
  const self = { prekeys: [{ pair: { publicKey: mine } }] } as unknown as Parameters<typeof sendingSession>[0]
  const session = (name: string, parts: object) => ({
    name,
    role: 'initiator',
    remotePrekey: theirs,
    createdMs: 5,
    ...parts
  })
  const chosen = (device: { brokenMs?: number; prekey?: Uint8Array; sessions: object[] }) =>
    (sendingSession(self, { brokenMs: 0, prekey: theirs, ...device } as never) as { name?: string } | undefined)?.name

  test('the oldest of those that both prekeys name', () => {
    const [first, second] = [session('first', {}), session('second', {})]
    expect(chosen({ sessions: [first, second] })).toBe('first')
    expect(chosen({ sessions: [session('past', { remotePrekey: older }), second] })).toBe('second')
    expect(chosen({ sessions: [session('past', { remotePrekey: older })] })).toBeUndefined()
  })

  test('of one that they began, our prekey has to be the one of today', () => {
    const responder = (bundleId: Uint8Array) => session('responder', { role: 'responder', bundleId })
    expect(chosen({ sessions: [responder(mine)] })).toBe('responder')
    expect(chosen({ sessions: [responder(older)] })).toBeUndefined()
  })

  test('a prekey that is not known fits a session that began without one, and no other', () => {
    const blank = session('blank', { remotePrekey: undefined })
    const unknown = { prekey: undefined as unknown as Uint8Array }
    expect(chosen({ ...unknown, sessions: [session('known', {}), blank] })).toBe('blank')
    expect(chosen({ sessions: [blank] })).toBeUndefined()
  })

  test('after sessions broke, one that began then or later is preferred, and an old one is better than none', () => {
    const [old, young] = [session('old', { createdMs: 4 }), session('young', { createdMs: 5 })]
    expect(chosen({ brokenMs: 5, sessions: [old, young] })).toBe('young')
    expect(chosen({ brokenMs: 6, sessions: [old, young] })).toBe('old')
  })
})
