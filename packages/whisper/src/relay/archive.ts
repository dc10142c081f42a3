import { forEachSliced } from '@status-stack/utils'
import type { ArchivePort } from '../ports.ts'
import { createArchiveRetries, type Storable } from './archive-retries.ts'
import type { NodeContext } from './context.ts'
import { type Archivable, archivedOf } from './judging.ts'
import type { Archiving, PooledEnvelope } from './pooled-envelope.ts'

/** What of one packet the archive has to have before the packet is confirmed. */
export interface PacketArchive {
  /** The packet brought it: to be stored. */
  readonly fresh: (entry: PooledEnvelope) => void
  /** The packet holds what is or was in the pool. Its bytes are copied if they are needed later. */
  readonly repeated: (envelope: Archivable, archiving: Archiving | undefined) => void
  /** Stores what is new, and what could not be stored before. False when anything of the packet is not kept. */
  readonly kept: () => Promise<boolean>
}

/** The way of envelopes into the archive of a mailserver. */
export interface Archive {
  /** Stores envelopes; true without an archive, false when it failed. Never rejects. @param owner who brought them: with others it shares what may wait */
  readonly keep: (entries: readonly PooledEnvelope[], owner: string) => Promise<boolean>
  /** Of a packet that `owner` brought. Absent without an archive. */
  readonly packet: (owner: string) => PacketArchive | undefined
  /** From now on, what could not be stored is tried again. */
  readonly start: () => void
  /** Ends the further attempts; what waits for one is given up. */
  readonly stop: () => void
}

/** An envelope and what is known of it in the archive. */
interface Unstored {
  readonly envelope: Archivable
  readonly archiving: Archiving
}

/**
 * Knows which envelopes the archive does not have yet. A second peer's copy of one is no news for the pool, and yet must not be
 * confirmed before it is stored: that peer would forget it, and it would be lost if this process died then.
 */
export function createArchive(context: NodeContext): Archive {
  const { events, logger, slicer, protocol } = context

  const accepted = async (port: ArchivePort, batch: readonly Storable[]): Promise<boolean> => {
    try {
      await port.accept(batch.map(({ archived }) => archived))
      return true
    } catch {
      events.emit('archivefailed', { envelopes: batch.length })
      logger.error(`${protocol.name}:archive: storing failed`, { envelopes: batch.length })
      return false
    }
  }

  const insert = async (batch: readonly Storable[]): Promise<boolean> => {
    const port = context.mailserver?.archive
    if (port === undefined) return true
    const storing = accepted(port, batch)
    for (const { archiving } of batch) archiving.stored = storing
    const isStored = await storing
    if (isStored) for (const { archiving } of batch) archiving.stored = undefined
    return isStored
  }
  const retries = createArchiveRetries(context, insert)

  const store = async (envelopes: readonly Unstored[], owner: string): Promise<boolean> => {
    if (envelopes.length === 0) return true
    const batch: Storable[] = []
    await forEachSliced(
      envelopes,
      ({ envelope, archiving }) => void batch.push({ id: envelope.id, archived: archivedOf(envelope), archiving }),
      { slicer }
    )
    const isStored = await insert(batch)
    if (!isStored) retries.add(batch, owner)
    return isStored
  }

  const openPacket = (owner: string): PacketArchive => {
    const fresh: Unstored[] = []
    // BOUNDED: the packet
    const repeated = new Map<string, Unstored & { readonly others: Promise<boolean> }>()
    let settle: (isKept: Promise<boolean>) => void = () => undefined
    const storing = new Promise<boolean>(resolve => {
      settle = resolve
    })
    return {
      fresh: entry => {
        // From now on: others may send it before this packet is read to its end.
        entry.archiving = { stored: storing }
        fresh.push({ envelope: entry, archiving: entry.archiving })
      },
      repeated: (envelope, archiving) => {
        const others = archiving?.stored
        // What this packet itself brought is stored with it.
        if (archiving === undefined || others === undefined || others === storing || repeated.has(envelope.id)) return
        // The packet's memory is another one's when its turn comes.
        const bytes = new Uint8Array(envelope.bytes)
        repeated.set(envelope.id, { envelope: { ...envelope, bytes }, archiving, others })
      },
      kept: async () => {
        // First its own: two packets that wait for each other would wait for ever.
        const own = store(fresh, owner)
        settle(own)
        const again: Unstored[] = []
        for (const entry of repeated.values()) if (!(await entry.others)) again.push(entry)
        const isKeptAgain = await store(again, owner)
        return (await own) && isKeptAgain
      }
    }
  }

  return {
    keep: (entries, owner) => {
      if (context.mailserver?.archive === undefined) return Promise.resolve(true)
      const unstored = entries.map(envelope => {
        envelope.archiving ??= { stored: undefined }
        return { envelope, archiving: envelope.archiving }
      })
      const storing = store(unstored, owner)
      for (const { archiving } of unstored) archiving.stored ??= storing
      return storing
    },
    packet: owner => (context.mailserver?.archive === undefined ? undefined : openPacket(owner)),
    start: retries.start,
    stop: retries.stop
  }
}
