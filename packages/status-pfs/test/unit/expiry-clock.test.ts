import { expect, test } from 'vitest'
import { day, fakeClock, introduce, opened, person, sealed, string } from '../support/sealers.ts'

/** Bob, on whose device a message and a first message are under way while his clock jumps a month. */
async function jumped() {
  const clock = fakeClock()
  const expiryClock = fakeClock()
  const [alice, carol, bob] = [person('alice', clock), person('carol', clock), person('bob', clock)]
  const [a, c] = [await alice.device('a1'), await carol.device('c1')]
  const b = await bob.device('b1', undefined, {}, { expiryClock })
  await introduce(b, bob, a)
  await introduce(b, bob, c)
  await opened(b, await sealed(a, bob.known, 'one'), alice)
  const late = await sealed(a, bob.known, 'late')
  await opened(b, await sealed(a, bob.known, 'three'), alice)
  const first = await sealed(c, bob.known, 'first')
  clock.advance(day + 1)
  expiryClock.advance(day + 1)
  await b.expire()
  clock.advance(31 * day)
  await b.expire()
  return { expiryClock, alice, carol, b, late, first }
}

test('what is kept for a month stays when the clock jumps and the expiry clock does not: late messages open', async () => {
  const { alice, carol, b, late, first } = await jumped()
  expect(string((await opened(b, late, alice)).bytes)).toBe('late')
  expect(string((await opened(b, first, carol)).bytes)).toBe('first')
})

test('once the expiry clock has followed, keys and prekeys are gone', async () => {
  const { expiryClock, alice, carol, b, late, first } = await jumped()
  expiryClock.advance(31 * day + 1)
  await b.expire()
  for (const [bytes, { publicKey: sender }] of [
    [late, alice],
    [first, carol]
  ] as const)
    expect(await b.open(bytes, { sender })).toMatchObject({ kind: 'unreadable' })
})
