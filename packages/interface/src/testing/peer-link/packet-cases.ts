import { check, checkBytes, rejects } from '../case.ts'
import { type LinkClause, lookMs, noise, pause, readerOf } from './fixture.ts'

/** Packets arrive as they were sent. */
export const packetClauses: readonly LinkClause[] = [
  [
    'each end names its peer: 64 hex digits',
    async ({ a, b }) => {
      for (const end of [a, b]) check(/^[0-9a-f]{64}$/.test(end.peerId), 'a peerId of 64 lower-case hex digits')
      check(a.peerId !== b.peerId, 'the ends to name different peers')
    }
  ],
  [
    'flags are booleans',
    async ({ a }) => {
      check(typeof a.flags.static === 'boolean' && typeof a.flags.trusted === 'boolean', 'static and trusted')
    }
  ],
  [
    'packets arrive once, whole, in order, with their code',
    async ({ a, b, take }) => {
      const reader = readerOf(b)
      const sent = Array.from({ length: 50 }, (_, i) => ({ code: i % 2, payload: new Uint8Array(i * 7).fill(i) }))
      for (const { code, payload } of sent) await a.send(code, payload)
      const got = await take(reader, sent.length)
      for (const [i, packet] of got.entries()) {
        check(packet.code === sent[i]?.code, `code ${sent[i]?.code} of packet ${i}, got ${packet.code}`)
        checkBytes(`the payload of packet ${i}`, packet.payload, sent[i]?.payload ?? new Uint8Array(0))
      }
    }
  ],
  [
    'a payload of 1 MiB passes, and an empty one after it',
    async ({ a, b, take }) => {
      const reader = readerOf(a)
      const large = noise(1 << 20)
      const sent = Promise.all([b.send(1, large), b.send(0, new Uint8Array(0))])
      const [first, second] = await take(reader, 2)
      await sent
      check(first?.code === 1 && first.payload.length === large.length, 'the large packet first')
      check(
        first.payload.every((byte, at) => byte === large[at]),
        'the bytes of the large packet'
      )
      check(second?.code === 0 && second.payload.length === 0, 'the empty packet second')
    }
  ],
  [
    'send takes the bytes as they are at the call',
    async ({ a, b, only }) => {
      const payload = Uint8Array.of(1, 2, 3)
      const sent = a.send(1, payload)
      payload.fill(9)
      await sent
      checkBytes('the payload', (await only(readerOf(b))).payload, Uint8Array.of(1, 2, 3))
    }
  ],
  [
    'packets sent before anyone reads are kept',
    async ({ a, b, only }) => {
      await a.send(1, Uint8Array.of(7))
      await pause(lookMs)
      const packet = await only(readerOf(b))
      check(packet.code === 1 && packet.payload[0] === 7, 'the packet sent earlier')
    }
  ],
  [
    'a code outside the capability is refused, and the link stays',
    async ({ a, b, only }) => {
      check(await rejects(a.send(1 << 20, Uint8Array.of(1))), 'a code beyond the capability to be refused')
      check(await rejects(a.send(-1, Uint8Array.of(1))), 'a negative code to be refused')
      await a.send(0, Uint8Array.of(5))
      checkBytes('the next payload', (await only(readerOf(b))).payload, Uint8Array.of(5))
    }
  ],
  [
    'a constant payload arrives as often as it is sent, to either end',
    async ({ a, b, take }) => {
      const payload = noise(3000)
      const readers = [readerOf(a), readerOf(b)] as const
      for (const end of [a, b, a, b]) await end.send(1, payload, { isConstant: true })
      for (const reader of readers) {
        for (const packet of await take(reader, 2)) checkBytes('the constant payload', packet.payload, payload)
      }
      checkBytes('the payload of the sender', payload, noise(3000))
    }
  ]
]
