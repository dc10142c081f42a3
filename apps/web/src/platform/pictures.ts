import { withoutMetadata } from '@status-stack/account-rpc'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'
import { pictureSize } from './picture-size.ts'

/** Whether a picture's header says that it can be decoded without harm. */
export function isDrawable(bytes: Uint8Array): boolean {
  const size = pictureSize(bytes)
  return size !== undefined && size.width > 0 && size.height > 0 && size.width * size.height <= limits.picturePixels
}

/** Longest sides that are tried, and qualities for each: the first result that fits is taken. */
const sides = [2048, 1600, 1200, 800, 480, 240]
const qualities = [0.85, 0.7, 0.5]

/**
 * A picture as JPEG of at most `maxBytes`. Colours that shine through become white.
 *
 * @throws PageError `too-large` when it cannot be decoded within the bounds or made small enough
 */
export async function scalePicture(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  if (!isDrawable(bytes)) throw new PageError('too-large', 'this picture cannot be read, or has too many pixels')
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]))
  try {
    for (const side of sides) {
      const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
      const width = Math.max(1, Math.round(bitmap.width * scale))
      const height = Math.max(1, Math.round(bitmap.height * scale))
      const canvas = new OffscreenCanvas(width, height)
      const drawing = canvas.getContext('2d')
      if (drawing === null) break
      drawing.fillStyle = '#ffffff'
      drawing.fillRect(0, 0, width, height)
      drawing.drawImage(bitmap, 0, 0, width, height)
      for (const quality of qualities) {
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
        if (blob.size <= maxBytes) return new Uint8Array(await blob.arrayBuffer())
      }
    }
  } finally {
    bitmap.close()
  }
  throw new PageError('too-large', 'this picture does not become small enough')
}

/** The bytes of a file that was chosen as a picture. @throws PageError `too-large` */
export async function readPicture(file: Blob): Promise<Uint8Array> {
  if (file.size > limits.pictureFileBytes) {
    throw new PageError('too-large', `a picture may have ${limits.pictureFileBytes >> 20} MiB at most`)
  }
  return new Uint8Array(await file.arrayBuffer())
}

/**
 * A picture as it is sent: at most `maxBytes`, and without what a camera wrote into it, such as the place. A JPEG is therefore always
 * made anew; the pixels of other formats stay as they are when they fit.
 *
 * @throws PageError `too-large`
 */
export async function preparePicture(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
  const plain = isJpeg ? bytes : withoutMetadata(bytes)
  if (!isJpeg && plain.length <= maxBytes && isDrawable(plain)) return plain
  return scalePicture(plain, maxBytes)
}
