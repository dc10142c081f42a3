import { loadVectors, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIdentityKey, identiconOf, identiconPixels, identiconSize, identiconSvg } from '../../src/index.ts'
import { readPng } from '../support/png.ts'

const { sections } = await loadVectors('accounts')
const identities = sections['identity'] ?? []

describe('identicon', () => {
  test('A-5 the pattern, colour and pixels of the vectors', () => {
    expect(identities.length).toBeGreaterThan(0)
    for (const { publicKey, identiconBitmap, identiconPng } of identities) {
      const identicon = identiconOf(vectorBytes(publicKey))
      expect(identicon.cells.map(Number)).toEqual(identiconBitmap)
      const { width, pixels } = readPng(vectorBytes(identiconPng))
      expect(width).toBe(identiconSize)
      expect(identiconPixels(identicon)).toEqual(pixels)
    }
  })

  test('A-5 the key 0x11… has the colour 8cd0d9 and its rows', () => {
    const { cells, red, green, blue } = identiconOf(createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey)
    expect([red, green, blue]).toEqual([0x8c, 0xd0, 0xd9])
    const rows = cells.map(filled => (filled ? 'x' : '.')).join('')
    expect(rows).toBe('.x.x........x...xxx..xxx.')
  })

  test('A-5 every identicon is mirror-symmetric', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
        bytes[0] = 1
        const { cells } = identiconOf(createIdentityKey(bytes).publicKey)
        return cells.every((cell, index) => cell === cells[index - (index % 5) + 4 - (index % 5)])
      }),
      { numRuns: 50 }
    )
  })

  test('the SVG fills exactly the cells of the pixels, in their colour', () => {
    const identicon = identiconOf(createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey)
    const svg = identiconSvg(identicon)
    expect(svg).toContain('fill="rgb(140,208,217)"')
    const corners = [...svg.matchAll(/M(\d+) (\d+)h6v6h-6z/g)].map(([, x, y]) => [Number(x), Number(y)])
    expect(corners).toHaveLength(identicon.cells.filter(Boolean).length)
    const pixels = identiconPixels(identicon)
    for (const [x, y] of corners) {
      expect(pixels[4 * (y! * identiconSize + x!) + 3]).toBe(255)
      expect(pixels[4 * ((y! + 5) * identiconSize + x! + 5) + 3]).toBe(255)
    }
    expect(svg).toMatch(/^<svg [^<>]*><path [^<>]*\/><\/svg>$/)
  })
})
