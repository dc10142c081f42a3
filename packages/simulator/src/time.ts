import type { Clock, Scheduler } from '@status-stack/interface'
import { SimulatorError } from './errors.ts'
import { createEventQueue } from './event-queue.ts'
import { settle } from './settle.ts'

/** A clock that goes from event to event. */
export interface SimulatedTime {
  /** Whole milliseconds, as of the system. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** The instant with its fraction, Unix milliseconds. */
  readonly now: () => number
  /** Work in a thread: whenever it is really done, its answer comes after `ms` milliseconds of the simulation. */
  readonly offThread: <T>(work: Promise<T>, ms: number) => Promise<T>
  /** Runs everything up to this instant. @throws SimulatorError `busy` while any simulation of the process runs */
  readonly runUntil: (atMs: number, isOver?: () => boolean) => Promise<void>
}

/**
 * Some code measures how long its own work takes, to give the turn away or to batch: with the machine's clock that depends on how busy
 * the machine is. While a simulation runs, work takes no time.
 */
function withStandingStopwatch(now: () => number): () => void {
  const own = Object.getOwnPropertyDescriptor(performance, 'now')
  const start = performance.now() - now()
  Object.defineProperty(performance, 'now', { value: () => start + now(), configurable: true, writable: true })
  return () => {
    if (own === undefined) Reflect.deleteProperty(performance, 'now')
    else Object.defineProperty(performance, 'now', own)
  }
}

let isRunning = false

/** @param startMs Unix milliseconds of the beginning */
export function createSimulatedTime(startMs: number): SimulatedTime {
  const queue = createEventQueue()
  let nowMs = startMs
  const now = (): number => nowMs
  // BOUNDED: by the nodes, each of which waits for a few.
  const working = new Set<Promise<unknown>>()
  const rest = (): Promise<void> => settle(() => working.size > 0)
  const after: Scheduler['after'] = (ms, callback) => {
    const event = queue.add(nowMs + Math.max(0, ms), callback)
    return () => {
      event.cancelled = true
    }
  }

  const step = async (end: number): Promise<boolean> => {
    const first = queue.peek()
    if (first === undefined || first.atMs > end) return false
    nowMs = Math.max(nowMs, first.atMs)
    // What falls on the same instant happens together; what it sets off comes after it.
    for (let event = queue.peek(); event !== undefined && event.atMs <= first.atMs; event = queue.peek()) {
      queue.shift()?.run()
    }
    await rest()
    return true
  }

  return {
    clock: { nowMs: () => Math.floor(nowMs) },
    scheduler: { after },
    now,
    offThread: async (work, ms) => {
      const done = work.then(
        () => undefined,
        () => undefined
      )
      working.add(done)
      void done.then(() => working.delete(done))
      await new Promise<void>(resolve => {
        after(ms, resolve)
      })
      return work
    },
    runUntil: async (end, isOver = () => false) => {
      if (isRunning) {
        throw new SimulatorError('busy', 'simulation: another one is running in this process', { origin: 'caller' })
      }
      isRunning = true
      const restore = withStandingStopwatch(now)
      try {
        await rest()
        while (!isOver() && (await step(end))) {
          // One instant after the other.
        }
        if (!isOver()) nowMs = Math.max(nowMs, end)
        await rest()
      } finally {
        restore()
        isRunning = false
      }
    }
  }
}
