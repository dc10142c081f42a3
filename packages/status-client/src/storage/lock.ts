import { check } from '../errors.ts'
import type { AccountLock } from '../ports.ts'

interface LockManagerLike {
  readonly request: (
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => Promise<void> | undefined
  ) => Promise<unknown>
}

/**
 * Web Locks: a second tab on the same account gets `undefined`. A closed tab gives its lock up by itself.
 *
 * @example
 * ```ts
 * const client = await createClient({ identity, database, storageKey, lock: webLocks(navigator.locks) })
 * ```
 */
export function webLocks(locks: LockManagerLike): AccountLock {
  check.object('locks', locks)
  return {
    acquire: name =>
      new Promise((resolve, reject) => {
        const held = locks.request(name, { ifAvailable: true }, lock => {
          if (lock === null || lock === undefined) {
            resolve(undefined)
            return undefined
          }
          return new Promise<void>(free => {
            resolve(async () => {
              free()
              // Free for others only once the browser has taken note.
              await held
            })
          })
        })
        held.catch(reject)
      })
  }
}

/** What the platform has; Node 20 has none, and there the database itself is locked. */
export function platformLock(): AccountLock | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManagerLike } }
  return navigator?.locks === undefined ? undefined : webLocks(navigator.locks)
}
