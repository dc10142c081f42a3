import { describe, expect, test } from 'vitest'
import { describeRecord as inspect, limits, PfsError } from '../../src/index.ts'
import { resolveOptions } from '../../src/options.ts'
import { assertBundle, createBundle, type DirectEntry } from '../../src/primitives.ts'
import { trimMessageKeys } from '../../src/ratchet/message-keys.ts'
import { decodePeer, encodePeer } from '../../src/records/peer.ts'
import { decodeSelf } from '../../src/records/self.ts'
import {
  conversation,
  day,
  fakeClock,
  hour,
  introduce,
  opened,
  person,
  sealed,
  spiedStore,
  string,
  text
} from '../support/sealers.ts'
import { message, parsed, reasonOf } from '../support/wire.ts'

const now = 1_767_571_200_000_000_000n

const peerIn = async (store: ReturnType<typeof spiedStore>) =>
  decodePeer([...(await store.all())].find(([id]) => id.startsWith('pfs/peer/'))![1])

const point = (index: number) => person(`point ${index}`, fakeClock()).identity.publicKey
const compressedPoint = (index: number) => {
  const bytes = point(index).slice(0, 33)
  bytes[0] = 2 + (point(index)[64]! & 1)
  return bytes
}

test('maxBundleInstallations: a bundle with one more is refused', () => {
  const bob = person('bob', fakeClock())
  const bundle = (count: number) => {
    const prekeys = Array.from({ length: count }, (_, i) => ({
      installationId: `b${i}`,
      publicKey: compressedPoint(i),
      version: 1,
      protocolVersion: 1
    }))
    return createBundle(bob.identity, prekeys, now)
  }
  expect(() => assertBundle(bundle(limits.maxBundleInstallations))).not.toThrow()
  expect(() => assertBundle(bundle(limits.maxBundleInstallations + 1))).toThrow(PfsError)
})

test('maxBundles and maxEntries: a message with one more is malformed', async () => {
  const { alice, b, bob, a } = await conversation()
  const [bundle] = parsed(await sealed(a, bob.known, 'x')).bundles
  const bundles = (count: number) => message('a1', { bundles: Array.from({ length: count }, () => bundle!) })
  expect(await reasonOf(b, bundles(limits.maxBundles), alice)).toBe('nothing')
  expect(await reasonOf(b, bundles(limits.maxBundles + 1), alice)).toBe('malformed')
  const entries = (count: number) => {
    const all: DirectEntry[] = Array.from({ length: count }, (_, i) => ({
      installationId: `x${i}`,
      payload: text('x')
    }))
    return message('a1', { entries: all })
  }
  expect(await reasonOf(b, entries(limits.maxEntries), alice)).toBe('not-for-this-device')
  expect(await reasonOf(b, entries(limits.maxEntries + 1), alice)).toBe('malformed')
})

test('maxMessageBytes: larger bytes are neither opened nor sealed', async () => {
  const { alice, bob, a, b } = await conversation()
  expect(await reasonOf(b, new Uint8Array(limits.maxMessageBytes + 1), alice)).toBe('malformed')
  const tooLong = new Uint8Array(limits.maxMessageBytes)
  await expect(a.seal(tooLong, bob.any)).rejects.toMatchObject({ code: 'too-large', origin: 'caller' })
  const chat = { kind: 'public', name: 'x' } as const
  expect((await a.seal(tooLong, chat)).kind).toBe('sealed')
  await expect(a.seal(new Uint8Array(limits.maxMessageBytes + 1), chat)).rejects.toMatchObject({ code: 'too-large' })
})

test('maxDevicesPerPeer: the device with the oldest bundle makes room', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const a = await alice.device('a1')
  for (let i = 0; i <= limits.maxDevicesPerPeer; i++) {
    clock.advance(1000)
    await introduce(await bob.device(`b${i}`), bob, a)
  }
  const ids = (await a.devices(bob.publicKey)).map(({ installationId }) => installationId)
  expect(ids.length).toBe(limits.maxDevicesPerPeer)
  expect(ids).not.toContain('b0')
  expect(ids).toContain('b1')
})

test('maxDevicesPerPeer: a device of ours that is enabled stays, however many others name themselves', async () => {
  const clock = fakeClock()
  const alice = person('alice', clock)
  const a1 = await alice.device('a1')
  await introduce(await alice.device('a2'), alice, a1)
  await a1.enable('a2', true)
  for (let i = 0; i <= limits.maxDevicesPerPeer; i++) {
    clock.advance(1000)
    await introduce(await alice.device(`x${i}`), alice, a1)
  }
  const others = (await a1.devices(alice.publicKey)).filter(({ self }) => !self)
  expect(others).toHaveLength(limits.maxDevicesPerPeer)
  expect(others).toContainEqual(expect.objectContaining({ installationId: 'a2', enabled: true, targeted: true }))
})

describe('replayed first messages', () => {
  /** Sends bob a first message of alice's one installation after each of her re-installs. */
  async function reinstalls(count: number) {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const store = spiedStore()
    const b = await bob.device('b1', store)
    const firsts: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      clock.advance(1)
      const a = await alice.device('a1')
      await introduce(b, bob, a)
      const first = await sealed(a, bob.known, `first ${i}`)
      const { receipt } = await opened(b, first, alice)
      await b.confirm(receipt!)
      firsts.push(first)
    }
    return { clock, alice, bob, store, b, firsts }
  }

  test('maxSessionsPerDevice and maxRetiredEphemerals bound what is kept', async () => {
    const { store } = await reinstalls(limits.maxSessionsPerDevice + limits.maxRetiredEphemerals)
    const [device] = (await peerIn(store)).devices
    expect(device?.sessions.length).toBe(limits.maxSessionsPerDevice)
    expect(device?.retired.length).toBe(limits.maxRetiredEphemerals)
    expect(device?.closedPrekey).toBeUndefined()
  })

  test('none opens again, however often the peer was re-installed; the next first message still opens', async () => {
    const { clock, alice, bob, store, b, firsts } = await reinstalls(
      limits.maxSessionsPerDevice + limits.maxRetiredEphemerals + 90
    )
    const [device] = (await peerIn(store)).devices
    expect(device?.retired.length).toBeLessThanOrEqual(limits.maxRetiredEphemerals)
    for (const [at, first] of firsts.entries()) {
      expect(['replayed', 'unknown-prekey'], `first message ${at}`).toContain(await reasonOf(b, first, alice))
    }
    clock.advance(2 * hour)
    const again = await alice.device('a1')
    await introduce(b, bob, again)
    expect(string((await opened(b, await sealed(again, bob.known, 'here again'), alice)).bytes)).toBe('here again')
  })

  test('none opens again when its device was forgotten for others', async () => {
    const { clock, alice, bob, b, firsts } = await reinstalls(3)
    for (let i = 0; i < limits.maxDevicesPerPeer + 1; i++) {
      clock.advance(1000)
      await introduce(await alice.device(`other ${i}`), alice, b)
    }
    expect((await b.devices(alice.publicKey)).map(({ installationId }) => installationId)).not.toContain('a1')
    for (const first of firsts) {
      // Its bundle is an old one: the device comes back at the end of the list, without a session.
      expect(await reasonOf(b, first, alice)).toBe('unknown-prekey')
    }
    expect(bob.name).toBe('bob')
  })

  test('the bound: an identity forgotten for others takes along what was remembered of its first messages', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const b = await bob.device('b1', spiedStore(), { maxPeers: 2 })
    const a = await alice.device('a1')
    await introduce(b, bob, a)
    const first = await sealed(a, bob.known, 'first')
    await b.confirm((await opened(b, first, alice)).receipt!)
    expect(await reasonOf(b, first, alice)).toBe('replayed')
    for (let i = 0; i < 2; i++) {
      const stranger = person(`stranger ${i}`, clock)
      await opened(b, await sealed(await stranger.device('s'), bob.known, 'spam'), stranger)
    }
    expect(await reasonOf(b, first, alice)).toBe('message')
  })
})

test('tidy drops the record of a stranger that has been silent for two grace periods, never one we wrote to', async () => {
  const clock = fakeClock()
  const bob = person('bob', clock)
  const store = spiedStore()
  const b = await bob.device('b1', store)
  const [stranger, friend] = [person('stranger', clock), person('friend', clock)]
  const s = await stranger.device('s1')
  await introduce(b, bob, s)
  const first = await sealed(s, bob.known, 'hello')
  await b.confirm((await opened(b, first, stranger)).receipt!)
  await opened(b, await sealed(await friend.device('f1'), bob.known, 'hi'), friend)
  await sealed(b, friend.known, 'hi')
  const records = async () => [...(await store.all()).keys()].filter(id => id.startsWith('pfs/peer/')).length
  for (let passed = 0; passed < 60; passed++) {
    clock.advance(day)
    await b.expire()
    expect(['replayed', 'unknown-prekey']).toContain(await reasonOf(b, first, stranger))
  }
  expect(await records()).toBe(2)
  expect((await b.initialEffects()).length).toBe(2)
  // Replays have made us advertise now and then; two more periods without any.
  for (let passed = 0; passed < 62; passed++) {
    clock.advance(day)
    await b.expire()
  }
  expect(await records()).toBe(1)
  expect(await b.initialEffects()).toMatchObject([{ kind: 'rendezvous', peer: friend.publicKey }])
  expect(await reasonOf(b, first, stranger)).toBe('unknown-prekey')
})

test('maxSeenPerSession: the oldest opened message is forgotten first', async () => {
  const { alice, bob, a, b, stores } = await conversation()
  const confirm = async (bytes: Uint8Array) => b.confirm((await opened(b, bytes, alice)).receipt!)
  const oldest = await sealed(a, bob.known, 'oldest')
  const second = await sealed(a, bob.known, 'second')
  await confirm(oldest)
  await confirm(second)
  for (let i = 0; i < limits.maxSeenPerSession - 1; i++) await confirm(await sealed(a, bob.known, 'more'))
  const record = [...(await stores.b.all())].find(([id]) => id.startsWith('pfs/peer/'))![1]
  const description = inspect(record)
  expect(description.kind === 'peer' && description.devices[0]?.sessions[0]?.seen).toBe(limits.maxSeenPerSession)
  expect(await reasonOf(b, second, alice)).toBe('replayed')
  expect(await reasonOf(b, oldest, alice)).toBe('already-used')
})

test('maxMessageKeysPerPeer: sessions used longest ago give up their keys first', async () => {
  const { clock, b, stores } = await conversation()
  const id = [...(await stores.b.all()).keys()].find(key => key.startsWith('pfs/peer/'))!
  const peer = await peerIn(stores.b)
  const [session] = peer.devices[0]!.sessions
  const keys = (opened: boolean) =>
    Array.from({ length: 1999 }, (_, n) => ({
      ratchetKey: compressedPoint(1),
      n,
      key: new Uint8Array(32).fill(n),
      seq: n,
      atMs: clock.nowMs(),
      opened
    }))
  // Four sessions full of keys; the last one was used first.
  peer.devices[0]!.sessions = [4, 3, 2, 1].map(usedMs => ({
    ...session!,
    usedMs: clock.nowMs() - 10 + usedMs,
    ratchet: { ...session!.ratchet, keysCount: 1999, messageKeys: keys(false) }
  }))
  await stores.b.setBack(new Map(await stores.b.all()).set(id, encodePeer(peer)))
  await b.expire()
  const { sessions } = (await peerIn(stores.b)).devices[0]!
  const kept = sessions.map(({ ratchet }) => ratchet.messageKeys)
  expect(kept.map(({ length }) => length)).toEqual([1999, 1999, 1999, 3])
  expect(kept.flat().length).toBe(limits.maxMessageKeysPerPeer)
  expect(kept[3]?.map(({ seq }) => seq)).toEqual([1996, 1997, 1998])
})

test('maxKeep drops keys far behind the number ever stored', () => {
  const keys = Array.from({ length: 4 }, (_, seq) => ({
    ratchetKey: new Uint8Array(33),
    key: new Uint8Array(32),
    n: seq,
    seq,
    atMs: 0,
    opened: false
  }))
  const seqs = (count: number) => trimMessageKeys(keys, count, limits).map(({ seq }) => seq)
  expect(seqs(limits.maxKeep)).toEqual([1, 2, 3])
  expect(seqs(limits.maxKeep + 2)).toEqual([3])
  expect(seqs(limits.maxKeep - 1)).toEqual([0, 1, 2, 3])
})

test('maxPrekeys: the oldest private prekey goes first', async () => {
  const clock = fakeClock()
  const bob = person('bob', clock)
  const store = spiedStore()
  const b = await bob.device('b1', store, { graceMs: 10_000 * day, bundleLifetimeMs: hour })
  for (let i = 0; i < limits.maxPrekeys + 5; i++) {
    clock.advance(hour + 1)
    await b.expire()
  }
  const { prekeys } = decodeSelf((await store.all()).get('pfs/self')!)
  expect(prekeys.length).toBe(limits.maxPrekeys)
  expect(prekeys.at(-1)?.version).toBe(limits.maxPrekeys + 6)
}, 120_000)

test('maxPeers: strangers make room for strangers, never somebody we wrote to', async () => {
  const clock = fakeClock()
  const bob = person('bob', clock)
  const store = spiedStore()
  const b = await bob.device('b1', store, { maxPeers: 3 })
  const friend = person('friend', clock)
  await sealed(b, friend.known, 'hi')
  const strangers = Array.from({ length: 5 }, (_, i) => person(`stranger ${i}`, clock))
  for (const stranger of strangers) {
    await opened(b, await sealed(await stranger.device('s'), bob.known, 'spam'), stranger)
  }
  const records = [...(await store.all()).keys()].filter(id => id.startsWith('pfs/peer/'))
  expect(records.length).toBe(3)
  expect((await b.initialEffects()).length).toBe(3)
  const known = await Promise.all(strangers.map(async ({ publicKey }) => (await b.devices(publicKey)).length))
  expect(known).toEqual([0, 0, 0, 1, 1])
  for (const stranger of strangers.slice(0, 3)) await sealed(b, stranger.known, 'we write to everybody')
  expect((await b.initialEffects()).length).toBeGreaterThanOrEqual(4)
})

test('maxPeers: strangers make room for strangers also when we acknowledge what they send, and never for somebody we know', async () => {
  const clock = fakeClock()
  const bob = person('bob', clock)
  const store = spiedStore()
  const friend = person('friend', clock)
  const isKnown = (identity: Uint8Array): boolean => Buffer.compare(identity, friend.publicKey) === 0
  const b = await bob.device('b1', store, { maxPeers: 3, graceMs: day }, { isKnown })
  await sealed(b, friend.known, 'hi')
  const strangers = Array.from({ length: 5 }, (_, i) => person(`stranger ${i}`, clock))
  for (const stranger of strangers) {
    await opened(b, await sealed(await stranger.device('s'), bob.known, 'spam'), stranger)
    await sealed(b, stranger.known, 'acknowledged')
  }
  expect([...(await store.all()).keys()].filter(id => id.startsWith('pfs/peer/'))).toHaveLength(3)
  expect((await b.initialEffects()).length).toBe(3)
  const devices = await Promise.all(strangers.map(async ({ publicKey }) => (await b.devices(publicKey)).length))
  expect(devices).toEqual([0, 0, 0, 1, 1])
})

test('a wrong isKnown is refused at once', async () => {
  const isKnown = 'friends' as unknown as () => boolean
  await expect(person('bob', fakeClock()).device('b1', spiedStore(), {}, { isKnown })).rejects.toMatchObject({
    code: 'invalid-argument'
  })
})

describe('options', () => {
  test('defaults are what the limits of the network ask for', () => {
    expect(resolveOptions({ installationId: 'x' })).toEqual({
      installationId: 'x',
      bundleLifetimeMs: day,
      graceMs: 30 * day,
      cooldownMs: 7_200_000,
      unconfirmedKeyMs: 2 * day,
      skippedKeyMs: 30 * day,
      maxPeers: 2000
    })
    expect(Object.isFrozen(resolveOptions({ installationId: 'x' }))).toBe(true)
  })

  const bad = [
    { installationId: '' },
    { installationId: 'none' },
    { installationId: 'x'.repeat(limits.maxInstallationIdBytes + 1) },
    { installationId: undefined as never },
    { installationId: 'x', bundleLifetimeMs: 59_999 },
    { installationId: 'x', graceMs: -1 },
    { installationId: 'x', cooldownMs: 0 },
    { installationId: 'x', cooldownMs: Number.NaN },
    { installationId: 'x', unconfirmedKeyMs: 1.5 },
    { installationId: 'x', skippedKeyMs: Number.POSITIVE_INFINITY },
    { installationId: 'x', maxPeers: 0 }
  ]
  for (const options of bad) {
    test(`refused: ${JSON.stringify(options).slice(0, 60)}`, () => {
      expect(() => resolveOptions(options)).toThrow(
        expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })
      )
    })
  }

  test('the longest installation id is taken', () => {
    const installationId = 'x'.repeat(limits.maxInstallationIdBytes)
    expect(resolveOptions({ installationId, graceMs: 0 })).toMatchObject({ installationId, graceMs: 0 })
  })
})
