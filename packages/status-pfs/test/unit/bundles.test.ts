import { describe, expect, test } from 'vitest'
import { assertBundle, createBundle, type SignedPrekey } from '../../src/primitives.ts'
import { conversation, day, fakeClock, introduce, opened, person, sealed, string } from '../support/sealers.ts'
import { entriesOf, message, parsed } from '../support/wire.ts'

const prekeyOf = (bytes: Uint8Array) => parsed(bytes).bundles[0]!.signedPrekeys[0]!

/** A bundle that `who` signs for any installations, dated in milliseconds. */
function bundleOf(who: ReturnType<typeof person>, prekeys: Partial<SignedPrekey>[], ms: number) {
  const full = prekeys.map(prekey => ({
    installationId: 'b1',
    publicKey: person(`prekey ${prekey.installationId} ${prekey.version}`, fakeClock()).identity.publicKey.slice(0, 33),
    version: 1,
    protocolVersion: 1,
    ...prekey
  }))
  const points = full.map(prekey => ({ ...prekey, publicKey: compressed(prekey.publicKey) }))
  return createBundle(who.identity, points, BigInt(ms) * 1_000_000n)
}

const compressed = (x: Uint8Array) => (x[0] === 4 ? Uint8Array.of(2, ...x.subarray(1)) : x)

test('S-3 two devices of one identity sign one bundle, sorted, with version and timestamp', async () => {
  const clock = fakeClock()
  const alice = person('alice', clock)
  const [a1, a2] = [await alice.device('a1'), await alice.device('a2')]
  await introduce(a2, alice, a1)
  await a1.enable('a2', true)
  const [bundle] = parsed(await sealed(a1, alice.contactCode, '')).bundles
  expect(bundle?.signedPrekeys.map(({ installationId, version }) => [installationId, version])).toEqual([
    ['a1', 1],
    ['a2', 1]
  ])
  expect(bundle?.timestamp).toBe(BigInt(clock.nowMs()) * 1_000_000n)
  expect(() => assertBundle(bundle!)).not.toThrow()
})

describe('S-4', () => {
  test('S-4 one invalid bundle among valid ones changes nothing in the store', async () => {
    const { clock, alice, bob, a, stores } = await conversation()
    const good = bundleOf(bob, [{ installationId: 'b2' }], clock.nowMs())
    const bad = { ...bundleOf(alice, [{ installationId: 'a9' }], clock.nowMs()), timestamp: 5n }
    const before = await stores.a.all()
    const result = await a.open(message('b1', { bundles: [good, bad] }), { sender: bob.publicKey })
    expect(result).toEqual({ kind: 'unreadable', reason: 'invalid-bundle', effects: [] })
    expect(await stores.a.all()).toEqual(before)
  })

  test('S-4 a forged bundle cannot expire a good prekey', async () => {
    const { clock, alice, bob, a } = await conversation()
    const forged = { ...bundleOf(alice, [{ version: 99 }], clock.nowMs()), identity: compressedIdentity(bob) }
    expect(await a.open(message('b1', { bundles: [forged] }), { sender: bob.publicKey })).toMatchObject({
      reason: 'invalid-bundle'
    })
    expect((await a.devices(bob.publicKey)).map(({ version }) => version)).toEqual([1])
    expect(parsed(await sealed(a, bob.known, 'x')).entries[0]?.x3dh).toBeUndefined()
  })
})

const compressedIdentity = (who: ReturnType<typeof person>) => {
  const bytes = who.publicKey.slice(0, 33)
  bytes[0] = 2 + (who.publicKey[64]! & 1)
  return bytes
}

describe('S-5', () => {
  test('S-5 another prekey of a newer date starts a new session, whatever its version; the same prekey does not', async () => {
    const { clock, bob, a } = await conversation()
    const send = async () => parsed(await sealed(a, bob.known, 'x')).entries[0]
    const [known] = await a.devices(bob.publicKey)
    expect((await send())?.x3dh).toBeUndefined()
    const old = bundleOf(bob, [{ version: 9 }], clock.nowMs() - day)
    await a.open(message('b1', { bundles: [old] }), { sender: bob.publicKey })
    expect((await send())?.x3dh, 'an older date').toBeUndefined()
    for (const [ahead, version] of [2, 1, 0].entries()) {
      const bundle = bundleOf(bob, [{ version }], clock.nowMs() + ahead + 1)
      await a.open(message('b1', { bundles: [bundle] }), { sender: bob.publicKey })
      expect((await send())?.x3dh?.id, `version ${version}`).toEqual(bundle.signedPrekeys[0]?.publicKey)
      // The same prekey under another version is no reason to start anew.
      const again = bundleOf(bob, [{ ...bundle.signedPrekeys[0]!, version: 7 }], clock.nowMs() + ahead + 1)
      const before = (await send())?.ratchet
      await a.open(message('b1', { bundles: [again] }), { sender: bob.publicKey })
      expect((await send())?.ratchet?.key).toEqual(before?.key)
    }
    expect(known?.version).toBe(1)
  })

  test('S-5 of two bundles of one date the higher version counts', async () => {
    const { clock, bob, a } = await conversation()
    const at = clock.nowMs() + 1000
    for (const [version, expected] of [
      [5, 5],
      [4, 5],
      [6, 6]
    ] as const) {
      await a.open(message('b1', { bundles: [bundleOf(bob, [{ version }], at)] }), { sender: bob.publicKey })
      expect((await a.devices(bob.publicKey))[0]?.version).toBe(expected)
    }
  })

  test("S-5 against a device's own word a sibling's listing wins with a higher version only", async () => {
    const { clock, bob, a } = await conversation()
    const listing = async (version: number, aheadMs: number) => {
      const bundle = bundleOf(bob, [{ version }, { installationId: 'b2' }], clock.nowMs() + aheadMs)
      await a.open(message('b2', { bundles: [bundle] }), { sender: bob.publicKey })
      return (await a.devices(bob.publicKey)).find(({ installationId }) => installationId === 'b1')?.version
    }
    const own = bundleOf(bob, [{ version: 5 }], clock.nowMs())
    clock.advance(1)
    await a.open(message('b1', { bundles: [own] }), { sender: bob.publicKey })
    expect(await listing(4, 1000)).toBe(5)
    expect(await listing(6, 2000)).toBe(6)
    expect(await listing(3, 3000)).toBe(3)
  })
})

test('S-6 the prekey rolls after 24 h with the next version; the old one opens for 30 days more, then no longer', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const [a, b] = [await alice.device('a1'), await bob.device('b1')]
  await introduce(b, bob, a)
  const late = [await sealed(a, bob.known, 'late'), await sealed(a, bob.known, 'too late')]
  const first = prekeyOf(await sealed(b, bob.contactCode, ''))
  clock.advance(day)
  expect(prekeyOf(await sealed(b, bob.contactCode, ''))).toEqual(first)
  clock.advance(1)
  const second = prekeyOf(await sealed(b, bob.contactCode, ''))
  expect([second.version, second.publicKey]).toEqual([2, expect.not.objectContaining(first.publicKey)])
  clock.advance(30 * day)
  // Another identity than alice's other session: the very first contact against the old prekey.
  expect(string((await opened(b, late[0]!, alice)).bytes)).toBe('late')
  const carol = person('carol', clock)
  const c = await carol.device('c1')
  const old = message('b1', { bundles: [bundleOf(bob, [{ ...first }], clock.nowMs() - 31 * day)] })
  await c.open(old, { sender: bob.publicKey })
  const tooLate = await sealed(c, bob.known, 'too late')
  clock.advance(1)
  expect(await b.open(tooLate, { sender: carol.publicKey })).toMatchObject({ reason: 'unknown-prekey' })
  // The session that exists by now does not need the prekey.
  expect(string((await opened(b, late[1]!, alice)).bytes)).toBe('too late')
})

test('S-6 a clock that was far ahead does not keep its prekey for ever', async () => {
  const clock = fakeClock()
  const bob = person('bob', clock)
  const b = await bob.device('b1')
  clock.advance(1000 * day)
  const ahead = prekeyOf(await sealed(b, bob.contactCode, ''))
  clock.advance(-day)
  expect(prekeyOf(await sealed(b, bob.contactCode, ''))).toEqual(ahead)
  clock.advance(-1)
  expect(prekeyOf(await sealed(b, bob.contactCode, '')).version).toBe(ahead.version + 1)
})

test('S-7 timestamp and signature are fresh on every direct message', async () => {
  const { clock, bob, a } = await conversation()
  const first = parsed(await sealed(a, bob.known, 'x')).bundles[0]!
  clock.advance(1)
  const second = parsed(await sealed(a, bob.known, 'x')).bundles[0]!
  expect(second.timestamp - first.timestamp).toBe(1_000_000n)
  expect(second.signature).not.toEqual(first.signature)
  expect(second.signedPrekeys).toEqual(first.signedPrekeys)
})

test('S-8 the own bundle holds this device and the two enabled others heard of last', async () => {
  const clock = fakeClock()
  const alice = person('alice', clock)
  const a1 = await alice.device('a1')
  for (const id of ['a2', 'a3', 'a4', 'a5']) {
    clock.advance(1000)
    await introduce(await alice.device(id), alice, a1)
    if (id !== 'a5') await a1.enable(id, true)
  }
  const listed = parsed(await sealed(a1, alice.contactCode, '')).bundles[0]?.signedPrekeys
  expect(listed?.map(({ installationId }) => installationId)).toEqual(['a1', 'a3', 'a4'])
})

test('S-9 at most three devices of a contact are targeted, newest bundle first', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const a = await alice.device('a1')
  for (const id of ['b1', 'b2', 'b3', 'b4']) {
    clock.advance(1000)
    await introduce(await bob.device(id), bob, a)
  }
  expect(entriesOf(await sealed(a, bob.known, 'x')).sort()).toEqual(['b2', 'b3', 'b4'])
  const devices = await a.devices(bob.publicKey)
  expect(devices.map(({ installationId, targeted }) => [installationId, targeted])).toEqual([
    ['b4', true],
    ['b3', true],
    ['b2', true],
    ['b1', false]
  ])
})

test('S-9 a bundle from the future does not stay in front for ever', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const a = await alice.device('a1')
  const future = bundleOf(bob, [{ installationId: 'evil' }], clock.nowMs() + 10_000 * day)
  await a.open(message('evil', { bundles: [future] }), { sender: bob.publicKey })
  for (const id of ['b1', 'b2', 'b3']) {
    clock.advance(1000)
    await introduce(await bob.device(id), bob, a)
  }
  expect(entriesOf(await sealed(a, bob.known, 'x')).sort()).toEqual(['b1', 'b2', 'b3'])
})

describe('S-21', () => {
  test('S-21 own devices start disabled and wait for enable, remote ones start enabled', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a1, a2, b1] = [await alice.device('a1'), await alice.device('a2'), await bob.device('b1')]
    const code = await sealed(a2, alice.contactCode, '')
    const found = { kind: 'own-device-found', installationId: 'a2' }
    const atHome = await a1.open(code, { sender: alice.publicKey })
    expect(atHome.effects).toEqual([{ kind: 'devices-changed', identity: alice.publicKey }, found])
    expect(await a1.initialEffects()).toEqual([found])
    expect((await a1.devices(alice.publicKey)).map(({ self, enabled }) => [self, enabled])).toEqual([
      [true, true],
      [false, false]
    ])
    expect(await a1.seal(new Uint8Array(1), { kind: 'own-devices', reach: 'known-devices' })).toEqual({
      kind: 'nobody',
      effects: []
    })
    await b1.open(code, { sender: alice.publicKey })
    expect((await b1.devices(alice.publicKey)).map(({ enabled }) => enabled)).toEqual([true])
  })

  test('S-21 a bundle never flips enabled, either way', async () => {
    const clock = fakeClock()
    const alice = person('alice', clock)
    const [a1, a2] = [await alice.device('a1'), await alice.device('a2')]
    const enabled = async () => (await a1.devices(alice.publicKey)).at(-1)?.enabled
    await introduce(a2, alice, a1)
    clock.advance(1000)
    await introduce(a2, alice, a1)
    expect(await enabled()).toBe(false)
    await a1.enable('a2', true)
    clock.advance(1000)
    await introduce(a2, alice, a1)
    expect(await enabled()).toBe(true)
    await a1.enable('a2', false)
    clock.advance(1000)
    await introduce(a2, alice, a1)
    expect(await enabled()).toBe(false)
    expect(await a1.initialEffects()).toEqual([{ kind: 'own-device-found', installationId: 'a2' }])
  })

  test('paired devices get copies of each other, a revoked one no longer', async () => {
    const clock = fakeClock()
    const alice = person('alice', clock)
    const [a1, a2] = [await alice.device('a1'), await alice.device('a2')]
    const own = { kind: 'own-devices', reach: 'known-devices' } as const
    const pairing = await sealed(a2, { kind: 'own-devices', reach: 'any-device' }, 'pair me')
    expect(await opened(a1, pairing, alice)).toMatchObject({ protection: 'static-key', device: 'a2' })
    await a1.enable('a2', true)
    const first = await opened(a2, await sealed(a1, own, 'copy'), alice)
    expect([string(first.bytes), first.protection]).toEqual(['copy', 'forward-secret'])
    await a2.enable('a1', true)
    expect(string((await opened(a1, await sealed(a2, own, 'copy back'), alice)).bytes)).toBe('copy back')
    await a1.enable('a2', false)
    expect(await a1.seal(new Uint8Array(1), own)).toMatchObject({ kind: 'nobody' })
    expect(parsed(await sealed(a1, alice.contactCode, '')).bundles[0]?.signedPrekeys.length).toBe(1)
  })

  test('enabling a device nobody has heard of is refused', async () => {
    const { a } = await conversation()
    await expect(a.enable('a7', true)).rejects.toMatchObject({ code: 'unknown-device', origin: 'caller' })
  })
})
