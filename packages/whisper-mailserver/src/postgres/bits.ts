const bitsOfByte = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(2).padStart(8, '0'))

/** 64 bytes as PostgreSQL's BIT(512): byte by byte, the most significant bit first. SPEC: status-go. */
export function bitString(bloom: Uint8Array): string {
  let bits = ''
  for (const byte of bloom) bits += bitsOfByte[byte] ?? ''
  return bits
}
