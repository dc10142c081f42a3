import type { ReceivedMessage, SyncLayer } from '@status-stack/interface'
import { generateIdentity } from '@status-stack/status-accounts'
import { delay, systemScheduler, withTimeout } from '@status-stack/utils'
import type { ComposeDeps } from '../client-types.ts'
import { createHistory } from '../listening/history.ts'
import { createListenTargets } from '../listening/listen-targets.ts'
import { createSubscriptions } from '../listening/subscriptions.ts'
import { createChangeEvents } from '../maintenance/change-events.ts'
import { createContacts } from '../people/contacts.ts'
import { createEnsNames } from '../people/ens.ts'
import { createGroups } from '../people/groups.ts'
import { type Apply, createApply } from '../receiving/apply.ts'
import { createDeliveryLanes } from '../receiving/delivery-lanes.ts'
import { createInbound } from '../receiving/inbound.ts'
import { createSessionEffects } from '../receiving/session-effects.ts'
import { createOutbox } from '../sending/outbox.ts'
import { createPoster } from '../sending/post.ts'
import { createMessageSender } from '../sending/send-message.ts'
import type { OpenStores } from '../storage/open.ts'
import { createPrivacyStore } from '../storage/stores/privacy-store.ts'
import { createSessionStore } from '../storage/stores/session-store.ts'
import { createSyncStore } from '../storage/stores/sync-store.ts'
import type { ChatRef, PublicKey } from '../types.ts'
import { chatView } from './chat-view.ts'
import { type Core, isAcquainted, isSelf } from './core.ts'
import { guarded, historyPages, noteSettled } from './layer-ports.ts'
import type { Layers } from './layers.ts'
import { rememberDevices } from './remembered-devices.ts'
import { tracedDeliveries, tracedJudge, tracedOpen, tracedOutput, tracedReceive, tracedSteps } from './tracing.ts'

/** A slow mailserver does not keep a first message back for longer. */
const lookupMs = 5000

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
  const { clock, identity, random, self } = core
  const host = { identity, clock, random, logger: core.log }
  const privacy = layers.privacy({ ...host, store: createPrivacyStore(stores.kv, stores.vault) })
  const security = await layers.security({
    ...host,
    store: createSessionStore(stores.kv, stores.vault, random),
    installationId: stores.self.installationId
  })
  const sealer = rememberDevices(security.sealed)
  const isMailserver = (peerId: string): boolean => core.options.mailservers.includes(peerId)

  const poster = createPoster(core, {
    privacy,
    sealer,
    nullSealer: security.plain,
    isMailserver,
    applyEffects: effects => sessionEffects.apply(effects),
    observe: (steps, about) => tracedSteps(core, steps, about)
  })

  const audienceOf = (peer: PublicKey) =>
    isSelf(core, peer)
      ? ({ kind: 'own-devices', reach: 'known-devices' } as const)
      : ({ kind: 'identity', publicKey: peer, reach: 'known-devices' } as const)

  const sync: SyncLayer = layers.sync({
    ...host,
    self,
    store: createSyncStore(stores.kv, stores.vault),
    acknowledged: core.options.sync,
    times: {
      tickMs: core.options.syncTickMs,
      baseMs: core.options.syncRetryMs,
      giveUpMs: core.options.syncGiveUpMs
    },
    isKnown: peer => isSelf(core, peer) || isAcquainted(core, peer),
    maxBytes: peer => poster.maxBytes(audienceOf(peer)),
    bodyOf: core.bodies.get,
    output: tracedOutput(
      core,
      async (peer, bytes, { contains }) => (await poster.post(audienceOf(peer), bytes, { ids: contains })).kind
    ),
    settled: noteSettled(core)
  })

  const subscriptions = createSubscriptions<Interest, ReceivedMessage>({
    plan: want => privacy.planInterest(identity, want),
    closed: want => core.background.run('a place given up', () => privacy.forgetInterest(want)),
    subscribe: (interest, options) => privacy.subscribe(interest, options),
    deliver: delivery => lanes.push(delivery),
    opened: (place, interest) => history.placeOpened(place, interest),
    failed: (place, error) =>
      core.log.error('a subscription ended', { place: place.split(':')[0] ?? '', error: String(error) })
  })

  const sessionEffects = createSessionEffects(core, {
    sealer,
    listen: subscriptions.acquire,
    forgetSizes: poster.forget,
    retry: peer => sync.retry(peer),
    advertise: async to => {
      await poster.post(to, new Uint8Array(), { ids: [], advertisement: true })
    }
  })

  const groups = createGroups(core, {
    groupChanged: id => {
      const chat: ChatRef = { kind: 'group', id }
      core.background.run('group places', () => listenTargets.chatChanged(chat))
    }
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

  const ens = createEnsNames(core, deps.names)

  const apply: Apply = createApply(core, {
    sealer,
    groups,
    chatOpened: chat => core.background.run('chat places', () => listenTargets.chatChanged(chat)),
    contactChanged: publicKey => core.background.run('contact places', () => listenTargets.contactChanged(publicKey)),
    nameClaimed: ens.claimed
  })

  // With sending through sync off, payloads of others are still unwrapped and acknowledged (D-18).
  const inbound = createInbound<Receipt>(core, {
    sealer: { confirm: sealer.confirm, open: tracedOpen(core, sealer.open) },
    applyEffects: sessionEffects.apply,
    sync: { ...sync, receive: tracedReceive(core, sync.receive) },
    decode: core.data.decode,
    apply,
    groupEvents: groups.knownEvents,
    observe: judge => tracedJudge(core, judge),
    sampleClock,
    ownEnvelopeArchived: (hash, server) => core.background.run('archived', () => core.deliveries.archived(hash, server))
  })

  const handle = tracedDeliveries(core, inbound.handle)
  const deliver = guarded(core, handle)

  const lanes = createDeliveryLanes(core, {
    handle: deliver,
    lost: ({ signer }) => {
      const author = signer === undefined ? {} : { author: signer }
      core.emit('refused', { layer: 'quota', reason: 'strangers-busy', final: false, expected: false, ...author })
    }
  })

  // Mailserver requests are signed by a key of this run, never by the identity: the server learns nothing lasting.
  const node = deps.node ?? generateIdentity(random).identity
  const history = createHistory<Interest>(core, {
    page: historyPages(core, privacy, node),
    connected: server => privacy.peers().some(peer => peer.peerId === server),
    interests: chats =>
      subscriptions
        .interests()
        .filter(({ place }) => chats === undefined || chats.some(chat => listenTargets.concerns(chat, place))),
    deliver
  })

  const outbox = createOutbox(core, {
    poster,
    enqueue: item => sync.enqueue(item),
    connected: () => privacy.connected(),
    rest: ms => delay(deps.scheduler ?? systemScheduler, ms, core.stopping),
    peersConfirm: () => privacy.peers().some(peer => peer.confirmations)
  })

  const messageSender = createMessageSender(core, {
    apply,
    outbox,
    sealer,
    beforeHandOver: async ref => {
      if (ref.kind !== 'one-to-one' || isSelf(core, ref.publicKey)) return
      await listenTargets.chatChanged(ref)
      // SPEC: flows, "First contact": with a mailserver at hand its contact code is looked up first.
      if ((await sealer.devices(ref.publicKey)).length === 0)
        await withTimeout(history.settled(), deps.scheduler ?? systemScheduler, lookupMs)
    }
  })

  const hasOtherDevices = async (): Promise<boolean> =>
    (await sealer.devices(self)).some(device => !device.self && device.enabled)

  const contacts = createContacts(core, {
    messageSender,
    contactChanged: listenTargets.contactChanged,
    chatChanged: listenTargets.chatChanged,
    retry: peer => sync.retry(peer),
    cancelAll: async peer => {
      for (const id of await core.deliveries.pendingFor(peer)) {
        await core.bodies.release(id, peer)
        await sync.cancel(id, peer)
      }
    },
    hasOtherDevices
  })

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
    inbound: {
      ...inbound,
      idle: async () => {
        await lanes.idle()
        await inbound.idle()
      },
      resume: async () => {
        await groups.resume()
        await inbound.resume()
      }
    },
    history,
    poster,
    outbox,
    messageSender,
    contacts,
    ens,
    hasOtherDevices
  }
}

export type Composition = Awaited<ReturnType<typeof joinLayers>>
