import { compareBytes } from '@status-stack/crypto'
import { forEachSliced, timeSlicer } from '@status-stack/utils'
import type { Archived } from '@status-stack/whisper'
import { archiveKey } from '@status-stack/whisper/wire'
import { check } from './checks.ts'
import { behindCursor, endOfSecond, isTopicAdmitted, keyOfSecond, topicOfStored, usableCursor } from './keys.ts'
import type { EnvelopeStore, StoredEnvelope, StoreQuery } from './ports.ts'

/** Envelopes of one chunk. */
const chunkEnvelopes = 64

/** How many stored keys are smaller. */
function indexIn(stored: readonly StoredEnvelope[], key: Uint8Array): number {
  let [low, high] = [0, stored.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const found = stored[middle]
    if (found !== undefined && compareBytes(found.key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * An archive in memory, for tests and simulations: lost with the process, not bounded.
 * @throws MailserverError `invalid-argument`
 *
 * @example
 * ```ts
 * const mailserver = createMailserver({ store: memoryEnvelopeStore() })
 * ```
 */
export function memoryEnvelopeStore(order: EnvelopeStore['order'] = 'oldest-first'): EnvelopeStore {
  check.oneOf('order', order, ['oldest-first', 'newest-first'])
  /** Oldest first. */
  const stored: StoredEnvelope[] = []

  const indexOf = (key: Uint8Array): number => indexIn(stored, key)

  /** The place behind a key, whether or not it is still stored. */
  const behind = (key: Uint8Array): number => {
    const at = indexOf(key)
    const found = stored[at]
    return found !== undefined && compareBytes(found.key, key) === 0 ? at + 1 : at
  }

  const insert = (envelope: Archived): void => {
    const key = archiveKey(envelope)
    const at = indexOf(key)
    const found = stored[at]
    if (found !== undefined && compareBytes(found.key, key) === 0) return
    stored.splice(at, 0, { key, bytes: envelope.bytes.slice() })
  }

  async function* query(asked: StoreQuery): AsyncGenerator<readonly StoredEnvelope[]> {
    const cursor = usableCursor(asked.cursor)
    const end = endOfSecond(asked.upper)
    const forward = order === 'oldest-first'
    const isWanted = ({ key, bytes }: StoredEnvelope): boolean => {
      const topic = topicOfStored(key, bytes)
      return topic !== undefined && isTopicAdmitted(asked.bloom, topic)
    }
    // By place in time, not by index: others store and delete between two chunks.
    let last: Uint8Array | undefined
    const range = (): readonly [number, number] => {
      let low = indexOf(keyOfSecond(asked.lower))
      let high = end === undefined ? stored.length : indexOf(end)
      if (cursor !== undefined && forward) low = Math.max(low, indexOf(behindCursor(cursor)))
      if (cursor !== undefined && !forward) high = Math.min(high, indexOf(cursor))
      if (last !== undefined && forward) low = Math.max(low, behind(last))
      if (last !== undefined && !forward) high = Math.min(high, indexOf(last))
      return [low, high]
    }
    for (let left = asked.limit; left > 0; ) {
      asked.signal?.throwIfAborted()
      const [low, high] = range()
      const chunk: StoredEnvelope[] = []
      let seen = 0
      for (; low + seen < high && chunk.length < Math.min(chunkEnvelopes, left) && !timeSlicer.due(); seen++) {
        const envelope = stored[forward ? low + seen : high - 1 - seen]
        if (envelope === undefined) break
        last = envelope.key
        if (isWanted(envelope)) chunk.push(envelope)
      }
      left -= chunk.length
      if (chunk.length > 0) yield chunk
      if (low + seen >= high) return
      const pause = timeSlicer.background.yielded(asked.signal)
      if (pause !== undefined) await pause
    }
  }

  return {
    order,
    open: async () => undefined,
    close: async () => undefined,
    put: envelopes => forEachSliced(envelopes, insert),
    query,
    deleteOlderThan: async (seconds, most) => stored.splice(0, Math.min(most, indexOf(keyOfSecond(seconds)))).length,
    size: async () => ({
      envelopes: stored.length,
      bytes: stored.reduce((sum, { key, bytes }) => sum + key.length + bytes.length, 0)
    })
  }
}
