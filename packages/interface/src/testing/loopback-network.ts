import type { PeerLink } from '../link.ts'
import type { IdentityKey } from '../ports.ts'
import type { ListenTarget, PrivacyEvents, PrivacyLayer, ReceivedMessage } from '../privacy.ts'
import type { Arrival, Destination, Guarantee } from '../protection.ts'

/** Where a loopback message goes. */
export interface LoopbackRoute {
  /** Whom the message is for; only nodes that listen there hear it. */
  readonly to: Destination
  /** A secret of two people: those who listen for this very one hear it, and nobody else. */
  readonly rendezvous?: Uint8Array | undefined
}

/** Where a loopback node listens. */
export interface LoopbackInterest {
  /** Whose identity listens. */
  readonly me: IdentityKey
  /** The place that is listened at. */
  readonly target: ListenTarget
}

/** A network without a network: what one node posts is where the others listen. */
export interface LoopbackNetwork {
  /** Another node of it. Nodes see each other as soon as they are started; `attach` takes any link and does nothing with it. */
  readonly join: () => PrivacyLayer<LoopbackRoute, LoopbackInterest>
}

interface Listener {
  readonly interest: LoopbackInterest
  readonly hear: (message: ReceivedMessage) => void
}

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at])

const guarantee = ({ to }: LoopbackRoute): Guarantee =>
  to.kind === 'identity' ? 'addressee-confidential' : 'group-readable'

function arrivalOf({ to, rendezvous }: LoopbackRoute, { me, target }: LoopbackInterest): Arrival | undefined {
  switch (target.kind) {
    case 'identity':
      return to.kind === 'identity' && rendezvous === undefined && same(me.publicKey, to.publicKey) ? target : undefined
    case 'rendezvous':
      return rendezvous !== undefined && same(target.secret, rendezvous)
        ? { kind: 'rendezvous', peer: target.peer }
        : undefined
    case 'public':
      return to.kind === 'public' && to.name === target.name ? target : undefined
    case 'contact-code':
      return to.kind === 'contact-code' && same(to.owner, target.owner) ? target : undefined
  }
}

/** Who alone may write where we listen; `undefined` for places open to all. */
function writerOf(target: ListenTarget): Uint8Array | undefined {
  if (target.kind === 'rendezvous') return target.peer
  return target.kind === 'contact-code' ? target.owner : undefined
}

/** Messages in the order in which they were heard, until the signal fires or the node stops. */
function createInbox(closed: AbortSignal) {
  const waiting: ReceivedMessage[] = []
  let wake: () => void = () => undefined
  closed.addEventListener('abort', () => wake(), { once: true })
  return {
    hear: (message: ReceivedMessage): void => {
      waiting.push(message)
      wake()
    },
    messages: async function* (): AsyncGenerator<ReceivedMessage> {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) yield message
        else if (closed.aborted) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
    }
  }
}

/** A message on the network. */
interface Posted {
  readonly route: LoopbackRoute
  readonly facts: Omit<ReceivedMessage, 'arrival'>
  readonly expiry: number
}

/** What the nodes of one network share. */
function createGround(nowMs: () => number) {
  const listeners = new Set<Listener>()
  const started = new Set<string>()
  const handlers = new Set<{ readonly event: string; readonly node: string; readonly call: (fact: never) => void }>()
  let circulating: readonly Posted[] = []
  let posts = 0

  const offer = (listener: Listener, { route, facts }: Posted): void => {
    const arrival = arrivalOf(route, listener.interest)
    const writer = writerOf(listener.interest.target)
    if (arrival === undefined || (writer !== undefined && !same(writer, facts.signer))) return
    listener.hear({ ...facts, payload: facts.payload.slice(), arrival })
  }
  return {
    started,
    handlers,
    posts: () => posts,
    nowSeconds: () => Math.floor(nowMs() / 1000),
    nextHash: (): Uint8Array => {
      const hash = new Uint8Array(32)
      new DataView(hash.buffer).setUint32(28, ++posts)
      return hash
    },
    tell: <Event extends keyof PrivacyEvents>(event: Event, except: string, fact: PrivacyEvents[Event]): void => {
      for (const handler of handlers)
        if (handler.event === event && handler.node !== except) handler.call(fact as never)
    },
    circulate: (posted: Posted): void => {
      circulating = [...circulating.filter(({ expiry }) => expiry > posted.facts.sentSeconds), posted]
      for (const listener of listeners) offer(listener, posted)
    },
    /** Hears what is live at once, and what is posted until the signal fires. */
    listen: (listener: Listener, closed: AbortSignal): void => {
      listeners.add(listener)
      closed.addEventListener('abort', () => listeners.delete(listener), { once: true })
      const now = nowMs() / 1000
      for (const posted of circulating) if (posted.expiry > now) offer(listener, posted)
    }
  }
}

function joinGround(
  { started, handlers, posts, nowSeconds, nextHash, tell, circulate, listen }: ReturnType<typeof createGround>,
  id: string
): PrivacyLayer<LoopbackRoute, LoopbackInterest> {
  const stopped = new AbortController()
  const others = (): readonly string[] => (started.has(id) ? [...started].filter(other => other !== id) : [])
  return {
    wire: { name: 'loop', version: 1, codes: 1 },
    start: async () => {
      if (started.has(id)) return
      started.add(id)
      tell('peerconnected', id, { peerId: id, confirmations: true })
    },
    stop: async () => {
      stopped.abort()
      if (started.delete(id)) tell('peerdisconnected', id, { peerId: id })
    },
    attach: async (link: PeerLink) => {
      for await (const _ of link.packets()) if (stopped.signal.aborted) return
    },
    peers: () => others().map(peerId => ({ peerId, confirmations: true })),
    connected: () => others().length > 0,
    traffic: () => ({ received: posts(), acknowledged: posts() }),
    on: (event, listener) => {
      const handler = { event, node: id, call: listener as (fact: never) => void }
      handlers.add(handler)
      return () => {
        handlers.delete(handler)
      }
    },
    planRoute: async (to, hints = {}) => ({ to, ...hints }),
    planInterest: async (me, target) => ({ me, target }),
    forgetInterest: async () => undefined,
    guaranteeOf: guarantee,
    payloadLimit: () => 1_000_000,
    post: async ({ route, payload, signer, lifetimeSeconds = 15, signal }) => {
      signal?.throwIfAborted()
      const hash = nextHash()
      const sentSeconds = nowSeconds()
      const expiry = sentSeconds + lifetimeSeconds
      const facts = {
        payload: payload.slice(),
        sentSeconds,
        hash,
        guarantee: guarantee(route),
        source: 'live' as const,
        ...(signer === undefined ? {} : { signer: signer.publicKey })
      }
      circulate({ route, facts, expiry })
      const takers = others()
      return {
        hash,
        expiry,
        sentTo: takers,
        confirmations: (async function* () {
          for (const by of takers) yield { by }
        })()
      }
    },
    subscribe: (interest, options = {}) => {
      const closed = options.signal === undefined ? stopped.signal : AbortSignal.any([options.signal, stopped.signal])
      const inbox = createInbox(closed)
      listen({ interest, hear: inbox.hear }, closed)
      return Object.assign(inbox.messages(), { ready: Promise.resolve() })
    }
  }
}

/**
 * A privacy layer for tests and examples that keeps every promise of the seam and has neither envelopes nor keys nor a wire:
 * messages live for their lifetime, so that those who start to listen late find them.
 *
 * @example
 * ```ts
 * const network = createLoopbackNetwork()
 * const [alice, bob] = [network.join(), network.join()]
 * ```
 */
export function createLoopbackNetwork({
  nowMs = () => Date.now()
}: {
  readonly nowMs?: () => number
} = {}): LoopbackNetwork {
  const ground = createGround(nowMs)
  let nodes = 0
  return { join: () => joinGround(ground, (++nodes).toString(16).padStart(64, '0')) }
}
