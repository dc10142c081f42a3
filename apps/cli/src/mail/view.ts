import type { HistoryEvent, HistoryResult } from '@status-stack/status-client'
import { counted, type View } from '../view.ts'

export const shortId = (peerId: string): string => `${peerId.slice(0, 8)}…`

/** A history request on its way. */
export function historyView(fact: HistoryEvent): View {
  const { mailserver, state, interests, pages, deliveries, fromSeconds, toSeconds, reason } = fact
  const came = `${counted(pages, 'page')}, ${counted(deliveries, 'envelope')}`
  const since = new Date(fromSeconds * 1000).toISOString().slice(0, 16)
  const text = {
    started: `· asking mailserver ${shortId(mailserver)} for what came since ${since}Z`,
    page: `· fetching history: ${came}`,
    done: `· history from mailserver ${shortId(mailserver)}: ${came}`,
    failed: `· mailserver ${shortId(mailserver)} did not complete the request (${reason ?? 'unexpected'}); ${came} came`
  }[state]
  return {
    event: {
      event: 'history',
      state,
      mailserver,
      places: interests,
      pages,
      envelopes: deliveries,
      fromSeconds,
      toSeconds,
      ...(reason === undefined ? {} : { reason })
    },
    text
  }
}

/** What a fetch brought; `messages` are those that were not here before. */
export function fetchedView({ mailserver, pages, deliveries }: HistoryResult, messages: number): View {
  return {
    event: { event: 'fetched', mailserver, pages, envelopes: deliveries, messages },
    text: `${counted(messages, 'new message')} from mailserver ${shortId(mailserver)} (${counted(pages, 'page')}, ${counted(deliveries, 'envelope')})`
  }
}
