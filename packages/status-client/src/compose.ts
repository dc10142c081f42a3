import type { ReceivedMessage as Delivery, SyncLayer } from '@status-stack/interface'
import { generateIdentity } from '@status-stack/status-accounts'
import { decodeSliced, outgoing } from '@status-stack/status-data'
import { systemScheduler, withTimeout } from '@status-stack/utils'
import { type Apply, createApply } from './apply.ts'
import type { ComposeDeps } from './client-types.ts'
import { createContacts } from './contacts.ts'
import { type Core, isAcquainted, isSelf } from './core.ts'
import { createEffects } from './effects.ts'
import { ClientError } from './errors.ts'
import { createGroups } from './groups.ts'
import { createHistory } from './history.ts'
import { chatIdOf, counted } from './ids.ts'
import { createInbound } from './inbound.ts'
import type { Layers } from './layers.ts'
import { createNames } from './names.ts'
import { createNews } from './news.ts'
import type { OpenStores } from './open.ts'
import { createOriginate } from './originate.ts'
import { createOutbound } from './outbound.ts'
import { createOutbox } from './outbox.ts'
import { createPlaces } from './places.ts'
import { createPrivacyStore } from './stores/privacy-store.ts'
import { createSessionStore } from './stores/session-store.ts'
import { createSyncStore } from './stores/sync-store.ts'
import { createSubscriptions } from './subscriptions.ts'
import type { ChatRef, HeldReason, PublicKey } from './types.ts'

/** A slow mailserver does not keep a first message back for longer. */
const lookupMs = 5000

const outcomes: Readonly<Record<string, HeldReason>> = { 'given-up': 'age', 'too-large': 'too-large', nobody: 'nobody' }

/**
 * Builds the layers and joins them: data → sync → security → privacy, and back. Layers know nothing of each other; what passes
 * between them are bytes and facts. SPEC: seams, "Composition".
 */
export async function compose<Route, Interest, Receipt>(
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
  const sealer = security.sealed
  const isMailserver = (peerId: string): boolean => core.options.mailservers.includes(peerId)

  const outbound = createOutbound(core, {
    privacy,
    sealer,
    nullSealer: security.plain,
    isMailserver,
    applyEffects: effects => applyEffects.apply(effects)
  })

  const audienceOf = (peer: PublicKey) =>
    isSelf(core, peer)
      ? ({ kind: 'own-devices', reach: 'known-devices' } as const)
      : ({ kind: 'identity', publicKey: peer, reach: 'known-devices' } as const)

  const sync: SyncLayer = layers.sync({
    ...host,
    self,
    store: createSyncStore(stores.kv, stores.vault),
    times: {
      tickMs: core.options.syncTickMs,
      baseMs: core.options.syncRetryMs,
      giveUpMs: core.options.syncGiveUpMs
    },
    isKnown: peer => isSelf(core, peer) || isAcquainted(core, peer),
    maxBytes: peer => outbound.maxBytes(audienceOf(peer)),
    output: async (peer, bytes, { contains }) => {
      core.trace(() => ({
        layer: 'sync',
        direction: 'out',
        did: contains.length === 0 ? 'acknowledgements' : `payload of ${counted(contains.length, 'message')}`,
        messageIds: contains,
        bytesIn: bytes.length,
        bytesOut: bytes.length,
        ms: 0
      }))
      return (await outbound.post(audienceOf(peer), bytes, { ids: contains })).kind
    },
    settled: async ({ peer, tracking, outcome, device }) => {
      if (outcome === 'acknowledged')
        await core.ledger.note(tracking, { recipient: peer, state: 'acknowledged', by: device })
      else
        await core.ledger.note(tracking, {
          recipient: peer,
          state: 'given-up',
          reason: outcomes[outcome] ?? 'failed'
        })
    }
  })

  const subscriptions = createSubscriptions<Interest, Delivery>({
    plan: want => privacy.planInterest(identity, want),
    closed: want => core.background.run('a place given up', () => privacy.forgetInterest(want)),
    subscribe: (interest, options) => privacy.subscribe(interest, options),
    deliver: delivery => deliver(delivery),
    opened: (place, interest) => history.placeOpened(place, interest),
    failed: (place, error) =>
      core.log.error('a subscription ended', { place: place.split(':')[0] ?? '', error: String(error) })
  })

  const applyEffects = createEffects(core, {
    sealer,
    listen: subscriptions.acquire,
    forgetSizes: outbound.forget,
    retry: peer => sync.retry(peer),
    advertise: async to => {
      await outbound.post(to, new Uint8Array(), { ids: [], advertisement: true })
    }
  })

  const groups = createGroups(core, {
    groupChanged: id => {
      const chat: ChatRef = { kind: 'group', id }
      core.background.run('group places', () => places.chatChanged(chat))
    }
  })

  const places = createPlaces(core, {
    subscriptions,
    openGroup: groups.open,
    listenedMembers: id => {
      const group = groups.info(id)
      return group?.joined === true
        ? group.members.map(member => member.publicKey).filter(key => !isSelf(core, key))
        : []
    }
  })

  const names = createNames(core, deps.names)

  const apply: Apply = createApply(core, {
    sealer,
    groups,
    chatOpened: chat => core.background.run('chat places', () => places.chatChanged(chat)),
    contactChanged: publicKey => core.background.run('contact places', () => places.contactChanged(publicKey)),
    nameClaimed: names.claimed
  })

  // With sending through sync off, payloads of others are still unwrapped and acknowledged (D-18).
  const inbound = createInbound<Receipt>(core, {
    sealer,
    applyEffects: applyEffects.apply,
    sync,
    decode: decodeSliced,
    apply,
    groupEvents: groups.knownEvents,
    sampleClock,
    ownEnvelopeArchived: (hash, server) => core.background.run('archived', () => core.ledger.archived(hash, server))
  })

  const deliver = async (delivery: Delivery): Promise<void> => {
    try {
      await inbound.handle(delivery)
    } catch (error) {
      // One delivery that could not be handled must not stop the subscription. It was not acknowledged: it comes again.
      core.log.error('a delivery could not be handled', { error: String(error) })
      core.emit('refused', { layer: 'data', reason: 'internal', final: false, expected: false })
    }
  }

  // Mailserver requests are signed by a key of this run, never by the identity: the server learns nothing lasting.
  const node = deps.node ?? generateIdentity(random).identity
  const history = createHistory<Interest>(core, {
    page: (server, query, signal) => {
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
    },
    connected: server => privacy.peers().some(peer => peer.peerId === server),
    interests: chats =>
      subscriptions
        .interests()
        .filter(({ place }) => chats === undefined || chats.some(chat => places.concerns(chat, place))),
    deliver
  })

  const outbox = createOutbox(core, {
    outbound,
    enqueue: item => sync.enqueue(item),
    connected: () => privacy.connected(),
    peersConfirm: () => privacy.peers().some(peer => peer.confirmations)
  })

  const originate = createOriginate(core, {
    outgoing,
    apply,
    outbox,
    sealer,
    beforeHandOver: async ref => {
      if (ref.kind !== 'one-to-one' || isSelf(core, ref.publicKey)) return
      await places.chatChanged(ref)
      // SPEC: flows, "First contact": with a mailserver at hand its contact code is looked up first.
      if ((await sealer.devices(ref.publicKey)).length === 0)
        await withTimeout(history.settled(), systemScheduler, lookupMs)
    }
  })

  const hasOtherDevices = async (): Promise<boolean> =>
    (await sealer.devices(self)).some(device => !device.self && device.enabled)

  const contacts = createContacts(core, {
    originate,
    contactChanged: places.contactChanged,
    chatChanged: places.chatChanged,
    retry: peer => sync.retry(peer),
    cancelAll: async peer => {
      for (const id of await core.ledger.pendingFor(peer)) await sync.cancel(id, peer)
    },
    hasOtherDevices
  })

  core.book.watch(
    createNews(core, {
      chat: chat => chatView(core, groups, chat),
      contact: publicKey => contacts.view(core.book.contact(publicKey))
    })
  )

  return {
    privacy,
    sealer,
    sync,
    subscriptions,
    applyEffects,
    groups,
    places,
    inbound,
    history,
    outbound,
    outbox,
    originate,
    contacts,
    names,
    hasOtherDevices
  }
}

export type Composition = Awaited<ReturnType<typeof compose>>

/** A chat as the application sees it. */
export function chatView(
  core: Pick<Core, 'book'>,
  groups: Pick<ReturnType<typeof createGroups>, 'info'>,
  chat: ChatRef
) {
  const record = core.book.chat(chat)
  if (record === undefined) return undefined
  const { active, request, unread, unreadMentions, lastClock } = record
  const group = chat.kind === 'group' ? groups.info(chat.id) : undefined
  return {
    chat,
    id: chatIdOf(chat),
    active,
    request,
    unread,
    unreadMentions,
    lastClock,
    ...(group === undefined ? {} : { group })
  }
}
