import { bytesToHex, isPublicKey } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import { isSymmetricKey } from '../message/symmetric.ts'
import type { Logger, Random } from '../ports.ts'
import { topicFromBytes } from '../topic.ts'
import type { Listener } from './filter-index.ts'
import type { FilterOptions, FilterTable } from './filter-types.ts'
import type { EnvelopeMessage } from './message.ts'

/** What the table asks of the node: to register a listener, which matches the live pool and widens the bloom filter. */
export interface ListenerRegistry {
  readonly add: (listener: Listener) => void
  readonly remove: (listener: Listener) => void
}

function invalid(message: string): WhisperError {
  return new WhisperError('invalid-argument', message, { origin: 'caller' })
}

function checked(options: FilterOptions): void {
  const { key, src, minPow = 0 } = options
  if (key.kind === 'symmetric' && !isSymmetricKey(key.key)) {
    throw invalid('filter key: expected 32 bytes, not all zero')
  }
  if (key.kind === 'asymmetric' && !isPublicKey(key.identity.publicKey)) throw invalid('filter key: not a key pair')
  if (src !== undefined && (src.length !== 65 || !isPublicKey(src))) throw invalid('filter src: not a public key')
  if (!(minPow >= 0)) throw invalid(`filter minimum PoW: expected 0 or more, got ${minPow}`)
}

/** Filters that store what they find until it is polled. */
export function createFilterTable(
  registry: ListenerRegistry,
  random: Random,
  limits: { readonly maxQueuedMessages: number },
  logger: Logger
): FilterTable {
  interface Entry {
    readonly listener: Listener
    /** By envelope hash: no duplicates between two polls. BOUNDED: maxQueuedMessages, oldest first. */
    readonly waiting: Map<string, EnvelopeMessage>
  }
  /** An application's callback that throws must not cost the peer its link. */
  const guarded =
    (onMessage: (message: EnvelopeMessage) => void) =>
    (message: EnvelopeMessage): void => {
      try {
        onMessage(message)
      } catch {
        logger.error('whisper:filters: a callback threw', { hash: bytesToHex(message.hash).slice(0, 16) })
      }
    }
  // BOUNDED: maxFilters, in the registry.
  const entries = new Map<string, Entry>()
  return {
    add: options => {
      checked(options)
      const waiting = new Map<string, EnvelopeMessage>()
      const store = (message: EnvelopeMessage): void => {
        const id = bytesToHex(message.hash)
        if (waiting.has(id)) return
        if (waiting.size >= limits.maxQueuedMessages) {
          const oldest = waiting.keys().next()
          if (oldest.done !== true) waiting.delete(oldest.value)
        }
        waiting.set(id, message)
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
      entries.set(id, { listener, waiting })
      return id
    },
    messages: id => {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      const messages = [...entry.waiting.values()]
      entry.waiting.clear()
      return messages
    },
    has: id => entries.has(id),
    remove: id => {
      const entry = entries.get(id)
      if (entry === undefined) return false
      entries.delete(id)
      registry.remove(entry.listener)
      return true
    }
  }
}
