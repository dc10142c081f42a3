import type { Database } from '../../ports.ts'
import { createEraser } from './eraser.ts'
import { openKeyValue } from './key-value.ts'

/** Empties a database, and takes what was in it out of its files. */
export async function wipeStore(database: Database): Promise<void> {
  const kv = await openKeyValue(database)
  await kv.clear()
  await createEraser(kv, { nowMs: () => 0 }).everything()
}
