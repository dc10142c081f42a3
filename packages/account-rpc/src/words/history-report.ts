import type { Account } from '../account.ts'
import { historyView } from './history-view.ts'
import type { Output } from './output.ts'

/**
 * What was asked for by itself: every step for a program; for people what came, and what failed.
 *
 * @example
 * ```ts
 * reportHistory(account, output)
 * ```
 */
export function reportHistory(account: Pick<Account, 'on'>, output: Pick<Output, 'json' | 'note' | 'verbose'>): void {
  account.on('history', fact => {
    const { event, text } = historyView(fact)
    const worthSaying = fact.state === 'failed' || (fact.state === 'done' && fact.envelopes > 0)
    if (output.json || worthSaying) output.note(event, text)
    else output.verbose(text)
  })
}
