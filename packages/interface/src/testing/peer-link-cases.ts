import type { Packet, PeerLink } from '../link.ts'
import { type ComplianceCase, check, checkBytes, rejects, eventually as settled } from './case.ts'

/** Two connected ends of one link, as a transport makes them; its capability has at least two message ids. */
export interface LinkFixture {
  /** The end of the node that dials, where that makes a difference. */
  readonly a: PeerLink
  /** The other end. */
  readonly b: PeerLink
  /** Releases what the fixture holds. */
  readonly release?: (() => Promise<void>) | undefined
}

const readerOf = (link: PeerLink): AsyncIterator<Packet> => link.packets()[Symbol.asyncIterator]()

/** Values of a run; all optional. */
export interface PeerLinkCasesOptions {
  /** Longest wait for something that has to happen, milliseconds. @default one minute */
  readonly patienceMs?: number | undefined
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Bytes that do not compress. */
function noise(length: number): Uint8Array {
  let state = 1
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}

/** Packets of 64 KiB that no link may take from a sender whose peer does not read: 64 MiB. */
const unreadPackets = 1024

/** Looks for progress, this often and this far apart, before a sender counts as waiting. A link that never waits needs none of them. */
const quietLooks = 20
const lookMs = 50

/** Sends until the link makes the sender wait; returns how many packets it took. The last send is still waiting. */
async function sendUntilItWaits(
  link: PeerLink,
  signal: AbortSignal
): Promise<{ readonly taken: () => number; readonly refused: Promise<boolean> }> {
  const payload = noise(65_536)
  let taken = 0
  let over = false
  const refused = (async () => {
    for (; taken < unreadPackets; taken++) await link.send(0, payload, { signal })
  })().then(
    () => false,
    () => true
  )
  void refused.then(() => {
    over = true
  })
  let before = -1
  for (let quiet = 0; quiet < quietLooks && !over; quiet = taken === before ? quiet + 1 : 0) {
    before = taken
    await pause(lookMs)
  }
  return { taken: () => taken, refused }
}

/**
 * The contract of {@link PeerLink}. `connect` makes a fresh connected pair each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of peerLinkCases(async () => myLinkPair())) test(name, run)
 * ```
 */
export function peerLinkCases(
  connect: () => Promise<LinkFixture>,
  { patienceMs }: PeerLinkCasesOptions = {}
): readonly ComplianceCase[] {
  const eventually = <T>(promise: Promise<T>, expected: string): Promise<T> => settled(promise, expected, patienceMs)
  const take = async (reader: AsyncIterator<Packet>, count: number): Promise<readonly Packet[]> => {
    const packets: Packet[] = []
    while (packets.length < count) {
      const next = await eventually(reader.next(), `packet ${packets.length + 1} of ${count}`)
      check(next.done !== true, `${count} packets, got ${packets.length}`)
      packets.push(next.value)
    }
    return packets
  }
  const only = async (reader: AsyncIterator<Packet>): Promise<Packet> => {
    const [packet] = await take(reader, 1)
    check(packet !== undefined, 'a packet')
    return packet
  }
  const using = (name: string, body: (fixture: LinkFixture) => Promise<void>): ComplianceCase => ({
    name,
    run: async () => {
      const fixture = await connect()
      try {
        await body(fixture)
      } finally {
        await Promise.allSettled([fixture.a.close('done'), fixture.b.close('done')])
        await fixture.release?.()
      }
    }
  })
  return [
    using('each end names its peer: 64 hex digits', async ({ a, b }) => {
      for (const end of [a, b]) check(/^[0-9a-f]{64}$/.test(end.peerId), 'a peerId of 64 lower-case hex digits')
      check(a.peerId !== b.peerId, 'the ends to name different peers')
    }),
    using('flags are booleans', async ({ a }) => {
      check(typeof a.flags.static === 'boolean' && typeof a.flags.trusted === 'boolean', 'static and trusted')
    }),
    using('packets arrive once, whole, in order, with their code', async ({ a, b }) => {
      const reader = readerOf(b)
      const sent = Array.from({ length: 50 }, (_, i) => ({ code: i % 2, payload: new Uint8Array(i * 7).fill(i) }))
      for (const { code, payload } of sent) await a.send(code, payload)
      const got = await take(reader, sent.length)
      for (const [i, packet] of got.entries()) {
        check(packet.code === sent[i]?.code, `code ${sent[i]?.code} of packet ${i}, got ${packet.code}`)
        checkBytes(`the payload of packet ${i}`, packet.payload, sent[i]?.payload ?? new Uint8Array(0))
      }
    }),
    using('a payload of 1 MiB passes, and an empty one after it', async ({ a, b }) => {
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
    }),
    using('send takes the bytes as they are at the call', async ({ a, b }) => {
      const payload = Uint8Array.of(1, 2, 3)
      const sent = a.send(1, payload)
      payload.fill(9)
      await sent
      checkBytes('the payload', (await only(readerOf(b))).payload, Uint8Array.of(1, 2, 3))
    }),
    using('packets sent before anyone reads are kept', async ({ a, b }) => {
      await a.send(1, Uint8Array.of(7))
      await pause(lookMs)
      const packet = await only(readerOf(b))
      check(packet.code === 1 && packet.payload[0] === 7, 'the packet sent earlier')
    }),
    using('a code outside the capability is refused, and the link stays', async ({ a, b }) => {
      check(await rejects(a.send(1 << 20, Uint8Array.of(1))), 'a code beyond the capability to be refused')
      check(await rejects(a.send(-1, Uint8Array.of(1))), 'a negative code to be refused')
      await a.send(0, Uint8Array.of(5))
      checkBytes('the next payload', (await only(readerOf(b))).payload, Uint8Array.of(5))
    }),
    using('a constant payload arrives as often as it is sent, to either end', async ({ a, b }) => {
      const payload = noise(3000)
      const readers = [readerOf(a), readerOf(b)] as const
      for (const end of [a, b, a, b]) await end.send(1, payload, { isConstant: true })
      for (const reader of readers) {
        for (const packet of await take(reader, 2)) checkBytes('the constant payload', packet.payload, payload)
      }
      checkBytes('the payload of the sender', payload, noise(3000))
    }),
    using('send waits while the peer reads nothing, and gives up at its signal', async ({ a }) => {
      const controller = new AbortController()
      const { taken, refused } = await sendUntilItWaits(a, controller.signal)
      check(
        taken() < unreadPackets,
        `fewer than ${unreadPackets} packets of 64 KiB to be taken from a peer that reads nothing`
      )
      controller.abort(new Error('enough'))
      check(
        await eventually(refused, 'the waiting send to end at its signal'),
        'the waiting send to reject at its signal'
      )
    }),
    using('a waiting send goes on when the peer reads', async ({ a, b }) => {
      const controller = new AbortController()
      const { taken, refused } = await sendUntilItWaits(a, controller.signal)
      const before = taken()
      const reader = readerOf(b)
      for (let read = 0; taken() === before && read < unreadPackets; read++) await only(reader)
      check(taken() > before, 'the waiting send to resolve once the peer reads')
      controller.abort(new Error('enough'))
      await a.close('done')
      await eventually(refused, 'the sender to end')
    }),
    using('an aborted signal refuses at once', async ({ a }) => {
      check(await rejects(a.send(0, Uint8Array.of(1), { signal: AbortSignal.abort() })), 'a rejection')
    }),
    using('closing either end ends the packets of both, and sends are refused', async ({ a, b }) => {
      const readers = [readerOf(a), readerOf(b)]
      await eventually(a.close('subprotocol-error'), 'close to settle')
      for (const each of readers)
        check((await eventually(each.next(), 'packets to end')).done === true, 'no more packets')
      for (const end of [a, b])
        check(await eventually(rejects(end.send(1, new Uint8Array(1))), 'send to settle'), 'send to reject')
    }),
    using('close is idempotent', async ({ a, b }) => {
      await a.close('done')
      await eventually(a.close('subprotocol-error'), 'closing twice to settle')
      await eventually(b.close('done'), 'closing the other end to settle')
      check((await eventually(readerOf(a).next(), 'packets to end')).done === true, 'no more packets')
    })
  ]
}
