import { check, checkIdentity, checkPublicKey, checkRoute } from '../checks.ts'
import { symmetricKeyOfName } from '../message/key-cache.ts'
import type { IdentityKey } from '../ports.ts'
import type { Interest, PowOptions, Route } from '../route.ts'
import { topicOfName } from '../topic.ts'
import type { Destination, Guarantee, ListenTarget } from './destination.ts'
import { contactCodeName, negotiatedName, partitionedName, personalDiscoveryName } from './topics.ts'

/** Lifetime of Status messages, seconds. */
export const statusTtlSeconds = 15

const largePayload = 50_000

/**
 * Work of Status messages: less for payloads over 50 000 bytes, as status-go has it.
 *
 * @example
 * ```ts
 * await whisper.post({ route, payload, pow: statusPow(payload.length) })
 * ```
 */
export function statusPow(payloadLength: number): PowOptions {
  check.integer('payloadLength', payloadLength, 0, Number.MAX_SAFE_INTEGER)
  return { target: payloadLength <= largePayload ? 0.002 : 0.000002, timeSeconds: 5 }
}

const defaults = { ttlSeconds: statusTtlSeconds, pow: statusPow }

async function symmetricRoute(name: string): Promise<{
  readonly topic: Uint8Array
  readonly key: { readonly kind: 'symmetric'; readonly key: Uint8Array }
}> {
  return { topic: topicOfName(name), key: { kind: 'symmetric', key: await symmetricKeyOfName(name) } }
}

/**
 * Where to post for a destination. An identity is reached on the negotiated topic when `rendezvous` (32 bytes, the
 * secret both share) is given, else on its partitioned topic, encrypted to its key. SPEC: 3/WHISPER-USAGE, "Topics".
 * @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const route = await planRoute({ kind: 'public', name: 'status' })
 * await whisper.post({ route, payload, signer: identity })
 * ```
 */
export async function planRoute(
  to: Destination,
  hints: { readonly rendezvous?: Uint8Array | undefined } = {}
): Promise<Route> {
  check.object('destination', to)
  check.object('hints', hints)
  check.oneOf('destination.kind', to.kind, ['identity', 'public', 'contact-code'])
  switch (to.kind) {
    case 'identity': {
      checkPublicKey('identity', to.publicKey)
      if (hints.rendezvous !== undefined) {
        const negotiated = await symmetricRoute(negotiatedName(hints.rendezvous))
        return { ...negotiated, ...defaults, guarantee: 'addressee-confidential' }
      }
      return {
        topic: topicOfName(partitionedName(to.publicKey)),
        key: { kind: 'asymmetric', publicKey: to.publicKey },
        guarantee: 'addressee-confidential',
        ...defaults
      }
    }
    case 'public':
      return { ...(await symmetricRoute(to.name)), ...defaults, guarantee: 'group-readable' }
    case 'contact-code':
      checkPublicKey('owner', to.owner)
      return { ...(await symmetricRoute(contactCodeName(to.owner))), ...defaults, guarantee: 'group-readable' }
  }
}

/**
 * Where to listen and what opens it: the mirror of {@link planRoute}. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const interest = await planInterest(identity, { kind: 'public', name: 'status' })
 * for await (const { payload, signer } of whisper.subscribe(interest)) show(payload, signer)
 * ```
 */
export async function planInterest(
  me: Pick<IdentityKey, 'publicKey' | 'ecdhX'>,
  target: ListenTarget
): Promise<Interest> {
  checkIdentity('me', me)
  check.object('want', target)
  check.oneOf('want.kind', target.kind, ['identity', 'public', 'contact-code', 'rendezvous'])
  switch (target.kind) {
    case 'identity':
      return {
        topics: [topicOfName(partitionedName(me.publicKey)), topicOfName(personalDiscoveryName(me.publicKey))],
        key: { kind: 'asymmetric', identity: me },
        arrival: { kind: 'identity' },
        guarantee: 'addressee-confidential'
      }
    case 'public': {
      const { topic, key } = await symmetricRoute(target.name)
      return {
        topics: [topic],
        key,
        arrival: { kind: 'public', name: target.name },
        guarantee: 'group-readable'
      }
    }
    case 'contact-code': {
      checkPublicKey('owner', target.owner)
      const { topic, key } = await symmetricRoute(contactCodeName(target.owner))
      return {
        topics: [topic],
        key,
        arrival: { kind: 'contact-code', owner: target.owner },
        guarantee: 'group-readable',
        signer: target.owner
      }
    }
    case 'rendezvous': {
      checkPublicKey('peer', target.peer)
      const { topic, key } = await symmetricRoute(negotiatedName(target.secret))
      return {
        topics: [topic],
        key,
        arrival: { kind: 'rendezvous', peer: target.peer },
        guarantee: 'addressee-confidential',
        signer: target.peer
      }
    }
  }
}

/**
 * Who could read an envelope posted on this route: the same value as on its deliveries. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * guaranteeOf(await planRoute({ kind: 'public', name: 'status' })) // 'group-readable'
 * ```
 */
export function guaranteeOf(route: Route): Guarantee {
  checkRoute('route', route)
  return route.guarantee
}
