import { base64ToBytes, bytesToBase64 } from './base64.ts'

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
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * A JPEG, PNG or WEBP without what a camera or a program wrote into it beside the picture, such as the place; every pixel stays as it is, and
 * so does which side of a JPEG is up. Any other format comes back as it was.
 *
 * @example
 * ```ts
 * await client.send(chat, { image: withoutMetadata(await readFile(path)) })
 * ```
 */
export function withoutMetadata(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === jpegStart) return jpegWithout(bytes)
  if (nameAt(bytes, 1).startsWith('PNG')) return pngWithout(bytes)
  return nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP' ? webpWithout(bytes) : bytes
}

const dataUri = /^data:image\/[a-z+.-]+;base64,/i

/** The same for a picture in a `data:` URI, such as that of a profile. Any other text comes back as it was. */
export function withoutMetadataInUri(uri: string): string {
  const [head] = dataUri.exec(uri) ?? []
  const bytes = head === undefined ? undefined : base64ToBytes(uri.slice(head.length))
  return bytes === undefined ? uri : `${head}${bytesToBase64(withoutMetadata(bytes))}`
}

function pngWithout(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes)
  const kept: Uint8Array[] = [bytes.subarray(0, pngSignature)]
  // Each has a length, a name and a checksum around its data.
  for (let at = pngSignature; at < bytes.length; ) {
    const end = at + 12 > bytes.length ? Number.POSITIVE_INFINITY : at + 12 + view.getUint32(at)
    const name = nameAt(bytes, at + 4)
    // What is damaged stays as it is, for whoever can draw it.
    if (pngDrawn.has(name) || end > bytes.length) kept.push(bytes.subarray(at, end))
    // Behind the end anything may stand.
    if (name === 'IEND') break
    at = end
  }
  return joined(kept)
}

function webpWithout(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes)
  const kept: Uint8Array[] = [bytes.subarray(0, riffHeader)]
  for (let at = riffHeader; at < bytes.length; ) {
    const size = at + 8 > bytes.length ? Number.POSITIVE_INFINITY : view.getUint32(at + 4, true)
    // Data of an odd size is filled up to an even one.
    const end = at + 8 + size + (size % 2 === 1 ? 1 : 0)
    if (webpDrawn.has(nameAt(bytes, at)) || end > bytes.length) kept.push(bytes.subarray(at, end))
    at = end
  }
  const whole = joined(kept)
  viewOf(whole).setUint32(4, whole.length - 8, true)
  if (nameAt(whole, riffHeader) === 'VP8X') whole[riffHeader + 8] = (whole[riffHeader + 8] ?? 0) & ~webpAnnounced
  return whole
}

const jpegStart = 0xd8
const jpegEnd = 0xd9
const jpegScan = 0xda
/** Segments of programs: JFIF, a colour profile and how Adobe stores colours are needed to draw; the others and comments are not. */
const firstOfPrograms = 0xe0
const lastOfPrograms = 0xef
const jpegDrawnByPrograms: ReadonlySet<number> = new Set([0xe0, 0xe2, 0xee])
const ofExif = 0xe1
const jpegComment = 0xfe

function jpegWithout(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes)
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint8(at + 1)
    const length = 2 + view.getUint16(at + 2)
    // Behind the end a camera may put a film, or a second picture.
    if (marker === jpegEnd) break
    if (marker === 0xff) {
      // Padding in front of a marker.
      at++
      continue
    }
    if (view.getUint8(at) !== 0xff || length < 4) return joined([...kept, bytes.subarray(at)])
    const end = marker === jpegScan ? scanEnd(bytes, at + length) : at + length
    const segment = bytes.subarray(at, end)
    if (marker === ofExif) kept.push(...upright(segment))
    else if (isDrawn(marker, segment)) kept.push(segment)
    at = end
  }
  return joined([...kept, Uint8Array.of(0xff, jpegEnd)])
}

/** A second segment of Apple's and Canon's kind is a list of further pictures, under the number of colour profiles. */
function isDrawn(marker: number, segment: Uint8Array): boolean {
  if (marker === 0xe2) return nameAt(segment, 4) === 'ICC_'
  return (
    marker !== jpegComment && (marker < firstOfPrograms || marker > lastOfPrograms || jpegDrawnByPrograms.has(marker))
  )
}

/** Where a scan ends: at a marker that neither stands for a byte of 255 nor restarts the decoder. */
function scanEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

const orientationTag = 0x0112
/** Behind marker, length and `Exif\0\0`. */
const tiffAt = 10

/** Of an EXIF segment only which side is up; nothing where that is the usual one. */
function upright(segment: Uint8Array): readonly Uint8Array[] {
  const turned = nameAt(segment, 4) === 'Exif' ? orientationIn(segment.subarray(tiffAt)) : undefined
  if (turned === undefined || turned === 1) return []
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0]
  const length = 2 + 6 + tiff.length
  return [Uint8Array.of(0xff, ofExif, 0, length, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff)]
}

/** From the first directory of a TIFF header. */
function orientationIn(tiff: Uint8Array): number | undefined {
  if (tiff.length < 8) return undefined
  const view = viewOf(tiff)
  const little = view.getUint8(0) === 0x49
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return undefined
  const entries = view.getUint16(directory, little)
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + 12 * entry
    if (at + 12 > tiff.length) return undefined
    if (view.getUint16(at, little) !== orientationTag) continue
    const value = view.getUint16(at + 8, little)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

/** A file may have more parts than a call may have arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
