import type { DeliveryState } from '@status-stack/status-client'
import { longestDelayMs } from '@status-stack/utils'
import type { Account } from './account.ts'
import { deliveryWords, heldWords } from './delivery-mark.ts'
import type { DeliveryFact, LedgerFact } from './methods.ts'

/** How far a message is to come: out to a peer, confirmed by one, acknowledged by whom it is for. */
export type WaitState = 'posted' | 'confirmed' | 'acknowledged'

/** How a wait ended: everybody's copy came so far, what is left is given up (and why), the time is over, or it was aborted. */
export type Delivered =
  | { readonly kind: 'reached' | 'late' | 'aborted' }
  | { readonly kind: 'given-up'; readonly why: string }

const order: readonly DeliveryState[] = ['queued', 'sealed', 'posted', 'confirmed', 'archived', 'acknowledged']
const over: ReadonlySet<DeliveryState> = new Set(['given-up', 'expired'])

/** What is known of one recipient: the furthest state seen, and why it ended when it did. */
interface Progress {
  best: number
  end?: string | undefined
}

type Leg = LedgerFact['legs'][number]

/** Facts of the ledger about one recipient, wherever they stand. */
function furthest({ state, envelopes }: Leg): number {
  const seen = [
    order.indexOf(state),
    ...envelopes.flatMap(({ sentTo, confirmedBy, archivedBy }) => [
      sentTo.length > 0 ? order.indexOf('posted') : -1,
      confirmedBy.length > 0 ? order.indexOf('confirmed') : -1,
      archivedBy.length > 0 ? order.indexOf('archived') : -1
    ])
  ]
  return Math.max(...seen)
}

/** Those who have to get it: copies to own devices count only where no one else is written to. */
function waitedFor(entry: LedgerFact, self: string): readonly Leg[] {
  const others = entry.legs.filter(({ recipient }) => recipient !== self)
  return others.length > 0 ? others : entry.legs
}

/**
 * Follows deliveries from now on. Make it before sending: what happens in between is not missed. The ledger answers for
 * what happened earlier, as when the same client tag was sent before.
 *
 * @param self our own key: copies to our other devices count only where no one else is written to
 * @example
 * ```ts
 * const delivery = followDelivery(account, self)
 * const until = (id: string) => delivery.until(id, 'posted', { timeoutMs: 30_000 })
 * ```
 */
export function followDelivery(account: Pick<Account, 'on' | 'ledger'>, self: string) {
  // BOUNDED: by what this client sends until the id of the message is known; from then on by its own facts.
  let facts: readonly DeliveryFact[] = []
  let watched: string | undefined
  let wake = (): void => {}
  account.on('delivery', fact => {
    if (watched !== undefined && fact.messageId !== watched) return
    facts = [...facts, fact]
    wake()
  })

  /** Everybody's progress; `undefined` while the ledger knows nothing of the message. */
  const progress = async (messageId: string): Promise<readonly Progress[] | undefined> => {
    const entry = await account.ledger({ messageId })
    if (entry === null) return undefined
    const all = new Map<string, Progress>()
    for (const leg of waitedFor(entry, self)) {
      const ended = over.has(leg.state)
        ? `${deliveryWords[leg.state]}${leg.reason ? `: ${heldWords[leg.reason]}` : ''}`
        : undefined
      all.set(leg.recipient ?? '', { best: furthest(leg), end: ended })
    }
    for (const fact of facts) {
      const one = all.get(fact.recipient ?? '')
      if (one !== undefined) one.best = Math.max(one.best, order.indexOf(fact.state))
    }
    return [...all.values()]
  }

  return {
    /** Resolves once everybody's copy came so far, or when that will not happen any more. */
    until: async (
      messageId: string,
      wanted: WaitState,
      { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }
    ): Promise<Delivered> => {
      watched = messageId
      facts = facts.filter(fact => fact.messageId === messageId)
      const goal = order.indexOf(wanted)
      const end = new AbortController()
      // A timer of our own: that of AbortSignal.timeout would not keep a process alive that only waits.
      const timer = setTimeout(() => end.abort(), Math.min(timeoutMs, longestDelayMs))
      try {
        for (;;) {
          const changed = new AbortController()
          wake = () => changed.abort()
          const missing = (await progress(messageId))?.filter(({ best }) => best < goal)
          if (missing?.length === 0) return { kind: 'reached' }
          const [first] = missing ?? []
          if (first?.end !== undefined && missing?.every(one => one.end !== undefined))
            return { kind: 'given-up', why: first.end }
          if (signal?.aborted === true) return { kind: 'aborted' }
          if (end.signal.aborted) return { kind: 'late' }
          await nextOf(changed.signal, end.signal, signal)
        }
      } finally {
        clearTimeout(timer)
      }
    }
  }
}

/** Resolves when one of them aborts. */
function nextOf(...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const any = AbortSignal.any(signals.filter(signal => signal !== undefined))
  return new Promise(resolve => {
    if (any.aborted) resolve()
    else any.addEventListener('abort', () => resolve(), { once: true })
  })
}
