import type { OutputResult, SyncLayer, SyncOutcome, SyncPorts } from '../sync.ts'
import { type ComplianceCase, check, checkBytes } from './case.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

/** Makes one node over the given ports. A factory per call; each node has a store of its own. */
export type SyncFactory = (ports: SyncPorts) => SyncLayer | Promise<SyncLayer>

/** What an implementation promises beyond the least. */
export interface SyncLayerCasesOptions {
  /** Two identities, 65 bytes each. */
  readonly identities: readonly [Uint8Array, Uint8Array]
  /** Whether the other side acknowledges and lost payloads are sent again. @default true */
  readonly acknowledges?: boolean | undefined
}

interface Settled {
  readonly tracking: string
  readonly outcome: SyncOutcome
}

interface Side {
  readonly self: Uint8Array
  readonly layer: SyncLayer
  readonly outputs: { readonly bytes: Uint8Array; readonly contains: readonly string[] }[]
  readonly settled: Settled[]
}

const body = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Longer than any first retry. */
const longMs = 24 * 3_600_000
const stepMs = 30_000

/**
 * The contract of {@link SyncLayer}.
 *
 * @example
 * ```ts
 * for (const { name, run } of syncLayerCases(ports => createSync({ ...ports, store: memorySyncStore() }), { identities })) test(name, run)
 * ```
 */
export function syncLayerCases(
  create: SyncFactory,
  { identities, acknowledges = true }: SyncLayerCasesOptions
): readonly ComplianceCase[] {
  const [aliceKey, bobKey] = identities

  const side = async (
    time: VirtualTime,
    self: Uint8Array,
    output: (bytes: Uint8Array, contains: readonly string[], layer: () => SyncLayer) => Promise<OutputResult>,
    kept: Pick<SyncPorts, 'bodyOf'> = {}
  ): Promise<Side> => {
    const outputs: Side['outputs'] = []
    const settled: Settled[] = []
    const layer: SyncLayer = await create({
      self,
      clock: time.clock,
      maxBytes: async () => 100_000,
      ...kept,
      output: async (_, bytes, { contains }) => {
        const result = await output(bytes, contains, () => layer)
        if (result === 'sent') outputs.push({ bytes, contains })
        return result
      },
      settled: async ({ tracking, outcome }) => {
        settled.push({ tracking, outcome })
      }
    })
    return { self, layer, outputs, settled }
  }

  /** Ticks of both until nothing happens any more; what Bob gets he accepts. */
  const exchange = async (time: VirtualTime, alice: Side, bob: Side, totalMs = 60_000): Promise<readonly string[]> => {
    const got: string[] = []
    let [fromAlice, fromBob] = [0, 0]
    for (let passed = 0; passed <= totalMs; passed += stepMs) {
      await alice.layer.tick()
      for (; fromAlice < alice.outputs.length; fromAlice++) {
        const received = await bob.layer.receive(alice.self, alice.outputs[fromAlice]?.bytes ?? body(''))
        if (received.kind === 'not-sync') got.push(new TextDecoder().decode(alice.outputs[fromAlice]?.bytes))
        else {
          for (const each of received.bodies) got.push(new TextDecoder().decode(each.body))
          await bob.layer.accept(
            alice.self,
            received.bodies.map(({ id }) => id)
          )
        }
      }
      await bob.layer.tick()
      for (; fromBob < bob.outputs.length; fromBob++)
        await alice.layer.receive(bob.self, bob.outputs[fromBob]?.bytes ?? body(''))
      await time.advance(stepMs)
    }
    return got
  }

  const using = (name: string, run: (time: VirtualTime) => Promise<void>): ComplianceCase => ({
    name,
    run: async () => run(createVirtualTime())
  })
  const always = (result: OutputResult) => async (): Promise<OutputResult> => result
  const enqueue = ({ layer }: Side, text: string): Promise<void> =>
    layer.enqueue({ peer: bobKey, body: body(text), tracking: text })

  return [
    using('what is enqueued arrives once, and names its messages', async time => {
      const [alice, bob] = [await side(time, aliceKey, always('sent')), await side(time, bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await enqueue(alice, 'two')
      const got = await exchange(time, alice, bob)
      check([...new Set(got)].sort().join() === 'one,two', `one and two, got ${got.join()}`)
      check(got.length === 2, `each once, got ${got.join()}`)
      const named = alice.outputs.flatMap(({ contains }) => contains)
      check(named.includes('one') && named.includes('two'), 'contains to name both')
    }),
    using('what the caller keeps arrives as well, each body under its own name', async time => {
      const kept = { bodyOf: async (tracking: string) => body(tracking) }
      const alice = await side(time, aliceKey, always('sent'), kept)
      const bob = await side(time, bobKey, always('sent'))
      await enqueue(alice, 'one')
      await enqueue(alice, 'two')
      const got = await exchange(time, alice, bob)
      check([...got].sort().join() === 'one,two', `one and two, got ${got.join()}`)
    }),
    using('enqueue is idempotent by peer and tracking', async time => {
      const [alice, bob] = [await side(time, aliceKey, always('sent')), await side(time, bobKey, always('sent'))]
      await enqueue(alice, 'one')
      await enqueue(alice, 'one')
      check((await exchange(time, alice, bob)).length === 1, 'one message')
    }),
    ...(acknowledges
      ? [
          using('an accepted message is settled as acknowledged', async time => {
            const [alice, bob] = [await side(time, aliceKey, always('sent')), await side(time, bobKey, always('sent'))]
            await enqueue(alice, 'one')
            await exchange(time, alice, bob)
            check(
              alice.settled.some(({ tracking, outcome }) => tracking === 'one' && outcome === 'acknowledged'),
              'acknowledged'
            )
          }),
          using('what was lost is sent again', async time => {
            const alice = await side(time, aliceKey, always('sent'))
            await enqueue(alice, 'one')
            await alice.layer.tick()
            const before = alice.outputs.length
            for (let passed = 0; passed < longMs && alice.outputs.length === before; passed += stepMs) {
              await time.advance(stepMs)
              await alice.layer.tick()
            }
            check(alice.outputs.length > before, 'a second attempt')
          }),
          using('a message that is not accepted comes again', async time => {
            const [alice, bob] = [await side(time, aliceKey, always('sent')), await side(time, bobKey, always('sent'))]
            await enqueue(alice, 'one')
            await alice.layer.tick()
            for (let round = 0; round < 2; round++) {
              const received = await bob.layer.receive(aliceKey, alice.outputs[0]?.bytes ?? body(''))
              check(received.kind === 'payload' && received.bodies.length === 1, 'the body, each time')
            }
          })
        ]
      : []),
    using('not-sent is tried again', async time => {
      let tries = 0
      const alice = await side(time, aliceKey, async () => (++tries < 3 ? 'not-sent' : 'sent'))
      await enqueue(alice, 'one')
      for (let passed = 0; passed < longMs && tries < 3; passed += stepMs) {
        await alice.layer.tick()
        await time.advance(stepMs)
      }
      check(tries >= 3, `three attempts, got ${tries}`)
    }),
    using('held sleeps until retry', async time => {
      let result: OutputResult = 'held'
      let tries = 0
      const alice = await side(time, aliceKey, async () => {
        tries += 1
        return result
      })
      await enqueue(alice, 'one')
      for (let passed = 0; passed < longMs; passed += longMs / 24) {
        await alice.layer.tick()
        await time.advance(longMs / 24)
      }
      const whileHeld: number = tries
      check(whileHeld === 1, `one attempt, got ${whileHeld}`)
      result = 'sent'
      await alice.layer.retry(bobKey)
      await alice.layer.tick()
      check(tries === 2, 'another attempt after retry')
    }),
    using('nobody settles everything in the payload', async time => {
      const alice = await side(time, aliceKey, always('nobody'))
      await enqueue(alice, 'one')
      await alice.layer.tick()
      check(
        alice.settled.some(({ tracking, outcome }) => tracking === 'one' && outcome === 'nobody'),
        'nobody'
      )
    }),
    using('a cancelled message is not sent and not settled', async time => {
      const alice = await side(time, aliceKey, always('sent'))
      await enqueue(alice, 'one')
      await alice.layer.cancel('one')
      await alice.layer.tick()
      check(
        alice.outputs.every(({ contains }) => !contains.includes('one')),
        'nothing sent'
      )
      check(alice.settled.length === 0, 'nothing settled')
    }),
    using('peerActive and retry may be called from inside output', async time => {
      const alice = await side(time, aliceKey, async (_, __, layer) => {
        await layer().peerActive(bobKey)
        await layer().retry(bobKey)
        return 'sent'
      })
      await enqueue(alice, 'one')
      await alice.layer.tick()
      check(alice.outputs.length >= 1, 'the payload to leave')
    }),
    using('a failing output counts as not-sent', async time => {
      let fails = true
      const alice = await side(time, aliceKey, async () => {
        if (fails) throw new Error('no way out')
        return 'sent'
      })
      await enqueue(alice, 'one')
      await alice.layer.tick()
      fails = false
      for (let passed = 0; passed < longMs && alice.outputs.length === 0; passed += stepMs) {
        await time.advance(stepMs)
        await alice.layer.tick()
      }
      check(alice.outputs.length > 0, 'a later attempt')
    }),
    using('bytes that are no payload are the caller’s', async time => {
      const alice = await side(time, aliceKey, always('sent'))
      const received = await alice.layer.receive(bobKey, body('plain text that is no payload'))
      if (received.kind === 'payload') check(received.bodies.length === 0, 'no bodies')
      else checkBytes('the kind', body(received.kind), body('not-sync'))
    }),
    using('start and stop are idempotent', async time => {
      const alice = await side(time, aliceKey, always('sent'))
      await Promise.all([alice.layer.start(), alice.layer.start()])
      await Promise.all([alice.layer.stop(), alice.layer.stop()])
    })
  ]
}
