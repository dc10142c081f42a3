import type { IdentityKey } from '../../ports.ts'
import type { ListenTarget, PrivacyLayer, ReceivedMessage } from '../../privacy.ts'
import type { Destination } from '../../protection.ts'
import { check, checkBytes, eventually } from '../case.ts'

/** Two nodes of one network that can hear each other, and three identities to use them with. */
export interface PrivacyFixture<Route, Interest> {
  /** Both started and connected. */
  readonly alice: PrivacyLayer<Route, Interest>
  /** The other node, to which Alice's is the peer. */
  readonly bob: PrivacyLayer<Route, Interest>
  /** Keys of three people, none of them a node key; each case chooses who is who. */
  readonly identities: readonly [IdentityKey, IdentityKey, IdentityKey]
  /** Stops both nodes; called after each case, also after one that failed. */
  readonly release: () => Promise<void>
}

/** Cases pass routes and interests on without looking into them. */
type AnyLayer = PrivacyLayer<unknown, unknown>

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

/** A fixture with the few steps that all cases take. */
export function privacyScene(fixture: PrivacyFixture<unknown, unknown>, patienceMs: number | undefined) {
  const soon = <T>(promise: Promise<T>, expected: string): Promise<T> => eventually(promise, expected, patienceMs)
  const listen = async (
    layer: AnyLayer,
    me: IdentityKey,
    target: ListenTarget,
    signal?: AbortSignal
  ): Promise<AsyncIterator<ReceivedMessage>> => {
    const subscription = layer.subscribe(await layer.planInterest(me, target), signal === undefined ? {} : { signal })
    await soon(subscription.ready, 'a subscription to become ready')
    return subscription[Symbol.asyncIterator]()
  }
  const next = async (iterator: AsyncIterator<ReceivedMessage>): Promise<ReceivedMessage> => {
    const { done, value } = await soon(iterator.next(), 'a message')
    check(done !== true, 'a message, got the end of the subscription')
    return value
  }
  const post = async (
    layer: AnyLayer,
    to: Destination,
    text: string,
    rest: { readonly signer?: IdentityKey; readonly rendezvous?: Uint8Array } = {}
  ) => {
    const route = await layer.planRoute(to, rest.rendezvous === undefined ? {} : { rendezvous: rest.rendezvous })
    const posted = await layer.post({
      route,
      payload: bytesOf(text),
      ...(rest.signer === undefined ? {} : { signer: rest.signer })
    })
    return { route, posted }
  }
  /** Posts what the listener must not hear, then what it must: the second being the first to arrive proves the drop. */
  const checkDropped = async (
    iterator: AsyncIterator<ReceivedMessage>,
    dropped: () => Promise<unknown>,
    heard: () => Promise<unknown>
  ): Promise<void> => {
    await dropped()
    await heard()
    checkBytes('the first message heard', (await next(iterator)).payload, bytesOf('heard'))
  }
  return { ...fixture, soon, listen, next, post, checkDropped }
}

export type PrivacyScene = ReturnType<typeof privacyScene>

/** One clause of the contract. */
export type PrivacyClause = readonly [name: string, run: (scene: PrivacyScene) => Promise<void>]
