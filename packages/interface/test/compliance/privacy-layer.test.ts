import { describe, expect, test } from 'vitest'
import type { IdentityKey, PrivacyLayer } from '../../src/index.ts'
import {
  brokenCases,
  createLoopbackNetwork,
  type LoopbackInterest,
  type LoopbackRoute,
  privacyLayerCases
} from '../../src/testing/index.ts'

type Layer = PrivacyLayer<LoopbackRoute, LoopbackInterest>

const key = (byte: number): IdentityKey => ({
  publicKey: new Uint8Array(65).fill(byte),
  sign: () => new Uint8Array(65),
  ecdhX: () => new Uint8Array(32)
})

const create = (change: (layer: Layer) => Layer) => async () => {
  const network = createLoopbackNetwork()
  const nodes = [network.join(), network.join()] as const
  await Promise.all(nodes.map(node => node.start()))
  return {
    alice: change(nodes[0]),
    bob: change(nodes[1]),
    identities: [key(1), key(2), key(3)] as const,
    release: async () => {
      await Promise.all(nodes.map(node => node.stop()))
    }
  }
}

describe('the loopback network', () => {
  for (const { name, run } of privacyLayerCases(create(layer => layer))) test(name, run)
})

describe('the suite refuses', () => {
  const broken: readonly (readonly [string, (layer: Layer) => Layer])[] = [
    [
      'a layer that hears strangers on a contact code',
      layer => ({
        ...layer,
        planInterest: async (me, want) =>
          layer.planInterest(me, want.kind === 'contact-code' ? { ...want, owner: new Uint8Array(65) } : want)
      })
    ],
    [
      'a layer that takes every guarantee for confidential',
      layer => ({ ...layer, guaranteeOf: () => 'addressee-confidential' })
    ],
    [
      'a layer that loses the signer',
      layer => ({
        ...layer,
        post: ({ signer: _, ...message }) => layer.post(message)
      })
    ],
    [
      'a layer that shortens payloads',
      layer => ({
        ...layer,
        post: message => layer.post({ ...message, payload: message.payload.slice(0, 4) })
      })
    ],
    ['a layer that ignores rendezvous', layer => ({ ...layer, planRoute: to => layer.planRoute(to) })],
    [
      'a layer that subscribes at the first next',
      layer => ({
        ...layer,
        subscribe: (interest, options) =>
          Object.assign(
            (async function* () {
              yield* layer.subscribe(interest, options)
            })(),
            { ready: new Promise<void>(() => undefined) }
          )
      })
    ],
    [
      'a layer whose subscriptions never end',
      layer => ({ ...layer, subscribe: interest => layer.subscribe(interest) })
    ],
    [
      'a layer that posts aborted messages',
      layer => ({ ...layer, post: ({ signal: _, ...message }) => layer.post(message) })
    ],
    ['a layer without a limit', layer => ({ ...layer, payloadLimit: () => 0 })],
    ['a layer that does not stop', layer => ({ ...layer, stop: async () => undefined })]
  ]
  for (const [name, change] of broken) {
    test(name, async () => {
      expect(await brokenCases(privacyLayerCases(create(change), { patienceMs: 1000 }))).not.toEqual([])
    })
  }
})
