import * as nodeCrypto from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { createAesGcmTrialKey, firstFittingKey, useHashBackend } from '../../src/index.ts'
import { type TrialKernel, trialKernel, trialsPerCall } from '../../src/kernel/trial-kernel.ts'
import * as node from '../../src/platform.node.ts'

const bytes = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 89 + (i >> 8) + 31 * seed + (seed >> 3)) & 0xff)
const keyOf = (seed: number): Uint8Array => Uint8Array.from(nodeCrypto.createHash('sha256').update(`${seed}`).digest())

function kernel(): TrialKernel {
  const found = trialKernel()
  if (found === undefined) throw new Error('no kernel here')
  return found
}

afterEach(() => void useHashBackend('auto'))

test('C-74 the first key that fits is found at every place, whatever the length, on either backend', () => {
  // Around blocks, around the two that are hashed together, and around what the kernel takes.
  const lengths = [0, 1, 15, 16, 17, 31, 32, 33, 512, 513, 1024, 1025]
  for (const backend of ['wasm', 'js'] as const) {
    useHashBackend(backend)
    for (const count of [1, 2, 3, 4, 5, 8, 9]) {
      const keys = Array.from({ length: count }, (_, at) => createAesGcmTrialKey(keyOf(at)))
      for (const [seed, length] of lengths.entries()) {
        const [at, nonce, text] = [seed % count, bytes(12, seed), bytes(length, seed)]
        const sealed = node.aesGcmSeal(keyOf(at), nonce, text)
        expect(firstFittingKey(keys, nonce, sealed)).toBe(at)
        expect(keys[at]?.tryOpen(nonce, sealed)).toEqual(text)
        expect(firstFittingKey(keys, nonce, node.aesGcmSeal(keyOf(99), nonce, text))).toBe(-1)
        expect(firstFittingKey([], nonce, sealed)).toBe(-1)
      }
      for (const key of keys) key.wipe()
    }
  }
})

test('C-74 whatever was touched fits no key; bytes too short for a tag fit none', () => {
  const keys = [1, 2, 3].map(seed => createAesGcmTrialKey(keyOf(seed)))
  const nonce = bytes(12)
  const sealed = node.aesGcmSeal(keyOf(2), nonce, bytes(100))
  for (let at = 0; at < sealed.length; at++) {
    const touched = sealed.slice()
    touched[at] = (touched[at] ?? 0) ^ 1
    expect(firstFittingKey(keys, nonce, touched)).toBe(-1)
    expect(keys[1]?.tryOpen(nonce, touched)).toBeUndefined()
  }
  expect(firstFittingKey(keys, nonce, sealed)).toBe(1)
  expect(firstFittingKey(keys, bytes(12, 1), sealed)).toBe(-1)
  expect(firstFittingKey(keys, nonce, sealed.subarray(0, 15))).toBe(-1)
  for (const key of keys) key.wipe()
})

test('C-74 more keys than a call or a page of memory takes; of two equal ones the first', () => {
  const keys = Array.from({ length: 3 * trialsPerCall + 5 }, (_, at) => createAesGcmTrialKey(keyOf(at % 190)))
  const nonce = bytes(12)
  for (const at of [0, trialsPerCall - 1, trialsPerCall, 189, 1]) {
    expect(firstFittingKey(keys, nonce, node.aesGcmSeal(keyOf(at), nonce, bytes(520)))).toBe(at)
  }
  for (const key of keys) key.wipe()
})

test('C-75 a wiped key fits nothing, and its place is for another one', () => {
  const [nonce, text] = [bytes(12), bytes(64)]
  const sealed = node.aesGcmSeal(keyOf(1), nonce, text)
  const own = keyOf(1)
  const key = createAesGcmTrialKey(own)
  own.fill(0)
  expect(key.tryOpen(nonce, sealed)).toEqual(text)
  key.wipe()
  key.wipe()
  expect(key.tryOpen(nonce, sealed)).toBeUndefined()
  expect(firstFittingKey([key], nonce, sealed)).toBe(-1)

  const { keep, drop, open, firstFitting } = kernel()
  const address = keep(keyOf(2)) ?? 0
  drop(address)
  // Zeros in place of round keys and tables: no tag fits those.
  expect(open(address, nonce, node.aesGcmSeal(keyOf(2), nonce, text))).toBeUndefined()
  expect(keep(keyOf(3))).toBe(address)
  expect(firstFitting([address], nonce, node.aesGcmSeal(keyOf(3), nonce, text))).toBe(0)
  drop(address)
})

test('C-75 where the memory of the kernel is full, keys are tried one by one', () => {
  const { keep, drop } = kernel()
  const addresses: number[] = []
  for (let address = keep(keyOf(0)); address !== undefined; address = keep(keyOf(0))) addresses.push(address)
  // 511 pages of 64 KiB, 1344 bytes each.
  expect(addresses.length).toBeGreaterThan(24_000)
  expect(addresses.length).toBeLessThan(25_000)
  const keys = [1, 2, 3].map(seed => createAesGcmTrialKey(keyOf(seed)))
  const sealed = node.aesGcmSeal(keyOf(2), bytes(12), bytes(64))
  expect(firstFittingKey(keys, bytes(12), sealed)).toBe(1)
  for (const key of keys) key.wipe()
  for (const address of addresses) drop(address)
})

test('arguments of trials are checked', () => {
  expect(() => createAesGcmTrialKey(bytes(16))).toThrow(expect.objectContaining({ code: 'invalid-length' }))
  const key = createAesGcmTrialKey(keyOf(1))
  expect(() => key.tryOpen(bytes(11), bytes(32))).toThrow(expect.objectContaining({ code: 'invalid-length' }))
  expect(() => firstFittingKey([key], bytes(11), bytes(32))).toThrow(
    expect.objectContaining({ code: 'invalid-length' })
  )
  expect(() => firstFittingKey([{} as never], bytes(12), bytes(32))).toThrow(
    expect.objectContaining({ code: 'invalid-argument' })
  )
  // Of another copy of this package.
  const { tryOpen, wipe } = key
  expect(firstFittingKey([{ tryOpen, wipe }], bytes(12), node.aesGcmSeal(keyOf(1), bytes(12), bytes(40)))).toBe(0)
  wipe()
})
