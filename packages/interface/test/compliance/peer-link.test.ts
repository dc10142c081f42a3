import { describe, expect, test } from 'vitest'
import type { PeerLink } from '../../src/index.ts'
import { brokenCases, createLinkPair, peerLinkCases } from '../../src/testing/index.ts'

const watchdogMs = 180_000
const same = (link: PeerLink): PeerLink => link

const connect =
  (change: (link: PeerLink) => PeerLink, capacity = 64) =>
  async () => {
    const { left, right } = createLinkPair({ capacity })
    return { a: change(left), b: change(right) }
  }

describe('the link pair in memory', () => {
  for (const { name, run } of peerLinkCases(connect(same))) test(name, run, watchdogMs)
})

describe('the suite refuses', () => {
  const waits = 'send waits while the peer reads nothing, and gives up at its signal'
  const broken: readonly (readonly [string, (link: PeerLink) => PeerLink, number?])[] = [
    ['changed codes', link => ({ ...link, send: (code, payload, options) => link.send(code & 0, payload, options) })],
    [
      'cut payloads',
      link => ({ ...link, send: (code, payload, rest) => link.send(code, payload.slice(0, 1000), rest) })
    ],
    ['a close that does nothing', link => ({ ...link, close: async () => undefined })],
    ['a peer id that is none', link => ({ ...link, peerId: 'x' })],
    ['one peer id for both', link => ({ ...link, peerId: '1'.repeat(64) })],
    [
      'codes beyond the capability',
      link => ({ ...link, send: (code, payload, rest) => link.send(code & 127, payload, rest) })
    ]
  ]
  for (const [name, change] of broken) {
    test(
      name,
      async () => expect(await brokenCases(peerLinkCases(connect(change), { patienceMs: 3000 }))).not.toEqual([]),
      watchdogMs
    )
  }

  const withoutBackPressure: readonly (readonly [string, (link: PeerLink) => PeerLink, number])[] = [
    ['a link that takes everything', same, 1 << 20],
    [
      'a send that resolves before the packet is taken',
      link => ({
        ...link,
        send: async (code, payload) => void link.send(code, payload).catch(() => undefined)
      }),
      64
    ],
    [
      'a slow link that takes everything',
      link => ({
        ...link,
        send: async (code, payload, rest) => {
          await new Promise(resolve => setTimeout(resolve, 2))
          await link.send(code, payload, rest)
        }
      }),
      1 << 20
    ]
  ]
  for (const [name, change, capacity] of withoutBackPressure) {
    test(
      `no back-pressure: ${name}`,
      async () => {
        expect(await brokenCases(peerLinkCases(connect(change, capacity)))).toContain(waits)
      },
      watchdogMs
    )
  }

  test('a send that ignores its signal', async () => {
    const deaf = (link: PeerLink): PeerLink => ({ ...link, send: (code, payload) => link.send(code, payload) })
    const [wait] = peerLinkCases(connect(deaf)).filter(({ name }) => name === 'an aborted signal refuses at once')
    await expect(wait?.run()).rejects.toThrow('a rejection')
  })
})
