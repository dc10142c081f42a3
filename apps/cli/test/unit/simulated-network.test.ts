import type { PeerLink } from '@status-stack/devp2p-transport'
import { describe, expect, test } from 'vitest'
import { parseSimulation, simulatedLink } from '../../src/simulated-network.ts'

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

describe('--simulate-network', () => {
  test('names what it takes', () => {
    expect(parseSimulation('loss=0.2,delay=300,dup=0.1,skew=-90')).toEqual({
      loss: 0.2,
      delayMs: 300,
      dup: 0.1,
      skewSeconds: -90
    })
  })
  test.each(['', 'loss', 'loss=2', 'loss=x', 'delay=-1', 'noise=1', 'loss=0.1;dup=0.1', 'loss='])(
    'refuses %j',
    text => {
      expect(() => parseSimulation(text)).toThrowError(/does not take/)
    }
  )
})

describe('a link of a simulated network', () => {
  test('loses about the share it was told, each way', async () => {
    const out = recordingLink()
    const simulated = simulatedLink(out.link, parseSimulation('loss=0.3'), seeded(1))
    for (let i = 0; i < 1000; i++) await simulated.send(1, Uint8Array.of(i & 0xff))
    expect(out.sent.length).toBeGreaterThan(640)
    expect(out.sent.length).toBeLessThan(760)
    const incoming = Array.from({ length: 1000 }, (_, i) => packet(i & 0xff))
    let got = 0
    for await (const _ of simulatedLink(recordingLink(incoming).link, parseSimulation('loss=0.3'), seeded(2)).packets())
      got++
    expect(got).toBeGreaterThan(640)
    expect(got).toBeLessThan(760)
  })

  test('duplicates', async () => {
    const out = recordingLink()
    const simulated = simulatedLink(out.link, parseSimulation('dup=1'), seeded(3))
    await simulated.send(1, Uint8Array.of(7))
    expect(out.sent).toEqual([7, 7])
  })

  test('lets the Status handshake through whatever is lost', async () => {
    const out = recordingLink([{ code: 0, payload: Uint8Array.of(9) }])
    const simulated = simulatedLink(out.link, parseSimulation('loss=1'), seeded(4))
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
      for await (const _ of simulatedLink(broken, parseSimulation('delay=0')).packets());
    }
    await expect(read()).rejects.toThrowError('broke the protocol')
  })
})
