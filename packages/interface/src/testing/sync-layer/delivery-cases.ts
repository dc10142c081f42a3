import { check, checkBytes } from '../case.ts'
import { always, body, longMs, type SyncClause, stepMs } from './fixture.ts'

/** What is enqueued arrives once. */
export const deliveryClauses: readonly SyncClause[] = [
  [
    'what is enqueued arrives once, and names its messages',
    async ({ aliceKey, bobKey, side, exchange, enqueue }) => {
      const [alice, bob] = [await side(aliceKey, always('sent')), await side(bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await enqueue(alice, 'two')
      const got = await exchange(alice, bob)
      check([...new Set(got)].sort().join() === 'one,two', `one and two, got ${got.join()}`)
      check(got.length === 2, `each once, got ${got.join()}`)
      const named = alice.outputs.flatMap(({ contains }) => contains)
      check(named.includes('one') && named.includes('two'), 'contains to name both')
    }
  ],
  [
    'what the caller keeps arrives as well, each body under its own name',
    async ({ aliceKey, bobKey, side, exchange, enqueue }) => {
      const kept = { bodyOf: async (tracking: string) => body(tracking) }
      const alice = await side(aliceKey, always('sent'), kept)
      const bob = await side(bobKey, always('sent'))
      await enqueue(alice, 'one')
      await enqueue(alice, 'two')
      const got = await exchange(alice, bob)
      check([...got].sort().join() === 'one,two', `one and two, got ${got.join()}`)
    }
  ],
  [
    'enqueue is idempotent by peer and tracking',
    async ({ aliceKey, bobKey, side, exchange, enqueue }) => {
      const [alice, bob] = [await side(aliceKey, always('sent')), await side(bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await enqueue(alice, 'one')
      check((await exchange(alice, bob)).length === 1, 'one message')
    }
  ],
  [
    'a cancelled message is not sent and not settled',
    async ({ aliceKey, side, enqueue }) => {
      const alice = await side(aliceKey, always('sent'))
      await enqueue(alice, 'one')
      await alice.layer.cancel('one')
      await alice.layer.tick()
      check(
        alice.outputs.every(({ contains }) => !contains.includes('one')),
        'nothing sent'
      )
      check(alice.settled.length === 0, 'nothing settled')
    }
  ],
  [
    'bytes that are no payload are the caller’s',
    async ({ aliceKey, bobKey, side }) => {
      const alice = await side(aliceKey, always('sent'))
      const received = await alice.layer.receive(bobKey, body('plain text that is no payload'))
      if (received.kind === 'payload') check(received.bodies.length === 0, 'no bodies')
      else checkBytes('the kind', body(received.kind), body('not-sync'))
    }
  ],
  [
    'start and stop are idempotent',
    async ({ aliceKey, side }) => {
      const alice = await side(aliceKey, always('sent'))
      await Promise.all([alice.layer.start(), alice.layer.start()])
      await Promise.all([alice.layer.stop(), alice.layer.stop()])
    }
  ]
]

/** What a layer promises whose other side acknowledges. */
export const acknowledgementClauses: readonly SyncClause[] = [
  [
    'an accepted message is settled as acknowledged',
    async ({ aliceKey, bobKey, side, exchange, enqueue }) => {
      const [alice, bob] = [await side(aliceKey, always('sent')), await side(bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await exchange(alice, bob)
      check(
        alice.settled.some(({ tracking, outcome }) => tracking === 'one' && outcome === 'acknowledged'),
        'acknowledged'
      )
    }
  ],
  [
    'it knows a payload once its messages were accepted, and asking changes nothing',
    async ({ aliceKey, bobKey, side, enqueue }) => {
      const [alice, bob] = [await side(aliceKey, always('sent')), await side(bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await alice.layer.tick()
      const bytes = alice.outputs[0]?.bytes ?? body('')
      check(!(await bob.layer.knows(aliceKey, bytes)), 'a new payload to be unknown')
      const received = await bob.layer.receive(aliceKey, bytes)
      const ids = received.kind === 'payload' ? received.bodies.map(({ id }) => id) : []
      check(ids.length === 1, 'its message to be handed up although it was asked about')
      check(!(await bob.layer.knows(aliceKey, bytes)), 'a message that was not accepted to be unknown')
      await bob.layer.accept(aliceKey, ids)
      check(await bob.layer.knows(aliceKey, bytes), 'an accepted message to be known')
      check(!(await bob.layer.knows(aliceKey, body('no payload'))), 'other bytes to be unknown')
      check(!(await bob.layer.knows(aliceKey, body(''))), 'nothing to be unknown')
    }
  ],
  [
    'what was lost is sent again',
    async ({ time, aliceKey, side, enqueue }) => {
      const alice = await side(aliceKey, always('sent'))
      await enqueue(alice, 'one')
      await alice.layer.tick()
      const before = alice.outputs.length
      for (let passed = 0; passed < longMs && alice.outputs.length === before; passed += stepMs) {
        await time.advance(stepMs)
        await alice.layer.tick()
      }
      check(alice.outputs.length > before, 'a second attempt')
    }
  ],
  [
    'a message that is not accepted comes again',
    async ({ aliceKey, bobKey, side, enqueue }) => {
      const [alice, bob] = [await side(aliceKey, always('sent')), await side(bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await alice.layer.tick()
      for (let round = 0; round < 2; round++) {
        const received = await bob.layer.receive(aliceKey, alice.outputs[0]?.bytes ?? body(''))
        check(received.kind === 'payload' && received.bodies.length === 1, 'the body, each time')
      }
    }
  ]
]
