import { expect, test } from 'vitest'
import { fakeClock, opened, person, sealed, string } from '../support/sealers.ts'

test('first contact is static-key, the answer and all that follows forward-secret', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const [a, b] = [await alice.device('a1'), await bob.device('b1')]

  const first = await a.seal(new TextEncoder().encode('hello'), bob.known)
  if (first.kind !== 'sealed') throw new Error('nobody')
  expect(first.protection).toBe('static-key')
  expect(first.rendezvous).toBeUndefined()
  expect(first.effects.map(({ kind }) => kind)).toEqual(['rendezvous'])
  const received = await opened(b, first.bytes, alice)
  expect([string(received.bytes), received.protection, received.device]).toEqual(['hello', 'static-key', 'a1'])

  for (let turn = 0; turn < 4; turn++) {
    const reply = await opened(a, await sealed(b, alice.known, `reply ${turn}`), bob)
    expect([string(reply.bytes), reply.protection]).toEqual([`reply ${turn}`, 'forward-secret'])
    const next = await opened(b, await sealed(a, bob.known, `next ${turn}`), alice)
    expect([string(next.bytes), next.protection, next.strongest]).toEqual([
      `next ${turn}`,
      'forward-secret',
      'forward-secret'
    ])
  }
})

test('messages out of order all open', async () => {
  const clock = fakeClock()
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const [a, b] = [await alice.device('a1'), await bob.device('b1')]
  await opened(b, await sealed(a, bob.known, 'hi'), alice)
  const three = [
    await sealed(b, alice.known, 'one'),
    await sealed(b, alice.known, 'two'),
    await sealed(b, alice.known, 'three')
  ]
  const seen: string[] = []
  for (const at of [2, 0, 1]) seen.push(string((await opened(a, three[at]!, bob)).bytes))
  expect(seen).toEqual(['three', 'one', 'two'])
})
