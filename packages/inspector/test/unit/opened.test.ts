import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { createInspector, identityOf } from '../../src/index.ts'

const { sections } = await loadVectors('full-stack')
const [conversation] = sections['conversation'] ?? []

/** The identities of a recording, and none of its session keys. */
const identitiesOf = (vector: VectorCase) => {
  const devices: readonly { identityPrivateKey: string }[] = vector['devices']
  return devices.map(device => identityOf(vectorBytes(device.identityPrivateKey)))
}

test('what a running messenger opened stands in the tree where the keys given open nothing', async () => {
  if (conversation === undefined) throw new Error('no recorded conversation')
  const clock = { nowMs: () => 1_900_000_000_000 }
  const keys = { identities: identitiesOf(conversation) }
  const closed = createInspector({ keys, clock })
  const asked: Uint8Array[] = []
  // A wrapper without anything in it: what matters is that it is read.
  const wrapper = Uint8Array.of(0x0a, 0, 0x12, 0, 0x18, 1)
  const lent = createInspector({
    keys,
    clock,
    opened: bytes => {
      asked.push(bytes)
      return wrapper
    }
  })
  let compared = 0
  for (const { rlp } of conversation['envelopes']) {
    const without = await closed.inspect(vectorBytes(rlp))
    const before = asked.length
    const withIt = await lent.inspect(vectorBytes(rlp))
    if (!without.refusals.some(({ missingKey }) => missingKey)) continue
    compared++
    expect(asked.length).toBeGreaterThan(before)
    expect(withIt.layers).toEqual(expect.arrayContaining(['ratchet-plaintext', 'wrapper']))
    expect(withIt.refusals.some(({ missingKey }) => missingKey)).toBe(false)
  }
  expect(compared).toBeGreaterThan(0)
})
