const digits = /* @__PURE__ */ Array.from('0123456789abcdef', digit => digit.charCodeAt(0))
const hashLength = 32
const codes = /* @__PURE__ */ new Array<number>(2 * hashLength).fill(0)

/**
 * A hash as 64 hex digits, in one flat string. Text that is put together piece by piece stays a tree of its pieces: 800 bytes for each
 * envelope of the pool instead of 80.
 */
export function envelopeId(hash: Uint8Array): string {
  for (let i = 0; i < hashLength; i++) {
    const byte = hash[i] ?? 0
    codes[2 * i] = digits[byte >> 4] ?? 0
    codes[2 * i + 1] = digits[byte & 15] ?? 0
  }
  return String.fromCharCode.apply(null, codes)
}
