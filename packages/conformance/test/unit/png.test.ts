import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodePng } from '../../src/adapters/png.ts'

/** A PNG of these rows, each with its filter byte in front; checksums are left empty, as nobody reads them. */
function png(
  width: number,
  height: number,
  colour: 2 | 6,
  rows: Uint8Array,
  extra: readonly number[] = [8, colour, 0, 0, 0]
): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const out = new Uint8Array(12 + data.length)
    new DataView(out.buffer).setUint32(0, data.length)
    out.set(new TextEncoder().encode(type), 4)
    out.set(data, 8)
    return out
  }
  const head = new Uint8Array(13)
  new DataView(head.buffer).setUint32(0, width)
  new DataView(head.buffer).setUint32(4, height)
  head.set(extra, 8)
  const parts = [
    new Uint8Array(8),
    chunk('IHDR', head),
    chunk('IDAT', new Uint8Array(deflateSync(rows))),
    chunk('IEND', new Uint8Array())
  ]
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

test('each filter gives the pixels that it took away', async () => {
  // Two pixels a row: none, sub, up, average, Paeth.
  const rows = Uint8Array.of(
    ...[0, 1, 2, 3, 4, 5, 6],
    ...[1, 1, 1, 1, 1, 1, 1],
    ...[2, 1, 1, 1, 1, 1, 1],
    ...[3, 1, 1, 1, 1, 1, 1],
    ...[4, 1, 1, 1, 1, 1, 1]
  )
  const { rgba, width, height } = await decodePng(png(2, 5, 2, rows))
  expect([width, height]).toEqual([2, 5])
  expect([...rgba]).toEqual([
    ...[1, 2, 3, 255, 4, 5, 6, 255],
    ...[1, 1, 1, 255, 2, 2, 2, 255],
    ...[2, 2, 2, 255, 3, 3, 3, 255],
    ...[2, 2, 2, 255, 3, 3, 3, 255],
    ...[3, 3, 3, 255, 4, 4, 4, 255]
  ])
})

test('alpha is kept', async () => {
  expect([...(await decodePng(png(1, 1, 6, Uint8Array.of(0, 9, 8, 7, 6)))).rgba]).toEqual([9, 8, 7, 6])
})

test.each([
  ['16 bits a channel', png(1, 1, 2, new Uint8Array(7), [16, 2, 0, 0, 0])],
  ['a palette', png(1, 1, 2, new Uint8Array(2), [8, 3, 0, 0, 0])],
  ['interlaced rows', png(1, 1, 2, new Uint8Array(4), [8, 2, 0, 0, 1])],
  ['a picture that is too wide', png(5000, 1, 2, new Uint8Array(4))],
  ['too few image data', png(2, 2, 2, new Uint8Array(4))],
  ['more image data than the picture has', png(1, 1, 2, new Uint8Array(100_000))]
])('%s is refused', async (_, bytes) => {
  await expect(decodePng(bytes)).rejects.toThrow(/^PNG: /)
})
