import { generatePrivateKey } from '@status-stack/crypto'
import type { PeerLink } from '@status-stack/interface'
import { type LinkFixture, peerLinkCases } from '@status-stack/interface/testing'
import type { Host } from '@status-stack/rlpx'
import { openCapability, until } from '@status-stack/rlpx/testing'
import { describe, expect, inject, test } from 'vitest'
import { createWebSocketHost, parseWebSocketUrl } from '../../src/index.ts'

const bridge = inject('bridge')

async function dialed(
  url: string
): Promise<{ readonly host: Host; readonly link: PeerLink; readonly finish: () => void }> {
  const opened = openCapability()
  const host = createWebSocketHost({ privateKey: generatePrivateKey(), capabilities: [opened.capability] })
  await host.start()
  await host.dial(url)
  await until(() => opened.links.length === 1)
  const [first] = opened.links
  if (first === undefined) throw new Error('no link')
  return { host, link: first.link, finish: first.finish }
}

/** Two connections of this page to two nodes in Node that carry packets between them: every end is a browser's. */
async function throughNode(): Promise<LinkFixture> {
  const a = await dialed(bridge.left)
  const b = await dialed(bridge.right)
  return {
    a: a.link,
    b: b.link,
    release: async () => {
      a.finish()
      b.finish()
      await Promise.all([a.host.stop(), b.host.stop()])
    }
  }
}

describe('links of a page over its own WebSocket, carried on by Node', () => {
  for (const { name, run } of peerLinkCases(throughNode)) test(name, run)
})

test('a page learns why a node refuses it, and only that it failed when its origin is refused', async () => {
  const host = createWebSocketHost({ privateKey: generatePrivateKey(), capabilities: [openCapability().capability] })
  await host.start()
  await expect(host.dial(bridge.full)).rejects.toMatchObject({ code: 'disconnected', details: { reason: 4 } })
  await expect(host.dial(bridge.shut)).rejects.toMatchObject({ code: 'network', details: { code: 1006 } })
  await host.stop()
})

test('a page that is not read makes Node wait, and holds no more than the window', async () => {
  const { a, b, release } = await throughNode()
  const payload = crypto.getRandomValues(new Uint8Array(65_536))
  const controller = new AbortController()
  let taken = 0
  const sending = (async () => {
    for (;;) {
      await a.send(0, payload, { signal: controller.signal })
      taken++
    }
  })().catch(() => undefined)
  let before = -1
  while (taken !== before) {
    before = taken
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  // Unread: windows, queues and unread packets of four ends at most, some 8 MiB.
  expect(taken).toBeLessThan(256)
  const reader = b.packets()[Symbol.asyncIterator]()
  for (let i = 0; i < 128; i++) expect((await reader.next()).value?.payload).toHaveLength(65_536)
  await until(() => taken > before)
  controller.abort()
  await sending
  await release?.()
})

test('a page knows a node by the name it dialed', async () => {
  const { host, finish } = await dialed(bridge.left)
  expect(host.peers()[0]?.remoteAddress).toBe(parseWebSocketUrl(bridge.left).host)
  // Its partner, so that the bridge is left as it was.
  const partner = await dialed(bridge.right)
  finish()
  partner.finish()
  await Promise.all([host.stop(), partner.host.stop()])
})
