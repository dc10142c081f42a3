import type { HoldingBudget } from '@status-stack/utils'
import { serverLimits } from '../limits.ts'
import type { RpcConnection } from '../rpc.ts'

/** The calls of one connection. */
export interface Calls {
  /** Takes one JSON text; nothing more once `finish` was called. */
  readonly receive: (json: string) => void
  /** Takes no further calls; resolves when all that were taken are answered. */
  readonly finish: () => Promise<void>
  /** Takes no further calls, and begins none of those that wait; resolves when those that run are answered. */
  readonly stop: () => Promise<void>
}

/** How much of one connection runs at a time. */
export interface CallBounds {
  readonly maxCalls: number
  /** From so many bytes of their texts on. */
  readonly maxBytes: number
  /** What the running calls of all connections hold. @default this one is alone */
  readonly budget?: HoldingBudget | undefined
  /** They hold too much, and this connection the most for longest. */
  readonly giveUp?: (() => void) | undefined
}

/**
 * Feeds a connection as far as the bounds go: `pause` and `resume` stop and continue the reading, so that a client that asks faster than
 * it is answered waits.
 */
export function createCalls(
  connection: RpcConnection,
  { maxCalls, maxBytes, budget, giveUp = () => undefined }: CallBounds,
  reading: { readonly pause: () => void; readonly resume: () => void }
): Calls {
  let running = 0
  let bytes = 0
  let isPaused = false
  let finished = false
  const held = budget?.open(giveUp)
  const count = (calls: number, length: number): void => {
    running += calls
    bytes += length
    held?.set(bytes + running * serverLimits.callOverhead)
  }
  const onIdle: (() => void)[] = []
  // A transport may hand over what it had read before the pause. BOUNDED: what fits its own read buffer.
  const waiting: string[] = []
  const isFull = (): boolean => running >= maxCalls || bytes >= maxBytes
  const next = (json: string): void => {
    count(1, json.length)
    const done = (): void => {
      count(-1, -json.length)
      while (!isFull()) {
        const first = waiting.shift()
        if (first === undefined) break
        next(first)
      }
      if (isPaused && !isFull()) {
        isPaused = false
        reading.resume()
      }
      if (running === 0) for (const tell of onIdle.splice(0)) tell()
    }
    connection.receive(json).then(done, done)
  }
  const finish = (): Promise<void> => {
    finished = true
    if (running === 0) return Promise.resolve()
    return new Promise(resolve => onIdle.push(resolve))
  }
  return {
    receive: json => {
      if (finished) return
      if (isFull()) {
        waiting.push(json)
        return
      }
      next(json)
      if (!isFull()) return
      isPaused = true
      reading.pause()
    },
    finish,
    stop: () => {
      waiting.length = 0
      return finish()
    }
  }
}
