import { expect, test } from 'vitest'
import { chatWith, connect, during, movableClock, type Person, person, until } from '../support/world.ts'

const told = async (from: Person, to: Person, text: string) => {
  const { messageId } = await from.client.send(chatWith(to), { text })
  await until(`"${text}" was read`, () => to.texts().includes(text))
  return to.client.message(messageId)
}

test('F-21 simultaneous first messages both arrive and both sides settle on working sessions', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    await Promise.all([
      alice.client.send(chatWith(bob), { text: 'from alice' }),
      bob.client.send(chatWith(alice), { text: 'from bob' })
    ])
    await until('both wait', () =>
      [alice, bob].every(who => who.events.delivery.some(fact => fact.state === 'retrying'))
    )
    connect(alice, bob)
    await until('both arrived', () => alice.texts().includes('from bob') && bob.texts().includes('from alice'))
    for (const turn of [1, 2, 3]) {
      const [a, b] = await Promise.all([told(alice, bob, `a${turn}`), told(bob, alice, `b${turn}`)])
      if (turn > 1) expect([a?.protection, b?.protection]).toEqual(['forward-secret', 'forward-secret'])
    }
    expect(alice.refusals()).toEqual([])
    expect(bob.refusals()).toEqual([])
  })
})

test('F-22 prekeys that roll over during a conversation lose nothing', async () => {
  const clock = movableClock()
  const alice = await person('alice', { clock })
  const bob = await person('bob', { clock })
  await during([alice, bob], async () => {
    let link = connect(alice, bob)
    await told(alice, bob, 'day 1')
    await told(bob, alice, 'day 1 too')
    for (const day of [2, 3, 4]) {
      clock.forward(25 * 3_600_000)
      link.cut()
      await until('cut', () => !alice.client.connected() && !bob.client.connected())
      link = connect(alice, bob)
      const [a, b] = await Promise.all([told(alice, bob, `day ${day}`), told(bob, alice, `day ${day} too`)])
      expect([a?.protection, b?.protection]).toEqual(['forward-secret', 'forward-secret'])
    }
    expect(bob.texts()).toEqual(['day 1', 'day 2', 'day 3', 'day 4'])
    expect(alice.texts()).toEqual(['day 1 too', 'day 2 too', 'day 3 too', 'day 4 too'])
  })
})
