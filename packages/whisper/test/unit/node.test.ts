import { utf8Bytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { planInterest, planRoute } from '../../src/status/index.ts'
import { collect, connect, key, node, place, symmetricKey, time, topic } from '../support.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('a message reaches a subscriber two hops away, once, with its signer and time', async () => {
  const clock = time()
  const nodes = ['a', 'b', 'c'].map(name => node(clock, name))
  for (const each of nodes) await each.start()
  const [a, b, c] = nodes as [(typeof nodes)[0], (typeof nodes)[0], (typeof nodes)[0]]
  await connect(clock, [a, 'a'], [b, 'b'])
  await connect(clock, [b, 'b'], [c, 'c'])
  await connect(clock, [a, 'a'], [c, 'c'])
  const { route, interest } = place()
  const got = collect(c.subscribe(interest))
  const posted = await a.post({ route, payload: utf8Bytes('hello'), signer: key(1) })
  await clock.settle()
  expect(got.map(({ payload }) => text(payload))).toEqual(['hello'])
  expect(got[0]?.signer).toEqual(key(1).publicKey)
  expect(got[0]?.hash).toEqual(posted.hash)
  expect(got[0]?.sentSeconds).toBe(1_600_000_000)
  expect(got[0]?.source).toBe('live')
  expect(posted.expiry).toBe(1_600_000_010)
  expect([...posted.sentTo].sort()).toEqual(['b', 'c'].map(name => name.padEnd(64, '0')))
  for (const each of nodes) await each.stop()
})

test('A-8 Status routes and interests meet: identity, rendezvous, contact code, public chat', async () => {
  const clock = time()
  const [alice, bob] = [key(0x11), key(0x22)]
  const a = node(clock, 'a')
  const b = node(clock, 'b')
  await a.start()
  await b.start()
  await connect(clock, [a, 'a'], [b, 'b'])
  const secret = alice.ecdhX(bob.publicKey)
  const cases = [
    [await planRoute({ kind: 'identity', publicKey: bob.publicKey }), { kind: 'identity' as const }],
    [
      await planRoute({ kind: 'identity', publicKey: bob.publicKey }, { rendezvous: secret }),
      { kind: 'rendezvous' as const, peer: alice.publicKey, secret: bob.ecdhX(alice.publicKey) }
    ],
    [
      await planRoute({ kind: 'contact-code', owner: alice.publicKey }),
      { kind: 'contact-code' as const, owner: alice.publicKey }
    ],
    [await planRoute({ kind: 'public', name: 'status' }), { kind: 'public' as const, name: 'status' }]
  ] as const
  for (const [route, want] of cases) {
    const got = collect(b.subscribe(await planInterest(bob, want)))
    await a.post({ route, payload: utf8Bytes(want.kind), signer: alice })
    await clock.settle()
    expect(got.map(({ payload }) => text(payload))).toEqual([want.kind])
    expect(got[0]?.arrival.kind).toBe(want.kind)
    expect(got[0]?.guarantee).toBe(route.guarantee)
  }
  await a.stop()
  await b.stop()
})

test('a target that no digest reaches is refused without work, whoever asks for it', async () => {
  const virtual = time()
  const whisper = node(virtual, 'node')
  await whisper.start()
  for (const target of [1e100, Number.MAX_VALUE]) {
    await expect(
      whisper.postEnvelope({
        topic,
        key: { kind: 'symmetric', key: symmetricKey },
        payload: Uint8Array.of(1),
        pow: { target, timeSeconds: 1 }
      })
    ).rejects.toMatchObject({ code: 'pow-not-reached' })
  }
  await whisper.stop()
})
