import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sealer } from '../../src/index.ts'
import { type Bundle, bundleMaterial, createBundle, keyPairOf, type SignedPrekey } from '../../src/primitives.ts'
import { byInstallationId } from '../../src/wire/codec.ts'
import { day, fakeClock, introduce, person, sealed } from '../support/sealers.ts'
import { message, parsed } from '../support/wire.ts'

const startMs = Date.UTC(2026, 0, 5)
const minutes = Math.floor(startMs / 60_000)
const bob = person('bob', fakeClock(startMs))
const mallory = person('mallory', fakeClock(startMs))
const ns = (ms: number) => BigInt(ms) * 1_000_000n

/** Prekeys by number, among them one whose second byte looks like the first of a key. */
const prekeys = Array.from({ length: 24 }, (_, i) => keyPairOf(new Uint8Array(32).fill(i + 1)).publicKey)

interface Reading {
  readonly ids: readonly string[]
  readonly versions: readonly string[]
  readonly timestamp: string
}

function readingOf({ signedPrekeys, timestamp }: Bundle): Reading {
  return {
    ids: signedPrekeys.map(({ installationId }) => installationId),
    versions: signedPrekeys.map(({ version }) => String(version)),
    timestamp: timestamp === 0n ? '' : String(timestamp)
  }
}

/** The bundle of the same signature in another reading, if it can be written as one. */
function reread(bundle: Bundle, { ids, versions, timestamp }: Reading): Bundle | undefined {
  const signedPrekeys: SignedPrekey[] = bundle.signedPrekeys.map((prekey, at) => ({
    ...prekey,
    installationId: ids[at] ?? '',
    version: Number(versions[at])
  }))
  const read = { ...bundle, signedPrekeys, timestamp: timestamp === '' ? 0n : BigInt(timestamp) }
  const isSame = String(bundleMaterial(read)) === String(bundleMaterial(bundle))
  const isWritable = versions.every(version => Number(version) <= 0xffff_ffff) && ids.every(id => id.length > 0)
  const isSorted = [...signedPrekeys].sort(byInstallationId).every((prekey, at) => prekey === signedPrekeys[at])
  return isSame && isWritable && isSorted && read.timestamp < 2n ** 63n ? read : undefined
}

/** Every way to move digits over one border: a version and the next id, the last version and the timestamp. */
function rereadings(bundle: Bundle): readonly Bundle[] {
  const genuine = readingOf(bundle)
  const found: Bundle[] = []
  for (let at = 0; at < genuine.ids.length; at++) {
    const isLast = at === genuine.ids.length - 1
    const text = (genuine.versions[at] ?? '') + (isLast ? genuine.timestamp : (genuine.ids[at + 1] ?? ''))
    for (let length = 1; length <= text.length; length++) {
      const [version, rest] = [text.slice(0, length), text.slice(length)]
      if (!/^\d+$/.test(version) || version === genuine.versions[at]) continue
      const versions = genuine.versions.with(at, version)
      const moved = isLast ? { timestamp: rest } : { ids: genuine.ids.with(at + 1, rest) }
      const read = reread(bundle, { ...genuine, versions, ...moved })
      if (read !== undefined) found.push(read)
    }
  }
  return found
}

const digits = fc.stringMatching(/^[0-9]{0,4}[0-9a-f]{1,6}$/)
const installationIds = fc.oneof(fc.uuid(), digits, fc.stringMatching(/^[a-z]{1,6}[0-9]?$/), fc.constant('__proto__'))
const versionNumbers = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: minutes - 100_000, max: minutes }))
const installations = fc
  .uniqueArray(
    installationIds.filter(id => id !== 'none'),
    { minLength: 1, maxLength: 4 }
  )
  .chain(ids => fc.tuple(...ids.map(id => fc.record({ id: fc.constant(id), version: versionNumbers }))))

function bundleOf(listed: readonly { readonly id: string; readonly version: number }[], ms: number, keysFrom = 0) {
  const signed = listed.map(({ id, version }, at) => ({
    installationId: id,
    publicKey: prekeys[keysFrom + at] ?? new Uint8Array(),
    version,
    protocolVersion: 1
  }))
  return createBundle(bob.identity, signed, ms === 0 ? 0n : ns(ms))
}

async function beliefs(by: Sealer) {
  const devices = await by.devices(bob.publicKey)
  return devices
    .map(({ installationId, version, bundleMs }) => ({ installationId, version, bundleMs }))
    .sort((a, b) => (a.installationId < b.installationId ? -1 : 1))
}

const listingOf = ({ signedPrekeys, timestamp }: Bundle) =>
  signedPrekeys
    .map(({ installationId, version }) => ({ installationId, version, bundleMs: Number(timestamp / 1_000_000n) }))
    .sort((a, b) => (a.installationId < b.installationId ? -1 : 1))

test('S-4 no digit of a signed bundle can be moved: what its owner did not sign as such changes nothing', async () => {
  let moved = 0
  await fc.assert(
    fc.asyncProperty(installations, fc.boolean(), fc.boolean(), async (listed, dated, known) => {
      const clock = fakeClock(startMs)
      const a = await person('alice', clock).device('a1')
      const genuine = bundleOf(listed, dated ? startMs : 0)
      const ids = listed.map(({ id }) => id)
      const [first] = ids
      // The owner's own envelope is believed as it is written.
      if (known) await a.open(message(first!, { bundles: [genuine] }), { sender: bob.publicKey })
      const before = await beliefs(a)
      expect(before).toEqual(known ? listingOf(genuine) : [])
      for (const forged of rereadings(genuine)) {
        moved++
        await a.open(message('m1', { bundles: [forged] }), { sender: mallory.publicKey })
        expect(await beliefs(a), JSON.stringify(readingOf(forged))).toEqual(before)
      }
      // A later genuine bundle counts in all its parts, with lower versions too.
      clock.advance(1000)
      const later = bundleOf(
        listed.map(({ id }) => ({ id, version: 1 })),
        clock.nowMs(),
        8
      )
      await a.open(message(first!, { bundles: [later] }), { sender: bob.publicKey })
      const listing = listingOf(later)
      const after = await beliefs(a)
      expect(after.map(({ installationId }) => installationId)).toEqual(ids.toSorted((x, y) => (x < y ? -1 : 1)))
      expect(after.find(({ installationId }) => installationId === first)).toEqual(
        listing.find(({ installationId }) => installationId === first)
      )
    }),
    { numRuns: 300 }
  )
  expect(moved).toBeGreaterThan(100)
})

test('S-4 a bundle with UUIDs is believed whoever sends it, in its one reading', async () => {
  const uuids = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(uuids, async ids => {
      const a = await person('alice', fakeClock(startMs)).device('a1')
      const genuine = bundleOf(
        ids.map((id, at) => ({ id, version: at + 1 })),
        startMs
      )
      for (const bundle of [...rereadings(genuine), genuine]) {
        await a.open(message('m1', { bundles: [bundle] }), { sender: mallory.publicKey })
      }
      expect(await beliefs(a)).toEqual(listingOf(genuine))
    }),
    { numRuns: 60 }
  )
})

test('S-4 an id that takes digits of the version before a UUID, or gives some away, is refused from its owner too', async () => {
  const [one, two] = ['11111111-2222-4333-a444-555555555555', '22222222-2222-4333-a444-555555555555']
  const a = await person('alice', fakeClock(startMs)).device('a1')
  const genuine = bundleOf(
    [
      { id: one, version: 12 },
      { id: two, version: 3 }
    ],
    startMs
  )
  const forged = rereadings(genuine)
  expect(forged.length).toBeGreaterThan(1)
  for (const bundle of forged) {
    const result = await a.open(message(one, { bundles: [bundle] }), { sender: bob.publicKey })
    expect(result).toMatchObject({ kind: 'unreadable', reason: 'invalid-bundle' })
  }
})

test('S-4 a misread device is forgotten when the genuine bundle comes', async () => {
  const a = await person('alice', fakeClock(startMs)).device('a1')
  const genuine = bundleOf(
    [
      { id: '1a', version: 1 },
      { id: '2b', version: 1 }
    ],
    startMs
  )
  const misread = rereadings(genuine).find(({ signedPrekeys }) =>
    signedPrekeys.some(({ installationId }) => installationId === 'b')
  )
  await a.open(message('1a', { bundles: [misread!] }), { sender: bob.publicKey })
  await a.open(message('1a', { bundles: [genuine] }), { sender: bob.publicKey })
  expect((await beliefs(a)).map(({ installationId }) => installationId)).toEqual(['1a', '2b'])
})

test('S-4 a bundle dated more than a day ahead, or with a version of the future, teaches nothing; its message opens', async () => {
  const clock = fakeClock(startMs)
  const a = await person('alice', clock).device('a1')
  const [ahead, inTime] = [startMs + day + 1, startMs + day]
  const versions = { tooHigh: minutes + 24 * 60 + 1, highest: minutes + 24 * 60 }
  const open = (id: string, version: number, ms: number) =>
    a.open(message(id, { bundles: [bundleOf([{ id, version }], ms)], publicMessage: Uint8Array.of(1) }), {
      sender: bob.publicKey
    })
  expect((await open('b1', 1, ahead)).kind).toBe('message')
  expect((await open('b2', versions.tooHigh, startMs)).kind).toBe('message')
  expect(await beliefs(a)).toEqual([])
  await open('b1', 1, inTime)
  await open('b2', versions.highest, startMs)
  expect((await beliefs(a)).map(({ installationId }) => installationId)).toEqual(['b1', 'b2'])
})

test('S-4 a day-old forgery of a contact code does not end a conversation and is gone with the next code', async () => {
  const clock = fakeClock(startMs)
  const [alice, carol] = [person('alice', clock), person('carol', clock)]
  const [a, c] = [await alice.device('a1'), await carol.device('c1')]
  const code = parsed(await sealed(c, carol.contactCode, '')).bundles[0]!
  clock.advance(40 * day)
  await introduce(c, carol, a)
  const [known] = await a.devices(carol.publicKey)
  for (const forged of [...rereadings(code), code]) {
    await a.open(message('m1', { bundles: [forged] }), { sender: mallory.publicKey })
  }
  expect(await a.devices(carol.publicKey)).toEqual([known])
  expect(parsed(await sealed(a, carol.known, 'x')).entries[0]?.x3dh?.id).not.toEqual(code.signedPrekeys[0]?.publicKey)
})

test('the protocol version, which no signature covers, is taken from the identity itself only', async () => {
  const clock = fakeClock(startMs)
  const own = person('own', clock)
  const [first, second, third] = [await own.device('o1'), await own.device('o2'), await own.device('o3')]
  const code = parsed(await sealed(second, own.contactCode, '')).bundles[0]!
  const altered = { ...code, signedPrekeys: code.signedPrekeys.map(prekey => ({ ...prekey, protocolVersion: 99 })) }
  await first.open(message('m1', { bundles: [altered] }), { sender: mallory.publicKey })
  await first.enable('o2', true)
  const listed = async () => parsed(await sealed(first, own.contactCode, '')).bundles[0]!.signedPrekeys.at(-1)
  expect(await listed()).toMatchObject({ installationId: 'o2', protocolVersion: 0 })
  await introduce(second, own, first)
  expect(await listed()).toMatchObject({ installationId: 'o2', protocolVersion: 1 })
  expect((await third.devices(own.publicKey)).length).toBe(1)
})
