import { decode, encode } from '@ethereumjs/devp2p'
import { fuzz } from '@status-stack/rlpx/testing'
import { describe, expect, test } from 'vitest'
import { fuzzTargets } from '../../fuzz/decoders.ts'
import type { Discv4Library } from '../../src/discovery/packet.ts'
import { TransportError } from '../../src/index.ts'

const count = Number(process.env['FUZZ_COUNT'] ?? 1_500)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)
const targets = fuzzTargets({ decode, encode } as Discv4Library)

describe(`${count} mutated inputs of seed ${seed}: a value or our error, nothing grows`, () => {
  for (const target of targets) {
    test(target.name, () => {
      const before = process.memoryUsage()
      const { values, refusals } = fuzz(target, count, seed, TransportError.is)
      const after = process.memoryUsage()
      expect(values + refusals).toBe(count)
      expect(refusals).toBeGreaterThan(0)
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(128 << 20)
    })
  }
})

test('the harness itself reports an error that is not ours, and the seeds are valid', () => {
  const broken = {
    name: 'broken',
    seeds: [Uint8Array.of(1, 2, 3)],
    run: (bytes: Uint8Array) => {
      if (bytes.length > 3) throw new RangeError('out of bounds')
    }
  }
  expect(() => fuzz(broken, 1000, 1, TransportError.is)).toThrow('out of bounds')
  const sealed = new Set(['node list root', 'node list entry'])
  for (const { name, seeds, run } of targets) {
    if (!sealed.has(name)) for (const valid of seeds) expect(() => run(valid), name).not.toThrow(RangeError)
  }
})
