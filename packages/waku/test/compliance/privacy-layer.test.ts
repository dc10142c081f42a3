import type { PrivacyLayer } from '@status-stack/interface'
import { createLinkPair, privacyLayerCases } from '@status-stack/interface/testing'
import { createWhisper, type Interest, type Route } from '@status-stack/whisper'
import { createTestKey } from '@status-stack/whisper/testing'
import { describe, expect, test, vi } from 'vitest'
import { createWaku, type WakuOptions } from '../../src/index.ts'
import { type BridgedLayer, createBridgedLayer, createStatusLayer } from '../../src/status.ts'

const key = (byte: number) => createTestKey(new Uint8Array(32).fill(byte))

const connected = (options: WakuOptions) => async () => {
  const nodes = [0, 1].map(() => createWaku({}, { powWorkers: 0, ...options }))
  const [left, right] = nodes as [ReturnType<typeof createWaku>, ReturnType<typeof createWaku>]
  await Promise.all(nodes.map(node => node.start()))
  const pair = createLinkPair()
  left.attach(pair.left).catch(() => undefined)
  right.attach(pair.right).catch(() => undefined)
  while (!nodes.every(node => node.connected())) await new Promise(resolve => setTimeout(resolve, 1))
  return {
    alice: createStatusLayer(left),
    bob: createStatusLayer(right),
    identities: [key(1), key(2), key(3)] as const,
    release: async () => {
      await Promise.all(nodes.map(node => node.stop()))
    }
  }
}

describe('Waku keeps the contract of the privacy layer', () => {
  for (const { name, run } of privacyLayerCases(connected({}))) test(name, run)
})

describe('with topic interest it keeps it too', () => {
  for (const { name, run } of privacyLayerCases(connected({ interest: 'topics' }))) test(name, run)
})

const joined = (waku: boolean, whisper: boolean, watch?: (alice: BridgedLayer) => void) => async () => {
  const layers = [0, 1].map(() => {
    const values = { powWorkers: 0 }
    return createBridgedLayer({ whisper: createWhisper({}, values), waku: createWaku({}, values) })
  }) as [BridgedLayer, BridgedLayer]
  watch?.(layers[0])
  await Promise.all(layers.map(layer => layer.start()))
  const used = layers[0].capabilities.map(({ name }) => (name === 'waku' ? waku : whisper))
  used.forEach((links, i) => {
    if (!links) return
    const pair = createLinkPair()
    layers[0].capabilities[i]?.run(pair.left).catch(() => undefined)
    layers[1].capabilities[i]?.run(pair.right).catch(() => undefined)
  })
  while (!layers.every(layer => layer.connected())) await new Promise(resolve => setTimeout(resolve, 1))
  return {
    alice: layers[0],
    bob: layers[1],
    identities: [key(1), key(2), key(3)] as const,
    release: async () => {
      await Promise.all(layers.map(layer => layer.stop()))
    }
  }
}

describe('in both networks it keeps it, connected by Waku alone', () => {
  for (const { name, run } of privacyLayerCases(joined(true, false))) test(name, run)
})

describe('in both networks it keeps it, connected by both', () => {
  for (const { name, run } of privacyLayerCases(joined(true, true))) test(name, run)
})

test('in both networks a peer of both comes once and goes once', async () => {
  const facts: string[] = []
  const { alice, bob, release } = await joined(true, true, layer => {
    layer.on('peerconnected', () => facts.push('came'))
    layer.on('peerdisconnected', () => facts.push('went'))
  })()
  expect(alice.peers()).toHaveLength(1)
  await bob.stop()
  await vi.waitFor(() => expect([alice.connected(), facts]).toEqual([false, ['came', 'went']]))
  await release()
})

test('K-1 the layer tells a transport what to announce', () => {
  const layer: PrivacyLayer<Route, Interest> = createStatusLayer(createWaku())
  expect(layer.wire).toEqual({ name: 'waku', version: 1, codes: 128 })
})
