/** Chunks of a PNG that draw it, an animated one among them; texts, times and what a camera wrote are none of these. */
const pngDrawn: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'acTL', 'fcTL', 'fdAT'],
  ...['gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'bKGD', 'pHYs']
])
const pngSignature = 8

/** The same of a WEBP. */
const webpDrawn: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
const riffHeader = 12
/** Bits of VP8X that announce EXIF and XMP. */
const webpAnnounced = 0b1100

const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))

/**
 * A PNG or WEBP without what a camera or a program wrote into it beside the picture, such as the place; every pixel stays as it is. Any other
 * format comes back as it was.
 */
export function withoutMetadata(bytes: Uint8Array): Uint8Array {
  if (nameAt(bytes, 1).startsWith('PNG')) return pngWithout(bytes)
  return nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP' ? webpWithout(bytes) : bytes
}

function pngWithout(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = [bytes.subarray(0, pngSignature)]
  // Each has a length, a name and a checksum around its data.
  for (let at = pngSignature; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at)
    const name = nameAt(bytes, at + 4)
    if (pngDrawn.has(name)) kept.push(bytes.subarray(at, end))
    // Behind the end anything may stand.
    if (name === 'IEND') break
    at = end
  }
  return joined(kept)
}

function webpWithout(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = [bytes.subarray(0, riffHeader)]
  for (let at = riffHeader; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true)
    // Data of an odd size is filled up to an even one.
    const end = at + 8 + size + (size % 2)
    if (webpDrawn.has(nameAt(bytes, at))) kept.push(bytes.subarray(at, end))
    at = end
  }
  const whole = joined(kept)
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true)
  if (nameAt(whole, riffHeader) === 'VP8X') whole[riffHeader + 8] = (whole[riffHeader + 8] ?? 0) & ~webpAnnounced
  return whole
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
