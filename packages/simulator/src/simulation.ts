import type { Clock, Scheduler } from '@status-stack/interface'
import { check, SimulatorError } from './errors.ts'
import { createNetwork, type Network } from './network.ts'
import type { Connection } from './node-connection.ts'
import { createSimulatedRandom, type SimulatedRandom } from './random.ts'
import { createSimulatedTime } from './time.ts'
import { createTrace, type Trace, type TraceEvent } from './trace.ts'

/** Values of a simulation; only the seed has to be given. */
export interface SimulationOptions {
  /** Everything that is left to chance follows from it. */
  readonly seed: string
  /** Unix milliseconds of the beginning. @default 1 600 000 000 000 */
  readonly startMs?: number | undefined
  /** Keeps the events of the trace, not only their hash. @default false */
  readonly keepTrace?: boolean | undefined
  /** The trace of a former run: this one ends with `diverged` where it differs. */
  readonly replay?: readonly TraceEvent[] | undefined
}

/** Links that come and go by themselves. */
export interface Churn {
  /** Milliseconds for which a link stays up on average. */
  readonly meanUpMs: number
  /** Milliseconds for which it stays down on average. */
  readonly meanDownMs: number
}

/** A network in virtual time. */
export interface Simulation extends Network {
  /** Everything that is left to chance follows from it. */
  readonly seed: string
  /** For nodes: the time of the simulation. */
  readonly clock: Clock
  /** For nodes: timers that run within `run` and `settled`. */
  readonly scheduler: Scheduler
  /** Milliseconds since the beginning. */
  readonly elapsedMs: () => number
  /** For nodes: a stream of its own for each name. */
  readonly random: (name: string) => SimulatedRandom
  /** Something that happens later; a failure of it fails the run. */
  readonly after: (ms: number, action: () => void | Promise<void>) => () => void
  /** Breaks and restores these connections from now on; the returned function ends that. */
  readonly churn: (connections: readonly Connection[], churn: Churn) => () => void
  /** Lets `ms` milliseconds pass, or fewer once `until` holds. @throws SimulatorError `busy`, `diverged`, `endless`, and what an action threw */
  readonly run: (ms: number, until?: () => boolean) => Promise<void>
  /**
   * Runs until a promise of a node settles, letting time pass: for what waits for the network.
   * @throws what the promise is rejected with, or SimulatorError `endless` after `mostMs`
   */
  readonly settled: <T>(promise: Promise<T>, mostMs?: number) => Promise<T>
  /**
   * Work that is done outside of the event loop, such as stretching a password in a thread: when it is really ready depends on the machine,
   * so its answer comes after `ms` milliseconds of the simulation.
   */
  readonly offThread: <T>(work: Promise<T>, ms: number) => Promise<T>
  /** What has happened so far. */
  readonly trace: Trace
}

function checkMs(name: string, ms: unknown): asserts ms is number {
  check.number(name, ms, 0, Number.MAX_SAFE_INTEGER)
}

const firstMs = 1_600_000_000_000
const longestWaitMs = 3_600_000

/**
 * A network in virtual time, the same for the same seed: relays and clients are the real ones, given the clock, the timers and the
 * randomness of the simulation.
 *
 * @throws SimulatorError `invalid-argument`
 * @example
 * ```ts
 * const simulation = createSimulation({ seed: '1' })
 * const [a, b] = [await addWhisper(simulation, 'a'), await addWhisper(simulation, 'b')]
 * simulation.connect('a', 'b', { latencyMs: 80, lossRate: 0.01 })
 * await simulation.run(60_000)
 * console.log(simulation.trace.hash())
 * ```
 */
export function createSimulation(options: SimulationOptions): Simulation {
  check.options('options', options, ['seed', 'startMs', 'keepTrace', 'replay'])
  const { seed, startMs = firstMs, keepTrace = false, replay } = options
  check.text('seed', seed)
  check.number('startMs', startMs, 0, Number.MAX_SAFE_INTEGER)
  check.boolean('keepTrace', keepTrace)
  if (replay !== undefined) check.array('replay', replay)
  const time = createSimulatedTime(startMs)
  const trace = createTrace(keepTrace, replay)
  const random = (name: string): SimulatedRandom => {
    check.text('name', name)
    return createSimulatedRandom(seed, name)
  }
  const failures: unknown[] = []
  const guarded = (action: () => void | Promise<void>) => (): void => {
    const failed = (error: unknown): void => {
      failures.push(error)
    }
    try {
      action()?.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
  const network = createNetwork({ time, startMs, trace, random })
  const after: Simulation['after'] = (ms, action) => {
    checkMs('ms', ms)
    check.function('action', action)
    return time.scheduler.after(ms, guarded(action))
  }
  const run: Simulation['run'] = async (ms, until) => {
    checkMs('ms', ms)
    if (until !== undefined) check.function('until', until)
    await time.runUntil(time.now() + ms, () => failures.length > 0 || until?.() === true)
    if (failures.length > 0) throw failures.shift()
  }
  return {
    ...network,
    seed,
    clock: time.clock,
    scheduler: time.scheduler,
    elapsedMs: () => time.now() - startMs,
    random,
    after,
    run,
    offThread: async (work, ms) => {
      check.object('work', work)
      check.function('work.then', work.then)
      checkMs('ms', ms)
      return time.offThread(work, ms)
    },
    trace,
    settled: async (promise, mostMs = longestWaitMs) => {
      check.object('promise', promise)
      check.function('promise.then', promise.then)
      checkMs('mostMs', mostMs)
      let isSettled = false
      const noted = promise.finally(() => {
        isSettled = true
      })
      noted.catch(() => undefined)
      await run(mostMs, () => isSettled)
      if (!isSettled)
        throw new SimulatorError('endless', `settled: not within ${mostMs} ms`, {
          origin: 'environment',
          details: { mostMs }
        })
      return noted
    },
    churn: (connections, rates) => {
      check.array('connections', connections)
      check.options('churn', rates, ['meanUpMs', 'meanDownMs'])
      const { meanUpMs, meanDownMs } = rates
      check.number('churn.meanUpMs', meanUpMs, 1, Number.MAX_SAFE_INTEGER)
      check.number('churn.meanDownMs', meanDownMs, 1, Number.MAX_SAFE_INTEGER)
      const weather = random('churn')
      const ends = new Set<() => void>()
      let isOver = false
      const next = (connection: Connection): void => {
        const ms = weather.exponential(connection.isUp() ? meanUpMs : meanDownMs)
        const end = after(ms, () => {
          ends.delete(end)
          if (isOver) return
          if (connection.isUp()) connection.cut()
          else connection.restore()
          next(connection)
        })
        ends.add(end)
      }
      for (const connection of connections) next(connection)
      return () => {
        isOver = true
        for (const end of ends) end()
      }
    }
  }
}
