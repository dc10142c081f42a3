import { inflateSync } from 'node:zlib'

/** The pixels of a PNG with 8-bit RGBA or palette-free colours, as RGBA: enough for the identicons of the vectors. */
export function readPng(file: Uint8Array): { readonly width: number; readonly pixels: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const parts: Uint8Array[] = []
  let [width, height, colour] = [0, 0, 0]
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (type === 'IHDR') [width, height, colour] = [view.getUint32(at + 8), view.getUint32(at + 12), file[at + 17]!]
    if (type === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  if (colour !== 6) throw new Error(`PNG colour type ${colour} is not read here`)
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * 4
  const pixels = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const left = x >= 4 ? pixels[y * stride + x - 4]! : 0
      const up = y > 0 ? pixels[(y - 1) * stride + x]! : 0
      const corner = x >= 4 && y > 0 ? pixels[(y - 1) * stride + x - 4]! : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!
      pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + guess
    }
  }
  return { width, pixels }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}
