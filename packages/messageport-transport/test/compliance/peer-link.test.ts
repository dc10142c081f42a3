import type { PeerLink } from '@status-stack/interface'
import { brokenCases, peerLinkCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import { messagePortLink } from '../../src/index.ts'

const connected =
  (change: (link: PeerLink) => PeerLink = link => link) =>
  async () => {
    const { port1, port2 } = new MessageChannel()
    return {
      a: change(messagePortLink(port1, { peerId: 'b'.repeat(64) })),
      b: change(messagePortLink(port2, { peerId: 'a'.repeat(64) }))
    }
  }

describe('a MessagePort keeps the contract of a peer link', () => {
  for (const { name, run } of peerLinkCases(connected())) test(name, run)
})

test('the cases refuse a port without a window', async () => {
  const broken = connected(link => ({
    ...link,
    send: async (code, payload, options) => void link.send(code, payload, options).catch(() => undefined)
  }))
  expect(await brokenCases(peerLinkCases(broken, { patienceMs: 3000 }))).not.toEqual([])
})
