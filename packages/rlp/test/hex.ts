/** Bytes of hex digits; spaces are for the reader. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replaceAll(' ', '').match(/../g) ?? [], byte => Number.parseInt(byte, 16))
}
