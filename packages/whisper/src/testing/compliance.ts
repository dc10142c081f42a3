import { prepareNonceSearch } from '@status-stack/crypto'
import { type ComplianceCase, check, eventually } from '@status-stack/interface/testing'
import type { Archived, ArchivePort } from '../ports.ts'
import type { PowSearcher } from '../search/searcher.ts'

function archivedEnvelope(number: number): Archived {
  return {
    bytes: new Uint8Array(100 + number).fill(number),
    hash: new Uint8Array(32).fill(number),
    topic: new Uint8Array(4).fill(number),
    sentSeconds: 1_600_000_000 + number,
    expirySeconds: 1_600_000_010 + number
  }
}

/**
 * The contract of {@link ArchivePort}. `stored` answers the hashes (hex) that the archive holds.
 *
 * @example
 * ```ts
 * for (const { name, run } of archivePortCases(async () => ({ port, stored }))) test(name, run)
 * ```
 */
export function archivePortCases(
  create: () => Promise<{ readonly port: ArchivePort; readonly stored: () => Promise<readonly string[]> }>
): readonly ComplianceCase[] {
  const hex = (number: number): string => number.toString(16).padStart(2, '0').repeat(32)
  return [
    {
      name: 'when accept resolves, every envelope is stored',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([1, 2, 3].map(archivedEnvelope))
        check([...(await stored())].sort().join() === [1, 2, 3].map(hex).join(), 'every envelope to be stored')
      }
    },
    {
      name: 'the same envelope twice, in one call or two, is stored once',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([archivedEnvelope(1), archivedEnvelope(1)])
        await port.accept([archivedEnvelope(1)])
        check((await stored()).length === 1, 'the envelope to be stored once')
      }
    },
    {
      name: 'nothing to store is fine, and calls may overlap',
      run: async () => {
        const { port, stored } = await create()
        await port.accept([])
        await Promise.all([1, 2, 3, 4].map(number => port.accept([archivedEnvelope(number)])))
        check((await stored()).length === 4, 'every overlapping call to be stored')
      }
    }
  ]
}

/**
 * The contract of {@link PowSearcher}.
 *
 * @example
 * ```ts
 * for (const { name, run } of powSearcherCases(() => createPowSearcher({ nowMs: Date.now }))) test(name, run)
 * ```
 */
export function powSearcherCases(create: () => PowSearcher): readonly ComplianceCase[] {
  const prefix = new Uint8Array(133).fill(3)
  const minute = { timeMs: 60_000 }
  const run = async (use: (searcher: PowSearcher) => Promise<void>): Promise<void> => {
    const searcher = create()
    try {
      await use(searcher)
    } finally {
      await searcher.stop()
    }
  }
  return [
    {
      name: 'finds the smallest nonce',
      run: () =>
        run(async searcher => {
          for (const bits of [1, 6, 12, 16]) {
            const smallest = prepareNonceSearch(prefix).search(bits, 0, 1 << 24)
            const found = await eventually(searcher.search(prefix, bits, minute), 'search')
            check(found === BigInt(smallest), `the nonce ${smallest} for ${bits} bits, got ${found}`)
          }
        })
    },
    {
      name: 'gives up when its time is over, at once for no time',
      run: () =>
        run(async searcher => {
          check(
            (await eventually(searcher.search(prefix, 200, { timeMs: 30 }), 'search')) === undefined,
            'no nonce for 200 bits'
          )
          check(
            (await eventually(searcher.search(prefix, 1, { timeMs: 0 }), 'search')) === undefined,
            'no search without time'
          )
        })
    },
    {
      name: "rejects with its signal's reason",
      run: () =>
        run(async searcher => {
          const stop = new AbortController()
          const reason = new Error('enough')
          const searching = searcher.search(prefix, 200, { ...minute, signal: stop.signal })
          setTimeout(() => stop.abort(reason), 20)
          const got = await eventually(
            searching.then(
              () => undefined,
              error => error as unknown
            ),
            'abort'
          )
          check(got === reason, "a rejection with the signal's reason")
        })
    },
    {
      name: 'best answers the bits that its nonce has',
      run: () =>
        run(async searcher => {
          const { nonce, bits } = await eventually(searcher.best(prefix, { timeMs: 30 }), 'best')
          check(bits >= 4 && prepareNonceSearch(prefix).bitsOf(nonce) === bits, `nonce ${nonce} to have ${bits} bits`)
        })
    },
    {
      name: 'two searches at once both find theirs',
      run: () =>
        run(async searcher => {
          const other = new Uint8Array(40).fill(4)
          const found = await eventually(
            Promise.all([prefix, other].map(each => searcher.search(each, 15, minute))),
            'two searches'
          )
          const expected = [prefix, other].map(each => BigInt(prepareNonceSearch(each).search(15, 0, 1 << 24)))
          check(found.join() === expected.join(), 'the smallest nonce of both searches')
        })
    }
  ]
}
