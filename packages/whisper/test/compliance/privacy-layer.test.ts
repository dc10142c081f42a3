import { bytesToHex } from '@status-stack/crypto'
import type { ListenTarget, PrivacyStore } from '@status-stack/interface'
import { createLinkPair, privacyLayerCases } from '@status-stack/interface/testing'
import { describe, expect, test } from 'vitest'
import { createWhisper } from '../../src/index.ts'
import { createStatusLayer, planInterest } from '../../src/status/index.ts'
import { createTestKey } from '../../src/testing/index.ts'

const key = (byte: number) => createTestKey(new Uint8Array(32).fill(byte))

async function connected() {
  const nodes = [createWhisper({}, { powWorkers: 0 }), createWhisper({}, { powWorkers: 0 })] as const
  await Promise.all(nodes.map(node => node.start()))
  const { left, right } = createLinkPair()
  nodes[0].attach(left).catch(() => undefined)
  nodes[1].attach(right).catch(() => undefined)
  while (!nodes.every(node => node.connected())) await new Promise(resolve => setTimeout(resolve, 1))
  return {
    alice: createStatusLayer(nodes[0]),
    bob: createStatusLayer(nodes[1]),
    identities: [key(1), key(2), key(3)] as const,
    release: async () => {
      await Promise.all(nodes.map(node => node.stop()))
    }
  }
}

describe('Whisper keeps the contract of the privacy layer', () => {
  for (const { name, run } of privacyLayerCases(connected)) test(name, run)
})

describe('keys of names are remembered', () => {
  const targets: readonly ListenTarget[] = [
    { kind: 'public', name: 'remembered' },
    { kind: 'contact-code', owner: key(2).publicKey },
    { kind: 'rendezvous', peer: key(2).publicKey, secret: new Uint8Array(32).fill(9) }
  ]
  const memory = (): PrivacyStore & { readonly values: Map<string, Uint8Array> } => {
    const values = new Map<string, Uint8Array>()
    return {
      values,
      get: async name => values.get(name),
      put: async (name, value) => void values.set(name, value),
      delete: async name => void values.delete(name)
    }
  }

  test.each(targets)('$kind: what is remembered is what would be planned', async target => {
    const store = memory()
    const layer = createStatusLayer(createWhisper(), { store })
    const planned = await planInterest(key(1), target)
    expect(await layer.planInterest(key(1), target)).toEqual(planned)
    expect(store.values.size).toBe(1)
    expect(await layer.planInterest(key(1), target)).toEqual(planned)
    await layer.forgetInterest(target)
    expect(store.values.size).toBe(0)
  })

  test('what is remembered is used, and bytes that are none of ours are not', async () => {
    const store = memory()
    const layer = createStatusLayer(createWhisper(), { store })
    const target = { kind: 'public', name: 'remembered' } as const
    const { topics } = await layer.planInterest(key(1), target)
    const [name] = store.values.keys()
    store.values.set(name ?? '', new Uint8Array(36).fill(7))
    expect((await layer.planInterest(key(1), target)).topics.map(bytesToHex)).toEqual(['07070707'])
    store.values.set(name ?? '', new Uint8Array(5))
    expect((await layer.planInterest(key(1), target)).topics).toEqual(topics)
  })

  test('what an earlier release remembered of a public chat is used, under the present name from then on, and forgotten whole', async () => {
    const store = memory()
    const layer = createStatusLayer(createWhisper(), { store })
    const target = { kind: 'public', name: 'remembered' } as const
    store.values.set('public-chat:remembered', new Uint8Array(36).fill(7))
    expect((await layer.planInterest(key(1), target)).topics.map(bytesToHex)).toEqual(['07070707'])
    expect([...store.values.keys()]).toEqual(['public:remembered'])
    store.values.set('public-chat:remembered', new Uint8Array(36).fill(7))
    await layer.forgetInterest(target)
    expect(store.values.size).toBe(0)
  })

  test('our own identity is not', async () => {
    const store = memory()
    await createStatusLayer(createWhisper(), { store }).planInterest(key(1), { kind: 'identity' })
    expect(store.values.size).toBe(0)
  })
})
