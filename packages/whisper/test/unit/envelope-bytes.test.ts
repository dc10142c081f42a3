import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BytesBlock, type BytesHolder, createEnvelopeBytes } from '../../src/relay/envelope-bytes.ts'

const longestShared = 8 * 1024

function holder(length: number, fill: number): BytesHolder {
  return { bytes: new Uint8Array(length).fill(fill), block: undefined, blockPlace: 0 }
}

test('bytes are copied into blocks, stay what they were wherever they move, and blocks are worth keeping', () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: longestShared + 50 }).map(size => ({ size })) },
    { weight: 2, arbitrary: fc.nat().map(gone => ({ gone })) }
  )
  fc.assert(
    fc.property(fc.array(command, { maxLength: 300, minLength: 100 }), commands => {
      const { keep, release } = createEnvelopeBytes()
      const live: { readonly holder: BytesHolder; readonly size: number; readonly fill: number }[] = []
      const views: { readonly view: Uint8Array; readonly fill: number }[] = []
      let last: BytesBlock | undefined
      for (const [at, each] of commands.entries()) {
        const fill = (at % 255) + 1
        if ('size' in each) {
          const given = holder(each.size, fill)
          const before = given.bytes
          keep(given)
          before.fill(0)
          expect(given.block === undefined).toBe(each.size > longestShared)
          last = given.block ?? last
          views.push({ view: given.bytes, fill })
          live.push({ holder: given, size: each.size, fill })
        } else if (live.length > 0) {
          const [gone] = live.splice(each.gone % live.length, 1)
          if (gone !== undefined) release(gone.holder)
          const blocks = new Set(live.flatMap(({ holder: { block } }) => block ?? []))
          // What is gone is held by nobody.
          expect([...blocks].flatMap(({ holders }) => holders).includes(gone?.holder)).toBe(gone === undefined)
        }
      }
      for (const { holder: each, size, fill } of live) {
        expect(each.bytes).toHaveLength(size)
        expect(each.bytes.every(byte => byte === fill)).toBe(true)
      }
      // Also what was released or has moved since.
      for (const { view, fill } of views) expect(view.every(byte => byte === fill)).toBe(true)
      const blocks = new Set(live.flatMap(({ holder: { block } }) => (block === undefined ? [] : [block])))
      const counted = live.reduce((sum, { size }) => sum + (size > longestShared ? 0 : size), 0)
      expect([...blocks].reduce((sum, block) => sum + block.live, 0)).toBe(counted)
      // The newest block is open and may be emptier; every other one is worth keeping.
      const worth = [...blocks].filter(block => block.live * 4 >= block.used)
      expect(worth.length).toBeGreaterThanOrEqual(blocks.size - 1)
      for (const block of blocks) expect(block.used).toBeLessThanOrEqual(block.buffer.length)
    }),
    { numRuns: 30 }
  )
})

test('one long life among many short ones keeps no block of the short ones alive', () => {
  const { keep, release } = createEnvelopeBytes()
  const long: BytesHolder[] = []
  const buffers = new Set<ArrayBufferLike>()
  const rounds = 200
  for (let round = 0; round < rounds; round++) {
    const short = Array.from({ length: 128 }, () => holder(512, 1))
    const kept = holder(512, 2)
    for (const each of [...short, kept]) keep(each)
    long.push(kept)
    for (const each of short) release(each)
  }
  for (const each of long) buffers.add(each.bytes.buffer)
  // 200 of them fill two blocks; where each had kept its neighbours there would be two hundred.
  expect(buffers.size).toBeLessThanOrEqual(8)
})

test('a pool through which much passes takes no more than what it holds at a time asks for, also after a flood', () => {
  const { keep, release } = createEnvelopeBytes()
  const live: BytesHolder[] = []
  const passBy = (count: number, held: number): number => {
    let longest = 0
    for (let at = 0; at < count; at++) {
      const each = holder(512, 1)
      keep(each)
      live.push(each)
      for (const gone of live.splice(0, Math.max(0, live.length - held))) release(gone)
      longest = Math.max(longest, each.bytes.buffer.byteLength)
    }
    return longest
  }
  expect(passBy(10_000, 20)).toBe(64 * 1024)
  expect(passBy(10_000, 4000)).toBe(2 * 1024 * 1024)
  passBy(10_000, 20)
  expect(passBy(1000, 20)).toBe(64 * 1024)
})

test('a pool that holds little takes little: blocks begin short, and grow to their full length and no further', () => {
  const { keep } = createEnvelopeBytes()
  const buffers = new Set<ArrayBufferLike>()
  const lengths: number[] = []
  while (lengths.length < 9) {
    const each = holder(longestShared, 1)
    keep(each)
    if (buffers.has(each.bytes.buffer)) continue
    buffers.add(each.bytes.buffer)
    lengths.push(each.bytes.buffer.byteLength)
  }
  const kib = 1024
  expect(lengths).toEqual([32, 64, 128, 256, 512, 1024, 2048, 2048, 2048].map(length => length * kib))
})
