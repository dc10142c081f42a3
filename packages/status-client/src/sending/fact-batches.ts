import type { Scheduler } from '@status-stack/interface'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { MessageId } from '../types.ts'
import type { LegFact } from './ledger-facts.ts'

/** What came about one message since the last batch. */
export interface FactsOfMessage {
  readonly facts: readonly LegFact[]
  /** Somebody waits for one of them to be on the disk. */
  readonly isAwaited: boolean
}

/** Gathers the facts of one moment about any messages: most messages are sealed, posted and confirmed within a few milliseconds. */
export interface FactBatches {
  /** Settles with the batch that holds the fact. With `isAwaited` that comes at once, else after `limits.ledgerRestMs` since the last. */
  readonly add: (messageId: MessageId, fact: LegFact, isAwaited: boolean) => Promise<void>
  /** Settles when the batch that waits, if there is one, has been handled, well or not. */
  readonly idle: () => Promise<void>
}

export interface FactBatchPorts {
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Handles a batch. What it takes is what has come by then, and it takes once: facts that come while it waits for its turn are among them. */
  readonly handle: (take: () => ReadonlyMap<MessageId, FactsOfMessage>) => Promise<void>
}

export function createFactBatches({ clock, scheduler, handle }: FactBatchPorts): FactBatches {
  // BOUNDED: facts wait here only while a write is under way; each came from a message of ours
  let waiting = new Map<MessageId, { readonly facts: LegFact[]; isAwaited: boolean }>()
  let handling: Promise<void> | undefined
  let handledMs = Number.NEGATIVE_INFINITY
  /** Ends the rest before a batch. */
  let hurry = (): void => {}

  const take = (): ReadonlyMap<MessageId, FactsOfMessage> => {
    const batch = waiting
    waiting = new Map()
    handling = undefined
    return batch
  }

  const rested = (): Promise<void> => {
    const restMs = handledMs + limits.ledgerRestMs - clock.nowMs()
    // A clock that was set back since makes nobody wait.
    if (restMs <= 0 || restMs > limits.ledgerRestMs) return Promise.resolve()
    return new Promise(resolve => {
      const cancel = scheduler.after(restMs, resolve)
      hurry = () => {
        cancel()
        resolve()
      }
    })
  }

  const handleNext = async (): Promise<void> => {
    await rested()
    try {
      await handle(take)
    } finally {
      handledMs = clock.nowMs()
    }
  }

  return {
    add: (messageId, fact, isAwaited) => {
      const entry = waiting.get(messageId) ?? { facts: [], isAwaited: false }
      entry.facts.push(fact)
      entry.isAwaited ||= isAwaited
      waiting.set(messageId, entry)
      // Facts that come while a write is under way share the next one.
      handling ??= handleNext()
      const handled = handling
      if (isAwaited) hurry()
      return handled
    },
    idle: async () => {
      hurry()
      await handling?.catch(() => undefined)
    }
  }
}
