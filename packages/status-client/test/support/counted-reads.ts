import type { MemoryLevel } from 'memory-level'
import type { Database } from '../../src/index.ts'

/** What a client asks its database for: the cost of a step in reads, which no machine makes slower or faster. */
export interface Reads {
  gets: number
  ranges: number
  entries: number
}

/** The database, with what is read from it counted. */
export function counted(database: MemoryLevel): {
  readonly database: Database
  readonly during: <T>(work: () => Promise<T>) => Promise<Reads>
} {
  const reads: Reads = { gets: 0, ranges: 0, entries: 0 }
  const proxy = new Proxy(database, {
    get: (target, name) => {
      if (name === 'get') {
        return (...args: Parameters<typeof target.get>) => {
          reads.gets += 1
          return target.get(...args)
        }
      }
      if (name === 'getSync') {
        return (...args: Parameters<typeof target.getSync>) => {
          reads.gets += 1
          return target.getSync(...args)
        }
      }
      if (name === 'iterator') {
        return async function* (...args: Parameters<typeof target.iterator>) {
          reads.ranges += 1
          for await (const entry of target.iterator(...args)) {
            reads.entries += 1
            yield entry
          }
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  return {
    database: proxy as unknown as Database,
    during: async work => {
      const before = { ...reads }
      await work()
      return {
        gets: reads.gets - before.gets,
        ranges: reads.ranges - before.ranges,
        entries: reads.entries - before.entries
      }
    }
  }
}
