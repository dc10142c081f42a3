import type { PeerLink } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { type BadNetwork, badLink } from '../../src/bad-link.ts'

/** A link that records what is sent and hands out what it was given. */
function recordingLink(incoming: readonly { code: number; payload: Uint8Array }[] = []) {
  const sent: number[] = []
  const link: PeerLink = {
    peerId: '00'.repeat(32),
    flags: { static: false, trusted: false },
    send: async (_, payload) => void sent.push(payload[0] ?? -1),
    close: async () => {},
    packets: async function* () {
      yield* incoming
    }
  }
  return { link, sent }
}

/** Numbers in [0, 1) that repeat with their seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const packet = (n: number) => ({ code: 1, payload: Uint8Array.of(n) })

const network = (how: Partial<BadNetwork>): BadNetwork => ({ loss: 0, delayMs: 0, dup: 0, ...how })

describe('a link of a bad network', () => {
  test('loses about the share it was told, each way', async () => {
    const out = recordingLink()
    const simulated = badLink(out.link, network({ loss: 0.3 }), seeded(1))
    for (let i = 0; i < 1000; i++) await simulated.send(1, Uint8Array.of(i & 0xff))
    expect(out.sent.length).toBeGreaterThan(640)
    expect(out.sent.length).toBeLessThan(760)
    const incoming = Array.from({ length: 1000 }, (_, i) => packet(i & 0xff))
    let got = 0
    for await (const _ of badLink(recordingLink(incoming).link, network({ loss: 0.3 }), seeded(2)).packets()) got++
    expect(got).toBeGreaterThan(640)
    expect(got).toBeLessThan(760)
  })

  test('duplicates', async () => {
    const out = recordingLink()
    const simulated = badLink(out.link, network({ dup: 1 }), seeded(3))
    await simulated.send(1, Uint8Array.of(7))
    expect(out.sent).toEqual([7, 7])
  })

  test('delays packets, so that they overtake each other', async () => {
    const out = recordingLink()
    const late = [0.9, 0.9, 0.3, 0.9, 0.9, 0.1]
    const slow = badLink(out.link, network({ delayMs: 100 }), () => late.shift() ?? 0)
    for (const n of [1, 2]) await slow.send(1, Uint8Array.of(n))
    expect(out.sent).toEqual([])
    await expect.poll(() => out.sent.length).toBe(2)
  })

  test('lets the Status handshake through whatever is lost', async () => {
    const out = recordingLink([{ code: 0, payload: Uint8Array.of(9) }])
    const simulated = badLink(out.link, network({ loss: 1 }), seeded(4))
    await simulated.send(0, Uint8Array.of(9))
    await simulated.send(1, Uint8Array.of(1))
    expect(out.sent).toEqual([9])
    const codes: number[] = []
    for await (const { code } of simulated.packets()) codes.push(code)
    expect(codes).toEqual([0])
  })

  test('ends and fails as the link below does', async () => {
    const { link } = recordingLink()
    const broken: PeerLink = {
      ...link,
      packets: async function* () {
        yield packet(1)
        throw new Error('the peer broke the protocol')
      }
    }
    const read = async () => {
      for await (const _ of badLink(broken, network({ delayMs: 0 })).packets());
    }
    await expect(read()).rejects.toThrowError('broke the protocol')
  })
})
