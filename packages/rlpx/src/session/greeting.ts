import { compareBytes } from '@status-stack/crypto'
import { capabilitiesText, type NegotiatedCapability, negotiate } from '../capability.ts'
import type { Hello } from '../p2p/messages.ts'
import type { DisconnectReason } from '../p2p/reasons.ts'
import type { Capability } from '../ports.ts'

const zeroKey = new Uint8Array(64)

/** What the Hello of a peer comes to. */
export type Greeting =
  | { readonly negotiated: readonly NegotiatedCapability[] }
  | { readonly refused: DisconnectReason; readonly facts: Readonly<Record<string, string>> }

/** Whether it is the peer of the handshake, and has a capability that we have; a node without any takes all peers. */
export function greet(
  { key, capabilities: theirs }: Hello,
  publicKey: Uint8Array | undefined,
  ours: readonly Capability[]
): Greeting {
  if (compareBytes(key, publicKey?.subarray(1) ?? zeroKey) !== 0) return { refused: 'unexpected-identity', facts: {} }
  const negotiated = negotiate(ours, theirs)
  return negotiated.length === 0 && ours.length > 0
    ? { refused: 'useless-peer', facts: { theirs: capabilitiesText(theirs) } }
    : { negotiated }
}
