import type { Client } from '@status-stack/status-client'
import type { MailserverEvents } from '@status-stack/whisper-mailserver'
import { type JsonEvent, type Output, printable } from '../output.ts'
import type { View } from '../view.ts'
import { counted } from '../view.ts'
import type { MailFacts } from './node-service.ts'
import { historyView, shortId } from './view.ts'

/** What was asked for by itself: every step for a program; for people what came, and what failed. */
export function reportHistory(client: Client, output: Output): void {
  client.on('history', fact => {
    const { event, text } = historyView(fact)
    const worthSaying = fact.state === 'failed' || (fact.state === 'done' && fact.deliveries > 0)
    if (output.json || worthSaying) output.note(event, text)
    else output.verbose(text)
  })
}

/** What a mailserver does: everything for a program, refusals and losses for people, the rest for those who asked. */
export function reportMailserver(events: MailserverEvents, output: Output): void {
  const detail = (event: JsonEvent, text: string): void => {
    if (output.json) output.note(event, text)
    else output.verbose(text)
  }
  events.addEventListener('archived', ({ detail: { envelopes, bytes, source } }) =>
    detail({ event: 'archived', envelopes, bytes, source }, `· archived ${counted(envelopes, 'envelope')}, ${bytes} B`)
  )
  const served = (kind: 'history' | 'sync') => {
    return (fact: {
      readonly detail: {
        readonly peerId: string
        readonly envelopes: number
        readonly bytes: number
        readonly more: boolean
      }
    }): void => {
      const { peerId, envelopes, bytes, more } = fact.detail
      detail(
        { event: 'served', kind, peerId, envelopes, bytes, more },
        `· ${counted(envelopes, 'envelope')} for ${shortId(peerId)}${more ? ', more to come' : ''}`
      )
    }
  }
  const refused = (kind: 'history' | 'sync') => {
    return (fact: { readonly detail: { readonly peerId: string; readonly error: string } }): void => {
      const { peerId, error } = fact.detail
      output.note(
        { event: 'request-refused', kind, peerId, reason: error },
        `· request of ${shortId(peerId)} refused: ${printable(error)}`
      )
    }
  }
  events.addEventListener('requestserved', served('history'))
  events.addEventListener('syncserved', served('sync'))
  events.addEventListener('requestrefused', refused('history'))
  events.addEventListener('syncrefused', refused('sync'))
  events.addEventListener('cleaned', ({ detail: { envelopes } }) =>
    detail({ event: 'cleaned', envelopes }, `· deleted ${counted(envelopes, 'old envelope')}`)
  )
  events.addEventListener('cleaningfailed', ({ detail: { envelopes } }) =>
    output.note(
      { event: 'cleaning-failed', envelopes },
      '✗ old envelopes could not be deleted; the next pass tries again'
    )
  )
}

/** For a line that says more. */
export function statsText({
  archivedEnvelopes,
  requestsServed,
  requestsRefused,
  sentEnvelopes,
  lostEnvelopes
}: MailFacts): string {
  const lost = lostEnvelopes === 0 ? '' : `, lost ${lostEnvelopes}`
  return `archived ${counted(archivedEnvelopes, 'envelope')}${lost}, answered ${counted(requestsServed, 'request')} with ${counted(sentEnvelopes, 'envelope')}, refused ${requestsRefused}`
}

export function statsView(stats: MailFacts): View {
  return {
    event: { event: 'mailserver-stats', ...stats },
    text: `· ${statsText(stats)}`
  }
}
