import { md5 } from '@noble/hashes/legacy.js'
import { utf8Bytes } from '@status-stack/crypto'
import { check } from './checks.ts'
import { keyId } from './key-text.ts'

/** A key's picture: a mirror-symmetric pattern of 5 × 5 cells in one colour. */
export interface Identicon {
  /** 25 cells, row by row; true is filled. */
  readonly cells: readonly boolean[]
  /** 0 … 255 each. */
  readonly red: number
  /** 0 … 255. */
  readonly green: number
  /** 0 … 255. */
  readonly blue: number
}

const cellsAcross = 5
const cellPixels = 6
const marginPixels = 10
/** Width and height of the picture, pixels. */
export const identiconSize = 50

/**
 * The identicon of a public key. @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * const { cells, red, green, blue } = identiconOf(publicKey)
 * ```
 */
export function identiconOf(publicKey: Uint8Array): Identicon {
  const hash = md5(utf8Bytes(keyId(publicKey)))
  const cells = Array.from({ length: cellsAcross ** 2 }, (_, index) => {
    const [row, column] = [Math.floor(index / cellsAcross), index % cellsAcross]
    return at(hash, 3 * row + Math.min(column, cellsAcross - 1 - column)) % 2 === 0
  })
  const hue = ((at(hash, 13) + at(hash, 14) + at(hash, 15)) / 765) * 360
  return { cells, ...rgbOf(hue, 0.5, 0.7) }
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0

function rgbOf(hue: number, saturation: number, lightness: number): Pick<Identicon, 'red' | 'green' | 'blue'> {
  const high = lightness < 0.5 ? lightness * (1 + saturation) : lightness + saturation - lightness * saturation
  const low = 2 * lightness - high
  const channel = (turn: number): number => {
    const t = (turn + 1) % 1
    const value =
      6 * t < 1 ? low + (high - low) * 6 * t : 2 * t < 1 ? high : 3 * t < 2 ? low + (high - low) * (2 / 3 - t) * 6 : low
    // As Go's colour model does it: 16 bits per channel, of which the upper eight are shown.
    return Math.floor(value * 65535 + 0.5) >> 8
  }
  const turn = hue / 360
  return { red: channel(turn + 1 / 3), green: channel(turn), blue: channel(turn - 1 / 3) }
}

/** A colour that is text would be written into the SVG document as it is. */
function checkIdenticon(identicon: Identicon): void {
  check.object('identicon', identicon)
  const { cells, ...channels } = identicon
  check.array('identicon.cells', cells)
  check.integer('identicon.cells.length', cells.length, cellsAcross ** 2, cellsAcross ** 2)
  for (const name of ['red', 'green', 'blue'] as const) check.integer(`identicon.${name}`, channels[name], 0, 255)
}

/**
 * The picture as RGBA bytes, 50 × 50 pixels, row by row, transparent where nothing is filled.
 *
 * @example
 * ```ts
 * const image = new ImageData(new Uint8ClampedArray(identiconPixels(identiconOf(publicKey))), identiconSize)
 * ```
 */
export function identiconPixels(identicon: Identicon): Uint8Array {
  checkIdenticon(identicon)
  const { cells, red, green, blue } = identicon
  const pixels = new Uint8Array(identiconSize * identiconSize * 4)
  cells.forEach((filled, index) => {
    if (!filled) return
    const top = marginPixels + cellPixels * Math.floor(index / cellsAcross)
    const left = marginPixels + cellPixels * (index % cellsAcross)
    for (let y = top; y < top + cellPixels; y++) {
      for (let x = left; x < left + cellPixels; x++) pixels.set([red, green, blue, 255], 4 * (y * identiconSize + x))
    }
  })
  return pixels
}

/**
 * The picture as an SVG document. It holds numbers and colours only, nothing that a key's owner could write.
 *
 * @example
 * ```ts
 * const source = `data:image/svg+xml,${encodeURIComponent(identiconSvg(identiconOf(publicKey)))}`
 * ```
 */
export function identiconSvg(identicon: Identicon): string {
  checkIdenticon(identicon)
  const { cells, red, green, blue } = identicon
  const squares = cells.flatMap((filled, index) => {
    const x = marginPixels + cellPixels * (index % cellsAcross)
    const y = marginPixels + cellPixels * Math.floor(index / cellsAcross)
    return filled ? [`M${x} ${y}h${cellPixels}v${cellPixels}h-${cellPixels}z`] : []
  })
  const size = identiconSize
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><path fill="rgb(${red},${green},${blue})" d="${squares.join('')}"/></svg>`
  )
}
