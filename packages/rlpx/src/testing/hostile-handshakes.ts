import { concatBytes, eciesEncrypt } from '@status-stack/crypto'
import { type ComplianceCase, check } from '@status-stack/interface/testing'
import type { Host, RefusalReason } from '../host/types.ts'
import { until } from './events.ts'
import { nest } from './hand-made.ts'
import type { Using } from './hostile-scene.ts'
import type { Stranger } from './stranger.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

function wireAuth(publicKey: Uint8Array, body: Uint8Array): Uint8Array {
  const length = body.length + 113
  const size = bytes(length >> 8, length & 255)
  return concatBytes(size, eciesEncrypt(publicKey, body, size))
}

/** Bytes that are no handshake, each closed with nothing sent. */
const handshakeCases: readonly {
  readonly name: string
  readonly raw: (x: Stranger, host: Host) => Uint8Array
  readonly reason: RefusalReason
}[] = [
  {
    name: 'an auth that nobody can decrypt',
    raw: () => concatBytes(bytes(1, 0x31), new Uint8Array(400).fill(7)),
    reason: 'bad-handshake'
  },
  { name: 'an auth of size 0', raw: () => new Uint8Array(307).fill(9, 2), reason: 'bad-handshake' },
  {
    name: 'an auth of 65 KiB',
    raw: (_, { publicKey }) => wireAuth(publicKey, nest(65_000)).subarray(0, 400),
    reason: 'bad-handshake'
  },
  {
    name: 'an auth of nested lists',
    raw: (_, { publicKey }) => wireAuth(publicKey, nest(1_800)),
    reason: 'bad-handshake'
  },
  { name: 'zeros behind a valid auth', raw: ({ auth }) => concatBytes(auth, new Uint8Array(32)), reason: 'bad-hello' }
]

/** Attacks before a session is open. */
export function handshakeAttacks(using: Using): readonly ComplianceCase[] {
  return [
    ...handshakeCases.map(({ name, raw, reason }) =>
      using(`${name} closes, and nothing is left of it`, {}, async ({ host, stranger, refused }) => {
        const x = await stranger()
        x.raw(raw(x, host))
        await x.closed
        await until(() => refused.length > 0)
        check(
          refused.length === 1 && refused[0]?.reason === reason,
          `one refusal, ${reason}, got ${refused[0]?.reason}`
        )
        check(host.metrics().pendingInbound === 0, 'nothing pending')
      })
    ),
    using('a handshake in single bytes opens a session', {}, async ({ host, stranger }) => {
      const x = await stranger()
      for (let at = 0; at < x.auth.length; at++) x.raw(x.auth.subarray(at, at + 1))
      await x.acked
      x.hello()
      await until(() => host.peers().length === 1)
    }),
    using(
      'half a handshake is closed at the deadline',
      { handshakeTimeoutMs: 150 },
      async ({ host, stranger, refused }) => {
        const silent = await stranger()
        const half = await stranger()
        half.raw(half.auth.subarray(0, 100))
        const withoutHello = await stranger()
        await withoutHello.handshake()
        await Promise.all([silent.closed, half.closed, withoutHello.closed])
        await until(() => refused.length === 3)
        check(
          refused.every(({ reason }) => reason === 'handshake-timeout'),
          'three time-outs'
        )
        check(host.metrics().pendingInbound === 0, 'nothing pending')
      }
    ),
    using('a Hello with another key is answered with 9, with no key 7', {}, async ({ stranger }) => {
      const other = await stranger()
      await other.session({ key: new Uint8Array(64).fill(1) })
      await other.closed
      check(other.reason() === 9, `reason 9, got ${other.reason()}`)
      const none = await stranger()
      await none.session({ key: new Uint8Array(64) })
      await none.closed
      check(none.reason() === 7, `reason 7, got ${none.reason()}`)
    }),
    using('silent connections are bounded', { maxPendingInbound: 10 }, async ({ host, stranger, refused }) => {
      for (let i = 0; i < 60; i++) await stranger()
      await until(() => host.metrics().accepted === 60)
      check(host.metrics().pendingInbound === 10, `10 pending, got ${host.metrics().pendingInbound}`)
      check(refused.filter(({ reason }) => reason === 'pending-limit').length === 50, '50 that made room')
    })
  ]
}
