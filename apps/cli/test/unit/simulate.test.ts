import { presets } from '@status-stack/simulator/presets'
import { expect, test } from 'vitest'
import { presetNames } from '../../src/commands/simulate.ts'
import { drawing } from '../../src/simulate/drawing.ts'

test('every experiment can be named, and no other', () => {
  expect([...presetNames]).toEqual(presets.map(({ name }) => name))
})

test('a plot is an SVG document with its titles, the same for the same numbers', () => {
  const plot = {
    name: 'copies',
    title: 'Copies of an envelope',
    x: 'peers',
    y: 'copies',
    series: [
      {
        name: 'measured',
        points: [
          [3, 1.6],
          [6, 3.7]
        ] as const
      }
    ]
  }
  const svg = drawing(plot)
  expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  for (const text of ['Copies of an envelope', 'peers', 'measured']) expect(svg).toContain(text)
  expect(svg).not.toMatch(/<script|href=/)
})
