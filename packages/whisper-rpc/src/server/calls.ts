import type { RpcConnection } from '../rpc.ts'

/**
 * Feeds a connection, `maxCalls` texts at a time: `pause` and `resume` stop and continue the reading, so that a client
 * that asks faster than it is answered waits.
 */
export function createCalls(
  connection: RpcConnection,
  maxCalls: number,
  reading: { readonly pause: () => void; readonly resume: () => void }
): (json: string) => void {
  let running = 0
  // A transport may hand over what it had read before the pause. BOUNDED: what fits its own read buffer.
  const waiting: string[] = []
  const next = (json: string): void => {
    running++
    const done = (): void => {
      running--
      const first = waiting.shift()
      if (first !== undefined) next(first)
      else if (running === maxCalls - 1) reading.resume()
    }
    connection.receive(json).then(done, done)
  }
  return json => {
    if (running >= maxCalls) {
      waiting.push(json)
      return
    }
    next(json)
    if (running >= maxCalls) reading.pause()
  }
}
