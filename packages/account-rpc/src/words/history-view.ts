import { counted, shortId } from '@status-stack/utils'
import type { FetchedFact, HistoryFact } from '../methods.ts'
import { whyNoHistory } from './reason-words.ts'
import type { View } from './view.ts'

/**
 * A history request on its way.
 *
 * @example
 * ```ts
 * account.on('history', fact => console.log(historyView(fact).text))
 * ```
 */
export function historyView(fact: HistoryFact): View {
  const { mailserver, state, pages, envelopes, fromSeconds, reason } = fact
  const came = `${counted(pages, 'page')}, ${counted(envelopes, 'envelope')}`
  const since = new Date(fromSeconds * 1000).toISOString().slice(0, 16)
  const text = {
    started: `· asking mailserver ${shortId(mailserver)} for what came since ${since}Z`,
    page: `· fetching history: ${came}`,
    done: `· history from mailserver ${shortId(mailserver)}: ${came}`,
    failed: `· mailserver ${shortId(mailserver)} did not complete the request (${whyNoHistory(reason)}); ${came} came`
  }[state]
  return { event: fact, text }
}

/**
 * What a fetch brought; `messages` are those that came meanwhile, from the mailserver or as they were sent.
 *
 * @example
 * ```ts
 * const { event, text } = fetchedView(fetched, messages)
 * output.data(event, text)
 * ```
 */
export function fetchedView({ mailserver, pages, envelopes }: FetchedFact, messages: number): View {
  return {
    event: { event: 'fetched', mailserver, pages, envelopes, messages },
    text: `${counted(messages, 'new message')}; mailserver ${shortId(mailserver)}: ${counted(pages, 'page')}, ${counted(envelopes, 'envelope')}`
  }
}
