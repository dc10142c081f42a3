import type { Client } from '@status-stack/status-client'
import { noticeView, skewView } from '../clock-facts.ts'
import { historyView } from '../mail/view.ts'
import type { JsonEvent } from '../output.ts'
import { chatView, contactView, deliveryView, deviceView, messageView, refusedView } from '../view.ts'
import type { EventName } from './event-names.ts'

type Tell = (event: () => JsonEvent) => void

/** What programs may subscribe to: how each is heard from the client. Documented in docs/daemon.md; a test compares the two. */
export const accountEvents = {
  message: (client: Client, tell: Tell) => client.on('message', fact => tell(() => messageView(fact).event)),
  change: (client: Client, tell: Tell) =>
    client.on('change', ({ message, change }) =>
      tell(() => ({ event: 'change', change, message: messageView(message).event }))
    ),
  delivery: (client: Client, tell: Tell) => client.on('delivery', fact => tell(() => deliveryView(fact).event)),
  refused: (client: Client, tell: Tell) => client.on('refused', fact => tell(() => refusedView(fact).event)),
  chat: (client: Client, tell: Tell) => client.on('chat', fact => tell(() => chatView(fact).event)),
  contact: (client: Client, tell: Tell) => client.on('contact', fact => tell(() => contactView(fact).event)),
  device: (client: Client, tell: Tell) =>
    client.on('device', fact => tell(() => deviceView(fact.device, fact.change).event)),
  peer: (client: Client, tell: Tell) =>
    client.on('peer', ({ state, peer, reason }) =>
      tell(() => ({
        event: 'peer',
        state: state === 'attached' ? 'connected' : 'disconnected',
        peerId: peer.peerId,
        ...(peer.remoteAddress === undefined ? {} : { address: peer.remoteAddress }),
        ...(reason === undefined ? {} : { reason })
      }))
    ),
  history: (client: Client, tell: Tell) => client.on('history', fact => tell(() => historyView(fact).event)),
  skew: (client: Client, tell: Tell) => client.on('skew', fact => tell(() => skewView(fact).event)),
  notice: (client: Client, tell: Tell) => client.on('notice', fact => tell(() => noticeView(fact).event))
} as const satisfies Readonly<Record<EventName, (client: Client, tell: Tell) => () => void>>
