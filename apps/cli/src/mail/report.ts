import type { Client } from '@status-stack/status-client'
import type { Output } from '../output.ts'
import { historyView } from './view.ts'

/** What was asked for by itself: every step for a program; for people what came, and what failed. */
export function reportHistory(client: Client, output: Output): void {
  client.on('history', fact => {
    const { event, text } = historyView(fact)
    const worthSaying = fact.state === 'failed' || (fact.state === 'done' && fact.deliveries > 0)
    if (output.json || worthSaying) output.note(event, text)
    else output.verbose(text)
  })
}
