import type { Core } from '../composition/core.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { OutboxPlace } from '../storage/stores/keys.ts'
import type { Unit } from '../storage/stores/store.ts'

/** The entries of the outbox as they are stored. */
export interface OutboxEntries {
  readonly put: (unit: Unit, record: OutboxRecord) => void
  readonly remove: (unit: Unit, place: OutboxPlace) => void
  /** Deletes entries that have been handed over. Their bytes stay for as long as sync needs them. */
  readonly drop: (...entries: readonly OutboxRecord[]) => Promise<void>
  readonly save: (record: OutboxRecord) => Promise<void>
  readonly read: (place: OutboxPlace) => Promise<OutboxRecord | undefined>
  /** The bytes of an entry; none once it was given up. Those that a release before schema 4 put into it get their own record first. */
  readonly bytesOf: (record: OutboxRecord) => Promise<Uint8Array | undefined>
}

/** @param wrote told what lies under a key once it is on the disk */
export function createOutboxEntries(
  { store, keys, bodies }: Pick<Core, 'store' | 'keys' | 'bodies'>,
  wrote: (place: OutboxPlace, key: string, record: OutboxRecord | undefined) => void
): OutboxEntries {
  const put: OutboxEntries['put'] = (unit, record) => {
    const key = keys.outbox(record)
    unit.put(key, record)
    unit.after(() => wrote(record, key, record))
  }

  const remove: OutboxEntries['remove'] = (unit, place) => {
    const key = keys.outbox(place)
    unit.delete(key)
    unit.after(() => wrote(place, key, undefined))
  }

  return {
    put,
    remove,
    drop: async (...entries) => {
      const unit = store.unit()
      for (const entry of entries) {
        const { messageId, via } = entry
        remove(unit, entry)
        if (via.kind === 'once' || via.peers.length === 0) bodies.drop(unit, messageId)
      }
      await unit.commit()
    },
    save: async record => {
      const unit = store.unit()
      put(unit, record)
      await unit.commit()
    },
    read: place => store.get<OutboxRecord>(keys.outbox(place)),
    bytesOf: async ({ bytes, ...record }) => {
      const { messageId, via } = record
      if (bytes === undefined) return bodies.get(messageId)
      const unit = store.unit()
      bodies.stage(unit, messageId, bytes, via.kind === 'sync' ? via.peers : [])
      put(unit, record)
      await unit.commit()
      return bytes
    }
  }
}
