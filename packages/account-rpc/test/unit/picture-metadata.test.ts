import { describe, expect, test } from 'vitest'
import { withoutMetadata } from '../../src/index.ts'
import { withoutMetadataInUri } from '../../src/picture-metadata.ts'

describe('what a picture says beside its pixels', () => {
  const chunk = (name: string, data: number[]): number[] => [
    0,
    0,
    0,
    data.length,
    ...Buffer.from(name),
    ...data,
    9,
    9,
    9,
    9
  ]
  const png = (...chunks: readonly number[][]): Uint8Array =>
    Uint8Array.from([0x89, ...Buffer.from('PNG\r\n\u001a\n'), ...chunks.flat()])
  const [head, body, end] = [chunk('IHDR', Array(13).fill(1)), chunk('IDAT', [1, 2, 3]), chunk('IEND', [])]

  test('is left out of a PNG, and what stands behind its end', () => {
    const told = png(head, chunk('eXIf', [7]), chunk('iTXt', [7, 7]), chunk('tIME', [7]), body, end, [7, 7, 7])
    expect(withoutMetadata(told)).toEqual(png(head, body, end))
    expect(withoutMetadata(png(head, body, end))).toEqual(png(head, body, end))
  })

  test('is left out of the picture of a profile, which is a text', () => {
    const uri = (bytes: Uint8Array): string => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`
    const told = png(head, chunk('eXIf', [7]), body, end)
    expect(withoutMetadataInUri(uri(told))).toBe(uri(png(head, body, end)))
    for (const text of [
      '',
      'data:image/png;base64,',
      'data:image/png;base64,%%',
      'https://example.org/a.png',
      uri(new Uint8Array(3))
    ])
      expect(withoutMetadataInUri(text)).toBe(text)
  })

  test('however many parts a file has', () => {
    const part = Uint8Array.from(chunk('IDAT', []))
    const many = Buffer.concat([png(head), ...Array<Uint8Array>(200_000).fill(part), Uint8Array.from(end)])
    expect(withoutMetadata(many)).toHaveLength(many.length)
  })

  test('is left out of a WEBP, which announces it no more', () => {
    const part = (name: string, data: number[]): number[] => [
      ...Buffer.from(name),
      ...[data.length, 0, 0, 0],
      ...data,
      ...(data.length % 2 === 0 ? [] : [0])
    ]
    const webp = (...parts: readonly number[][]): Uint8Array => {
      const all = ['WEBP', ...parts].flatMap(one => (typeof one === 'string' ? [...Buffer.from(one)] : one))
      return Uint8Array.from([...Buffer.from('RIFF'), all.length, 0, 0, 0, ...all])
    }
    const flags = (bits: number): number[] => part('VP8X', [bits, ...Array(9).fill(1)])
    const told = webp(flags(0b11110), part('VP8 ', [1, 2, 3]), part('EXIF', [7, 7, 7]), part('XMP ', [7]))
    expect(withoutMetadata(told)).toEqual(webp(flags(0b10010), part('VP8 ', [1, 2, 3])))
  })

  const segment = (marker: number, data: readonly number[]): number[] => [0xff, marker, 0, data.length + 2, ...data]
  const letters = (text: string): number[] => [...Buffer.from(text, 'latin1')]
  const jpeg = (...parts: readonly number[][]): Uint8Array => Uint8Array.from([0xff, 0xd8, ...parts.flat()])
  const endOfJpeg = [0xff, 0xd9]
  /** EXIF with the place of an entry in front, and which side is up. */
  const exif = (orientation: number, little: boolean): number[] => {
    const order = (...bytes: number[]): number[] => (little ? bytes.reverse() : bytes)
    const entry = (tag: number, value: number): number[] => [
      ...order(tag >> 8, tag & 255),
      ...order(0, 3),
      ...order(0, 0, 0, 1),
      ...order(0, value),
      ...[0, 0]
    ]
    const head = little ? letters('II') : letters('MM')
    const tiff = [
      ...head,
      ...order(0, 42),
      ...order(0, 0, 0, 8),
      ...order(0, 2),
      ...entry(0x0100, 9),
      ...entry(0x0112, orientation)
    ]
    return segment(0xe1, [...letters('Exif\0\0'), ...tiff, ...letters('48.85N 2.35E')])
  }
  const [jfif, table, scan] = [
    segment(0xe0, letters('JFIF\0')),
    segment(0xdb, [1, 2]),
    [...segment(0xda, [1]), 5, 0xff, 0, 6, 0xff, 0xd3, 7]
  ]

  test('is left out of a JPEG, with further pictures behind its end; every scan stays', () => {
    const told = jpeg(
      jfif,
      ...[exif(1, true), segment(0xe1, letters('http://ns.adobe.com/xap/')), segment(0xfe, letters('a comment'))],
      ...[segment(0xe2, letters('MPF\0')), segment(0xe2, letters('ICC_PROFILE\0')), segment(0xed, letters('IPTC'))],
      ...[table, scan, table, scan, endOfJpeg, letters('a film')]
    )
    expect(withoutMetadata(told)).toEqual(
      jpeg(jfif, segment(0xe2, letters('ICC_PROFILE\0')), table, scan, table, scan, endOfJpeg)
    )
  })

  test.each([true, false])('of EXIF only which side is up stays, little-endian: %s', little => {
    const upright = withoutMetadata(jpeg(jfif, exif(6, little), table, scan, endOfJpeg))
    expect(Buffer.from(upright).toString('latin1')).not.toContain('48.85N')
    const kept = withoutMetadata(upright)
    expect(kept).toEqual(upright)
    expect(Buffer.from(upright).indexOf(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]))).toBeGreaterThan(0)
  })

  test('other formats, and what is cut off, come back without harm', () => {
    const gif = Uint8Array.from(Buffer.from('GIF89a'))
    expect(withoutMetadata(gif)).toBe(gif)
    for (const damaged of [
      png(head, [255, 255, 255, 255, ...Buffer.from('IDAT')]),
      png([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])
    ])
      expect(withoutMetadata(damaged)).toEqual(damaged)
    for (const cut of [jpeg(jfif).subarray(0, 5), jpeg([1, 2, 3, 4, 5])])
      expect(() => withoutMetadata(cut)).not.toThrow()
    for (const length of [0, 3, 12, 20])
      expect(() => withoutMetadata(png(head, body).subarray(0, length))).not.toThrow()
  })
})
