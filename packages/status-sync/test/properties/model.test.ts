import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePayload, memorySyncStore, messageId, type OutputResult, type SyncOptions } from '../../src/index.ts'
import { alice, bob, carol, record, type TestNode, testClock, testNode, text } from '../support/node.ts'

const peers = [alice, bob, carol] as const
const trackings = ['a', 'b', 'c', 'd'] as const
const empty = { acks: [], offers: [], requests: [], messages: [] }

const peer = fc.nat({ max: peers.length - 1 })
const tracking = fc.nat({ max: trackings.length - 1 })
const step = fc.oneof(
  fc.record({ kind: fc.constant('enqueue' as const), peer, tracking, size: fc.constantFrom(5, 60, 150, 400) }),
  fc.record({
    kind: fc.constant('tick' as const),
    waitMs: fc.constantFrom(0, 300, 5000, 40_000, 8_000_000),
    results: fc.array(fc.constantFrom<OutputResult>('sent', 'sent', 'not-sent', 'held', 'nobody'), { minLength: 1 }),
    inside: fc.constantFrom('nothing', 'heard', 'retry', 'cancel', 'acknowledge')
  }),
  fc.record({ kind: fc.constant('acknowledge' as const), peer, last: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('cancel' as const), tracking, peer: fc.option(peer, { nil: undefined }) }),
  fc.record({ kind: fc.constantFrom('heard' as const, 'retry' as const, 'offer' as const), peer }),
  fc.record({ kind: fc.constant('restart' as const) })
)

/** What a user of the node may believe: which messages are not over. */
class Model {
  readonly pending = new Set<string>()
  readonly requests = new Set<string>()
  /** Ids on the wire per peer, newest last. */
  readonly wire = peers.map((): Uint8Array[] => [])
}

const nameOf = (at: number, name: string): string => `${at} ${name}`
const indexOf = (key: Uint8Array): number => peers.findIndex(one => one.join() === key.join())

async function expectSame(model: Model, node: TestNode): Promise<void> {
  const shown = new Set<string>()
  for (const name of trackings) {
    for (const { peer: key, state } of await node.sync.delivery(name)) {
      if (state === 'pending' || state === 'held') shown.add(nameOf(indexOf(key), name))
    }
  }
  expect(shown).toEqual(model.pending)
  expect(await node.store.list('record')).toHaveLength(model.pending.size + model.requests.size)
  expect(await node.store.list('body')).toHaveLength(model.pending.size)
}

test.each(['batch', 'interactive'] as const)(
  'node and store agree with a simple model after any steps: %s',
  async mode => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        // The model knows one age at which everything is over.
        const options: SyncOptions = {
          mode,
          giveUpMs: 86_400_000,
          requestGiveUpMs: 86_400_000,
          limits: { maxRequestAttempts: 1000 }
        }
        const [store, clock, model] = [memorySyncStore(), testClock(), new Model()]
        const start = (): TestNode => {
          const node = testNode({ store, clock, options })
          node.maxBytes = 256
          node.settled = async ({ peer: key, tracking: name }) => {
            expect(model.pending.delete(nameOf(indexOf(key), name))).toBe(true)
          }
          return node
        }
        let node = start()
        const acknowledge = (at: number, last: number) => {
          const acks = (model.wire[at] ?? []).slice(-1 - last)
          return node.sync.receive(peers[at] ?? alice, encodePayload({ ...empty, acks: [...acks, new Uint8Array(32)] }))
        }
        const cancel = async (name: string, at: number | undefined): Promise<void> => {
          await node.sync.cancel(name, at === undefined ? undefined : peers[at])
          for (const one of peers.keys()) if (at === undefined || at === one) model.pending.delete(nameOf(one, name))
        }
        for (const one of steps) {
          if (one.kind === 'enqueue') {
            const name = trackings[one.tracking] ?? 'a'
            const body = text(`${name}${'x'.repeat(one.size)}`)
            await node.sync.enqueue({ peer: peers[one.peer] ?? alice, body, tracking: name })
            model.pending.add(nameOf(one.peer, name))
          } else if (one.kind === 'tick') {
            let calls = 0
            node.output = async (key, bytes, { contains }) => {
              record(node, key, bytes, contains)
              const at = indexOf(key)
              const { messages, offers, requests } = node.sent.at(-1)?.payload ?? empty
              model.wire[at]?.push(...messages.map(messageId), ...offers)
              if (one.inside === 'heard') await node.sync.peerActive(key)
              else if (one.inside === 'retry') await node.sync.retry(key)
              else if (one.inside === 'acknowledge') await acknowledge(at, 0)
              else if (one.inside === 'cancel') for (const name of contains) await cancel(name, at)
              const result = one.results[calls++ % one.results.length] ?? 'sent'
              // A request is no message: it ends without being told, and so does its record.
              if (result === 'nobody' && requests.length > 0 && one.inside !== 'retry')
                model.requests.delete(String(at))
              return result
            }
            await node.after(one.waitMs)
            if (clock.now - 1_546_300_800_000 > 86_400_000) return
          } else if (one.kind === 'acknowledge') await acknowledge(one.peer, one.last)
          else if (one.kind === 'cancel') await cancel(trackings[one.tracking] ?? 'a', one.peer)
          else if (one.kind === 'heard') await node.sync.peerActive(peers[one.peer] ?? alice)
          else if (one.kind === 'retry') await node.sync.retry(peers[one.peer])
          else if (one.kind === 'offer') {
            const offers = [new Uint8Array(32).fill(one.peer + 1)]
            await node.sync.receive(peers[one.peer] ?? alice, encodePayload({ ...empty, offers }))
            model.requests.add(String(one.peer))
          } else node = start()
          await expectSame(model, node)
        }
      }),
      { numRuns: 300 }
    )
  }
)
