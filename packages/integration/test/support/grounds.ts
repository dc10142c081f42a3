import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { createWhisper, type Interest, type Route } from '@status-stack/whisper'
import { guaranteeOf, planInterest, planRoute, type Want } from '@status-stack/whisper/status'
import { createLinkPair } from '@status-stack/whisper/testing'
import type { Arrival, Delivery, Destination, Guarantee, IdentityKey, Privacy } from '../locks/seams.ts'

/** A privacy layer with what plans for it: all that the layers above need of a network. */
export interface Ground<Route, Interest> {
  readonly privacy: Privacy<Route, Interest>
  readonly planRoute: (to: Destination, hints?: { readonly rendezvous?: Uint8Array }) => Promise<Route>
  readonly planInterest: (me: IdentityKey, want: Want) => Promise<Interest>
  readonly guaranteeOf: (route: Route) => Guarantee
  readonly stop: () => Promise<void>
}

/** Two Whisper nodes with a relay between, over links in memory. */
export async function whisperGrounds(): Promise<readonly [Ground<Route, Interest>, Ground<Route, Interest>]> {
  const [left, relay, right] = [0, 1, 2].map(() => createWhisper({}, { powWorkers: 0 })) as [Whisper, Whisper, Whisper]
  await Promise.all([left, relay, right].map(node => node.start()))
  for (const [index, node] of [left, right].entries()) {
    const pair = createLinkPair({ left: String(index + 1).repeat(64), right: '9'.repeat(64) })
    node.attach(pair.left).catch(() => undefined)
    relay.attach(pair.right).catch(() => undefined)
  }
  const ground = (node: Whisper): Ground<Route, Interest> => ({
    privacy: node,
    planRoute,
    planInterest,
    guaranteeOf,
    stop: async () => {
      await node.stop()
      await relay.stop()
    }
  })
  return [ground(left), ground(right)]
}

type Whisper = ReturnType<typeof createWhisper>

interface LoopbackRoute {
  readonly to: Destination
  readonly rendezvous?: Uint8Array
}

interface LoopbackInterest {
  readonly me: IdentityKey
  readonly want: Want
}

/**
 * No network: what is posted is there. It keeps the promises of the seam, who hears what and with which guarantee, and
 * has neither envelopes nor keys.
 */
export function loopbackGrounds(): readonly [
  Ground<LoopbackRoute, LoopbackInterest>,
  Ground<LoopbackRoute, LoopbackInterest>
] {
  const listeners = new Set<{ readonly interest: LoopbackInterest; readonly hear: (delivery: Delivery) => void }>()
  let posts = 0
  const privacy: Privacy<LoopbackRoute, LoopbackInterest> = {
    post: async ({ route, payload, signer, ttlSeconds = 15 }) => {
      const hash = keccak256(utf8Bytes(`post ${++posts}`))
      const sentSeconds = Math.floor(Date.now() / 1000)
      for (const { interest, hear } of listeners) {
        const arrival = arrivalOf(route, interest)
        const expected =
          interest.want.kind === 'rendezvous'
            ? interest.want.peer
            : interest.want.kind === 'contact-code'
              ? interest.want.owner
              : undefined
        if (arrival === undefined || (expected !== undefined && !same(expected, signer?.publicKey))) continue
        const facts = {
          payload: payload.slice(),
          sentSeconds,
          hash,
          arrival,
          guarantee: guarantee(route),
          source: 'live' as const
        }
        hear(signer === undefined ? facts : { ...facts, signer: signer.publicKey })
      }
      return { hash, expiry: sentSeconds + ttlSeconds, sentTo: ['loopback'], confirmations: (async function* () {})() }
    },
    subscribe: (interest, options) => {
      const queue: Delivery[] = []
      let wake: () => void = () => undefined
      const hear = (delivery: Delivery): void => {
        queue.push(delivery)
        wake()
      }
      const listener = { interest, hear }
      listeners.add(listener)
      options?.signal?.addEventListener('abort', () => wake(), { once: true })
      const deliveries = (async function* () {
        for (;;) {
          const delivery = queue.shift()
          if (delivery !== undefined) yield delivery
          else if (options?.signal?.aborted === true) break
          else {
            await new Promise<void>(resolve => {
              wake = resolve
            })
          }
        }
        listeners.delete(listener)
      })()
      return Object.assign(deliveries, { ready: Promise.resolve() })
    },
    history: async () => ({ deliveries: [] }),
    connected: () => true,
    payloadLimit: () => 1_000_000
  }
  const ground: Ground<LoopbackRoute, LoopbackInterest> = {
    privacy,
    planRoute: async (to, hints = {}) => ({ to, ...hints }),
    planInterest: async (me, want) => ({ me, want }),
    guaranteeOf: guarantee,
    stop: async () => undefined
  }
  return [ground, ground]
}

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean => b !== undefined && bytesToHex(a) === bytesToHex(b)

const guarantee = ({ to }: LoopbackRoute): Guarantee =>
  to.kind === 'identity' ? 'addressee-confidential' : 'group-readable'

function arrivalOf({ to, rendezvous }: LoopbackRoute, { me, want }: LoopbackInterest): Arrival | undefined {
  switch (want.kind) {
    case 'identity':
      return to.kind === 'identity' && rendezvous === undefined && same(me.publicKey, to.publicKey)
        ? { kind: 'identity' }
        : undefined
    case 'rendezvous':
      return rendezvous !== undefined && same(want.secret, rendezvous)
        ? { kind: 'rendezvous', peer: want.peer }
        : undefined
    case 'public-chat':
      return to.kind === 'public-chat' && to.name === want.name ? { kind: 'public-chat', name: want.name } : undefined
    case 'contact-code':
      return to.kind === 'contact-code' && same(to.owner, want.owner)
        ? { kind: 'contact-code', owner: want.owner }
        : undefined
  }
}
