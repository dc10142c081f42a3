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

/**
 * Feeds a connection, `maxCalls` texts at a time: `pause` and `resume` stop and continue the reading, so that a client
 * that asks faster than it is answered waits.
 */
export function createCalls(
  connection: RpcConnection,
  maxCalls: number,
  reading: { readonly pause: () => void; readonly resume: () => void }
): Calls {
  let running = 0
  let finished = false
  const onIdle: (() => void)[] = []
  // A transport may hand over what it had read before the pause. BOUNDED: what fits its own read buffer.
  const waiting: string[] = []
  const next = (json: string): void => {
    running++
    const done = (): void => {
      running--
      const first = waiting.shift()
      if (first !== undefined) next(first)
      else if (running === maxCalls - 1) reading.resume()
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
      if (running >= maxCalls) {
        waiting.push(json)
        return
      }
      next(json)
      if (running >= maxCalls) reading.pause()
    },
    finish,
    stop: () => {
      waiting.length = 0
      return finish()
    }
  }
}
