import { createLinkPair, type PacketFilter } from '@status-stack/interface/testing'
import type { PeerLink } from '../ports.ts'

export type { PacketFilter } from '@status-stack/interface/testing'

/** Two ends of one link in memory. */
export interface LinkPair {
  /** What the first client attaches. */
  readonly a: PeerLink
  /** What the second client attaches. */
  readonly b: PeerLink
  /** Ends both directions without a goodbye, as a broken connection does. */
  readonly cut: () => void
}

/**
 * Two ends of one in-memory link between static, trusted peers: `createLinkPair` of `@status-stack/interface/testing` with the
 * ends named as the two clients are. `idA` is the peer id (64 hex digits) of the one who holds end `a`.
 *
 * @example
 * ```ts
 * const { a, b } = linkPair('a'.repeat(64), 'b'.repeat(64))
 * void alice.attach(a)
 * void bob.attach(b)
 * ```
 */
export function linkPair(
  idA: string,
  idB: string,
  filters: { readonly toA?: PacketFilter | undefined; readonly toB?: PacketFilter | undefined } = {}
): LinkPair {
  const { left, right, cut } = createLinkPair({
    left: idA,
    right: idB,
    flags: { static: true, trusted: true },
    filterToLeft: filters.toA,
    filterToRight: filters.toB
  })
  return { a: left, b: right, cut }
}
