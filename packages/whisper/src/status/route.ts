import { isPublicKey } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import { symmetricKeyOfName } from '../message/key-cache.ts'
import type { IdentityKey } from '../ports.ts'
import type { Interest, PowOptions, Route } from '../route.ts'
import { topicOfName } from '../topic.ts'
import type { Destination, Guarantee, Want } from './destination.ts'
import { contactCodeName, negotiatedName, partitionedName, personalDiscoveryName } from './topics.ts'

/** Lifetime of Status messages, seconds. */
export const statusTtlSeconds = 15

const largePayload = 50_000

/** Work of Status messages: less for payloads over 50 000 bytes, as status-go has it. */
export function statusPow(payloadLength: number): PowOptions {
  return { target: payloadLength <= largePayload ? 0.002 : 0.000002, timeSeconds: 5 }
}

const defaults = { ttlSeconds: statusTtlSeconds, pow: statusPow }

function assertIdentity(name: string, publicKey: Uint8Array): void {
  if (publicKey.length !== 65 || !isPublicKey(publicKey)) {
    throw new WhisperError('invalid-argument', `${name}: expected a public key of 65 bytes`, { origin: 'caller' })
  }
}

async function symmetricPlace(name: string): Promise<{
  readonly topic: Uint8Array
  readonly key: { readonly kind: 'symmetric'; readonly key: Uint8Array }
}> {
  return { topic: topicOfName(name), key: { kind: 'symmetric', key: await symmetricKeyOfName(name) } }
}

/**
 * Where to post for a destination. An identity is reached on the negotiated topic when `rendezvous` (32 bytes, the
 * secret both share) is given, else on its partitioned topic, encrypted to its key. SPEC: 3/WHISPER-USAGE, "Topics".
 * @throws WhisperError `invalid-argument`
 */
export async function planRoute(
  to: Destination,
  hints: { readonly rendezvous?: Uint8Array | undefined } = {}
): Promise<Route> {
  switch (to.kind) {
    case 'identity': {
      assertIdentity('identity', to.publicKey)
      if (hints.rendezvous !== undefined) {
        const place = await symmetricPlace(negotiatedName(hints.rendezvous))
        return { ...place, ...defaults, guarantee: 'addressee-confidential' }
      }
      return {
        topic: topicOfName(partitionedName(to.publicKey)),
        key: { kind: 'asymmetric', publicKey: to.publicKey },
        guarantee: 'addressee-confidential',
        ...defaults
      }
    }
    case 'public-chat':
      return { ...(await symmetricPlace(to.name)), ...defaults, guarantee: 'group-readable' }
    case 'contact-code':
      assertIdentity('owner', to.owner)
      return { ...(await symmetricPlace(contactCodeName(to.owner))), ...defaults, guarantee: 'group-readable' }
  }
}

/** Where to listen and what opens it: the mirror of {@link planRoute}. @throws WhisperError `invalid-argument` */
export async function planInterest(me: Pick<IdentityKey, 'publicKey' | 'ecdhX'>, want: Want): Promise<Interest> {
  switch (want.kind) {
    case 'identity':
      return {
        topics: [topicOfName(partitionedName(me.publicKey)), topicOfName(personalDiscoveryName(me.publicKey))],
        key: { kind: 'asymmetric', identity: me },
        arrival: { kind: 'identity' },
        guarantee: 'addressee-confidential'
      }
    case 'public-chat': {
      const { topic, key } = await symmetricPlace(want.name)
      return {
        topics: [topic],
        key,
        arrival: { kind: 'public-chat', name: want.name },
        guarantee: 'group-readable'
      }
    }
    case 'contact-code': {
      assertIdentity('owner', want.owner)
      const { topic, key } = await symmetricPlace(contactCodeName(want.owner))
      return {
        topics: [topic],
        key,
        arrival: { kind: 'contact-code', owner: want.owner },
        guarantee: 'group-readable',
        signer: want.owner
      }
    }
    case 'rendezvous': {
      assertIdentity('peer', want.peer)
      const { topic, key } = await symmetricPlace(negotiatedName(want.secret))
      return {
        topics: [topic],
        key,
        arrival: { kind: 'rendezvous', peer: want.peer },
        guarantee: 'addressee-confidential',
        signer: want.peer
      }
    }
  }
}

/** Who could read an envelope posted on this route: the same value as on its deliveries. */
export function guaranteeOf(route: Route): Guarantee {
  return route.guarantee
}
