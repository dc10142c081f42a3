import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { markKnown } from '../../src/relay/known-peers.ts'
import { costOf, createPool } from '../../src/relay/pool.ts'
import { createPooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { createSeededRandom } from '../../src/testing/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What the runtime holds after a collection, buffers included, bytes. */
function heldBytes(): number {
  collectGarbage()
  collectGarbage()
  const { used_heap_size: used, external_memory: external } = getHeapStatistics()
  return used + external
}

/** Peers that know each envelope: as many as `maxPeers` allows by default. */
const peers = 256
/** What a buffer of its own takes in native memory beside its bytes, which no statistic shows: the C++ objects behind it. */
const nativeBytes = 150

test('the bound of the pool counts what envelopes cost in memory, also the tiniest', () => {
  const random = createSeededRandom('memory')
  const fill = (count: number, size: number) => {
    const pool = createPool(2 ** 40)
    const packet = random.bytes(size)
    for (let i = 0; i < count; i++) {
      const hash = random.bytes(32)
      const entry = createPooledEnvelope({
        id: bytesToHex(hash),
        bytes: new Uint8Array(packet),
        topic: (i * 7919) | 0,
        expiry: 1_600_000_000 + (i % 50),
        ttl: 50,
        pow: i / 7,
        own: false
      })
      for (let slot = 0; slot < peers; slot++) markKnown(entry, slot)
      pool.add(entry)
    }
    return pool
  }
  // Kept, so that nothing of them is freed between two measurements.
  const kept = [fill(1000, 100)]
  const count = 10_000
  for (const size of [10, 200, 560, 4096]) {
    const before = heldBytes()
    const pool = fill(count, size)
    kept.push(pool)
    const held = (heldBytes() - before) / count + nativeBytes
    const counted = pool.bytes() / count
    expect(counted).toBe(costOf({ bytes: new Uint8Array(size) }))
    expect(held).toBeLessThanOrEqual(counted)
    // Not many times what it takes either: the bound would be a promise to nobody.
    expect(held * 3).toBeGreaterThan(counted)
    expect(pool.size()).toBe(count)
  }
  expect(kept).toHaveLength(5)
})
