import { type Account, deliveryWords, heldWords } from '@status-stack/account-rpc'
import type { DeliveryFact, LedgerFact } from '@status-stack/account-rpc/methods'
import type { Reached, View } from '@status-stack/account-rpc/words'
import { waitFor } from '@status-stack/command-line/process'
import type { DeliveryState } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'

/** How far a one-shot command waits. */
export type WaitState = 'posted' | 'confirmed' | 'acknowledged'

export const waitStates: readonly WaitState[] = ['posted', 'confirmed', 'acknowledged']

const waitWords: Readonly<Record<WaitState, string>> = {
  posted: 'sent',
  confirmed: 'taken by the network',
  acknowledged: 'received'
}

/** What the waiting commands have in common. */
export interface WaitOptions {
  readonly wait: WaitState
  readonly simulateNetwork?: string
}

/**
 * Waits, and shows what was sent: a program at once, people in one line when it is known how far it came. What was not seen to come
 * so far is queued, and shown before the error.
 */
export async function showReached(
  { show }: Pick<Session, 'show'>,
  output: Pick<Output, 'json'>,
  view: (reached: Reached) => View,
  wanted: WaitState,
  wait: () => Promise<void>
): Promise<void> {
  if (output.json) show(view('queued'))
  let reached: Reached = 'queued'
  try {
    await wait()
    reached = wanted
  } finally {
    if (!output.json) show(view(reached))
  }
}

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
 * what happened earlier, as when the same `--client-tag` was sent before.
 */
export function watchDelivery(account: Pick<Account, 'on' | 'ledger'>, self: string) {
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
    /**
     * Resolves once everybody's copy came so far.
     * @throws CliError `not-posted`, `not-confirmed`, `not-acknowledged` after the time, or as soon as all that is left is
     * given up; `interrupted`
     */
    wait: async (messageId: string, wanted: WaitState, timeoutSeconds: number, signal: AbortSignal): Promise<void> => {
      watched = messageId
      facts = facts.filter(fact => fact.messageId === messageId)
      const goal = order.indexOf(wanted)
      const deadline = AbortSignal.timeout(timeoutSeconds * 1000)
      for (;;) {
        const changed = new AbortController()
        wake = () => changed.abort()
        const missing = (await progress(messageId))?.filter(({ best }) => best < goal)
        if (missing !== undefined && missing.length === 0) return
        const lost = missing?.every(({ end }) => end !== undefined) === true
        if (lost || deadline.aborted || signal.aborted) {
          const why = lost
            ? `it was not ${waitWords[wanted]}: ${missing[0]?.end}`
            : `not ${waitWords[wanted]} within ${timeoutSeconds} s; the message is kept and retried whenever this profile runs`
          throw new CliError(signal.aborted ? 'interrupted' : 'unacknowledged', `not-${wanted}`, why)
        }
        await waitFor(AbortSignal.any([changed.signal, deadline, signal]))
      }
    }
  }
}
