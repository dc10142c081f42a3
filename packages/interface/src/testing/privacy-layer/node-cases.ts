import type { Destination } from '../../protection.ts'
import { check, checkBytes } from '../case.ts'
import { bytesOf, type PrivacyClause } from './fixture.ts'

/** What a node says of itself, and how it ends. */
export const nodeClauses: readonly PrivacyClause[] = [
  [
    'wire names a capability that a transport can announce',
    async ({ alice }) => {
      const { name, version, codes } = alice.wire
      check(/^[ -~]{1,8}$/.test(name), 'a name of 1 to 8 ASCII characters')
      check(Number.isInteger(version) && version >= 0, 'a version')
      check(Number.isInteger(codes) && codes >= 1, 'a number of message codes')
    }
  ],
  [
    'connected nodes say so and list their peers',
    async ({ alice, bob }) => {
      for (const layer of [alice, bob]) {
        check(layer.connected(), 'connected() to be true')
        check(
          layer.peers().length > 0 && layer.peers().every(({ peerId }) => /^[0-9a-f]{64}$/.test(peerId)),
          'peers with ids'
        )
      }
    }
  ],
  [
    'a subscription ends with its signal',
    async ({ bob, identities: [, b], soon, listen }) => {
      const controller = new AbortController()
      const iterator = await listen(bob, b, { kind: 'public', name: 'cases' }, controller.signal)
      const waiting = iterator.next()
      controller.abort()
      check((await soon(waiting, 'the subscription to end')).done === true, 'no more messages')
    }
  ],
  [
    'stop ends subscriptions and is idempotent',
    async ({ bob, identities: [, b], soon, listen }) => {
      const iterator = await listen(bob, b, { kind: 'public', name: 'cases' })
      await soon(bob.stop(), 'stop to settle')
      await soon(bob.stop(), 'stopping twice to settle')
      check((await soon(iterator.next(), 'the subscription to end')).done === true, 'no more messages')
      check(!bob.connected(), 'connected() to be false')
    }
  ]
]

/** What posting promises: who could read, how much fits, and that the caller keeps its bytes. */
export const postingClauses: readonly PrivacyClause[] = [
  [
    'guarantees say who could read',
    async ({ alice, identities: [, b] }) => {
      const identity = { kind: 'identity', publicKey: b.publicKey } as const
      const of = async (to: Destination, rendezvous?: Uint8Array) =>
        alice.guaranteeOf(await alice.planRoute(to, rendezvous === undefined ? {} : { rendezvous }))
      check((await of({ kind: 'public', name: 'x' })) === 'group-readable', 'a public chat to be group-readable')
      check(
        (await of({ kind: 'contact-code', owner: b.publicKey })) === 'group-readable',
        'a contact code to be group-readable'
      )
      check((await of(identity)) === 'addressee-confidential', 'an identity to be confidential')
    }
  ],
  [
    'a payload of the limit passes',
    async ({ alice, bob, identities: [a, b], listen, next }) => {
      const to = { kind: 'public', name: 'cases' } as const
      const route = await alice.planRoute(to)
      const size = Math.min(alice.payloadLimit(route), 50_000)
      check(size > 0, 'a payload limit above 0')
      const iterator = await listen(bob, b, to)
      await alice.post({ route, payload: new Uint8Array(size).fill(3), signer: a })
      const { payload } = await next(iterator)
      check(payload.length === size && payload.every(byte => byte === 3), `${size} bytes`)
    }
  ],
  [
    'an aborted post is refused',
    async ({ alice, identities: [a], soon }) => {
      const route = await alice.planRoute({ kind: 'public', name: 'cases' })
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
    }
  ],
  [
    'changing a payload after the call changes nothing',
    async ({ alice, bob, identities: [a, b], listen, next }) => {
      const to = { kind: 'public', name: 'cases' } as const
      const iterator = await listen(bob, b, to)
      const payload = bytesOf('before')
      const posted = alice.post({ route: await alice.planRoute(to), payload, signer: a })
      await posted
      payload.fill(0)
      checkBytes('the payload', (await next(iterator)).payload, bytesOf('before'))
    }
  ]
]
