import type { ArgumentChecks } from './checks.ts'

/** Every name of some events, with whatever is said of each. An object, because the compiler then misses none. */
export type EventNames<Events> = { readonly [Name in keyof Events]-?: unknown }

/** Facts by name: who listens, and who tells. */
export interface Emitter<Events> {
  /**
   * Listens until the answered function is called.
   *
   * @throws the package's `invalid-argument` for a name that never comes, which would be waited for in vain, and for what cannot be called
   */
  readonly on: <Name extends keyof Events>(name: Name, handler: (fact: Events[Name]) => void) => () => void
  /** Calls the handlers of this name in the order in which they came. */
  readonly emit: <Name extends keyof Events>(name: Name, fact: Events[Name]) => void
  /** Whether anything listens: facts that cost something to make are made only then. */
  readonly wants: (name: keyof Events) => boolean
}

/**
 * A handler that throws is reported and stays subscribed: one listener must not stop another.
 *
 * @param names of all events that can come
 * @param check of the package whose events they are
 * @param onError told of what a handler threw @default it is dropped
 * @example
 * ```ts
 * const emitter = createEmitter<{ peerconnected: { peerId: string } }>({ peerconnected: true }, check)
 * const off = emitter.on('peerconnected', ({ peerId }) => console.log(peerId))
 * emitter.emit('peerconnected', { peerId: 'ab' })
 * off()
 * ```
 */
export function createEmitter<Events>(
  names: EventNames<Events>,
  check: Pick<ArgumentChecks, 'function' | 'oneOf'>,
  onError: (name: keyof Events, error: unknown) => void = () => undefined
): Emitter<Events> {
  const handlers = new Map<keyof Events, Set<{ readonly handler: (fact: never) => void }>>()
  return {
    on: (name, handler) => {
      check.oneOf('event', name, Object.keys(names))
      check.function('handler', handler)
      const set = handlers.get(name) ?? new Set()
      // One function may listen twice, and each of the two is ended by itself.
      const own = { handler }
      handlers.set(name, set.add(own))
      return () => void set.delete(own)
    },
    emit: (name, fact) => {
      for (const { handler } of [...(handlers.get(name) ?? [])]) {
        try {
          handler(fact as never)
        } catch (error) {
          onError(name, error)
        }
      }
    },
    wants: name => (handlers.get(name)?.size ?? 0) > 0
  }
}
