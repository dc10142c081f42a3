import { callerError, check } from './errors.ts'
import { limits } from './limits.ts'
import { baseProtocolLength } from './p2p/messages.ts'
import type { DisconnectReason } from './p2p/reasons.ts'
import type { Capability } from './ports.ts'

/** A capability both sides have, with its first message id on this connection. */
export interface NegotiatedCapability {
  /** Ours, in the highest version that both sides have. */
  readonly capability: Capability
  /** Its first message id on this connection, 16 or more: ids below belong to the base protocol. */
  readonly offset: number
}

function byNameThenVersion(
  a: { readonly name: string; readonly version: number },
  b: { readonly name: string; readonly version: number }
): number {
  return a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1
}

/** Sorted as Hello lists them: by name in byte order, then by version. */
export function sortedCapabilities<T extends { readonly name: string; readonly version: number }>(
  capabilities: readonly T[]
): T[] {
  return [...capabilities].sort(byNameThenVersion)
}

/** @throws TransportError `invalid-argument` for a bad name, version or length, or the same pair twice. */
export function assertCapabilities(capabilities: readonly Capability[]): void {
  check.array('capabilities', capabilities)
  const seen = new Set<string>()
  for (const [at, capability] of capabilities.entries()) {
    const place = `capabilities[${at}]`
    check.object(place, capability)
    const { name, version, length } = capability
    check.text(`${place}.name`, name)
    check.integer(`${place}.version`, version, 0, 0xffff_ffff)
    check.integer(`${place}.length`, length, 1, 0xffff)
    check.function(`${place}.run`, capability.run)
    const id = `${name}/${version}`
    if (!/^[\x21-\x7e]{1,8}$/.test(name))
      throw callerError('invalid-argument', `${place}.name: expected 1 to 8 printable ASCII characters without spaces`)
    if (seen.has(id)) throw callerError('invalid-argument', `${place}: ${id} is given twice`)
    seen.add(id)
  }
}

/** What a node announces, as text for errors: `shh/6, waku/1`. Names of another form are strangers' words and not repeated. */
export function capabilitiesText(capabilities: readonly { readonly name: string; readonly version: number }[]): string {
  const known = capabilities.filter(({ name }) => /^[a-z][a-z0-9]{0,7}$/i.test(name)).slice(0, limits.namedCapabilities)
  return sortedCapabilities(known)
    .map(({ name, version }) => `${name}/${version}`)
    .join(', ')
}

/**
 * What two nodes will speak: exact (name, version) pairs, of each name only the highest common version, ids from 16 on
 * in order of name. SPEC: devp2p base protocol, "Message ID-based Multiplexing".
 *
 * @example
 * ```ts
 * for (const { capability, offset } of negotiate(ours, hello.capabilities)) console.log(capability.name, offset)
 * ```
 */
export function negotiate(
  ours: readonly Capability[],
  theirs: readonly { readonly name: string; readonly version: number }[]
): readonly NegotiatedCapability[] {
  check.array('ours', ours)
  check.array('theirs', theirs)
  const offered = new Set(theirs.map(({ name, version }) => `${name}/${version}`))
  const best = new Map<string, Capability>()
  for (const capability of sortedCapabilities(ours)) {
    if (offered.has(`${capability.name}/${capability.version}`)) best.set(capability.name, capability)
  }
  let offset = baseProtocolLength
  return sortedCapabilities([...best.values()]).map(capability => {
    const negotiated = { capability, offset }
    offset += capability.length
    return negotiated
  })
}

/** What a capability that rejects sends: 2 for an invalid message, by the error's `code`, else 16. */
export function reasonOfFailure(error: unknown): DisconnectReason {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'invalid-message' || code === 'invalid-message-code' ? 'breach-of-protocol' : 'subprotocol-error'
}
