import type { IdentityKey } from '../ports.ts'
import type { ListenTarget, PrivacyLayer, ReceivedMessage } from '../privacy.ts'
import type { Destination } from '../protection.ts'
import { type ComplianceCase, check, checkBytes, eventually } from './case.ts'

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

/** Values of a run; all optional. */
export interface PrivacyLayerCasesOptions {
  /** Longest wait for something that has to happen, milliseconds. @default one minute */
  readonly patienceMs?: number | undefined
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

/**
 * The contract of {@link PrivacyLayer}. `create` makes a fresh, connected fixture each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of privacyLayerCases(async () => myNetwork())) test(name, run)
 * ```
 */
export function privacyLayerCases<Route, Interest>(
  create: () => Promise<PrivacyFixture<Route, Interest>>,
  { patienceMs }: PrivacyLayerCasesOptions = {}
): readonly ComplianceCase[] {
  type Fixture = PrivacyFixture<Route, Interest>
  const soon = <T>(promise: Promise<T>, expected: string): Promise<T> => eventually(promise, expected, patienceMs)
  const using = (name: string, body: (fixture: Fixture) => Promise<void>): ComplianceCase => ({
    name,
    run: async () => {
      const fixture = await create()
      try {
        await body(fixture)
      } finally {
        await fixture.release()
      }
    }
  })
  const listen = async (
    layer: Fixture['alice'],
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
    layer: Fixture['alice'],
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
  const places: readonly {
    readonly name: string
    readonly at: (identities: Fixture['identities']) => {
      readonly to: Destination
      readonly target: ListenTarget
      readonly rendezvous?: Uint8Array
    }
  }[] = [
    {
      name: 'identity',
      at: ([, bob]) => ({ to: { kind: 'identity', publicKey: bob.publicKey }, target: { kind: 'identity' } })
    },
    {
      name: 'public chat',
      at: () => ({ to: { kind: 'public-chat', name: 'cases' }, target: { kind: 'public-chat', name: 'cases' } })
    },
    {
      name: 'contact code',
      at: ([alice]) => ({
        to: { kind: 'contact-code', owner: alice.publicKey },
        target: { kind: 'contact-code', owner: alice.publicKey }
      })
    },
    {
      name: 'rendezvous',
      at: ([alice, bob]) => ({
        to: { kind: 'identity', publicKey: bob.publicKey },
        target: { kind: 'rendezvous', peer: alice.publicKey, secret: secret(7) },
        rendezvous: secret(7)
      })
    }
  ]
  return [
    using('wire names a capability that a transport can announce', async ({ alice }) => {
      const { name, version, codes } = alice.wire
      check(/^[ -~]{1,8}$/.test(name), 'a name of 1 to 8 ASCII characters')
      check(Number.isInteger(version) && version >= 0, 'a version')
      check(Number.isInteger(codes) && codes >= 1, 'a number of message codes')
    }),
    using('connected nodes say so and list their peers', async ({ alice, bob }) => {
      for (const layer of [alice, bob]) {
        check(layer.connected(), 'connected() to be true')
        check(
          layer.peers().length > 0 && layer.peers().every(({ peerId }) => /^[0-9a-f]{64}$/.test(peerId)),
          'peers with ids'
        )
      }
    }),
    ...places.map(({ name, at }) =>
      using(`what is posted to ${name} arrives there, with its facts`, async ({ alice, bob, identities }) => {
        const { to, target, rendezvous } = at(identities)
        const iterator = await listen(bob, identities[1], target)
        const beforeSeconds = Math.floor(Date.now() / 1000) - 60
        const { route, posted } = await post(alice, to, 'hello', {
          signer: identities[0],
          ...(rendezvous === undefined ? {} : { rendezvous })
        })
        const message = await next(iterator)
        checkBytes('the payload', message.payload, bytesOf('hello'))
        checkBytes('the signer', message.signer, identities[0].publicKey)
        checkBytes('the hash', message.hash, posted.hash)
        check(message.arrival.kind === target.kind, `an arrival of kind ${target.kind}, got ${message.arrival.kind}`)
        check(message.guarantee === alice.guaranteeOf(route), 'the guarantee of the route on the delivery')
        check(message.source === 'live', 'a live message')
        check(message.sentSeconds >= beforeSeconds && message.sentSeconds <= posted.expiry, 'the time of posting')
      })
    ),
    using('an unsigned message has no signer', async ({ alice, bob, identities }) => {
      const iterator = await listen(bob, identities[1], { kind: 'public-chat', name: 'cases' })
      await post(alice, { kind: 'public-chat', name: 'cases' }, 'hello')
      check((await next(iterator)).signer === undefined, 'no signer')
    }),
    using('subscribe listens from the call on, not from the first next', async ({ alice, bob, identities }) => {
      const target = { kind: 'public-chat', name: 'cases' } as const
      const subscription = bob.subscribe(await bob.planInterest(identities[1], target))
      await soon(subscription.ready, 'a subscription to become ready')
      await post(alice, target, 'early', { signer: identities[0] })
      checkBytes('the payload', (await next(subscription[Symbol.asyncIterator]())).payload, bytesOf('early'))
    }),
    using('who listens late finds what is still in circulation', async ({ alice, bob, identities }) => {
      const target = { kind: 'public-chat', name: 'cases' } as const
      const other = { kind: 'public-chat', name: 'other' } as const
      const watch = await listen(bob, identities[1], other)
      await post(alice, target, 'before', { signer: identities[0] })
      await post(alice, other, 'through', { signer: identities[0] })
      await next(watch)
      checkBytes('the payload', (await next(await listen(bob, identities[1], target))).payload, bytesOf('before'))
    }),
    using('a rendezvous hears its peer alone', async ({ alice, bob, identities: [a, b, c] }) => {
      const iterator = await listen(bob, b, { kind: 'rendezvous', peer: a.publicKey, secret: secret(7) })
      const to = { kind: 'identity', publicKey: b.publicKey } as const
      await checkDropped(
        iterator,
        () => post(alice, to, 'dropped', { signer: c, rendezvous: secret(7) }),
        () => post(alice, to, 'heard', { signer: a, rendezvous: secret(7) })
      )
    }),
    using('a contact code hears its owner alone', async ({ alice, bob, identities: [a, b, c] }) => {
      const place = { kind: 'contact-code', owner: a.publicKey } as const
      const iterator = await listen(bob, b, place)
      await checkDropped(
        iterator,
        () => post(alice, place, 'dropped', { signer: c }),
        () => post(alice, place, 'heard', { signer: a })
      )
    }),
    using('an identity does not hear what is for another', async ({ alice, bob, identities: [a, b, c] }) => {
      const iterator = await listen(bob, b, { kind: 'identity' })
      await checkDropped(
        iterator,
        () => post(alice, { kind: 'identity', publicKey: c.publicKey }, 'dropped', { signer: a }),
        () => post(alice, { kind: 'identity', publicKey: b.publicKey }, 'heard', { signer: a })
      )
    }),
    using('a subscription ends with its signal', async ({ bob, identities: [, b] }) => {
      const controller = new AbortController()
      const iterator = await listen(bob, b, { kind: 'public-chat', name: 'cases' }, controller.signal)
      const waiting = iterator.next()
      controller.abort()
      check((await soon(waiting, 'the subscription to end')).done === true, 'no more messages')
    }),
    using('guarantees say who could read', async ({ alice, identities: [, b] }) => {
      const identity = { kind: 'identity', publicKey: b.publicKey } as const
      const of = async (to: Destination, rendezvous?: Uint8Array) =>
        alice.guaranteeOf(await alice.planRoute(to, rendezvous === undefined ? {} : { rendezvous }))
      check((await of({ kind: 'public-chat', name: 'x' })) === 'group-readable', 'a public chat to be group-readable')
      check(
        (await of({ kind: 'contact-code', owner: b.publicKey })) === 'group-readable',
        'a contact code to be group-readable'
      )
      check((await of(identity)) === 'addressee-confidential', 'an identity to be confidential')
    }),
    using('a payload of the limit passes', async ({ alice, bob, identities: [a, b] }) => {
      const to = { kind: 'public-chat', name: 'cases' } as const
      const route = await alice.planRoute(to)
      const size = Math.min(alice.payloadLimit(route), 50_000)
      check(size > 0, 'a payload limit above 0')
      const iterator = await listen(bob, b, to)
      await alice.post({ route, payload: new Uint8Array(size).fill(3), signer: a })
      const { payload } = await next(iterator)
      check(payload.length === size && payload.every(byte => byte === 3), `${size} bytes`)
    }),
    using('an aborted post is refused', async ({ alice, identities: [a] }) => {
      const route = await alice.planRoute({ kind: 'public-chat', name: 'cases' })
      const posted = alice.post({ route, payload: bytesOf('never'), signer: a, signal: AbortSignal.abort() })
      check(
        await soon(
          posted.then(
            () => false,
            () => true
          ),
          'post to settle'
        ),
        'a rejection'
      )
    }),
    using('changing a payload after the call changes nothing', async ({ alice, bob, identities: [a, b] }) => {
      const to = { kind: 'public-chat', name: 'cases' } as const
      const iterator = await listen(bob, b, to)
      const payload = bytesOf('before')
      const posted = alice.post({ route: await alice.planRoute(to), payload, signer: a })
      await posted
      payload.fill(0)
      checkBytes('the payload', (await next(iterator)).payload, bytesOf('before'))
    }),
    using('stop ends subscriptions and is idempotent', async ({ bob, identities: [, b] }) => {
      const iterator = await listen(bob, b, { kind: 'public-chat', name: 'cases' })
      await soon(bob.stop(), 'stop to settle')
      await soon(bob.stop(), 'stopping twice to settle')
      check((await soon(iterator.next(), 'the subscription to end')).done === true, 'no more messages')
      check(!bob.connected(), 'connected() to be false')
    })
  ]
}
