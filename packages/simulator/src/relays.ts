import { createTimeSlicer, type TimeSlicer } from '@status-stack/utils'
import { createWaku, type Waku, type WakuOptions } from '@status-stack/waku'
import {
  createPowSearcher,
  createWhisper,
  type Whisper,
  type WhisperDeps,
  type WhisperOptions
} from '@status-stack/whisper'
import { check } from './errors.ts'
import type { Simulation } from './simulation.ts'

/** Where a node is added, and under which name. @throws SimulatorError `invalid-argument` */
export function checkPlace(simulation: unknown, name: unknown): void {
  check.object('simulation', simulation)
  check.ports({ simulation }, { simulation: ['join', 'random', 'settled'] })
  check.text('name', name)
}

/** Work takes no time in a simulation, so nobody has to give the turn away. */
export const unhurried: TimeSlicer = createTimeSlicer({ budgetMs: Number.POSITIVE_INFINITY, nowMs: () => 0 })

/**
 * What every node of a simulation works with: its clock, its timers, a stream of its randomness.
 *
 * @example
 * ```ts
 * const whisper = createWhisper(relayDeps(simulation, 'mine'))
 * ```
 */
export function relayDeps(simulation: Simulation, name: string): WhisperDeps {
  const { clock, scheduler } = simulation
  return {
    clock,
    scheduler,
    slicer: unhurried,
    random: simulation.random(`node ${name}`),
    pow: createPowSearcher(clock, 0)
  }
}

/**
 * A started Whisper node of this name. No proof of work is asked for, unless the options say so: it would only cost real time.
 *
 * @throws SimulatorError `invalid-argument`; WhisperError `invalid-argument` for its options
 *
 * @example
 * ```ts
 * const relay = await addWhisper(simulation, 'relay', { forwarding: 300 })
 * ```
 */
export async function addWhisper(simulation: Simulation, name: string, options: WhisperOptions = {}): Promise<Whisper> {
  checkPlace(simulation, name)
  const whisper = createWhisper(relayDeps(simulation, name), { minPow: 0, ...options })
  await whisper.start()
  simulation.join(name, whisper)
  return whisper
}

/**
 * As {@link addWhisper}, a node of Waku v1.
 *
 * @example
 * ```ts
 * const waku = await addWaku(simulation, 'relay', { interest: 'full' })
 * ```
 */
export async function addWaku(simulation: Simulation, name: string, options: WakuOptions = {}): Promise<Waku> {
  checkPlace(simulation, name)
  const waku = createWaku(relayDeps(simulation, name), { minPow: 0, ...options })
  await waku.start()
  simulation.join(name, waku)
  return waku
}
