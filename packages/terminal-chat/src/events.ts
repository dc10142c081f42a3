import type { Account } from '@status-stack/account-rpc'
import type { HistoryFact } from '@status-stack/account-rpc/methods'
import type { Names } from '@status-stack/account-rpc/words'
import {
  createSkewMemory,
  deliveryView,
  historyView,
  noticeView,
  refusedView,
  skewView,
  type View
} from '@status-stack/account-rpc/words'
import { namesOf } from './state.ts'
import type { Store } from './store.ts'

/** How a request to a mailserver goes on; undefined once it has ended. */
function historyProgress(fact: HistoryFact): string | undefined {
  const going = fact.state === 'started' || fact.state === 'page'
  return going ? `${historyView(fact).text.replace(/^· /, '')}; Escape ends it` : undefined
}

/** Counts the peers again. Never rejects: an account whose connection has ended says so elsewhere. */
export async function readPeers(account: Pick<Account, 'peers'>, store: Store): Promise<void> {
  const peers = await account.peers().catch(() => undefined)
  if (peers !== undefined) store.dispatch({ type: 'peers', count: peers.length })
}

/** The account's events become actions; what a person must know at once is told to `say`. */
export function followAccount(
  account: Pick<Account, 'on' | 'peers' | 'ledger'>,
  store: Store,
  say: (view: View) => void
): readonly (() => void)[] {
  const { dispatch } = store
  const names = (): Names => namesOf(store.get())
  const telling = createSkewMemory()
  const offs = [
    account.on('chat', chat => dispatch({ type: 'chat', chat })),
    account.on('contact', contact => dispatch({ type: 'contact', contact })),
    account.on('message', message => dispatch({ type: 'message', message })),
    account.on('change', ({ message }) => dispatch({ type: 'changed', message })),
    account.on('peer', () => void readPeers(account, store)),
    account.on('delivery', fact => {
      // Who cancels a message is told so by the command; the notice of it would take that one's place.
      const failing =
        (fact.state === 'given-up' && fact.reason !== 'cancelled') ||
        (fact.state === 'held' && fact.reason !== 'offline')
      // Copies for our own other devices are no news.
      if (failing && fact.recipient !== store.get().self) say(deliveryView(fact, names()))
      void readLedgers(account, store, [fact.messageId])
    }),
    account.on('refused', fact => {
      if (!fact.expected) say(refusedView(fact, names()))
    }),
    account.on('history', fact => {
      dispatch({ type: 'progress', text: historyProgress(fact) })
      if (fact.state === 'failed') say(historyView(fact))
    }),
    account.on('skew', fact => {
      if (telling(fact)) say(skewView(fact))
    }),
    account.on('notice', fact => say(noticeView(fact)))
  ]
  void readPeers(account, store)
  return offs
}

/** What is known of the delivery of some messages, into the state. */
export async function readLedgers(
  account: Pick<Account, 'ledger'>,
  store: Store,
  ids: readonly string[]
): Promise<void> {
  const found = await Promise.all(ids.map(messageId => account.ledger({ messageId }).catch(() => null)))
  const entries = found.filter(entry => entry !== null)
  if (entries.length > 0) store.dispatch({ type: 'ledger', entries })
}

/** All chats and people as they are now, into the state. */
export async function readLists(account: Pick<Account, 'chats' | 'contacts'>, store: Store): Promise<void> {
  for (const contact of await account.contacts()) store.dispatch({ type: 'contact', contact })
  for (const chat of await account.chats()) store.dispatch({ type: 'chat', chat, known: true })
}
