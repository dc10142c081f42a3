import { addressBytes, callerError, check } from '@status-stack/rlpx/carrier'

/** How we learn and open our address. */
export type NatSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'upnp' }
  | { readonly kind: 'pmp'; readonly gateway?: string }
  | { readonly kind: 'extip'; readonly address: string }

/**
 * Reads a NAT string as go-ethereum does: `none|off|""`, `any|auto|on`, `upnp`, `pmp|natpmp|nat-pmp[:gateway]`,
 * `extip|ip:<address>`, in any case.
 * @throws TransportError `invalid-text`: unknown mechanism, invalid or missing IP address
 *
 * @example
 * ```ts
 * parseNat('extip:192.0.2.7').kind // 'extip'
 * ```
 */
export function parseNat(text: string): NatSpec {
  check.text('nat', text)
  const colon = text.indexOf(':')
  const mechanism = (colon < 0 ? text : text.slice(0, colon)).toLowerCase()
  const address = colon < 0 ? undefined : text.slice(colon + 1)
  if (address !== undefined && addressBytes(address) === undefined) {
    throw callerError('invalid-text', 'NAT: invalid IP address')
  }
  switch (mechanism) {
    case '':
    case 'none':
    case 'off':
      return { kind: 'none' }
    case 'any':
    case 'auto':
    case 'on':
      return { kind: 'any' }
    case 'upnp':
      return { kind: 'upnp' }
    case 'pmp':
    case 'natpmp':
    case 'nat-pmp':
      return address === undefined ? { kind: 'pmp' } : { kind: 'pmp', gateway: address }
    case 'extip':
    case 'ip':
      if (address === undefined) throw callerError('invalid-text', 'NAT: missing IP address')
      return { kind: 'extip', address }
    default:
      throw callerError('invalid-text', `NAT: unknown mechanism "${mechanism.slice(0, 32)}"`)
  }
}
