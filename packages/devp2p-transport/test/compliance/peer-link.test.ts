import { describe, expect, test } from 'vitest'
import type { PeerLink } from '../../src/index.ts'
import { type LinkFixture, linkPair, peerLinkCases } from '../../src/testing/index.ts'
import { startedHost, until } from '../helpers/hosts.ts'

async function memoryPair(): Promise<LinkFixture> {
  const { a, b, cut } = linkPair()
  return { a, b, release: async () => cut() }
}

async function tcpPair(): Promise<LinkFixture> {
  const links: PeerLink[] = []
  const hold = (): { name: string; version: number; length: number; run: (link: PeerLink) => Promise<void> } => ({
    name: 'shh',
    version: 6,
    length: 128,
    run: link =>
      new Promise(resolve => {
        links.push(link)
        releases.push(resolve)
      })
  })
  const releases: (() => void)[] = []
  const left = await startedHost({ capabilities: [hold()] })
  const right = await startedHost({ capabilities: [hold()] })
  await left.dial(right.enode())
  await until(() => links.length === 2)
  const [a, b] = links as [PeerLink, PeerLink]
  return {
    a,
    b,
    release: async () => {
      for (const release of releases) release()
      await Promise.all([left.stop(), right.stop()])
    }
  }
}

describe('memory pair', () => {
  for (const { name, run } of peerLinkCases(memoryPair)) test(name, run)
})

describe('RLPx session over TCP', () => {
  for (const { name, run } of peerLinkCases(tcpPair)) test(name, run)
})

describe('the suite rejects broken links', () => {
  const broken: Record<string, (link: PeerLink) => PeerLink> = {
    'loses a packet': link => ({
      ...link,
      send: async (code, payload, options) => (payload[0] === 7 ? undefined : link.send(code, payload, options))
    }),
    'changes a code': link => ({
      ...link,
      send: (code, payload, options) => link.send(code === 1 ? 0 : code, payload, options)
    }),
    'takes codes out of range': link => ({
      ...link,
      send: async (code, payload, options) => (code > 127 || code < 0 ? undefined : link.send(code, payload, options))
    }),
    'never waits': link => ({
      ...link,
      send: async (code, payload, options) => {
        if (options?.signal?.aborted) throw new Error('aborted')
        link.send(code, payload).catch(() => undefined)
      }
    }),
    'ignores close': link => ({ ...link, close: async () => undefined }),
    'has a short id': link => ({ ...link, peerId: '00' }),
    'sends a late view': link => ({
      ...link,
      send: async (code, payload, options) => {
        await Promise.resolve()
        return link.send(code, payload, options)
      }
    }),
    'ignores an aborted signal': link => ({ ...link, send: (code, payload) => link.send(code, payload) })
  }
  for (const [what, breakIt] of Object.entries(broken)) {
    test(what, async () => {
      const cases = peerLinkCases(async () => {
        const { a, b, cut } = linkPair()
        return { a: breakIt(a), b, release: async () => cut() }
      })
      const outcomes = await Promise.all(
        cases.map(({ run }) =>
          Promise.race([
            run().then(
              () => 'passed',
              () => 'failed'
            ),
            new Promise<string>(resolve => setTimeout(() => resolve('hung'), 300))
          ])
        )
      )
      expect(outcomes.some(outcome => outcome !== 'passed')).toBe(true)
    })
  }
})
