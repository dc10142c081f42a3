import { bytesToHex } from '@status-stack/crypto'
import { type BoundedMap, createBoundedMap } from '@status-stack/utils'
import { check, checkInterestKey, checkPublicKey } from '../checks.ts'
import { limits } from '../limits.ts'
import type { Logger, Random } from '../ports.ts'
import { topicFromBytes } from '../topic.ts'
import type { FilterOptions, FilterTable } from './filter-types.ts'
import { type Found, messageOf } from './found.ts'
import type { Listener } from './listener.ts'
import type { ListenerRegistry } from './listener-registry.ts'
import type { EnvelopeMessage } from './message.ts'
import type { WaitingBudget, WaitingShare } from './waiting-budget.ts'

/** @throws WhisperError `invalid-argument` */
function checked(options: FilterOptions): void {
  check.options('filter', options, ['key', 'topics', 'src', 'minPow', 'allowP2P', 'onMessage'])
  const { key, src, topics, minPow = 0, allowP2P, onMessage } = options
  checkInterestKey('filter.key', key)
  if (src !== undefined) checkPublicKey('filter.src', src)
  check.number('filter.minPow', minPow, 0, Number.MAX_VALUE)
  if (allowP2P !== undefined) check.boolean('filter.allowP2P', allowP2P)
  if (onMessage !== undefined) check.function('filter.onMessage', onMessage)
  if (topics === undefined) return
  check.array('filter.topics', topics)
  for (const topic of topics) check.bytes('filter.topics', topic)
}

/** Bytes that a message holds while it waits. */
const heldBy = ({ opened }: Found): number => opened.plaintext.length + limits.waitingMessageOverhead

/** Filters that store what they find until it is polled. */
export function createFilterTable(
  registry: ListenerRegistry,
  random: Random,
  { maxQueuedMessages }: { readonly maxQueuedMessages: number },
  budget: WaitingBudget,
  logger: Logger
): FilterTable {
  interface Entry {
    readonly listener: Listener
    /** By envelope hash: no duplicates between two polls. BOUNDED: maxQueuedMessages, and the budget of all; the oldest goes first. */
    readonly waiting: BoundedMap<string, Found>
    readonly share: WaitingShare
  }
  /** An application's callback that throws must not cost the peer its link. */
  const guarded =
    (onMessage: (message: EnvelopeMessage) => void) =>
    (found: Found): void => {
      try {
        onMessage(messageOf(found))
      } catch {
        logger.error('whisper:filters: a callback threw', { hash: found.id.slice(0, 16) })
      }
    }
  // BOUNDED: maxFilters, in the registry.
  const entries = new Map<string, Entry>()
  return {
    add: options => {
      checked(options)
      const waiting = createBoundedMap<string, Found>({
        maxEntries: maxQueuedMessages,
        evicted: (_, found) => share.remove(heldBy(found))
      })
      const share = budget.open(() => {
        for (const [id, found] of waiting) {
          waiting.delete(id)
          share.remove(heldBy(found))
          return true
        }
        return false
      })
      const store = (found: Found): void => {
        if (!waiting.has(found.id) && waiting.set(found.id, found)) share.add(heldBy(found))
      }
      const listener: Listener = {
        key: options.key,
        topics: (options.topics ?? []).map(topicFromBytes),
        src: options.src,
        minPow: options.minPow ?? 0,
        allowP2P: options.allowP2P ?? false,
        deliver: options.onMessage === undefined ? store : guarded(options.onMessage)
      }
      registry.add(listener)
      const id = bytesToHex(random.bytes(32))
      entries.set(id, { listener, waiting, share })
      return id
    },
    messages: id => {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      const messages = [...entry.waiting].map(([, found]) => messageOf(found))
      entry.waiting.clear()
      entry.share.clear()
      return messages
    },
    has: id => entries.has(id),
    remove: id => {
      const entry = entries.get(id)
      if (entry === undefined) return false
      entries.delete(id)
      registry.remove(entry.listener)
      entry.share.clear()
      return true
    }
  }
}
