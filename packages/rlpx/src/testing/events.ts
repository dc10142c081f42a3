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
  fits: (detail: HostEvents[T]) => boolean = () => true
): Promise<HostEvents[T]> {
  return new Promise(resolve => {
    const listener = (event: CustomEvent<HostEvents[T]>): void => {
      if (!fits(event.detail)) return
      from.removeEventListener(type, listener)
      resolve(event.detail)
    }
    from.addEventListener(type, listener)
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
  from.addEventListener(type, event => {
    events.push(event.detail)
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
