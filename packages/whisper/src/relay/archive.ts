import { forEachSliced } from '@status-stack/utils'
import type { Archived } from '../ports.ts'
import type { NodeContext } from './context.ts'
import { archivedOf } from './judging.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** What of one packet the archive has to have before the packet is confirmed. */
export interface PacketArchive {
  /** The packet brought it: to be stored. */
  readonly fresh: (entry: PooledEnvelope) => void
  /** The packet holds what is in the pool already. */
  readonly repeated: (entry: PooledEnvelope) => void
  /** Stores what is new, and what could not be stored before. False when anything of the packet is not kept. */
  readonly kept: () => Promise<boolean>
}

/** The way of envelopes into the archive of a mailserver. */
export interface Archive {
  /** Stores envelopes; true without an archive, false when it failed. Never rejects. */
  readonly keep: (entries: readonly PooledEnvelope[]) => Promise<boolean>
  /** Absent without an archive. */
  readonly packet: () => PacketArchive | undefined
}

/**
 * Knows which pooled envelopes the archive does not have yet. A second peer's copy of one is no news for the pool, and yet must not be
 * confirmed before it is stored: that peer would forget it, and it would be lost if this process died then.
 */
export function createArchive(context: NodeContext): Archive {
  const { events, logger, slicer, protocol } = context
  // BOUNDED: one for each entry of the pool, gone with it.
  const unkept = new WeakMap<PooledEnvelope, Promise<boolean>>()

  const store = async (entries: readonly PooledEnvelope[]): Promise<boolean> => {
    const port = context.mailserver?.archive
    if (port === undefined || entries.length === 0) return true
    const archived: Archived[] = []
    await forEachSliced(entries, entry => void archived.push(archivedOf(entry)), { slicer })
    try {
      await port.accept(archived)
    } catch {
      events.emit('archivefailed', { envelopes: entries.length })
      logger.error(`${protocol.name}:archive: storing failed`, { envelopes: entries.length })
      return false
    }
    for (const entry of entries) unkept.delete(entry)
    return true
  }

  const keep = (entries: readonly PooledEnvelope[]): Promise<boolean> => {
    const storing = store(entries)
    if (context.mailserver?.archive !== undefined) for (const entry of entries) unkept.set(entry, storing)
    return storing
  }

  const openPacket = (): PacketArchive => {
    const fresh: PooledEnvelope[] = []
    const repeated = new Map<PooledEnvelope, Promise<boolean>>()
    let settle: (isKept: Promise<boolean>) => void = () => undefined
    const storing = new Promise<boolean>(resolve => {
      settle = resolve
    })
    return {
      fresh: entry => {
        fresh.push(entry)
        // From now on: others may send it before this packet is read to its end.
        unkept.set(entry, storing)
      },
      repeated: entry => {
        const others = unkept.get(entry)
        // What this packet itself brought is stored with it.
        if (others !== undefined && others !== storing) repeated.set(entry, others)
      },
      kept: async () => {
        // First its own: two packets that wait for each other would wait for ever.
        const own = store(fresh)
        settle(own)
        const again: PooledEnvelope[] = []
        for (const [entry, others] of repeated) if (!(await others)) again.push(entry)
        const isKeptAgain = await keep(again)
        return (await own) && isKeptAgain
      }
    }
  }

  return { keep, packet: () => (context.mailserver?.archive === undefined ? undefined : openPacket()) }
}
