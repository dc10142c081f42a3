import type { ComplianceCase } from './case.ts'

/**
 * Names of the cases that an implementation breaks: a suite is worth something when each broken implementation breaks some.
 *
 * @example
 * ```ts
 * expect(await brokenCases(peerLinkCases(brokenPair))).not.toEqual([])
 * ```
 */
export async function brokenCases(cases: readonly ComplianceCase[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.flatMap(({ name }, at) => (results[at]?.status === 'rejected' ? [name] : []))
}
