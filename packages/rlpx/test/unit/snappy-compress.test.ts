import { randomBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { decompress } from '../../src/p2p/snappy.ts'
import { compressed } from '../../src/p2p/snappy-compress.ts'

const text = (length: number): Uint8Array =>
  new TextEncoder().encode('{"topic":"0x01020304","payload":"hello, hello"} '.repeat(1 + length / 48)).slice(0, length)

test('what looks encrypted is stored as it is, at every length around the edges', () => {
  for (const length of [
    0, 1, 60, 61, 95, 96, 255, 256, 257, 561, 2048, 16_000, 32_767, 32_768, 65_536, 65_537, 200_000
  ]) {
    const bytes = randomBytes(length)
    const closed = compressed(bytes)
    expect(decompress(closed)).toEqual(bytes)
    // A length, and three bytes for each literal of 64 KiB: no copy was found, and none was wanted.
    expect(closed.length).toBeLessThanOrEqual(length + 5 + 3 * Math.max(1, Math.ceil(length / 65_536)))
  }
})

test('text and repetitions shrink, also where encrypted bytes stand before and behind them', () => {
  for (const length of [256, 300, 1000, 20_000, 100_000]) {
    for (const bytes of [text(length), new Uint8Array(length), new Uint8Array(length).map((_, at) => at & 0x1f)]) {
      const closed = compressed(bytes)
      expect(closed.length).toBeLessThan(length / 2)
      expect(decompress(closed)).toEqual(bytes)
    }
  }
  const mixed = Uint8Array.of(...randomBytes(500), ...text(2000), ...randomBytes(500))
  expect(compressed(mixed).length).toBeLessThan(1500)
  expect(decompress(compressed(mixed))).toEqual(mixed)
})

test('a look at one message does not change what is seen in another: hundreds of them alternate', () => {
  const [random, plain] = [randomBytes(600), text(600)]
  for (let i = 0; i < 600; i++) {
    expect(compressed(random).length).toBeGreaterThanOrEqual(600)
    expect(compressed(plain).length).toBeLessThan(300)
  }
})
