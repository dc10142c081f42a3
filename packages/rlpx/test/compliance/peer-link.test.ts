import type { PeerLink } from '@status-stack/interface'
import { brokenCases, type LinkFixture, peerLinkCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import type { HostOptions } from '../../src/index.ts'
import { connectedLinks, createMemoryNetwork } from '../../src/testing/index.ts'
import { startedHost } from '../helpers/hosts.ts'

function inMemory(options?: HostOptions): Promise<LinkFixture> {
  const carrier = createMemoryNetwork().carrier('127.0.0.1')
  return connectedLinks(capability => startedHost({ capabilities: [capability], carrier }, options))
}

describe('RLPx session over a connection in memory', () => {
  for (const { name, run } of peerLinkCases(() => inMemory())) test(name, run)
})

describe('the contract refuses links that are built on this one and', () => {
  const waits = 'send waits while the peer reads nothing, and gives up at its signal'
  const changed = (change: (link: PeerLink) => PeerLink) => async (): Promise<LinkFixture> => {
    const { a, b, release } = await inMemory()
    return { a: change(a), b, release }
  }
  const cases = (create: () => Promise<LinkFixture>, only: string) =>
    peerLinkCases(create, { patienceMs: 3_000 }).filter(({ name }) => name.startsWith(only))

  test('buffer without a bound', async () => {
    const unbounded = () => inMemory({ sendHighWaterBytes: 1 << 30, sendLimitBytes: 2 ** 31 })
    expect(await brokenCases(cases(unbounded, waits))).toEqual([waits])
  })

  test('answer before the packet is taken', async () => {
    const hasty = changed(link => ({
      ...link,
      send: async (code, payload, options) => void link.send(code, payload, options).catch(() => undefined)
    }))
    expect(await brokenCases(cases(hasty, waits))).toEqual([waits])
  })

  test('read the payload after the call', async () => {
    const late = changed(link => ({
      ...link,
      send: async (code, payload, options) => {
        await Promise.resolve()
        await link.send(code, payload, options)
      }
    }))
    expect(await brokenCases(cases(late, 'send takes'))).toHaveLength(1)
  })

  test('lose a packet, or stay open after close', async () => {
    const lossy = changed(link => ({
      ...link,
      send: async (code, payload, options) => (payload.length === 7 ? undefined : link.send(code, payload, options))
    }))
    expect(await brokenCases(cases(lossy, 'packets arrive'))).toHaveLength(1)
    const open = changed(link => ({ ...link, close: async () => undefined }))
    expect(await brokenCases(cases(open, 'closing either'))).toHaveLength(1)
  })
})
