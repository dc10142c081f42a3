/** Disconnect reasons by name. SPEC: devp2p base protocol, "Disconnect". 17 and above are never sent: v1.9.5 crashes on them. */
export const disconnectReasons = Object.freeze({
  requested: 0,
  'network-error': 1,
  'breach-of-protocol': 2,
  'useless-peer': 3,
  'too-many-peers': 4,
  'already-connected': 5,
  'incompatible-version': 6,
  'invalid-identity': 7,
  'client-quitting': 8,
  'unexpected-identity': 9,
  'connected-to-self': 10,
  'read-timeout': 11,
  'subprotocol-error': 16
})

/** A reason this package may send. */
export type DisconnectReason = keyof typeof disconnectReasons

const names = new Map<number, DisconnectReason>(
  Object.entries(disconnectReasons).map(([name, code]) => [code, name as DisconnectReason])
)

/**
 * The name of a received reason; `unknown` for numbers without one.
 *
 * @example
 * ```ts
 * reasonName(4) // 'too-many-peers'
 * ```
 */
export function reasonName(code: number): DisconnectReason | 'unknown' {
  return names.get(code) ?? 'unknown'
}
