import { check } from '../errors.ts'

/**
 * IPv4 or IPv6 address as bytes (4 or 16); IPv4 mapped into IPv6 comes out as IPv4. `undefined` for anything else.
 *
 * @example
 * ```ts
 * addressBytes('::ffff:192.0.2.7') // 4 bytes
 * ```
 */
export function addressBytes(text: string): Uint8Array | undefined {
  check.text('address', text)
  if (text.includes(':')) return v6Bytes(text.split('%', 1)[0] ?? '')
  return v4Bytes(text)
}

function v4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined
  }
  return Uint8Array.from(parts, Number)
}

function groups(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  const v4 = last.includes('.') ? v4Bytes(last) : undefined
  if (last.includes('.')) {
    if (v4 === undefined) return undefined
    parts.pop()
  }
  if (!parts.every(part => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined
  const numbers = parts.map(part => Number.parseInt(part, 16))
  const [a = 0, b = 0, c = 0, d = 0] = v4 ?? []
  return v4 === undefined ? numbers : [...numbers, a * 256 + b, c * 256 + d]
}

function v6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] ?? '')
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const bytes = Uint8Array.from(all.flatMap(group => [group >> 8, group & 0xff]))
  const mapped = bytes.subarray(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return mapped ? bytes.slice(12) : bytes
}

/**
 * The usual text of 4 or 16 address bytes.
 *
 * @example
 * ```ts
 * addressText(Uint8Array.of(192, 0, 2, 7)) // '192.0.2.7'
 * ```
 */
export function addressText(bytes: Uint8Array): string {
  check.bytes('address', bytes, bytes?.length === 4 ? 4 : 16)
  if (bytes.length === 4) return bytes.join('.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16))
  const zeros = [...parts.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0]
  if (zeros === undefined) return parts.join(':')
  const whole = parts.join(':')
  return `${whole.slice(0, zeros.index)}::${whole.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`
}

/**
 * Loopback: 127/8 or ::1.
 *
 * @example
 * ```ts
 * isLoopback('127.0.0.1') // true
 * ```
 */
export function isLoopback(address: string): boolean {
  const bytes = addressBytes(address)
  if (bytes === undefined) return address === 'localhost'
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))
}

/**
 * Private or link-local: 10/8, 172.16/12, 192.168/16, 169.254/16, fc00::/7, fe80::/10.
 *
 * @example
 * ```ts
 * isLan('192.168.1.4') // true
 * ```
 */
export function isLan(address: string): boolean {
  const bytes = addressBytes(address)
  if (bytes === undefined) return false
  const [a = 0, b = 0] = bytes
  if (bytes.length === 4) {
    return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)
  }
  return (a & 0xfe) === 0xfc || (a === 0xfe && (b & 0xc0) === 0x80)
}

/**
 * Loopback or LAN: exempt from per-address limits, dialed again sooner.
 *
 * @example
 * ```ts
 * isLocal('fe80::1') // true
 * ```
 */
export function isLocal(address: string): boolean {
  return isLoopback(address) || isLan(address)
}

/**
 * Unspecified, multicast, documentation and other addresses nobody can be reached at.
 *
 * @example
 * ```ts
 * isSpecial('0.0.0.0') // true
 * ```
 */
export function isSpecial(address: string): boolean {
  const bytes = addressBytes(address)
  if (bytes === undefined) return true
  const [a = 0, b = 0, c = 0] = bytes
  if (bytes.length === 16) {
    const documentation = a === 0x20 && b === 0x01 && c === 0x0d && bytes[3] === 0xb8
    return bytes.every(byte => byte === 0) || a === 0xff || documentation
  }
  const documentation =
    (a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113)
  const benchmark = a === 198 && (b === 18 || b === 19)
  return a === 0 || a >= 224 || documentation || benchmark
}

/**
 * What one party holds: an IPv4 address, an IPv6 /64. The key of throttles and bans.
 *
 * @example
 * ```ts
 * addressKey('2001:db8::1') === addressKey('2001:db8::2') // one party
 * ```
 */
export function addressKey(address: string): string {
  const bytes = addressBytes(address)
  if (bytes === undefined) return address
  return bytes.length === 4
    ? addressText(bytes)
    : `${addressText(Uint8Array.from(bytes, (b, i) => (i < 8 ? b : 0)))}/64`
}

/**
 * The network a table or bucket counts together: IPv4 /24, IPv6 /48.
 *
 * @example
 * ```ts
 * networkKey('192.0.2.7') === networkKey('192.0.2.9') // one network
 * ```
 */
export function networkKey(address: string): string {
  const bytes = addressBytes(address)
  if (bytes === undefined) return address
  return bytes.subarray(0, bytes.length === 4 ? 3 : 6).join('.')
}
