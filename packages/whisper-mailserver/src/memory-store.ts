import { bytesToHex, compareBytes } from '@status-stack/crypto'
import { archiveKey } from '@status-stack/whisper/wire'
import { behindCursor, endOfSecond, isTopicAdmitted, keyOfSecond, topicOfStored, usableCursor } from './keys.ts'
import type { EnvelopeStore, StoredEnvelope } from './ports.ts'

/** Envelopes of one chunk. */
const chunkEnvelopes = 64

/** An archive in memory, for tests and simulations: lost with the process, not bounded. */
export function memoryEnvelopeStore(order: EnvelopeStore['order'] = 'oldest-first'): EnvelopeStore {
  const stored = new Map<string, StoredEnvelope>()
  const sorted = (): StoredEnvelope[] => {
    const oldestFirst = [...stored.values()].sort((a, b) => compareBytes(a.key, b.key))
    return order === 'oldest-first' ? oldestFirst : oldestFirst.reverse()
  }
  return {
    order,
    open: async () => undefined,
    close: async () => undefined,
    put: async envelopes => {
      for (const envelope of envelopes) {
        const key = archiveKey(envelope)
        stored.set(bytesToHex(key), { key, bytes: envelope.bytes.slice() })
      }
    },
    query: async function* (query) {
      const cursor = usableCursor(query.cursor)
      const end = endOfSecond(query.upper)
      const isWanted = ({ key, bytes }: StoredEnvelope): boolean => {
        if (compareBytes(key, keyOfSecond(query.lower)) < 0) return false
        if (end !== undefined && compareBytes(key, end) >= 0) return false
        if (cursor !== undefined) {
          const isBehind =
            order === 'oldest-first' ? compareBytes(key, behindCursor(cursor)) > 0 : compareBytes(key, cursor) < 0
          if (!isBehind) return false
        }
        const topic = topicOfStored(key, bytes)
        return topic !== undefined && isTopicAdmitted(query.bloom, topic)
      }
      const wanted = sorted().filter(isWanted).slice(0, query.limit)
      for (let at = 0; at < wanted.length; at += chunkEnvelopes) {
        query.signal?.throwIfAborted()
        yield wanted.slice(at, at + chunkEnvelopes)
      }
    },
    deleteOlderThan: async (seconds, most) => {
      const end = keyOfSecond(seconds)
      const old = [...stored].filter(([, { key }]) => compareBytes(key, end) < 0).slice(0, most)
      for (const [id] of old) stored.delete(id)
      return old.length
    },
    size: async () => ({
      envelopes: stored.size,
      bytes: [...stored.values()].reduce((sum, { key, bytes }) => sum + key.length + bytes.length, 0)
    })
  }
}
