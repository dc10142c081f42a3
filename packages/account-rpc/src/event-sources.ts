import type { Client } from '@status-stack/status-client'
import type { EventFacts, EventName } from './events.ts'
import {
  chatFact,
  contactFact,
  deviceFact,
  historyFact,
  noticeFact,
  peerFact,
  profileFact,
  skewFact
} from './fact-makers.ts'
import { deliveryFact, messageFact, refusedFact } from './message-fact-makers.ts'

type Events = Pick<Client, 'on'>

/** How each event is heard from the client. The fact is made only for those who want it. */
export const eventSources: {
  readonly [Name in EventName]: (client: Events, tell: (fact: () => EventFacts[Name]) => void) => () => void
} = {
  message: (client, tell) => client.on('message', fact => tell(() => messageFact(fact))),
  change: (client, tell) =>
    client.on('change', ({ message, change }) =>
      tell(() => ({ event: 'change', change, message: messageFact(message) }))
    ),
  delivery: (client, tell) => client.on('delivery', fact => tell(() => deliveryFact(fact))),
  refused: (client, tell) => client.on('refused', fact => tell(() => refusedFact(fact))),
  chat: (client, tell) => client.on('chat', fact => tell(() => chatFact(fact))),
  contact: (client, tell) => client.on('contact', fact => tell(() => contactFact(fact))),
  profile: (client, tell) => client.on('profile', fact => tell(() => profileFact(fact))),
  device: (client, tell) => client.on('device', fact => tell(() => deviceFact(fact.device, fact.change))),
  peer: (client, tell) =>
    client.on('peer', ({ state, peer, reason }) =>
      tell(() => ({
        ...peerFact(peer),
        state,
        ...(reason === undefined ? {} : { reason })
      }))
    ),
  history: (client, tell) => client.on('history', fact => tell(() => historyFact(fact))),
  skew: (client, tell) => client.on('skew', fact => tell(() => skewFact(fact))),
  notice: (client, tell) => client.on('notice', fact => tell(() => noticeFact(fact)))
}
