import type { AudioFormat, ImageFormat } from '@status-stack/interface'
import { check } from './arguments.ts'
import { limits } from './limits.ts'
import { isLonger } from './strings.ts'

const imageFormats: readonly ImageFormat[] = ['png', 'jpeg', 'webp', 'gif']
const audioFormats: readonly AudioFormat[] = ['aac', 'amr']

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte)

/**
 * The format of a picture by its first bytes.
 *
 * @example
 * ```ts
 * sniffImage(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)) // 'png'
 * ```
 */
export function sniffImage(bytes: Uint8Array): ImageFormat | undefined {
  check.bytes('bytes', bytes)
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) return 'png'
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg'
  if (startsWith(bytes, 0x47, 0x49, 0x46)) return 'gif'
  if (startsWith(bytes.subarray(8), 0x57, 0x45, 0x42, 0x50)) return 'webp'
  return undefined
}

/**
 * The format of a sound by its first bytes: an ADTS header, or `#!AMR` and a line feed.
 *
 * @example
 * ```ts
 * sniffAudio(Uint8Array.of(0xff, 0xf1)) // 'aac'
 * ```
 */
export function sniffAudio(bytes: Uint8Array): AudioFormat | undefined {
  check.bytes('bytes', bytes)
  if (startsWith(bytes, 0xff, 0xf1) || startsWith(bytes, 0xff, 0xf9)) return 'aac'
  return startsWith(bytes, 0x23, 0x21, 0x41, 0x4d, 0x52, 0x0a) ? 'amr' : undefined
}

/** The format of a type number on the wire, and back. 0 is unknown. */
export const imageFormatOf = (type: number): ImageFormat | undefined => imageFormats[type - 1]
export const audioFormatOf = (type: number): AudioFormat | undefined => audioFormats[type - 1]
export const imageTypeOf = (format: ImageFormat): number => imageFormats.indexOf(format) + 1
export const audioTypeOf = (format: AudioFormat): number => audioFormats.indexOf(format) + 1

/**
 * MIME types, for data URIs and `src` attributes.
 *
 * @example
 * ```ts
 * image.src = `data:${mimeTypes[content.format]};base64,${base64}`
 * ```
 */
export const mimeTypes = Object.freeze({
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  aac: 'audio/aac',
  amr: 'audio/amr'
} as const satisfies Record<ImageFormat | AudioFormat, string>)

/** A claimed profile picture, or none when it is too large to be kept: the rest of the message stands. */
export function keptPicture(picture: string): string {
  // BOUNDED: limits.pictureBytes
  return isLonger(picture, limits.pictureBytes) ? '' : picture
}
