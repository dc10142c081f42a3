import type { ComplianceCase } from './case.ts'
import { type LinkFixture, linkScene } from './peer-link/fixture.ts'
import { backPressureClauses, endClauses } from './peer-link/flow-cases.ts'
import { packetClauses } from './peer-link/packet-cases.ts'

export type { LinkFixture } from './peer-link/fixture.ts'

/** Values of a run; all optional. */
export interface PeerLinkCasesOptions {
  /** Longest wait for something that has to happen, milliseconds. @default one minute */
  readonly patienceMs?: number | undefined
}

/**
 * The contract of `PeerLink`. `connect` makes a fresh connected pair each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of peerLinkCases(async () => myLinkPair())) test(name, run)
 * ```
 */
export function peerLinkCases(
  connect: () => Promise<LinkFixture>,
  { patienceMs }: PeerLinkCasesOptions = {}
): readonly ComplianceCase[] {
  return [...packetClauses, ...backPressureClauses, ...endClauses].map(([name, run]) => ({
    name,
    run: async () => {
      const fixture = await connect()
      try {
        await run(linkScene(fixture, patienceMs))
      } finally {
        await Promise.allSettled([fixture.a.close('done'), fixture.b.close('done')])
        await fixture.release?.()
      }
    }
  }))
}
