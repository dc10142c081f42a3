import type { Client, HistoryEvent, Message } from '@status-stack/status-client'
import { createSkewMemory, noticeView, skewView } from '../clock-facts.ts'
import { historyView } from '../mail/view.ts'
import { deliveryView, refusedView, type View } from '../view.ts'
import type { Store } from './store.ts'

/** How a request to a mailserver goes on; undefined once it has ended. */
export function historyProgress(fact: HistoryEvent): string | undefined {
  const going = fact.state === 'started' || fact.state === 'page'
  return going ? `${historyView(fact).text.replace(/^· /, '')}; Escape ends it` : undefined
}

/** The client's events become actions; what a person must know at once is told to `say`. */
export function followClient(client: Client, store: Store, say: (view: View) => void): readonly (() => void)[] {
  const { dispatch } = store
  const peers = (): void => dispatch({ type: 'peers', count: client.peers().length })
  peers()
  const telling = createSkewMemory()
  return [
    client.on('chat', chat => dispatch({ type: 'chat', chat })),
    client.on('contact', contact => dispatch({ type: 'contact', contact })),
    client.on('message', message => dispatch({ type: 'message', message })),
    client.on('change', ({ message }) => dispatch({ type: 'changed', message })),
    client.on('peer', peers),
    client.on('delivery', fact => {
      if (fact.state === 'given-up' || (fact.state === 'held' && fact.reason !== 'offline')) say(deliveryView(fact))
      void readLedgers(client, store, [fact.messageId])
    }),
    client.on('refused', fact => {
      if (!fact.expected) say(refusedView(fact))
    }),
    client.on('history', fact => {
      dispatch({ type: 'progress', text: historyProgress(fact) })
      if (fact.state === 'failed') say(historyView(fact))
    }),
    client.on('skew', fact => {
      if (telling(fact)) say(skewView(fact))
    }),
    client.on('notice', fact => say(noticeView(fact)))
  ]
}

/** What is known of the delivery of some messages, into the state. */
export async function readLedgers(client: Client, store: Store, ids: readonly Message['messageId'][]): Promise<void> {
  const found = await Promise.all(ids.map(id => client.ledger(id).catch(() => undefined)))
  const entries = found.filter(entry => entry !== undefined)
  if (entries.length > 0) store.dispatch({ type: 'ledger', entries })
}
