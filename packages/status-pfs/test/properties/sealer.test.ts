import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Audience, createNullSealer, memorySessionStore, type SessionStore } from '../../src/index.ts'
import {
  decodeRatchet,
  decryptMessage,
  encodeRatchet,
  encryptMessage,
  initiatorRatchet,
  keyPairOf,
  responderRatchet
} from '../../src/primitives.ts'
import { conversation, fakeClock, introduce, opened, person, seededRandom, string, text } from '../support/sealers.ts'
import { changed, parsed } from '../support/wire.ts'

test('any order of messages of both sides opens, each once per key', () => {
  const prekey = keyPairOf(new Uint8Array(32).fill(3))
  const secret = new Uint8Array(32).fill(9)
  const steps = fc.array(fc.record({ by: fc.boolean(), take: fc.nat(5), send: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(steps, schedule => {
      const random = seededRandom('property')
      const sides = {
        alice: initiatorRatchet(secret, prekey.publicKey, keyPairOf(new Uint8Array(32).fill(5))),
        bob: responderRatchet(secret, prekey)
      }
      const inboxes = {
        alice: [] as ReturnType<typeof encryptMessage>[],
        bob: [] as ReturnType<typeof encryptMessage>[]
      }
      const sent = new Map<unknown, number>()
      let count = 0
      for (const { by, take, send } of schedule) {
        const me = by ? 'alice' : 'bob'
        if (send) {
          const out = encryptMessage(sides[me], Uint8Array.of(count))
          sides[me] = out.state
          sent.set(out, count++)
          inboxes[by ? 'bob' : 'alice'].push(out)
        } else {
          const [out] = inboxes[me].splice(take % Math.max(1, inboxes[me].length), 1)
          if (out === undefined) continue
          const got = decryptMessage(sides[me], out.header, out.payload, { random, nowMs: 0 })
          expect(got.ok && got.plaintext[0]).toBe(sent.get(out))
          if (got.ok) sides[me] = got.state
        }
        expect(decodeRatchet(encodeRatchet(sides[me]))).toEqual(sides[me])
      }
    }),
    { numRuns: 150 }
  )
})

test('sealedSize is the length of what seal gives, for every audience and state', async () => {
  const { clock, alice, bob, a, b } = await conversation()
  const stranger = person('stranger', clock)
  const own = (reach: 'known-devices' | 'any-device'): Audience => ({ kind: 'own-devices', reach })
  const audiences: Audience[] = [bob.known, bob.any, stranger.known, own('any-device'), own('known-devices')]
  audiences.push(alice.contactCode, { kind: 'public', name: 'status' })
  const check = async () => {
    for (const to of audiences) {
      for (const length of [0, 1, 127, 128, 300, 20_000]) {
        const size = await a.sealedSize(length, to)
        const result = await a.seal(new Uint8Array(length), to)
        if (result.kind === 'sealed') expect(result.bytes.length, `${to.kind} ${length}`).toBe(size)
      }
    }
  }
  await check()
  await introduce(await bob.device('b2-with-a-much-longer-name'), bob, a)
  await introduce(await alice.device('a2'), alice, a)
  await a.enable('a2', true)
  await check()
  clock.advance(86_400_001)
  for (const to of audiences) expect(await a.sealedSize(5, to)).toBeGreaterThan(0)
  const due = await a.sealedSize(5, bob.known)
  const result = await a.seal(new Uint8Array(5), bob.known)
  expect(result.kind === 'sealed' && result.bytes.length).toBe(due)
  await introduce(b, bob, a)
  await check()
})

test('maxPlaintext is the longest that still fits: one byte more does not', async () => {
  const { clock, alice, bob, a, stores } = await conversation()
  await introduce(await bob.device('b2-with-a-much-longer-name'), bob, a)
  await introduce(await alice.device('a2'), alice, a)
  await a.enable('a2', true)
  const audiences: Audience[] = [
    bob.known,
    bob.any,
    person('stranger', clock).known,
    { kind: 'own-devices', reach: 'known-devices' },
    alice.contactCode,
    { kind: 'public', name: 'status' }
  ]
  const null_ = createNullSealer(a)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...audiences), fc.oneof(fc.nat(1200), fc.nat(200_000)), async (to, limit) => {
      for (const sealer of [a, null_]) {
        const most = await sealer.maxPlaintext(limit, to)
        const fits = (await sealer.sealedSize(most, to)) <= limit
        if (fits) expect(await sealer.sealedSize(most + 1, to)).toBeGreaterThan(limit)
        else expect(most).toBe(0)
      }
    }),
    { numRuns: 150 }
  )
  expect(await a.maxPlaintext(0, bob.known)).toBe(0)
  const before = await stores.a.all()
  await a.maxPlaintext(Number.MAX_SAFE_INTEGER, bob.known)
  expect(await stores.a.all()).toEqual(before)
})

test('maxPlaintext costs one look at the store, as sealedSize does', async () => {
  const clock = fakeClock()
  const inner = memorySessionStore()
  let gets = 0
  const store: SessionStore = {
    ...inner,
    get: async id => {
      gets++
      return inner.get(id)
    }
  }
  const a = await person('alice', clock).device('a1', store)
  const bob = person('bob', clock)
  const looks = async (work: () => Promise<unknown>) => {
    gets = 0
    await work()
    return gets
  }
  const once = await looks(() => a.sealedSize(100, bob.known))
  expect(await looks(() => a.maxPlaintext(50_000, bob.known))).toBe(once)
})

test('whatever is done to sealed bytes, open answers and never throws', async () => {
  const { alice, bob, a, b } = await conversation()
  const genuine = await Promise.all([bob.known, bob.any, alice.contactCode].map(to => a.seal(text('genuine'), to)))
  const sealedBytes = genuine.map(result => (result.kind === 'sealed' ? result.bytes : new Uint8Array(0)))
  const edit = fc.record({ at: fc.nat(2000), value: fc.nat(255), cut: fc.nat(1000) })
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.array(edit, { minLength: 1, maxLength: 3 }), async (which, edits) => {
      const bytes = sealedBytes[which]!.slice()
      for (const { at, value } of edits) bytes[at % bytes.length] = value
      const forged = (edits[0]?.cut ?? 0) < 200 ? bytes.slice(0, edits[0]?.cut) : bytes
      const result = await b.open(forged, { sender: alice.publicKey })
      expect(['message', 'nothing', 'unreadable']).toContain(result.kind)
    }),
    { numRuns: 400 }
  )
  expect(string((await opened(b, sealedBytes[0]!, alice)).bytes)).toBe('genuine')
})

test('fields of any length in any place are refused, never an exception', async () => {
  const { alice, bob, a, b } = await conversation()
  const result = await a.seal(text('x'), bob.known)
  const bytes = result.kind === 'sealed' ? result.bytes : new Uint8Array(0)
  const [entry] = parsed(bytes).entries
  const field = fc.uint8Array({ maxLength: 70 })
  const parts = fc.record({
    key: field,
    id: field,
    payload: field,
    dhKey: field,
    n: fc.nat(2 ** 32 - 1),
    pn: fc.nat(2 ** 32 - 1)
  })
  await fc.assert(
    fc.asyncProperty(parts, fc.boolean(), async ({ key, id, payload, dhKey, n, pn }, own) => {
      const installationId = own ? entry!.installationId : 'none'
      const forged = changed(bytes, () => ({
        entries: [
          { installationId, ratchet: { key, id, n, pn }, x3dh: { key, id }, payload },
          { installationId: 'z', dhKey, payload }
        ]
      }))
      expect((await b.open(forged, { sender: alice.publicKey })).kind).toBe('unreadable')
    }),
    { numRuns: 200 }
  )
})

test('the work of a group grows with its members: twice as many take twice the store calls', async () => {
  const clock = fakeClock()
  const work = async (count: number) => {
    const inner = memorySessionStore()
    let calls = 0
    const store: SessionStore = {
      get: async id => {
        calls++
        return inner.get(id)
      },
      put: async (id, record, revision) => {
        calls++
        return inner.put(id, record, revision)
      },
      delete: inner.delete
    }
    const a = await person('alice', clock).device('a1', store)
    const members = Array.from({ length: count }, (_, i) => person(`member ${i}`, clock).known)
    // Known members: the second message is the usual case.
    for (const member of members) expect((await a.seal(text('first'), member)).kind).toBe('sealed')
    calls = 0
    for (const member of members) expect((await a.seal(text('second'), member)).kind).toBe('sealed')
    return calls
  }
  const [some, twice] = [await work(20), await work(40)]
  expect(twice / some).toBeLessThan(2.2)
  expect(twice / 40).toBeLessThan(8)
})
