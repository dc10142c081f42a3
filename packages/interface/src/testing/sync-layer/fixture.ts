import type { OutputResult, SyncLayer, SyncOutcome, SyncPorts } from '../../sync.ts'
import { createVirtualTime } from '../virtual-time.ts'

/** Makes one node over the given ports. A factory per call; each node has a store of its own. */
export type SyncFactory = (ports: SyncPorts) => SyncLayer | Promise<SyncLayer>

interface Settled {
  readonly tracking: string
  readonly outcome: SyncOutcome
}

export interface Side {
  readonly self: Uint8Array
  readonly layer: SyncLayer
  readonly outputs: { readonly bytes: Uint8Array; readonly contains: readonly string[] }[]
  readonly settled: Settled[]
}

export const body = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Longer than any first retry. */
export const longMs = 24 * 3_600_000
export const stepMs = 30_000

/** What every attempt to send comes to. */
export const always = (result: OutputResult) => async (): Promise<OutputResult> => result

/** Nodes of Alice and Bob in virtual time, and the few steps that all cases take. */
export function syncScene(create: SyncFactory, [aliceKey, bobKey]: readonly [Uint8Array, Uint8Array]) {
  const time = createVirtualTime()

  const side = async (
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
  const exchange = async (alice: Side, bob: Side, totalMs = 60_000): Promise<readonly string[]> => {
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

  const enqueue = ({ layer }: Side, text: string): Promise<void> =>
    layer.enqueue({ peer: bobKey, body: body(text), tracking: text })

  return { time, aliceKey, bobKey, side, exchange, enqueue }
}

export type SyncScene = ReturnType<typeof syncScene>

/** One clause of the contract. */
export type SyncClause = readonly [name: string, run: (scene: SyncScene) => Promise<void>]
