import type { PeerLink } from '../../link.ts'
import { check, rejects } from '../case.ts'
import { type LinkClause, lookMs, noise, pause, readerOf } from './fixture.ts'

/** Packets of 64 KiB that no link may take from a sender whose peer does not read: 64 MiB. */
const unreadPackets = 1024

/** Looks for progress, `lookMs` apart, before a sender counts as waiting. A link that never waits needs none of them. */
const quietLooks = 20

/** Sends until the link makes the sender wait; returns how many packets it took. The last send is still waiting. */
async function sendUntilItWaits(
  link: PeerLink,
  signal: AbortSignal
): Promise<{ readonly taken: () => number; readonly refused: Promise<boolean> }> {
  const payload = noise(65_536)
  let taken = 0
  let over = false
  const refused = (async () => {
    for (; taken < unreadPackets; taken++) await link.send(0, payload, { signal })
  })().then(
    () => false,
    () => true
  )
  void refused.then(() => {
    over = true
  })
  let before = -1
  for (let quiet = 0; quiet < quietLooks && !over; quiet = taken === before ? quiet + 1 : 0) {
    before = taken
    await pause(lookMs)
  }
  return { taken: () => taken, refused }
}

/** A sender waits for a peer that does not read. */
export const backPressureClauses: readonly LinkClause[] = [
  [
    'send waits while the peer reads nothing, and gives up at its signal',
    async ({ a, eventually }) => {
      const controller = new AbortController()
      const { taken, refused } = await sendUntilItWaits(a, controller.signal)
      check(
        taken() < unreadPackets,
        `fewer than ${unreadPackets} packets of 64 KiB to be taken from a peer that reads nothing`
      )
      controller.abort(new Error('enough'))
      check(
        await eventually(refused, 'the waiting send to end at its signal'),
        'the waiting send to reject at its signal'
      )
    }
  ],
  [
    'a waiting send goes on when the peer reads',
    async ({ a, b, eventually, only }) => {
      const controller = new AbortController()
      const { taken, refused } = await sendUntilItWaits(a, controller.signal)
      const before = taken()
      const reader = readerOf(b)
      for (let read = 0; taken() === before && read < unreadPackets; read++) await only(reader)
      check(taken() > before, 'the waiting send to resolve once the peer reads')
      controller.abort(new Error('enough'))
      await a.close('done')
      await eventually(refused, 'the sender to end')
    }
  ],
  [
    'an aborted signal refuses at once',
    async ({ a }) => {
      check(await rejects(a.send(0, Uint8Array.of(1), { signal: AbortSignal.abort() })), 'a rejection')
    }
  ]
]

/** How a link ends. */
export const endClauses: readonly LinkClause[] = [
  [
    'closing either end ends the packets of both, and sends are refused',
    async ({ a, b, eventually }) => {
      const readers = [readerOf(a), readerOf(b)]
      await eventually(a.close('subprotocol-error'), 'close to settle')
      for (const each of readers)
        check((await eventually(each.next(), 'packets to end')).done === true, 'no more packets')
      for (const end of [a, b])
        check(await eventually(rejects(end.send(1, new Uint8Array(1))), 'send to settle'), 'send to reject')
    }
  ],
  [
    'close is idempotent',
    async ({ a, b, eventually }) => {
      await a.close('done')
      await eventually(a.close('subprotocol-error'), 'closing twice to settle')
      await eventually(b.close('done'), 'closing the other end to settle')
      check((await eventually(readerOf(a).next(), 'packets to end')).done === true, 'no more packets')
    }
  ]
]
