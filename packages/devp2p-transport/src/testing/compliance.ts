import type { PeerLink } from '../ports.ts'

/** One case of a contract; knows no test runner. */
export interface ComplianceCase {
  readonly name: string
  readonly run: () => Promise<void>
}

/** What {@link peerLinkCases} needs of an implementation. */
export interface LinkFixture {
  /** Two connected ends. */
  readonly a: PeerLink
  readonly b: PeerLink
  /** Releases what the fixture holds. */
  readonly release: () => Promise<void>
}

/** A case failed; the message says what was expected. */
export class ComplianceFailure extends Error {
  override readonly name = 'ComplianceFailure'
}

function check(condition: boolean, expected: string): void {
  if (!condition) throw new ComplianceFailure(`expected ${expected}`)
}

async function take(link: PeerLink, count: number): Promise<{ code: number; payload: Uint8Array }[]> {
  const packets: { code: number; payload: Uint8Array }[] = []
  for await (const packet of link.packets()) {
    packets.push(packet)
    if (packets.length === count) break
  }
  return packets
}

async function rejects(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise
    return false
  } catch {
    return true
  }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise<void>(resolve => setTimeout(resolve, 1))
}

/** Bytes that do not compress. */
function noise(length: number): Uint8Array {
  let state = 1
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}

/** Most packets of 64 KiB a link may take from a sender whose peer does not read: 64 MiB. */
const mostUnread = 1024

/** The contract of PeerLink. `create` gives a fresh connected pair each time; its capability has at least 2 ids. */
export function peerLinkCases(create: () => Promise<LinkFixture>): readonly ComplianceCase[] {
  const using = (name: string, body: (fixture: LinkFixture) => Promise<void>): ComplianceCase => ({
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
  return [
    using('peerId is 64 lower-case hex digits', async ({ a, b }) => {
      check(/^[0-9a-f]{64}$/.test(a.peerId) && /^[0-9a-f]{64}$/.test(b.peerId), '64 hex digits')
      check(a.peerId !== b.peerId, 'each end to name the other')
    }),
    using('flags are booleans', async ({ a }) => {
      check(typeof a.flags.static === 'boolean' && typeof a.flags.trusted === 'boolean', 'static and trusted')
    }),
    using('packets arrive once, in order, unchanged', async ({ a, b }) => {
      const sent = Array.from({ length: 50 }, (_, i) => ({ code: i % 2, payload: Uint8Array.of(i, i + 1) }))
      const received = take(b, sent.length)
      for (const { code, payload } of sent) await a.send(code, payload)
      const got = await received
      check(got.length === sent.length, `${sent.length} packets, got ${got.length}`)
      got.forEach((packet, i) => {
        const wanted = sent[i]
        check(packet.code === wanted?.code, `code ${wanted?.code} at ${i}, got ${packet.code}`)
        check(packet.payload.join() === wanted?.payload.join(), `the payload of packet ${i}`)
      })
    }),
    using('packets sent before anyone reads are kept', async ({ a, b }) => {
      await a.send(1, Uint8Array.of(7))
      await turns()
      const [packet] = await take(b, 1)
      check(packet?.code === 1 && packet.payload[0] === 7, 'the packet sent earlier')
    }),
    using('an empty payload is a packet', async ({ a, b }) => {
      await a.send(0, new Uint8Array(0))
      const [packet] = await take(b, 1)
      check(packet?.payload.length === 0, 'an empty payload')
    }),
    using('send takes the bytes as they are at the call', async ({ a, b }) => {
      const payload = Uint8Array.of(1, 2, 3)
      const sent = a.send(0, payload)
      payload.fill(9)
      await sent
      const [packet] = await take(b, 1)
      check(packet?.payload.join() === '1,2,3', 'the bytes at the time of the call')
    }),
    using('a code outside the capability is refused, the link stays', async ({ a, b }) => {
      check(await rejects(a.send(1 << 20, Uint8Array.of(1))), 'a rejection')
      check(await rejects(a.send(-1, Uint8Array.of(1))), 'a rejection of a negative code')
      await a.send(0, Uint8Array.of(5))
      const [packet] = await take(b, 1)
      check(packet?.payload[0] === 5, 'the next packet')
    }),
    using('send waits while the other side does not read, and can be aborted', async ({ a }) => {
      const controller = new AbortController()
      const payload = noise(65_536)
      let finished = 0
      let failed = false
      const sending = (async () => {
        for (let i = 0; i < mostUnread; i++) {
          await a.send(0, payload, { signal: controller.signal })
          finished++
        }
      })().catch(() => {
        failed = true
      })
      let before = -1
      while (before !== finished) {
        before = finished
        await turns()
      }
      check(finished < mostUnread, `fewer than ${mostUnread} packets to be taken`)
      controller.abort()
      await sending
      check(failed, 'the waiting send to reject when aborted')
    }),
    using('an aborted signal refuses at once', async ({ a }) => {
      check(await rejects(a.send(0, Uint8Array.of(1), { signal: AbortSignal.abort() })), 'a rejection')
    }),
    using('close ends packets on both sides and refuses sending', async ({ a, b }) => {
      const ends = Promise.all([take(a, 2), take(b, 2)])
      await turns()
      await a.close('done')
      const [left, right] = await ends
      check(left.length === 0 && right.length === 0, 'both iterations to end')
      check(await rejects(a.send(0, Uint8Array.of(1))), 'send after close to reject')
      check(await rejects(b.send(0, Uint8Array.of(1))), 'send of the other side to reject')
    }),
    using('close is idempotent', async ({ a, b }) => {
      await a.close('done')
      await a.close('subprotocol-error')
      await b.close('done')
      check((await take(a, 1)).length === 0, 'nothing to read')
    })
  ]
}
