import { randomBytes } from '@status-stack/crypto'
import type { SecurityLayer, SyncLayer } from '@status-stack/interface'
import { brokenCases, securityLayerCases, syncLayerCases } from '@status-stack/interface/testing'
import { generateIdentity } from '@status-stack/status-accounts'
import { createNullSealer, createSealer, memorySessionStore, type Receipt } from '@status-stack/status-pfs'
import { createSync, memorySyncStore } from '@status-stack/status-sync'
import { describe, expect, test } from 'vitest'

const random = { bytes: randomBytes }
const clock = { nowMs: () => Date.now() }

async function person(name: string) {
  const { identity } = generateIdentity(random)
  const layer = await createSealer({ identity, store: memorySessionStore(), clock, random }, { installationId: name })
  return { key: identity.publicKey, layer }
}

type Change = (layer: SecurityLayer<Receipt>) => SecurityLayer<Receipt>

const sealers = (change: Change) => async () => {
  const [alice, bob] = [await person('alice'), await person('bob')]
  const change_ = (layer: Parameters<typeof createNullSealer>[0]): SecurityLayer<Receipt> => change(layer)
  return { alice: change_(alice.layer), bob: change_(bob.layer), aliceKey: alice.key, bobKey: bob.key }
}

describe('the sealer keeps the contract of the security layer', () => {
  for (const { name, run } of securityLayerCases(sealers(layer => layer))) test(name, run)
})

describe('the null sealer keeps it without forward secrecy', () => {
  const create = async () => {
    const [alice, bob] = [await person('alice'), await person('bob')]
    return {
      alice: createNullSealer(alice.layer),
      bob: createNullSealer(bob.layer),
      aliceKey: alice.key,
      bobKey: bob.key
    }
  }
  for (const { name, run } of securityLayerCases(create, { forwardSecret: false })) test(name, run)
})

describe('the contract of the security layer refuses', () => {
  const broken: readonly (readonly [string, Change])[] = [
    [
      'a layer that seals in the clear',
      layer => ({
        ...layer,
        seal: async bytes => ({ kind: 'sealed', bytes, protection: 'forward-secret', effects: [] })
      })
    ],
    [
      'a layer that claims too much',
      layer => ({
        ...layer,
        seal: async (bytes, to) => {
          const sealed = await layer.seal(bytes, to)
          return sealed.kind === 'sealed' ? { ...sealed, protection: 'forward-secret' } : sealed
        }
      })
    ],
    ['a layer that forgets to confirm', layer => ({ ...layer, confirm: async () => undefined })],
    [
      'a layer that throws at bad bytes',
      layer => ({
        ...layer,
        open: async (bytes, from) => {
          const opened = await layer.open(bytes, from)
          if (opened.kind === 'unreadable') throw new Error(opened.reason)
          return opened
        }
      })
    ],
    ['a layer that miscounts', layer => ({ ...layer, sealedSize: async length => length })],
    ['a layer without standing effects', layer => ({ ...layer, initialEffects: async () => [] })]
  ]
  for (const [name, change] of broken) {
    test(name, async () => expect(await brokenCases(securityLayerCases(sealers(change)))).not.toEqual([]))
  }
})

const identities = [generateIdentity(random).identity.publicKey, generateIdentity(random).identity.publicKey] as const
const sync = (change: (layer: SyncLayer) => SyncLayer) =>
  syncLayerCases(ports => change(createSync({ ...ports, store: memorySyncStore(), random })), { identities })

describe('MVDS keeps the contract of the sync layer', () => {
  for (const { name, run } of sync(layer => layer)) test(name, run)
})

describe('sending without MVDS keeps the contract of the sync layer', () => {
  const cases = syncLayerCases(
    ports => createSync({ ...ports, store: memorySyncStore(), random }, { mode: 'direct' }),
    { identities, acknowledges: false }
  )
  for (const { name, run } of cases) test(name, run)
})

describe('the contract of the sync layer refuses', () => {
  const broken: readonly (readonly [string, (layer: SyncLayer) => SyncLayer])[] = [
    ['a layer that sends nothing', layer => ({ ...layer, tick: async () => undefined })],
    ['a layer that forgets cancellations', layer => ({ ...layer, cancel: async () => undefined })],
    ['a layer that never retries', layer => ({ ...layer, retry: async () => undefined })],
    ['a layer that knows everything', layer => ({ ...layer, knows: async () => true })],
    ['a layer that knows nothing', layer => ({ ...layer, knows: async () => false })],
    ['a layer that accepts nothing', layer => ({ ...layer, accept: async () => undefined })],
    [
      'a layer that enqueues twice',
      layer => ({
        ...layer,
        enqueue: async item => {
          await layer.enqueue(item)
          await layer.enqueue({ ...item, tracking: `${item.tracking} again` })
        }
      })
    ]
  ]
  for (const [name, change] of broken) test(name, async () => expect(await brokenCases(sync(change))).not.toEqual([]))
})
