import type { Host, HostEventName, HostEvents } from '../host/types.ts'

/**
 * The next event of a type, optionally one that fits.
 *
 * @example
 * ```ts
 * const { peerId } = await once(host, 'peerconnected')
 * ```
 */
export function once<T extends HostEventName>(
  from: Host,
  type: T,
  fits: (fact: HostEvents[T]) => boolean = () => true
): Promise<HostEvents[T]> {
  return new Promise(resolve => {
    const off = from.on(type, fact => {
      if (!fits(fact)) return
      off()
      resolve(fact)
    })
  })
}

/**
 * Every event of a type from now on.
 *
 * @example
 * ```ts
 * const refused = record(host, 'refused')
 * ```
 */
export function record<T extends HostEventName>(from: Host, type: T): HostEvents[T][] {
  const events: HostEvents[T][] = []
  from.on(type, fact => {
    events.push(fact)
  })
  return events
}

/**
 * Waits until a condition holds; the watchdog of the test ends it otherwise.
 *
 * @example
 * ```ts
 * await until(() => host.peers().length === 2)
 * ```
 */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>(resolve => setTimeout(resolve, 2))
}
