import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { topicNumberAt } from '../topic.ts'
import type { PacketArchive } from './archive.ts'
import type { NodeContext } from './context.ts'
import { markKnown } from './known-peers.ts'
import type { Peer } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** An envelope that came again. */
interface Repeat {
  readonly peer: Peer
  readonly id: string
  readonly raw: Uint8Array
  readonly span: EnvelopeSpan
  /** Absent once it has left the pool. */
  readonly entry: PooledEnvelope | undefined
}

/** A repeat is no news and no fault: our own envelopes come back, and a slow peer sends what has just left the pool. */
export type NoteRepeat = (repeat: Repeat, archive: PacketArchive | undefined) => void

export function createRepeats({ pool, meter }: Pick<NodeContext, 'pool' | 'meter'>): NoteRepeat {
  return ({ peer, id, raw, span, entry }, archive) => {
    if (entry !== undefined) markKnown(entry, peer.slot)
    meter.duplicate(raw.length)
    if (archive === undefined) return
    const { expiry, ttl, topicStart, start } = span
    const envelope = { id, bytes: raw, topic: topicNumberAt(raw, topicStart - start), expiry, ttl }
    archive.repeated(envelope, pool.archivingOf(id))
  }
}
