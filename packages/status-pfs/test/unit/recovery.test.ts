import { describe, expect, test } from 'vitest'
import type { Effect, Sealer } from '../../src/index.ts'
import {
  conversation,
  day,
  fakeClock,
  hour,
  introduce,
  opened,
  type Person,
  person,
  sealed,
  string,
  text
} from '../support/sealers.ts'
import { flipped, parsed, reasonOf, withEntries } from '../support/wire.ts'

const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind)

/** Opens, and does what an advertise effect asks for: its bytes go to `back`. */
async function openAndAdvertise(by: Sealer, bytes: Uint8Array, from: Person, me: Person, back: readonly Sealer[]) {
  const result = await by.open(bytes, { sender: from.publicKey })
  for (const effect of result.effects) {
    if (effect.kind !== 'advertise') continue
    const advertisement = await by.seal(new Uint8Array(0), effect.to)
    if (advertisement.kind !== 'sealed') throw new Error('an advertisement is for somebody')
    for (const other of back) {
      expect((await other.open(advertisement.bytes, { sender: me.publicKey })).kind).toBe('nothing')
    }
  }
  return result
}

describe('S-19', () => {
  test('S-19 an unknown device answers once per 7200 s with its bundle, then it is in', async () => {
    const { clock, alice, bob, a } = await conversation()
    const b2 = await bob.device('b2')
    const notForMe = await sealed(a, bob.known, 'for b1 only')
    const advertise = { kind: 'advertise', to: { kind: 'identity', publicKey: alice.publicKey, reach: 'any-device' } }
    const first = await b2.open(notForMe, { sender: alice.publicKey })
    expect(first).toMatchObject({ kind: 'unreadable', reason: 'not-for-this-device' })
    expect(first.effects).toContainEqual(advertise)
    clock.advance(7_199_999)
    const second = await b2.open(notForMe, { sender: alice.publicKey })
    expect([second.kind, second.effects]).toEqual(['unreadable', []])
    clock.advance(1)
    expect((await b2.open(notForMe, { sender: alice.publicKey })).effects).toEqual([advertise])
    const reply = await b2.seal(new Uint8Array(0), bob.known)
    expect(reply.kind).toBe('sealed')
    await a.open(await sealed(b2, alice.any, ''), { sender: bob.publicKey })
    expect(string((await opened(b2, await sealed(a, bob.known, 'for both'), alice)).bytes)).toBe('for both')
  })

  test('S-19 the cooldown is per peer and survives a restart', async () => {
    const { clock, alice, bob, a } = await conversation()
    const carol = person('carol', clock)
    const c = await carol.device('c1')
    const b1 = await bob.device('b9')
    await introduce(b1, bob, c)
    const { stores } = await conversation(clock)
    const b2 = await bob.device('b1', stores.b)
    const alien = withEntries(await sealed(a, bob.known, 'x'), entry => ({ ...entry, installationId: 'b7' }))
    const other = withEntries(await sealed(c, bob.known, 'x'), entry => ({ ...entry, installationId: 'b7' }))
    expect(kinds((await b2.open(alien, { sender: alice.publicKey })).effects)).toContain('advertise')
    expect(kinds((await b2.open(other, { sender: carol.publicKey })).effects)).toContain('advertise')
    const restarted = await bob.device('b1', stores.b)
    expect(kinds((await restarted.open(alien, { sender: alice.publicKey })).effects)).not.toContain('advertise')
  })

  test('S-19 never to ourselves: another own device is not paired, and nothing is advertised', async () => {
    const clock = fakeClock()
    const alice = person('alice', clock)
    const [a1, a2, a3] = [await alice.device('a1'), await alice.device('a2'), await alice.device('a3')]
    await introduce(a2, alice, a1)
    await a1.enable('a2', true)
    const bytes = await sealed(a1, { kind: 'own-devices', reach: 'known-devices' }, 'for a2')
    const result = await a3.open(bytes, { sender: alice.publicKey })
    expect(result).toMatchObject({ kind: 'unreadable', reason: 'not-paired' })
    expect(kinds(result.effects)).not.toContain('advertise')
    const broken = withEntries(bytes, entry => ({ ...entry, payload: flipped(entry.payload, -1) }))
    await opened(a2, bytes, alice)
    const failed = await a2.open(broken, { sender: alice.publicKey })
    expect(failed).toMatchObject({ reason: 'bad-mac' })
    expect(kinds(failed.effects)).not.toContain('advertise')
  })
})

describe('healing', () => {
  test('a device that lost its store heals with the first message it cannot open', async () => {
    const { clock, alice, bob, a } = await conversation()
    clock.advance(hour)
    const wiped = await bob.device('b1')
    const result = await openAndAdvertise(wiped, await sealed(a, bob.known, 'lost'), alice, bob, [a])
    expect(result).toMatchObject({ reason: 'unknown-session' })
    expect(string((await opened(wiped, await sealed(a, bob.known, 'found'), alice)).bytes)).toBe('found')
    expect(string((await opened(a, await sealed(wiped, alice.known, 'back'), bob)).bytes)).toBe('back')
  })

  test('a store set back over many prekey versions shows a version nobody has seen', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const backup = await stores.b.all()
    for (let passed = 0; passed < 6; passed++) {
      clock.advance(day + 1)
      await opened(b, await sealed(a, bob.known, 'days go by'), alice)
      await opened(a, await sealed(b, alice.known, 'days go by'), bob)
    }
    expect((await a.devices(bob.publicKey))[0]?.version).toBe(7)
    await stores.b.setBack(backup)
    const restored = await bob.device('b1', stores.b)
    expect((await restored.devices(bob.publicKey))[0]?.version).toBe(2)
    await openAndAdvertise(restored, await sealed(a, bob.known, 'lost'), alice, bob, [a])
    const known = (await a.devices(bob.publicKey))[0]?.version
    expect(known).toBe(Math.floor(clock.nowMs() / 60_000))
    expect(string((await opened(restored, await sealed(a, bob.known, 'found'), alice)).bytes)).toBe('found')
  })

  test('a peer that was set back heals from our side: its reused key is noticed and answered', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const backup = await stores.a.all()
    const genuine = await opened(b, await sealed(a, bob.known, 'one'), alice)
    await b.confirm(genuine.receipt!)
    clock.advance(hour)
    await stores.a.setBack(backup)
    const restored = await alice.device('a1', stores.a)
    const reused = await sealed(restored, bob.known, 'two, with the key of one')
    const result = await openAndAdvertise(b, reused, alice, bob, [restored])
    expect(result).toMatchObject({ kind: 'unreadable', reason: 'already-used' })
    const fresh = await sealed(restored, bob.known, 'three')
    expect(parsed(fresh).entries[0]?.x3dh).toBeDefined()
    expect(string((await opened(b, fresh, alice)).bytes)).toBe('three')
  })

  test('after a failure the answer goes out on the younger session', async () => {
    const { clock, alice, bob, a, b, stores } = await conversation()
    const backup = await stores.b.all()
    for (const turn of ['1', '2']) {
      await opened(b, await sealed(a, bob.known, turn), alice)
      await opened(a, await sealed(b, alice.known, turn), bob)
    }
    await stores.b.setBack(backup)
    clock.advance(hour)
    const restored = await bob.device('b1', stores.b)
    const result = await openAndAdvertise(restored, await sealed(a, bob.known, 'lost'), alice, bob, [a])
    expect(result).toMatchObject({ kind: 'unreadable', reason: 'bad-mac' })
    clock.advance(1)
    const fresh = await sealed(a, bob.known, 'found')
    await opened(restored, fresh, alice)
    const answer = await sealed(restored, alice.known, 'answer')
    expect(parsed(answer).entries[0]?.ratchet?.id).toEqual(parsed(fresh).entries[0]?.ratchet?.id)
    expect(string((await opened(a, answer, bob)).bytes)).toBe('answer')
  })

  test('more than 1000 missed messages heal too', { timeout: 120_000 }, async () => {
    const { alice, bob, a, b } = await conversation()
    for (let lost = 0; lost < 1001; lost++) await a.seal(text('lost'), bob.known)
    const result = await openAndAdvertise(b, await sealed(a, bob.known, 'too far'), alice, bob, [a])
    expect(result).toMatchObject({ reason: 'too-many-skipped' })
    expect(string((await opened(b, await sealed(a, bob.known, 'found'), alice)).bytes)).toBe('found')
  })

  test('one roll serves all peers of a cooldown; who knows it already waits for the next', async () => {
    const { clock, alice, bob, a, b } = await conversation()
    const carol = person('carol', clock)
    const c = await carol.device('c1')
    await introduce(c, carol, b)
    await introduce(b, bob, c)
    await opened(c, await sealed(b, carol.known, 'hi'), bob)
    await opened(b, await sealed(c, bob.known, 'hi'), carol)
    const garbled = async (from: Sealer) =>
      withEntries(await sealed(from, bob.known, 'x'), entry => ({ ...entry, payload: flipped(entry.payload, 20) }))
    const version = async () => (await b.devices(bob.publicKey))[0]?.version
    await openAndAdvertise(b, await garbled(a), alice, bob, [a])
    const healed = await version()
    expect(healed).toBe(Math.floor(clock.nowMs() / 60_000))
    clock.advance(hour)
    // Carol has not heard of the new prekey: telling her is enough.
    expect(kinds((await b.open(await garbled(c), { sender: carol.publicKey })).effects)).toContain('advertise')
    expect(await version()).toBe(healed)
    clock.advance(2 * hour)
    expect(kinds((await b.open(await garbled(c), { sender: carol.publicKey })).effects)).toContain('advertise')
    expect(await version()).toBe(Math.floor(clock.nowMs() / 60_000))
  })

  test('who uses the healed prekey already is not told of it again within the cooldown', async () => {
    const { clock, alice, bob, a, b } = await conversation()
    const carol = person('carol', clock)
    const c = await carol.device('c1')
    const garbled = (bytes: Uint8Array) =>
      withEntries(bytes, entry => ({ ...entry, payload: flipped(entry.payload, 20) }))
    await openAndAdvertise(b, garbled(await sealed(a, bob.known, 'x')), alice, bob, [a])
    await introduce(b, bob, c)
    await opened(b, await sealed(c, bob.known, 'on the new prekey'), carol)
    const again = await b.open(garbled(await sealed(c, bob.known, 'x')), { sender: carol.publicKey })
    expect([again.kind, again.effects]).toEqual(['unreadable', []])
  })

  test('duplicates and malformed messages set nothing in motion', async () => {
    const { alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'once')
    const { receipt } = await opened(b, bytes, alice)
    await b.confirm(receipt!)
    expect(await b.open(bytes, { sender: alice.publicKey })).toMatchObject({ reason: 'replayed', effects: [] })
    const cut = withEntries(bytes, entry => ({ ...entry, payload: entry.payload.slice(0, 47) }))
    expect(await b.open(cut, { sender: alice.publicKey })).toMatchObject({ reason: 'malformed', effects: [] })
  })

  test('a clock that ran backwards does not stretch the cooldown', async () => {
    const clock = fakeClock()
    const { alice, bob, a } = await conversation(clock)
    const b2 = await bob.device('b2')
    const bytes = await sealed(a, bob.known, 'x')
    clock.advance(100 * day)
    expect(kinds((await b2.open(bytes, { sender: alice.publicKey })).effects)).toContain('advertise')
    clock.advance(-100 * day)
    expect(kinds((await b2.open(bytes, { sender: alice.publicKey })).effects)).toContain('advertise')
  })

  test('nothing is deleted because a decryption failed: all sessions stay readable', async () => {
    const { alice, bob, a, b } = await conversation()
    const good = [await sealed(a, bob.known, '0'), await sealed(a, bob.known, '1')]
    for (let forged = 0; forged < 20; forged++) {
      const bytes = withEntries(good[1]!, entry => ({ ...entry, payload: flipped(entry.payload, forged) }))
      expect(await reasonOf(b, bytes, alice)).toBe('bad-mac')
    }
    for (const at of [1, 0]) expect(string((await opened(b, good[at]!, alice)).bytes)).toBe(String(at))
  })

  test('a bundle in a message that cannot be opened is learnt all the same', async () => {
    const { alice, bob, b } = await conversation()
    const a2 = await alice.device('a2')
    await introduce(b, bob, a2)
    const bytes = withEntries(await sealed(a2, bob.known, 'x'), entry => ({
      ...entry,
      payload: flipped(entry.payload, 9)
    }))
    expect(await b.open(bytes, { sender: alice.publicKey })).toMatchObject({
      reason: 'bad-mac',
      effects: [{ kind: 'devices-changed', identity: alice.publicKey }, { kind: 'advertise' }]
    })
    expect((await b.devices(alice.publicKey)).map(({ installationId }) => installationId).sort()).toEqual(['a1', 'a2'])
  })
})
