import { TransportError } from '@status-stack/rlpx'
import { environmentError, throwIfAborted } from '@status-stack/rlpx/carrier'
import { delay, whenAborted } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock, Scheduler, TxtResolver } from '../ports.ts'

/** The texts of the TXT records of a name. @throws TransportError `network`, `timeout`; the signal's reason once it has fired */
export type TxtQuery = (name: string, signal: AbortSignal | undefined) => Promise<readonly string[]>

interface TxtQueriesDeps {
  readonly resolver: TxtResolver
  readonly clock: Clock
  readonly scheduler: Scheduler
}

/** Queries at a bounded rate, each with a time limit. */
export function createTxtQueries(
  { resolver, clock, scheduler }: TxtQueriesDeps,
  { timeoutMs, queriesPerSecond }: { readonly timeoutMs: number; readonly queriesPerSecond: number }
): TxtQuery {
  let nextQueryMs = 0
  return async (name, signal) => {
    const now = clock.nowMs()
    const at = Math.max(now, nextQueryMs)
    nextQueryMs = at + 1000 / queriesPerSecond
    if (at > now) await delay(scheduler, at - now, signal)
    throwIfAborted(signal)
    const controller = new AbortController()
    const abort = (): void => controller.abort(signal?.reason)
    const callOff = whenAborted(signal, abort)
    let cancel = (): void => undefined
    const expired = new Promise<never>((_resolve, reject) => {
      cancel = scheduler.after(timeoutMs, () => {
        controller.abort()
        reject(environmentError('timeout', 'node list: no answer in time'))
      })
    })
    try {
      const records = await Promise.race([resolver.txt(name, { signal: controller.signal }), expired])
      return records.slice(0, limits.txtRecords).map(strings => strings.join(''))
    } catch (cause) {
      if (TransportError.is(cause)) throw cause
      throw environmentError('network', 'node list: the query failed', {}, cause)
    } finally {
      cancel()
      callOff()
    }
  }
}
