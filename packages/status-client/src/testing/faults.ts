import type { Database } from '../ports.ts'

/** Which write of a store fails in a test, and how. */
export interface FaultPlan {
  /** The write that fails, counted from 1 over all stores together; 0 lets everything through. */
  readonly failAt: number
  /** `before`: the k-th write does not reach the disk. `after`: it does, but the caller is not told. @default 'before' */
  readonly mode?: 'before' | 'after'
}

/** A database whose writes fail as planned. */
export interface FaultyDatabase {
  /** To be given to a client in place of the one underneath. */
  readonly database: Database
  /** Writes seen so far. */
  readonly writes: () => number
  /** Whether the planned write has come. */
  readonly crashed: () => boolean
}

/**
 * A database that dies at its k-th write: from then on every operation fails, as for a killed process. What was written before
 * stays in the database underneath, which a new client then opens.
 *
 * @example
 * ```ts
 * const disk = new MemoryLevel()
 * const { database } = faultyDatabase(disk, { failAt: 7 })
 * const client = await createClient({ identity, database, storageKey })
 * ```
 */
export function faultyDatabase(inner: Database, plan: FaultPlan): FaultyDatabase {
  let writes = 0
  let crashed = false
  const dead = (): Error => new Error('injected crash')
  const guardWrite = (write: (...input: unknown[]) => Promise<unknown>) => {
    return async (...input: unknown[]): Promise<unknown> => {
      if (crashed) throw dead()
      writes += 1
      if (writes !== plan.failAt) return write(...input)
      crashed = true
      if (plan.mode === 'after') await write(...input)
      throw dead()
    }
  }
  const guardRead = (read: (...input: unknown[]) => unknown) => {
    return (...input: unknown[]): unknown => {
      if (crashed) throw dead()
      return read(...input)
    }
  }
  const written = new Set<PropertyKey>(['put', 'del', 'batch', 'clear'])
  const read = new Set<PropertyKey>(['get', 'getSync', 'getMany', 'has', 'iterator', 'keys', 'values'])
  const database = new Proxy(inner, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      const bound = value.bind(target) as (...input: unknown[]) => Promise<unknown>
      if (written.has(property)) return guardWrite(bound)
      if (read.has(property)) return guardRead(bound)
      return bound
    }
  })
  return { database, writes: () => writes, crashed: () => crashed }
}
