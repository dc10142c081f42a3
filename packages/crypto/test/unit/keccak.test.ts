import { keccak_256 } from '@noble/hashes/sha3.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesToHex, createKeccak256, hashBackend, keccak256, useHashBackend, utf8Bytes } from '../../src/index.ts'

const message = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff)

describe.each(['wasm', 'js'] as const)('%s backend', backend => {
  beforeAll(() => void useHashBackend(backend))
  afterAll(() => void useHashBackend('auto'))

  test('C-20 Keccak-256 of known texts', () => {
    expect(hashBackend()).toBe(backend)
    expect(bytesToHex(keccak256(new Uint8Array(0)))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
    )
    expect(bytesToHex(keccak256(utf8Bytes('abc')))).toBe(
      '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'
    )
  })

  test('C-20 every length around three blocks, and lengths beyond the input area of the kernel', () => {
    for (let length = 0; length <= 420; length++) {
      expect(keccak256(message.subarray(0, length))).toEqual(keccak_256(message.subarray(0, length)))
    }
    for (const length of [57_119, 57_120, 57_121, 114_240, 114_241, 200_000]) {
      expect(keccak256(message.subarray(0, length))).toEqual(keccak_256(message.subarray(0, length)))
    }
  })

  test('C-21 a running hash reads its state and goes on, whatever the pieces', () => {
    let seed = 1
    const next = (below: number): number => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    for (let round = 0; round < 60; round++) {
      let running = createKeccak256()
      let absorbed = 0
      while (absorbed < 2000) {
        const length = next([1, 17, 33, 137, 273, 700][next(6)] ?? 1)
        expect(running.update(message.subarray(absorbed, absorbed + length))).toBe(running)
        absorbed += length
        if (next(3) === 0) expect(running.digest()).toEqual(keccak_256(message.subarray(0, absorbed)))
        if (next(5) === 0) {
          const before = running
          running = running.clone()
          before.update(Uint8Array.of(1))
        }
      }
      expect(running.digest()).toEqual(keccak_256(message.subarray(0, absorbed)))
      expect(running.digest()).toEqual(running.digest())
    }
    const long = createKeccak256().update(message.subarray(0, 7)).update(message.subarray(7))
    expect(long.digest()).toEqual(keccak_256(message))
  })

  test('C-21 a digest handed out belongs to the caller', () => {
    const running = createKeccak256().update(Uint8Array.of(1))
    running.digest().fill(0)
    expect(running.digest()).toEqual(keccak256(Uint8Array.of(1)))
  })
})

test('C-21 running hashes do not disturb one another or one-shot ones', () => {
  const a = createKeccak256().update(message.subarray(0, 100))
  const b = createKeccak256().update(message.subarray(0, 300))
  keccak256(message.subarray(0, 1000))
  a.digest()
  b.update(message.subarray(300, 900))
  expect(a.digest()).toEqual(keccak_256(message.subarray(0, 100)))
  expect(b.digest()).toEqual(keccak_256(message.subarray(0, 900)))
})
