import { loadVectors, vectorBytes } from '@status-stack/vectors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bytesToHex,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  hexToBytes,
  keccak256,
  publicKeyOf,
  recoverPublicKey,
  signDigest,
  useEcBackend
} from '../../src/index.ts'

const rlpx = await loadVectors('rlpx')
const x3dh = await loadVectors('x3dh')

describe.each(['noble', 'native'] as const)('%s backend', backend => {
  beforeAll(() => void useEcBackend(backend))
  afterAll(() => void useEcBackend('auto'))

  test('signatures recover to their signer', () => {
    const key = new Uint8Array(32).fill(0x11)
    const digest = keccak256(hexToBytes('00'))
    expect(bytesToHex(recoverPublicKey(digest, signDigest(digest, key)))).toBe(bytesToHex(publicKeyOf(key)))
  })
  test('ECDH of two sides agrees', () => {
    const a = new Uint8Array(32).fill(0x11)
    const b = new Uint8Array(32).fill(0x22)
    expect(bytesToHex(ecdhX(a, publicKeyOf(b)))).toBe(
      '77e0510d5042e2f5e9e59c977b81eeed590cf7d20c1c51da451a8eaa9fdc45ff'
    )
    expect(ecdhX(b, publicKeyOf(a))).toEqual(ecdhX(a, publicKeyOf(b)))
  })
  test('ECIES opens what it sealed', () => {
    const key = new Uint8Array(32).fill(0x22)
    const text = Uint8Array.of(1, 2, 3)
    expect(eciesDecrypt(key, eciesEncrypt(publicKeyOf(key), text))).toEqual(text)
  })
})
test('vector files are there', () => {
  expect(Object.keys(rlpx.sections).length + Object.keys(x3dh.sections).length).toBeGreaterThan(5)
  expect(vectorBytes('0x')).toEqual(new Uint8Array(0))
})
