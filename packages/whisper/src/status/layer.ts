import { bytesToHex, concatBytes } from '@status-stack/crypto'
import {
  type ListenTarget,
  type PrivacyEvents,
  type PrivacyLayer,
  type PrivacyPeer,
  type PrivacyStore,
  privacyEventNames
} from '@status-stack/interface'
import { check } from '../checks.ts'
import type { Interest, Route } from '../route.ts'
import type { PeerInfo, Whisper } from '../whisper-types.ts'
import { guaranteeOf, planInterest, planRoute } from './route.ts'

/** Collaborators of the layer. */
export interface StatusLayerDeps {
  /** Remembers keys of names from one run to the next: each takes 65 356 rounds of PBKDF2. @default nothing is remembered */
  readonly store?: PrivacyStore | undefined
}

const topicBytes = 4
const keyBytes = 32

/** The name under which the key of a place is remembered; `undefined` for our own, which holds the identity and costs nothing. */
function storeKey(target: ListenTarget): string | undefined {
  switch (target.kind) {
    case 'identity':
      return undefined
    case 'public':
      return `public:${target.name}`
    case 'contact-code':
      return `contact-code:${bytesToHex(target.owner)}`
    case 'rendezvous':
      // A secret that both sides share may be another one the next time.
      return `rendezvous:${bytesToHex(target.peer)}:${bytesToHex(target.secret)}`
  }
}

/** The name under which a public chat was remembered before its kind was `public` in every layer. */
const storeKeyBefore = (target: ListenTarget): string | undefined =>
  target.kind === 'public' ? `public-chat:${target.name}` : undefined

/** Topic and key of a place; everything else follows from what is wanted. */
function remembered({ topics: [topic], key }: Interest): Uint8Array | undefined {
  return topic === undefined || key.kind !== 'symmetric' ? undefined : concatBytes(topic, key.key)
}

/** What was remembered under an earlier name, which is under the present one now. */
async function moved(store: PrivacyStore, before: string, key: string): Promise<Uint8Array | undefined> {
  const value = await store.get(before)
  if (value === undefined) return undefined
  await store.put(key, value)
  await store.delete(before)
  return value
}

/** What a remembered place stands for. Bytes of another length are none of ours. */
function interestFrom(bytes: Uint8Array, target: ListenTarget): Interest | undefined {
  if (bytes.length !== topicBytes + keyBytes) return undefined
  const place = {
    topics: [bytes.slice(0, topicBytes)],
    key: { kind: 'symmetric' as const, key: bytes.slice(topicBytes) }
  }
  switch (target.kind) {
    case 'identity':
      return undefined
    case 'public':
      return { ...place, arrival: { kind: 'public', name: target.name }, guarantee: 'group-readable' }
    case 'contact-code':
      return {
        ...place,
        arrival: { kind: 'contact-code', owner: target.owner },
        guarantee: 'group-readable',
        signer: target.owner
      }
    case 'rendezvous':
      return {
        ...place,
        arrival: { kind: 'rendezvous', peer: target.peer },
        guarantee: 'addressee-confidential',
        signer: target.peer
      }
  }
}

const peerOf = ({ peerId, remoteAddress, confirmations }: PeerInfo): PrivacyPeer => ({
  peerId,
  confirmations,
  ...(remoteAddress === undefined ? {} : { remoteAddress })
})

/** Listens to the node in the words of the seam; returns the function that ends it. */
function listen<Event extends keyof PrivacyEvents>(
  whisper: Whisper,
  event: Event,
  tell: (fact: PrivacyEvents[Event]) => void
): () => void {
  check.oneOf('event', event, Object.keys(privacyEventNames))
  const say = tell as (fact: PrivacyEvents[keyof PrivacyEvents]) => void
  if (event === 'peerconnected')
    return whisper.on('peerconnected', ({ peerId }) => {
      const found = whisper.peers().find(peer => peer.peerId === peerId)
      say(found === undefined ? { peerId, confirmations: false } : peerOf(found))
    })
  if (event === 'peerdisconnected')
    return whisper.on('peerdisconnected', ({ peerId, error }) =>
      say({ peerId, ...(error === undefined ? {} : { reason: error.code }) })
    )
  const offs = [
    whisper.on('enveloperefused', ({ peerId, reason }) => {
      if (reason === 'from-future') say({ peerId, sign: 'from-future' })
      if (reason === 'very-old' || reason === 'expired') say({ peerId, sign: 'expired' })
    }),
    whisper.on('enveloperejected', ({ peerId, own, clock }) => {
      if (own && clock) say({ peerId, sign: 'rejected' })
    })
  ]
  return () => {
    for (const off of offs) off()
  }
}

/** A privacy layer of a network that has servers. */
export type StatusLayer = PrivacyLayer<Route, Interest> & Required<Pick<PrivacyLayer<Route, Interest>, 'history'>>

/**
 * A Whisper node with Status's topics as the privacy layer of a composition. SPEC: 3/WHISPER-USAGE.
 *
 * @example
 * ```ts
 * const layer = createStatusLayer(createWhisper())
 * await layer.start()
 * const route = await layer.planRoute({ kind: 'public', name: 'status' })
 * await layer.post({ route, payload, signer: identity })
 * ```
 */
export function createStatusLayer(whisper: Whisper, { store }: StatusLayerDeps = {}): StatusLayer {
  const { capability } = whisper
  return {
    wire: { name: capability.name, version: capability.version, codes: capability.length },
    start: whisper.start,
    stop: whisper.stop,
    attach: whisper.attach,
    peers: () => whisper.peers().map(peerOf),
    connected: whisper.connected,
    traffic: () => {
      const { events } = whisper.counters()
      return { received: events.envelopereceived, acknowledged: events.envelopeacknowledged }
    },
    on: (event, tell) => listen(whisper, event, tell),
    planRoute,
    planInterest: async (me, target) => {
      const key = storeKey(target)
      if (key === undefined || store === undefined) return planInterest(me, target)
      const before = storeKeyBefore(target)
      const known = (await store.get(key)) ?? (before === undefined ? undefined : await moved(store, before, key))
      const found = known === undefined ? undefined : interestFrom(known, target)
      if (found !== undefined) return found
      const interest = await planInterest(me, target)
      const bytes = remembered(interest)
      if (bytes !== undefined) await store.put(key, bytes)
      return interest
    },
    forgetInterest: async target => {
      const key = storeKey(target)
      const before = storeKeyBefore(target)
      if (key !== undefined) await store?.delete(key)
      if (before !== undefined) await store?.delete(before)
    },
    guaranteeOf,
    payloadLimit: whisper.payloadLimit,
    post: ({ lifetimeSeconds, ...message }) =>
      whisper.post({ ...message, ...(lifetimeSeconds === undefined ? {} : { ttlSeconds: lifetimeSeconds }) }),
    subscribe: whisper.subscribe,
    history: (server, { password, ...query }) =>
      whisper.history(server, { ...query, ...(password === undefined ? {} : { key: { kind: 'password', password } }) })
  }
}
