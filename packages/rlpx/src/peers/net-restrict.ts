import { callerError, check, type TransportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { addressBytes, addressText } from './address.ts'

/** The IP networks a node keeps to. */
export interface NetRestrict {
  /** Whether an IP address is in one of them; a name never is. IPv4 mapped into IPv6 counts as IPv4. */
  readonly contains: (address: string) => boolean
  /** As CIDR, host bits cleared: `10.0.0.0/8`. */
  readonly networks: readonly string[]
}

interface Network {
  readonly base: Uint8Array
  readonly bits: number
}

function startsAlike(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const rest = bits & 7
  return rest === 0 || (((a[whole] ?? 0) ^ (b[whole] ?? 0)) & (0xff00 >> rest) & 0xff) === 0
}

function cleared(address: Uint8Array, bits: number): Uint8Array {
  return address.map((byte, i) => byte & (0xff00 >> Math.min(Math.max(bits - 8 * i, 0), 8)) & 0xff)
}

function parseNetwork(text: string, name: string): Network {
  const match = /^([0-9a-fA-F.:]+)\/(0|[1-9][0-9]{0,2})$/.exec(text)
  const address = addressBytes(match?.[1] ?? '')
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const bits = Number(match?.[2]) - (address?.length === 4 && text.includes(':') ? 96 : 0)
  if (address === undefined || !(bits >= 0 && bits <= 8 * address.length)) {
    throw callerError('invalid-text', `${name}: expected networks like 10.0.0.0/8 or fd00::/8`, {
      argument: name,
      length: text.length
    })
  }
  return { base: cleared(address, bits), bits }
}

/**
 * Reads a list of networks as go-ethereum's `netrestrict` does: CIDR masks, IPv4 and IPv6, with commas between and spaces
 * anywhere; host bits are cleared. Unlike there, an empty list is refused: it would shut everybody out.
 *
 * @param name of the option that it is, for errors
 * @throws TransportError `invalid-text`; `too-large` over {@link limits.netRestrictCharacters} or
 * {@link limits.netRestrictNetworks}
 *
 * @example
 * ```ts
 * const allowed = parseNetRestrict('10.0.0.0/8, fd00::/8')
 * ```
 */
export function parseNetRestrict(text: string, name = 'netRestrict'): NetRestrict {
  check.text(name, text)
  if (text.length > limits.netRestrictCharacters) {
    throw callerError('too-large', `${name}: at most ${limits.netRestrictCharacters} characters`, {
      argument: name
    })
  }
  const parts = text
    .replace(/\s+/g, '')
    .split(',')
    .filter(part => part !== '')
  if (parts.length === 0)
    throw callerError('invalid-text', `${name}: expected at least one network`, { argument: name })
  if (parts.length > limits.netRestrictNetworks) {
    throw callerError('too-large', `${name}: at most ${limits.netRestrictNetworks} networks`, { argument: name })
  }
  // BOUNDED: `limits.netRestrictNetworks`; each check walks the list.
  const networks = parts.map(part => parseNetwork(part, name))
  return Object.freeze({
    networks: Object.freeze(networks.map(({ base, bits }) => `${addressText(base)}/${bits}`)),
    contains: (address: string) => {
      const bytes = addressBytes(address)
      return (
        bytes !== undefined &&
        networks.some(({ base, bits }) => base.length === bytes.length && startsAlike(base, bytes, bits))
      )
    }
  })
}

/**
 * What a dial to an address outside `netRestrict` rejects with.
 *
 * @example
 * ```ts
 * if (!admits(address)) throw notAllowed()
 * ```
 */
export function notAllowed(): TransportError {
  return callerError('refused', 'dial: the address is outside the allowed networks', { why: 'not-allowed' })
}
