import { generateIdentity } from '@status-stack/status-accounts'
import { systemScheduler } from '@status-stack/utils'
import { createChangeEvents } from '../maintenance/change-events.ts'
import { createContacts } from '../people/contacts.ts'
import { createEnsNames } from '../people/ens.ts'
import { createGroups } from '../people/groups.ts'
import { createSessionEffects } from '../receiving/session-effects.ts'
import { createPoster } from '../sending/post.ts'
import type { OpenStores } from '../storage/open.ts'
import type { PublicKey } from '../types.ts'
import { chatView } from './chat-view.ts'
import type { Core } from './core.ts'
import type { ComposeDeps } from './deps.ts'
import { joinListening, type Listening } from './join-listening.ts'
import { joinReceiving, type Receiving } from './join-receiving.ts'
import { joinSending } from './join-sending.ts'
import type { Layers } from './layers.ts'
import { openLowerLayers, openSync } from './open-layers.ts'
import { tracedSteps } from './tracing.ts'

/**
 * Builds the layers and joins them: data → sync → security → privacy, and back. Layers know nothing of each other; what passes
 * between them are bytes and facts. SPEC: seams, "Composition".
 */
export async function joinLayers<Route, Interest, Receipt>(
  core: Core,
  stores: OpenStores,
  deps: ComposeDeps,
  layers: Layers<Route, Interest, Receipt>,
  sampleClock: (author: PublicKey, timestampMs: number) => void
) {
  const { privacy, sealer, nullSealer } = await openLowerLayers(core, stores, layers, (person): boolean =>
    subscriptions.isHeard(person)
  )
  const poster = createPoster(core, {
    privacy,
    sealer,
    nullSealer,
    isMailserver: peerId => core.options.mailservers.includes(peerId),
    applyEffects: effects => sessionEffects.apply(effects),
    observe: (steps, about) => tracedSteps(core, steps, about)
  })
  const sync = openSync(core, stores, layers.sync, poster)
  const ens = createEnsNames(core, deps.names)
  const groups = createGroups(core, {
    groupChanged: id => core.background.run('group places', () => listenTargets.chatChanged({ kind: 'group', id }))
  })
  const { subscriptions, listenTargets, history }: Listening<Interest> = joinListening(core, privacy, {
    // A key of this run and never the identity: a mailserver learns nothing lasting.
    node: deps.nodeKey ?? generateIdentity(core.random).identity,
    groups,
    live: message => receiving.enqueue(message),
    archived: message => receiving.deliver(message)
  })
  const sessionEffects = createSessionEffects(core, {
    sealer,
    listen: subscriptions.acquire,
    forgetSizes: poster.forget,
    retry: peer => sync.retry(peer),
    advertise: poster.advertise
  })
  const receiving: Receiving = joinReceiving(core, {
    sealer,
    sync,
    sessionEffects,
    groups,
    listenTargets,
    ens,
    history,
    sampleClock
  })
  const { outbox, messageSender } = joinSending(core, {
    apply: receiving.apply,
    sealer,
    sync,
    poster,
    privacy,
    listenTargets,
    history,
    scheduler: deps.scheduler ?? systemScheduler
  })
  const contacts = createContacts(core, { messageSender, listenTargets, sealer, sync, nameClaimed: ens.claimed })
  core.chatCache.watch(
    createChangeEvents(core, {
      chat: chat => chatView(core, groups, chat),
      contact: publicKey => contacts.view(core.chatCache.contact(publicKey))
    })
  )
  return {
    privacy,
    sealer,
    sync,
    subscriptions,
    sessionEffects,
    groups,
    listenTargets,
    inbound: receiving.inbound,
    history,
    poster,
    outbox,
    messageSender,
    contacts,
    ens
  }
}

export type Composition = Awaited<ReturnType<typeof joinLayers>>
