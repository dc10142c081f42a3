import { describe, expect, test } from 'vitest'
import { createSync, memorySyncStore, SyncError, type SyncOptions } from '../../src/index.ts'
import { resolveOptions } from '../../src/options.ts'
import { alice } from '../support/node.ts'

const deps = {
  self: alice,
  store: memorySyncStore(),
  clock: { nowMs: () => 0 },
  output: async () => 'sent' as const,
  settled: async () => {},
  maxBytes: async () => 1000
}

describe('options', () => {
  test.each<[string, SyncOptions]>([
    ['tickMs', { tickMs: 9 }],
    ['baseMs', { baseMs: Number.NaN }],
    ['ceilingMs', { baseMs: 1000, ceilingMs: 999 }],
    ['jitter', { jitter: 0.6 }],
    ['unsentMs', { unsentMs: 0 }],
    ['giveUpMs', { giveUpMs: 1 }],
    ['parallelPeers', { parallelPeers: 0 }],
    ['limits.maxPending', { limits: { maxPending: 0 } }],
    ['mode', { mode: 'push' as unknown as 'batch' }]
  ])('%s out of its range is refused by name', (name, options) => {
    const refusal = (() => {
      try {
        createSync(deps, options)
      } catch (error) {
        return error
      }
    })()
    expect(SyncError.is(refusal) && refusal.code).toBe('invalid-argument')
    expect(String(refusal)).toContain(`${name}:`)
  })

  test('undefined means the default, and a base above the default ceiling lifts it', () => {
    expect(resolveOptions({ tickMs: undefined, limits: { maxPeers: undefined } })).toEqual(resolveOptions({}))
    expect(resolveOptions({ baseMs: 7_200_000 }).ceilingMs).toBe(7_200_000)
  })

  test('an identity that is no public key is refused', () => {
    expect(() => createSync({ ...deps, self: new Uint8Array(65) })).toThrow(/self: expected a public key/)
  })
})
