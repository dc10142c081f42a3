import { deflateSync, inflateSync } from 'node:zlib'
import { rootCodeOf } from '@status-stack/utils'
import type { Environment } from './environment.ts'
import { ChatError } from './errors.ts'
import { limits } from './limits.ts'

/** How a terminal is given pictures. */
export const pictureKinds = ['kitty', 'iterm', 'sixel'] as const
export type PictureKind = (typeof pictureKinds)[number]

/** Columns and rows that a picture may take. */
export interface PictureRoom {
  readonly columns: number
  readonly rows: number
}

/** Pixels of a picture, RGBA. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/**
 * Which pictures the terminal shows, by what it says of itself; which show sixels most do not say. Inside a multiplexer none: it keeps no place for
 * them.
 */
export function pictureKind(environment: Environment): PictureKind | undefined {
  const { TERM: term = '', TERM_PROGRAM: program = '', KITTY_WINDOW_ID: kitty, TMUX: tmux, STY: screen } = environment
  if (tmux !== undefined || screen !== undefined) return undefined
  if (kitty !== undefined || ['xterm-kitty', 'xterm-ghostty'].includes(term) || program === 'ghostty') return 'kitty'
  if (program === 'iTerm.app' || program === 'WezTerm') return 'iterm'
  return /^(foot|mlterm|yaft)/.test(term) ? 'sixel' : undefined
}

const unseen = (why: string): ChatError => new ChatError('environment', 'picture', why, 'use /open or /save')

/**
 * The escape sequences that draw a picture. What a terminal takes as it came is not decoded here.
 * @throws ChatError `picture` for a format that this terminal cannot be given, a damaged picture, and one of too many pixels
 */
export async function drawPicture(
  kind: PictureKind,
  bytes: Uint8Array,
  type: string,
  room: PictureRoom
): Promise<string> {
  if (kind === 'iterm') return itermPicture(bytes, room)
  const pixels = await decodePicture(bytes, type)
  if (kind === 'kitty') return kittyPicture(pixels, room)
  const { image2sixel } = await import('sixel')
  const { width, height, data } = shrunk(pixels, room)
  return image2sixel(data, width, height, limits.pictureColors)
}

/** The pixels of a PNG or JPEG. @throws ChatError `picture` */
export async function decodePicture(bytes: Uint8Array, type: string): Promise<Pixels> {
  try {
    if (type === 'png') return await decodePng(bytes)
    if (type === 'jpeg') return await decodeJpeg(bytes)
  } catch (error) {
    throw error instanceof ChatError ? error : unseen('this picture is damaged, or of an uncommon kind')
  }
  throw unseen(`this terminal cannot show ${type.toUpperCase()} pictures`)
}

// BOUNDED: picturePixels: a few hundred bytes may say that they are gigabytes.
const tooLarge = (): ChatError => unseen(`this picture has more than ${limits.picturePixels} pixels`)

async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  assertSmallPng(bytes)
  const { PNG } = (await import('pngjs')).default
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes))
  return { width, height, data: new Uint8Array(data) }
}

/** Bytes of the longest pixel, RGBA of 16 bits each, and of the signs in front of the rows of an interlaced picture: fewer than its pixels. */
const mostBytesPerPixel = 9
/** Where the header of a PNG says whether it is interlaced. */
const interlaceAt = 28

/**
 * Refuses what would unpack to more than `limits.picturePixels`. The decoder lets a later header replace the first one, and unpacks an
 * interlaced picture without a bound.
 */
function assertSmallPng(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pixels = view.getUint32(16) * view.getUint32(20)
  if (pixels > limits.picturePixels) throw tooLarge()
  const chunks = pngChunks(bytes, view)
  if (chunks.filter(({ type }) => type === 'IHDR').length !== 1) throw unseen('this picture is damaged')
  if (view.getUint8(interlaceAt) === 0) return
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  try {
    // BOUNDED: by picturePixels
    inflateSync(packed, { maxOutputLength: Math.max(1, mostBytesPerPixel * pixels) })
  } catch (error) {
    throw rootCodeOf(error) === 'ERR_BUFFER_TOO_LARGE'
      ? unseen('this picture unpacks to more than its header says')
      : error
  }
}

/** The chunks of a PNG up to its end; what is cut off is left to the decoder. */
function pngChunks(bytes: Uint8Array, view: DataView): readonly { readonly type: string; readonly data: Uint8Array }[] {
  const chunks: { type: string; data: Uint8Array }[] = []
  // Each has a length, a type and a checksum around its data.
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

async function decodeJpeg(bytes: Uint8Array): Promise<Pixels> {
  const size = jpegSize(bytes)
  if (size === undefined) throw unseen('this picture is damaged')
  if (size.width * size.height > limits.picturePixels) throw tooLarge()
  const { decode } = (await import('jpeg-js')).default
  return decode(bytes, {
    useTArray: true,
    formatAsRGBA: true,
    maxResolutionInMP: limits.picturePixels / 1_000_000,
    maxMemoryUsageInMB: limits.pictureDecodeMib
  })
}

/** Width and height as the first frame header of a JPEG says them. */
function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
  }
  return undefined
}

/** Columns and rows of a picture that keeps its shape: a cell is about twice as high as wide. */
function cellsOf({ width, height }: Pick<Pixels, 'width' | 'height'>, { columns, rows }: PictureRoom): PictureRoom {
  const scale = Math.min(1, columns / (width / cellPixels.width), rows / (height / cellPixels.height))
  return {
    columns: Math.max(1, Math.round((scale * width) / cellPixels.width)),
    rows: Math.max(1, Math.round((scale * height) / cellPixels.height))
  }
}

/** What a cell has in most terminals. */
const cellPixels = Object.freeze({ width: 10, height: 20 })

/** Bytes of base64 that one escape sequence of kitty's protocol may carry. */
const kittyChunk = 4096

function kittyPicture({ width, height, data }: Pixels, room: PictureRoom): string {
  const { columns, rows } = cellsOf({ width, height }, room)
  const text = deflateSync(data).toString('base64')
  const parts: string[] = []
  for (let at = 0; at < text.length; at += kittyChunk) {
    const first = at === 0 ? `a=T,f=32,o=z,s=${width},v=${height},c=${columns},r=${rows},q=2,` : ''
    const more = at + kittyChunk < text.length ? 1 : 0
    parts.push(`\u001b_G${first}m=${more};${text.slice(at, at + kittyChunk)}\u001b\\`)
  }
  return parts.join('')
}

/** Takes pictures off the screen again, where they would stay. */
export const endOfPictures = (kind: PictureKind): string => (kind === 'kitty' ? '\u001b_Ga=d,q=2\u001b\\' : '')

function itermPicture(bytes: Uint8Array, { columns, rows }: PictureRoom): string {
  const size = `width=${columns};height=${rows};preserveAspectRatio=1`
  return `\u001b]1337;File=inline=1;size=${bytes.length};${size}:${Buffer.from(bytes).toString('base64')}\u0007`
}

/** No larger than the room: each pixel is the nearest of the picture. */
function shrunk(pixels: Pixels, room: PictureRoom): Pixels {
  const cells = cellsOf(pixels, room)
  const width = Math.min(pixels.width, cells.columns * cellPixels.width)
  const height = Math.min(pixels.height, cells.rows * cellPixels.height)
  if (width === pixels.width && height === pixels.height) return pixels
  const from = new Uint32Array(pixels.data.slice().buffer)
  const to = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * pixels.height) / height) * pixels.width
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + Math.floor((x * pixels.width) / width)] ?? 0
  }
  return { width, height, data: new Uint8Array(to.buffer) }
}
