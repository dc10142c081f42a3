import { generateIdentity } from '@status-stack/status-accounts'
import { memorySyncStore, type Sync } from '@status-stack/status-sync'
import { expect, test } from 'vitest'
import { defaultLayers } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { createKeys } from '../../src/storage/stores/keys.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { storageKey } from '../support/world.ts'

/** Keys whose names are counted as they are computed. */
function countedKeys() {
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const vault = createVault(storageKey, random)
  let computed = 0
  let nowMs = 0
  const name: typeof vault.name = (table, ...parts) => {
    computed += 1
    return vault.name(table, ...parts)
  }
  const keys = createKeys({ ...vault, name }, { nowMs: () => nowMs })
  return {
    ledger: (id: number) => keys.ledger(`0x${id}`),
    forward: (ms: number) => {
      nowMs += ms
    },
    computed: () => computed
  }
}

test('namesKept: a name is computed once, until that many others came after it', () => {
  const { ledger, computed } = countedKeys()
  for (let id = 0; id < limits.namesKept; id += 1) ledger(id)
  ledger(0)
  expect(computed()).toBe(limits.namesKept)
  ledger(limits.namesKept)
  ledger(0)
  expect(computed()).toBe(limits.namesKept + 2)
})

test('namesKeptMs: a name is forgotten with its message', () => {
  const { ledger, forward, computed } = countedKeys()
  ledger(0)
  forward(limits.namesKeptMs + 1)
  ledger(1)
  ledger(0)
  expect(computed()).toBe(3)
})

test('syncOutcomes: sync remembers few ends, as the ledger has them all', async () => {
  const { identity } = generateIdentity()
  const peer = generateIdentity().identity.publicKey
  const store = memorySyncStore()
  const layer = defaultLayers().sync({
    identity,
    self: identity.publicKey,
    random: { bytes: length => crypto.getRandomValues(new Uint8Array(length)) },
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    clock: { nowMs: () => Date.now() },
    expiryClock: { nowMs: () => Date.now() },
    store: { ...store, getMany: (table, names) => Promise.all(names.map(name => store.get(table, name))) },
    output: async () => 'nobody',
    settled: async () => undefined,
    maxBytes: async () => 100_000,
    times: { tickMs: 100, baseMs: 1000, giveUpMs: 10_000 },
    acknowledged: true,
    isKnown: () => true
  }) as Sync
  for (let at = 0; at <= limits.syncOutcomes; at += 1) {
    await layer.enqueue({ peer, body: Uint8Array.of(at), tracking: `${at}` })
    await layer.tick()
  }
  expect(await layer.delivery('0')).toEqual([])
  expect(await layer.delivery('1')).toHaveLength(1)
})
