import type { IdentityKey, PrivacyLayer, ReceivedMessage } from '@status-stack/interface'
import { ClientError } from '../errors.ts'
import { createHistory, type History, type HistoryPorts } from '../listening/history.ts'
import { createListenTargets, type ListenTargets } from '../listening/listen-targets.ts'
import { createSubscriptions, type Subscriptions, targetKey } from '../listening/subscriptions.ts'
import type { Groups } from '../people/groups.ts'
import { type Core, isSelf } from './core.ts'

export interface ListeningPorts {
  /** Signs requests to servers. */
  readonly node: IdentityKey
  readonly groups: Pick<Groups, 'open' | 'info'>
  /** What arrives now. */
  readonly live: (message: ReceivedMessage) => Promise<void>
  /** What a server returns; answers whether it could be stored. */
  readonly archived: (message: ReceivedMessage) => Promise<boolean>
}

/** Where to listen, now and in the past. */
export interface Listening<Interest> {
  readonly subscriptions: Subscriptions<Interest>
  readonly listenTargets: ListenTargets
  readonly history: History<Interest>
}

/** Pages of history from the servers of a network, in the name of a node key. */
const historyPages =
  <Route, Interest>(
    core: Core,
    privacy: PrivacyLayer<Route, Interest>,
    node: IdentityKey
  ): HistoryPorts<Interest>['page'] =>
  (server, query, signal) => {
    const password = core.options.mailserverPasswords.get(server)
    if (privacy.history === undefined) {
      throw new ClientError('history-failed', 'history: this network has no servers for it', {
        origin: 'environment'
      })
    }
    return privacy.history(server, {
      ...query,
      signer: node,
      ...(password === undefined ? {} : { password }),
      ...(signal === undefined ? {} : { signal })
    })
  }

/** Joins what chats and contacts need to hear to the privacy layer: each new place is also asked for its history. */
export function joinListening<Route, Interest>(
  core: Core,
  privacy: PrivacyLayer<Route, Interest>,
  { node, groups, live, archived }: ListeningPorts
): Listening<Interest> {
  const subscriptions = createSubscriptions<Interest, ReceivedMessage>({
    plan: want => privacy.planInterest(core.identity, want),
    closed: want => {
      history.missed(targetKey(want))
      core.background.run('a place given up', () => privacy.forgetInterest(want))
    },
    subscribe: (interest, options) => privacy.subscribe(interest, options),
    deliver: live,
    opened: (place, interest) => history.placeOpened(place, interest),
    failed: (place, error) =>
      core.log.error('a subscription ended', { place: place.split(':')[0] ?? '', error: String(error) })
  })
  const listenTargets = createListenTargets(core, {
    subscriptions,
    openGroup: groups.open,
    listenedMembers: id => {
      const group = groups.info(id)
      return group?.joined === true
        ? group.members.map(member => member.publicKey).filter(key => !isSelf(core, key))
        : []
    }
  })
  const history = createHistory<Interest>(core, {
    page: historyPages(core, privacy, node),
    connected: server => privacy.peers().some(peer => peer.peerId === server),
    interests: chats =>
      subscriptions
        .interests()
        .filter(({ place }) => chats === undefined || chats.some(chat => listenTargets.concerns(chat, place))),
    deliver: archived
  })
  return { subscriptions, listenTargets, history }
}
