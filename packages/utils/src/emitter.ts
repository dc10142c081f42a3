import { StackError } from '@status-stack/interface'

/** Every name of some events, with whatever is said of each. An object, because the compiler then misses none. */
export type EventNames<Events> = { readonly [Name in keyof Events]-?: unknown }

/** Facts by name: who listens, and who tells. */
export interface Emitter<Events> {
  /**
   * Listens until the answered function is called.
   *
   * @throws StackError `unknown-event` for a name that never comes, which would be waited for in vain
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
 * @param onError told of what a handler threw @default it is dropped
 * @example
 * ```ts
 * const emitter = createEmitter<{ peerconnected: { peerId: string } }>({ peerconnected: true })
 * const off = emitter.on('peerconnected', ({ peerId }) => console.log(peerId))
 * emitter.emit('peerconnected', { peerId: 'ab' })
 * off()
 * ```
 */
export function createEmitter<Events>(
  names: EventNames<Events>,
  onError: (name: keyof Events, error: unknown) => void = () => undefined
): Emitter<Events> {
  const handlers = new Map<keyof Events, Set<(fact: never) => void>>()
  return {
    on: (name, handler) => {
      if (!Object.hasOwn(names, name)) {
        const known = Object.keys(names).join(', ')
        throw new StackError('unknown-event', `event: expected one of ${known}`, { origin: 'caller' })
      }
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(handler))
      return () => void set.delete(handler)
    },
    emit: (name, fact) => {
      for (const handler of [...(handlers.get(name) ?? [])]) {
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
