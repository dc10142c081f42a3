import { bytesToHex } from '@status-stack/crypto'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { topicBytes } from '../topic.ts'
import type { NodeContext } from './context.ts'
import { candidateOf } from './judging.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** What happens to an envelope that was judged good, wherever it came from. */
export interface Admission {
  /** Pools it; false when the pool is full of better ones. */
  readonly add: (entry: PooledEnvelope) => boolean
  /** Hands it to other networks, unless a light node should keep to itself. */
  readonly exchange: (entry: PooledEnvelope) => void
  /**
   * Shows it, which lies at `span` of `packet`, to the filters. What it answers settles when they have seen it, until when the bytes of the
   * packet must stay; nothing when no filter asks for its topic.
   */
  readonly match: (
    entry: PooledEnvelope,
    packet: Uint8Array,
    span: EnvelopeSpan,
    from?: string
  ) => Promise<void> | undefined
}

export function createAdmission(context: NodeContext): Admission {
  const { pool, index, events, trackers } = context
  return {
    add: entry => {
      const { added, evicted } = pool.add(entry)
      for (const { id } of evicted) {
        events.emit('envelopeevicted', { hash: id })
        trackers.get(id)?.end()
        trackers.delete(id)
      }
      if (!added) return false
      if (events.wants('envelopepooled')) {
        const topic = bytesToHex(topicBytes(entry.topic))
        events.emit('envelopepooled', { hash: entry.id, topic, expiry: entry.expiry })
      } else events.tally('envelopepooled')
      return true
    },
    exchange: entry => {
      if (context.requirements.light() && !entry.own) return
      for (const take of context.exchanges) take(entry)
    },
    match: (entry, packet, { dataStart, dataEnd }, from) => {
      if (!index.hears(entry.topic)) return undefined
      // In light mode everything of others comes as if a trusted peer had sent it. SPEC: K-31.
      const p2p = context.protocol.lightIsPeerToPeer && context.requirements.light() && !entry.own
      const matched = index.match(candidateOf(entry, packet.subarray(dataStart, dataEnd), from, p2p))
      return typeof matched === 'boolean' ? undefined : matched.then(() => undefined)
    }
  }
}
