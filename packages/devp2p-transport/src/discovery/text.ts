const base32Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Bytes of unpadded base32 (RFC 4648); `undefined` for anything else, non-zero spare bits too. */
export function base32Bytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let bits = 0
  let count = 0
  let at = 0
  for (const digit of text) {
    const value = base32Digits.indexOf(digit)
    if (value < 0) return undefined
    bits = ((bits << 5) | value) & 0xfff
    count += 5
    if (count >= 8) {
      count -= 8
      bytes[at++] = (bits >> count) & 0xff
    }
  }
  return count < 5 && (bits & ((1 << count) - 1)) === 0 ? bytes : undefined
}

/** Unpadded base32. */
export function base32Text(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let count = 0
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff
    count += 8
    while (count >= 5) {
      count -= 5
      text += base32Digits[(bits >> count) & 31] ?? ''
    }
  }
  return count > 0 ? text + (base32Digits[(bits << (5 - count)) & 31] ?? '') : text
}

/** Bytes of unpadded URL-safe base64; `undefined` for anything else. */
export function base64UrlBytes(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, character => character.charCodeAt(0))
  return base64UrlText(bytes) === text ? bytes : undefined
}

/** Unpadded URL-safe base64. */
export function base64UrlText(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
