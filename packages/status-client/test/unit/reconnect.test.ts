import { expect, test } from 'vitest'
import { linkPair } from '../../src/testing/index.ts'
import { chatWith, connect, during, type Person, peerIdOf, person, until } from '../support/world.ts'

const told = async (from: Person, to: Person, text: string) => {
  await from.client.send(chatWith(to), { text })
  await until(`"${text}" was read`, () => to.texts().includes(text))
}

const states = ({ events }: Person) => events.peer.map(({ state }) => state)

test('a peer that vanished without a word and came back under its id is served again', async () => {
  const whisper = { handshakeTimeoutMs: 5000 }
  const alice = await person('alice', { whisper })
  const first = await person('bob', { whisper })
  await during([alice], async () => {
    const { a, b } = linkPair(peerIdOf('alice'), peerIdOf('bob'))
    alice.client.attach(a).catch(() => undefined)
    await first.client.start()
    // Half open: one end goes, and the other is not told.
    first.client.attach({ ...b, close: async () => {} }).catch(() => undefined)
    await told(alice, first, 'before')
    await first.client.stop()
    const back = await person('bob', { database: first.database, whisper })
    await during([back], async () => {
      connect(alice, back)
      await told(alice, back, 'after')
      await told(back, alice, 'here again')
      expect(states(alice)).toEqual(['connected', 'disconnected', 'connected'])
    })
  })
})

test('a second link under the id of a peer that is there is refused and changes nothing', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await told(alice, bob, 'one')
    const { a } = linkPair(peerIdOf('alice'), peerIdOf('bob'))
    await expect(alice.client.attach(a)).rejects.toMatchObject({ code: 'duplicate-peer' })
    await told(alice, bob, 'two')
    expect(states(alice)).toEqual(['connected'])
  })
})
