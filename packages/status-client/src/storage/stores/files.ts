import type { Database } from '../../ports.ts'

/** What `classic-level` has beside the interface of its family. */
interface Compacting {
  readonly compactRange: (start: string, end: string, options: { readonly keyEncoding: 'utf8' }) => Promise<void>
}

function canCompact(database: Database): database is Database & Compacting {
  return 'compactRange' in database && typeof database.compactRange === 'function'
}

/** Databases whose log ends in the middle of a record; they outlive those who use them. */
const torn = new WeakSet<Database>()
/** A key that never exists, for writes that only try. */
const probe = '!probe'
const keys = { keyEncoding: 'utf8' } as const

/** LevelDB's files, as far as its own calls reach them; other members of the family keep theirs to themselves. */
export interface Files {
  /** To be called after a write that failed. */
  readonly failed: () => void
  /** To be called after a write that worked: what was confirmed since one failed is only now safe. */
  readonly mend: () => Promise<void>
  /**
   * Takes what was overwritten or deleted in a range out of the files, but for what a read under way still holds.
   * @returns whether this database can do that
   */
  readonly erase: (range: { readonly gte: string; readonly lt: string }) => Promise<boolean>
}

export function createFiles(database: Database): Files {
  const remove = (...names: readonly string[]): Promise<void> =>
    database.batch<string, Uint8Array>([...names.map(key => ({ type: 'del', key }) as const)], keys)
  return {
    failed: () => {
      torn.add(database)
    },
    mend: async () => {
      if (!torn.has(database) || !canCompact(database)) return
      // LevelDB goes on writing behind the record that it could not finish, but does not read on there when it is opened again: all
      // that it confirmed since would be lost without a word. This puts what is in memory into a table and begins a new log. It
      // reports no failure; the next write does.
      await database.compactRange(probe, probe, keys)
      await remove(probe)
      torn.delete(database)
    },
    erase: async ({ gte, lt }) => {
      if (!canCompact(database)) return false
      // On a full disk this fails, and nothing is begun that would leave LevelDB unusable until it is opened again.
      await remove(probe)
      // Memory is written to a table with all versions that it holds, and a compaction rewrites only tables with something above
      // them. So: write it; then put deletions of keys that do not exist at both ends of the range, above all that lies between.
      await database.compactRange(gte, gte, keys)
      await remove(gte, lt)
      await database.compactRange(gte, lt, keys)
      // Deletes the tables that some read made use of when the last step ended.
      await database.compactRange(gte, gte, keys)
      return true
    }
  }
}
