import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createKeyCache } from '../../src/message/key-cache.ts'
import {
  contactCodeName,
  guaranteeOf,
  partitionedName,
  partitionOf,
  planInterest,
  planRoute,
  statusPow,
  symmetricKeyOfName,
  topicOfName
} from '../../src/status/index.ts'
import { key } from '../support.ts'

const [alice, bob] = [key(0x11), key(0x22)]
const hex = (bytes: Uint8Array) => bytesToHex(bytes)
const topicOf = async (plan: Promise<{ topic: Uint8Array }>) => hex((await plan).topic)

test('A-7 W-45 the topics and keys of the written table', async () => {
  expect(hex(topicOfName('contact-discovery'))).toBe('f8946aac')
  expect(await topicOf(planRoute({ kind: 'public', name: 'status' }))).toBe('cd423760')
  expect(hex(await symmetricKeyOfName('status'))).toBe(
    '36224048e42c49e5c59c57bba5024fbb8822d6b4ee6ac5fbefd8b77f5323ecc4'
  )
  expect([partitionOf(alice.publicKey), partitionOf(bob.publicKey)]).toEqual([994, 343])
  expect(await topicOf(planRoute({ kind: 'identity', publicKey: alice.publicKey }))).toBe('f607cdc6')
  expect(await topicOf(planRoute({ kind: 'identity', publicKey: bob.publicKey }))).toBe('dba691a3')
  expect(await topicOf(planRoute({ kind: 'contact-code', owner: alice.publicKey }))).toBe('b5f84862')
  expect(await topicOf(planRoute({ kind: 'contact-code', owner: bob.publicKey }))).toBe('a40a6a04')
  const own = await planInterest(alice, { kind: 'identity' })
  expect(own.topics.map(hex)).toEqual(['f607cdc6', 'd20b884f'])
  expect((await planInterest(bob, { kind: 'identity' })).topics.map(hex)).toEqual(['dba691a3', '4cb25b77'])
  const secret = alice.ecdhX(bob.publicKey)
  expect(hex(secret)).toBe('77e0510d5042e2f5e9e59c977b81eeed590cf7d20c1c51da451a8eaa9fdc45ff')
  const route = await planRoute({ kind: 'identity', publicKey: bob.publicKey }, { rendezvous: secret })
  expect(hex(route.topic)).toBe('ba355e7b')
  expect(route.key.kind === 'symmetric' && hex(route.key.key)).toBe(
    '7b3852eb7f0f7052e134c09245ec7a777873fa47f1005322f9c42c8ff8caa9fd'
  )
})

test('A-8 the negotiated place is the same from both sides, and defined for one side alone', async () => {
  for (const [a, b] of [
    [alice, bob],
    [alice, alice]
  ] as const) {
    const route = await planRoute({ kind: 'identity', publicKey: b.publicKey }, { rendezvous: a.ecdhX(b.publicKey) })
    const interest = await planInterest(b, { kind: 'rendezvous', peer: a.publicKey, secret: b.ecdhX(a.publicKey) })
    expect(interest.topics).toEqual([route.topic])
    expect(interest.key).toEqual(route.key)
    expect(interest.signer).toEqual(a.publicKey)
  }
})

test('A-9 the partition uses every byte of X', () => {
  const at = (byte: number) => {
    const publicKey = new Uint8Array(65)
    publicKey[0] = 4
    publicKey[byte] = 1
    return partitionOf(publicKey)
  }
  const expected = (byte: number) => Number((1n << BigInt(8 * (32 - byte))) % 5000n)
  for (let byte = 1; byte <= 32; byte++) expect(at(byte)).toBe(expected(byte))
  expect(partitionedName(new Uint8Array(65))).toBe('contact-discovery-0')
  expect(() => partitionOf(new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('A-14 a public chat named like an internal label keeps its own arrival, key mode and signer rule', async () => {
  const labels = [contactCodeName(alice.publicKey), partitionedName(alice.publicKey), 'contact-discovery']
  for (const name of labels) {
    const chat = await planInterest(bob, { kind: 'public', name })
    expect(chat.arrival).toEqual({ kind: 'public', name })
    expect(chat.signer).toBeUndefined()
    expect(chat.key.kind).toBe('symmetric')
    expect(chat.guarantee).toBe('group-readable')
  }
  // Same topic and key as the protocol has it, told apart by signer and arrival.
  const code = await planInterest(bob, { kind: 'contact-code', owner: alice.publicKey })
  expect(code.topics).toEqual((await planInterest(bob, { kind: 'public', name: labels[0] ?? '' })).topics)
  expect(code.signer).toEqual(alice.publicKey)
  expect(code.arrival).toEqual({ kind: 'contact-code', owner: alice.publicKey })
  const identity = await planInterest(alice, { kind: 'identity' })
  expect(identity.key.kind).toBe('asymmetric')
})

const to = { kind: 'identity' as const, publicKey: bob.publicKey }
const secret = alice.ecdhX(bob.publicKey)
const partitioned = { topic: 'dba691a3', mode: 'asymmetric', guarantee: 'addressee-confidential' }
const negotiated = { topic: 'ba355e7b', mode: 'symmetric', guarantee: 'addressee-confidential' }

async function row(route: ReturnType<typeof planRoute>) {
  const { topic, key: used } = await route
  return { topic: hex(topic), mode: used.kind, guarantee: guaranteeOf(await route) }
}

test('A-15 public chat messages and reactions: public topic, symmetric', async () => {
  expect(await row(planRoute({ kind: 'public', name: 'status' }))).toEqual({
    topic: 'cd423760',
    mode: 'symmetric',
    guarantee: 'group-readable'
  })
})

test('A-15 contact code: its topic, symmetric', async () => {
  expect(await row(planRoute({ kind: 'contact-code', owner: alice.publicKey }))).toEqual({
    topic: 'b5f84862',
    mode: 'symmetric',
    guarantee: 'group-readable'
  })
})

test('A-15 direct messages with an agreed secret: negotiated topic, symmetric', async () => {
  expect(await row(planRoute(to, { rendezvous: secret }))).toEqual(negotiated)
})

test('A-15 direct messages otherwise: partitioned topic, asymmetric; the choice flips back when a new device appears', async () => {
  expect(await row(planRoute(to))).toEqual(partitioned)
  const flips = [undefined, secret, undefined, secret]
  const rows = await Promise.all(flips.map(rendezvous => row(planRoute(to, { rendezvous }))))
  expect(rows).toEqual([partitioned, negotiated, partitioned, negotiated])
})

test('A-15 own devices: the same two rules with ourselves as the peer', async () => {
  const self = { kind: 'identity' as const, publicKey: alice.publicKey }
  expect(await row(planRoute(self))).toMatchObject({ topic: 'f607cdc6', mode: 'asymmetric' })
  const own = await row(planRoute(self, { rendezvous: alice.ecdhX(alice.publicKey) }))
  expect(own.mode).toBe('symmetric')
  expect(own.topic).not.toBe('f607cdc6')
})

test('A-15 pairing, bundle replies, PFS off: partitioned, because no rendezvous is given', async () => {
  expect(await row(planRoute(to, {}))).toEqual(partitioned)
})

test('routes carry the lifetime and work of Status', async () => {
  const route = await planRoute(to)
  expect(route.ttlSeconds).toBe(15)
  expect([route.pow?.(50_000), route.pow?.(50_001)]).toEqual([
    { target: 0.002, timeSeconds: 5 },
    { target: 0.000002, timeSeconds: 5 }
  ])
  expect(statusPow(0).target).toBe(0.002)
})

test('keys that are no points, and secrets of another length, are refused', async () => {
  const bad = new Uint8Array(65).fill(4)
  for (const plan of [
    planRoute({ kind: 'identity', publicKey: bad }),
    planRoute({ kind: 'contact-code', owner: bad }),
    planRoute(to, { rendezvous: new Uint8Array(31) }),
    planInterest(alice, { kind: 'contact-code', owner: bad }),
    planInterest(alice, { kind: 'rendezvous', peer: bad, secret }),
    planInterest(alice, { kind: 'rendezvous', peer: bob.publicKey, secret: new Uint8Array(33) })
  ]) {
    await expect(plan).rejects.toMatchObject({ code: 'invalid-argument', origin: 'caller' })
  }
})

test('derived keys are cached, fresh copies each, and the cache is bounded by use', async () => {
  const first = await symmetricKeyOfName('cached')
  first.fill(0)
  expect((await symmetricKeyOfName('cached')).some(byte => byte !== 0)).toBe(true)

  const derived: string[] = []
  const cache = createKeyCache(async name => {
    derived.push(name)
    if (name === 'bad') throw new Error('no')
    return Uint8Array.of(1)
  }, 3)
  await Promise.all([cache.get('a'), cache.get('a')])
  for (const name of ['b', 'c', 'a', 'd', 'a', 'c', 'b']) await cache.get(name)
  expect(derived).toEqual(['a', 'b', 'c', 'd', 'b'])
  expect(cache.size()).toBe(3)
  await expect(cache.get('bad')).rejects.toThrow('no')
  await expect(cache.get('bad')).rejects.toThrow('no')
  expect(derived.slice(5)).toEqual(['bad', 'bad'])
  expect(limits.cachedKeys).toBe(4096)
})
