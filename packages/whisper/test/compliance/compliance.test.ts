import { bytesToHex } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import type { Archived } from '../../src/index.ts'
import { createInThreadSearcher } from '../../src/search/in-thread.ts'
import { createBatchHandler } from '../../src/search/protocol.ts'
import type { PowSearcher } from '../../src/search/searcher.ts'
import { createThreadSearcher } from '../../src/search/thread-pool.ts'
import {
  archivePortCases,
  type ComplianceCase,
  createLinkPair,
  peerLinkCases,
  powSearcherCases
} from '../../src/testing/index.ts'

const clock = { nowMs: () => performance.now() }

async function broken(cases: readonly ComplianceCase[]): Promise<number> {
  const results = await Promise.all(
    cases.map(({ run }) =>
      run().then(
        () => 0,
        () => 1
      )
    )
  )
  return results.reduce((sum: number, each) => sum + each, 0)
}

describe('memory link', () => {
  for (const { name, run } of peerLinkCases(async () => {
    const { left, right } = createLinkPair({ capacity: 64 })
    return { a: left, b: right }
  }))
    test(name, run)
})

function archive(store: (stored: Map<string, Archived>, envelopes: readonly Archived[]) => Promise<void>) {
  return async () => {
    const stored = new Map<string, Archived>()
    return {
      port: { accept: (envelopes: readonly Archived[]) => store(stored, envelopes) },
      stored: async () => [...stored.keys()].map(key => key.slice(0, 64))
    }
  }
}

describe('an archive in memory', () => {
  const good = archive(async (stored, envelopes) => {
    for (const each of envelopes) stored.set(bytesToHex(each.hash), each)
  })
  for (const { name, run } of archivePortCases(good)) test(name, run)
})

test('broken archives are rejected', async () => {
  const breaks = [
    archive(async () => undefined),
    archive(async (stored, [first]) => {
      if (first !== undefined) stored.set(bytesToHex(first.hash), first)
    }),
    archive(async (stored, envelopes) => {
      for (const each of envelopes) stored.set(`${bytesToHex(each.hash)}${stored.size}`, each)
    }),
    archive(async (stored, envelopes) => {
      setTimeout(() => {
        for (const each of envelopes) stored.set(bytesToHex(each.hash), each)
      }, 50)
    }),
    archive(async (stored, envelopes) => {
      if (envelopes.length === 0) throw new Error('nothing to store')
      for (const each of envelopes) stored.set(bytesToHex(each.hash), each)
    })
  ]
  const found = await Promise.all(breaks.map(each => broken(archivePortCases(each))))
  expect(found.every(count => count > 0)).toBe(true)
})

function threads(): PowSearcher {
  const spawn = () => {
    const handle = createBatchHandler()
    return {
      run: async (request: Parameters<typeof handle>[0]) => {
        await new Promise(resolve => setTimeout(resolve, 0))
        return handle(request)
      },
      hold: () => undefined,
      stop: async () => undefined
    }
  }
  return createThreadSearcher(clock, spawn, 2)
}

describe('searchers', () => {
  for (const { name, run } of powSearcherCases(() => createInThreadSearcher(clock))) test(`in thread: ${name}`, run)
  for (const { name, run } of powSearcherCases(threads)) test(`threads: ${name}`, run)
})

test('broken searchers are rejected', async () => {
  const good = () => createInThreadSearcher(clock)
  const breaks: (() => PowSearcher)[] = [
    () => ({ ...good(), search: async (...args) => ((await good().search(...args)) ?? 0n) + 1n }),
    () => ({ ...good(), search: async (...args) => (await good().search(...args)) ?? 0n }),
    () => ({
      ...good(),
      search: (prefix, bits, { timeMs }) => good().search(prefix, bits, { timeMs: Math.min(timeMs, 900) })
    }),
    () => ({ ...good(), best: async () => ({ nonce: 1n, bits: 60 }) }),
    () => ({ ...good(), search: (_, bits, options) => good().search(new Uint8Array(40).fill(4), bits, options) })
  ]
  const found = await Promise.all(breaks.map(create => broken(powSearcherCases(create))))
  expect(found.every(count => count > 0)).toBe(true)
})
