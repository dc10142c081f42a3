import type { ListenTarget } from '../../privacy.ts'
import type { Destination } from '../../protection.ts'
import { check, checkBytes } from '../case.ts'
import { bytesOf, type PrivacyClause, type PrivacyFixture, secret } from './fixture.ts'

/** The four kinds of places, each with how a message gets there and where it is listened for. */
const places: readonly {
  readonly name: string
  readonly at: (identities: PrivacyFixture<unknown, unknown>['identities']) => {
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
    at: () => ({ to: { kind: 'public', name: 'cases' }, target: { kind: 'public', name: 'cases' } })
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

/** What is posted to a place is heard there, with its facts. */
export const arrivalClauses: readonly PrivacyClause[] = [
  ...places.map(
    ({ name, at }): PrivacyClause => [
      `what is posted to ${name} arrives there, with its facts`,
      async ({ alice, bob, identities, listen, next, post }) => {
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
      }
    ]
  ),
  [
    'an unsigned message has no signer',
    async ({ alice, bob, identities, listen, next, post }) => {
      const iterator = await listen(bob, identities[1], { kind: 'public', name: 'cases' })
      await post(alice, { kind: 'public', name: 'cases' }, 'hello')
      check((await next(iterator)).signer === undefined, 'no signer')
    }
  ],
  [
    'subscribe listens from the call on, not from the first next',
    async ({ alice, bob, identities, soon, next, post }) => {
      const target = { kind: 'public', name: 'cases' } as const
      const subscription = bob.subscribe(await bob.planInterest(identities[1], target))
      await soon(subscription.ready, 'a subscription to become ready')
      await post(alice, target, 'early', { signer: identities[0] })
      checkBytes('the payload', (await next(subscription[Symbol.asyncIterator]())).payload, bytesOf('early'))
    }
  ],
  [
    'who listens late finds what is still in circulation',
    async ({ alice, bob, identities, listen, next, post }) => {
      const target = { kind: 'public', name: 'cases' } as const
      const other = { kind: 'public', name: 'other' } as const
      const watch = await listen(bob, identities[1], other)
      await post(alice, target, 'before', { signer: identities[0] })
      await post(alice, other, 'through', { signer: identities[0] })
      await next(watch)
      checkBytes('the payload', (await next(await listen(bob, identities[1], target))).payload, bytesOf('before'))
    }
  ]
]

/** What is for others is not heard. */
export const isolationClauses: readonly PrivacyClause[] = [
  [
    'a rendezvous hears its peer alone',
    async ({ alice, bob, identities: [a, b, c], listen, post, checkDropped }) => {
      const iterator = await listen(bob, b, { kind: 'rendezvous', peer: a.publicKey, secret: secret(7) })
      const to = { kind: 'identity', publicKey: b.publicKey } as const
      await checkDropped(
        iterator,
        () => post(alice, to, 'dropped', { signer: c, rendezvous: secret(7) }),
        () => post(alice, to, 'heard', { signer: a, rendezvous: secret(7) })
      )
    }
  ],
  [
    'a contact code hears its owner alone',
    async ({ alice, bob, identities: [a, b, c], listen, post, checkDropped }) => {
      const place = { kind: 'contact-code', owner: a.publicKey } as const
      const iterator = await listen(bob, b, place)
      await checkDropped(
        iterator,
        () => post(alice, place, 'dropped', { signer: c }),
        () => post(alice, place, 'heard', { signer: a })
      )
    }
  ],
  [
    'an identity does not hear what is for another',
    async ({ alice, bob, identities: [a, b, c], listen, post, checkDropped }) => {
      const iterator = await listen(bob, b, { kind: 'identity' })
      await checkDropped(
        iterator,
        () => post(alice, { kind: 'identity', publicKey: c.publicKey }, 'dropped', { signer: a }),
        () => post(alice, { kind: 'identity', publicKey: b.publicKey }, 'heard', { signer: a })
      )
    }
  ]
]
