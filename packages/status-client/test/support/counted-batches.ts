import type { MemoryLevel } from 'memory-level'

/** Counts the batches that a database is given from now on. */
export function countedBatches(database: MemoryLevel<string, Uint8Array>): () => number {
  let batches = 0
  const batch = database.batch.bind(database) as (...args: unknown[]) => Promise<void>
  Object.assign(database, {
    batch: (...args: unknown[]) => {
      batches += 1
      return batch(...args)
    }
  })
  return () => batches
}
