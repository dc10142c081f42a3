import type { DisconnectReason } from '../p2p/reasons.ts'

/** The connections of one table, as admission sees them. */
export interface AdmissionView {
  readonly ownPeerId: string
  readonly maxPeers: number
  readonly maxInboundPeers: number
  /** Peers now, not counting one that the candidate would replace. */
  readonly peers: number
  readonly inboundPeers: number
  /** The peer with the candidate's id, if there is one. */
  readonly existing: { readonly direction: 'inbound' | 'outbound' } | undefined
}

export interface Candidate {
  readonly peerId: string
  readonly direction: 'inbound' | 'outbound'
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
}

/** `replace`: the candidate takes the place of the existing connection. */
export type Admission =
  | { readonly kind: 'admit' }
  | { readonly kind: 'replace' }
  | { readonly kind: 'refuse'; readonly reason: DisconnectReason; readonly why: AdmissionRefusal }

export type AdmissionRefusal = 'too-many-peers' | 'too-many-inbound' | 'already-connected' | 'self'

/**
 * Of two connections between the same nodes the one dialed by the larger id stays: both sides come to the same answer,
 * so that a simultaneous dial leaves exactly one. In the same direction the older one stays.
 */
export function winsDuplicate(
  ownPeerId: string,
  peerId: string,
  candidate: 'inbound' | 'outbound',
  existing: 'inbound' | 'outbound'
): boolean {
  if (candidate === existing) return false
  return (candidate === 'outbound') === ownPeerId > peerId
}

/** The checks after the handshake and again after Hello, in the order of the protocol digest. Pure. */
export function admission(view: AdmissionView, candidate: Candidate): Admission {
  const { trusted } = candidate.flags
  const staticDialed = candidate.flags.static && candidate.direction === 'outbound'
  if (!trusted && !staticDialed && view.peers >= view.maxPeers) {
    return { kind: 'refuse', reason: 'too-many-peers', why: 'too-many-peers' }
  }
  if (!trusted && candidate.direction === 'inbound' && view.inboundPeers >= view.maxInboundPeers) {
    return { kind: 'refuse', reason: 'too-many-peers', why: 'too-many-inbound' }
  }
  if (view.existing !== undefined) {
    if (winsDuplicate(view.ownPeerId, candidate.peerId, candidate.direction, view.existing.direction)) {
      return { kind: 'replace' }
    }
    return { kind: 'refuse', reason: 'already-connected', why: 'already-connected' }
  }
  if (candidate.peerId === view.ownPeerId) return { kind: 'refuse', reason: 'connected-to-self', why: 'self' }
  return { kind: 'admit' }
}
