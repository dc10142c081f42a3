import type { PolicyLevel, ShownProtection } from '../types.ts'

/** What sealed bytes guarantee by themselves; the word of the security layer. */
export type Protection = 'forward-secret' | 'static-key' | 'none'

/** What the transport guarantees about who can read an envelope. */
export type Guarantee = 'addressee-confidential' | 'group-readable'

const rank: Readonly<Record<ShownProtection, number>> = {
  public: 0,
  'transport-only': 1,
  'static-key': 2,
  'forward-secret': 3
}

/** Whether `a` protects less than `b`. */
export function isWeaker(a: ShownProtection, b: ShownProtection): boolean {
  return rank[a] < rank[b]
}

/** The weaker of two, or the one that is there. */
export function weakerOf(a: ShownProtection | undefined, b: ShownProtection | undefined): ShownProtection | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return isWeaker(a, b) ? a : b
}

/** The one table of ARCHITECTURE.md: bytes × transport → what people are shown. */
export function shownProtection(protection: Protection, guarantee: Guarantee): ShownProtection {
  if (protection !== 'none') return protection
  return guarantee === 'addressee-confidential' ? 'transport-only' : 'public'
}

/**
 * The words for people.
 *
 * @example
 * ```ts
 * client.on('message', ({ text, protection }) => console.log(text, describeProtection(protection)))
 * ```
 */
export function describeProtection(protection: ShownProtection): string {
  switch (protection) {
    case 'forward-secret':
      return 'forward secret'
    case 'static-key':
      return 'encrypted, no forward secrecy'
    case 'transport-only':
      return 'transport only (PFS off)'
    case 'public':
      return 'public'
  }
}

export interface PersonPolicy {
  readonly minimum: PolicyLevel
  readonly pfs: 'on' | 'off'
}

function least(minimum: PolicyLevel): number {
  switch (minimum) {
    case 'forward-secret':
      return rank['forward-secret']
    case 'static-key':
      return rank['static-key']
    case 'auto':
    case 'any':
      return rank['transport-only']
  }
}

/**
 * May these bytes go to this person? Asked before each post, per leg of a group. Bytes without protection of their own go to a
 * person only if PFS was switched off for them and the transport reaches nobody else.
 */
export function mayPost(shown: ShownProtection, policy: PersonPolicy): boolean {
  const floor = policy.pfs === 'on' ? rank['static-key'] : rank['transport-only']
  return rank[shown] >= Math.max(floor, least(policy.minimum))
}

/**
 * May this arrival be shown? `strongest` is the best protection seen from the same device (or, where the bytes name no device,
 * from that person): under `auto` nothing weaker passes.
 */
export function mayShow(shown: ShownProtection, strongest: Protection, policy: PersonPolicy): boolean {
  if (rank[shown] < least(policy.minimum)) return false
  if (policy.minimum !== 'auto' || strongest === 'none') return true
  return rank[shown] >= rank[strongest]
}
