import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import type { SessionStore, StoredRecord } from '../../src/index.ts'

/** The process died at a store write. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** A disk: records that survive the process, can be backed up, and can lose power at any write. */
export function createDisk() {
  let records = new Map<string, StoredRecord>()
  let last = 0
  let fuse: { writes: number; keepLast: boolean } | undefined

  /** Counts a write; answers whether it still reaches the disk, and throws after it did when the fuse is burnt. */
  const write = (apply: () => void): void => {
    const burnt = fuse !== undefined && fuse.writes-- <= 0
    if (!burnt || fuse?.keepLast) apply()
    if (burnt) throw new Crash()
  }

  const revisionOf = (key: string) => records.get(key)?.revision ?? 0
  const store: SessionStore = {
    get: async id => {
      const found = records.get(bytesToHex(id))
      return found && { record: found.record.slice(), revision: found.revision }
    },
    put: async (id, record, revision) => {
      const key = bytesToHex(id)
      if (revisionOf(key) !== revision) return false
      write(() => {
        records.set(key, { record: record.slice(), revision: ++last })
      })
      return true
    },
    delete: async (id, revision) => {
      const key = bytesToHex(id)
      if (revisionOf(key) !== revision) return false
      write(() => {
        records.delete(key)
      })
      return true
    }
  }
  return {
    store,
    /** The write after `writes` more is the last: done (`keepLast`) or lost. */
    arm: (writes: number, keepLast: boolean) => {
      fuse = { writes, keepLast }
    },
    disarm: () => {
      fuse = undefined
    },
    backup: () => new Map([...records].map(([id, { record }]) => [id, record.slice()])),
    restore: (saved: ReadonlyMap<string, Uint8Array>) => {
      records = new Map([...saved].map(([id, record]) => [id, { record: record.slice(), revision: ++last }]))
    },
    records: () => new Map([...records].map(([id, { record }]) => [hexToBytes(id), record] as const))
  }
}

export type Disk = ReturnType<typeof createDisk>
export type Backup = ReturnType<Disk['backup']>
