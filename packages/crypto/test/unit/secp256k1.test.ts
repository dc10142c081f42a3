import { loadVectors, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  compressPublicKey,
  concatBytes,
  decompressPublicKey,
  ecBackend,
  ecdhX,
  generatePrivateKey,
  hexToBytes,
  isLowS,
  isPrivateKey,
  isPublicKey,
  keccak256,
  publicKeyOf,
  recoverPublicKey,
  signDigest,
  useEcBackend
} from '../../src/index.ts'

const accounts = await loadVectors('accounts')
const ratchet = await loadVectors('doubleratchet')
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const prime = 2n ** 256n - 2n ** 32n - 977n
const number = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'))
const key = number(7n)
const refusal = (code: string, origin: string) => expect.objectContaining({ code, origin })

describe.each(['noble', 'openssl', 'native'] as const)('%s backend', backend => {
  beforeAll(() => void useEcBackend(backend))
  afterAll(() => void useEcBackend('auto'))

  test('C-10 recorded signatures are reproduced and recover to their signer', () => {
    expect(ecBackend().name).toBe(backend)
    const cases = accounts.sections['sign'] ?? []
    expect(cases.length).toBeGreaterThan(0)
    for (const { hash, privateKey, publicKey, signature } of cases) {
      expect(signDigest(vectorBytes(hash), vectorBytes(privateKey))).toEqual(vectorBytes(signature))
      expect(recoverPublicKey(vectorBytes(hash), vectorBytes(signature))).toEqual(vectorBytes(publicKey))
      expect(publicKeyOf(vectorBytes(privateKey))).toEqual(vectorBytes(publicKey))
    }
  })

  test('C-11 recorded shared secrets are reproduced', () => {
    const cases = ratchet.sections['dh'] ?? []
    expect(cases.length).toBeGreaterThan(0)
    for (const { privateKey, publicKey, sharedSecret } of cases) {
      expect(ecdhX(vectorBytes(privateKey), vectorBytes(publicKey))).toEqual(vectorBytes(sharedSecret))
    }
  })

  test('C-11 a shared secret keeps its leading zero bytes', () => {
    // 1·P is P itself; x = 1 is on the curve.
    const point = concatBytes(Uint8Array.of(2), number(1n))
    expect(ecdhX(number(1n), point)).toEqual(number(1n))
    // And one that comes up by itself: the first b with a secret of 31 bytes.
    const a = number(11n)
    let found = 0
    for (let b = 1n; b < 3000n && found === 0 && backend === 'native'; b++) {
      const secret = ecdhX(number(b), publicKeyOf(a))
      if (secret[0] !== 0) continue
      found++
      expect(secret.length).toBe(32)
      expect(ecdhX(a, publicKeyOf(number(b)))).toEqual(secret)
    }
    expect(found).toBe(backend === 'native' ? 1 : 0)
  })

  test('C-12 both forms of a key convert into one another', () => {
    const full = publicKeyOf(key)
    const short = compressPublicKey(full)
    expect(short.length).toBe(33)
    expect(compressPublicKey(short)).toEqual(short)
    expect(decompressPublicKey(short)).toEqual(full)
    expect(decompressPublicKey(full)).toEqual(full)
    expect(isPublicKey(short) && isPublicKey(full)).toBe(true)
  })

  test('C-12 nothing but a point in one of the two forms is a public key', () => {
    const full = publicKeyOf(key)
    const body = full.slice(1)
    const parity = (full[64] ?? 0) & 1
    const invalid = [
      new Uint8Array(0),
      Uint8Array.of(0),
      new Uint8Array(33),
      new Uint8Array(65),
      concatBytes(Uint8Array.of(4), new Uint8Array(64)),
      body,
      full.slice(0, 64),
      concatBytes(full, Uint8Array.of(0)),
      concatBytes(Uint8Array.of(6 + parity), body),
      concatBytes(Uint8Array.of(7 - parity), body),
      concatBytes(Uint8Array.of(2), body),
      concatBytes(Uint8Array.of(5), body),
      concatBytes(Uint8Array.of(4), body.slice(0, 32)),
      full.map((byte, i) => (i === 64 ? byte ^ 1 : byte)),
      concatBytes(Uint8Array.of(2), number(5n)),
      concatBytes(Uint8Array.of(2), number(prime)),
      concatBytes(Uint8Array.of(2), number(prime + 1n))
    ]
    for (const bytes of invalid) {
      expect(isPublicKey(bytes)).toBe(false)
      for (const use of [compressPublicKey, decompressPublicKey, (point: Uint8Array) => ecdhX(key, point)]) {
        expect(() => use(bytes)).toThrowError(refusal('invalid-public-key', 'peer'))
      }
    }
  })

  test('C-13 private keys are 32 bytes from 1 to n − 1', () => {
    for (const value of [1n, order - 1n]) expect(isPrivateKey(number(value))).toBe(true)
    for (const value of [0n, order, order + 1n, 2n ** 256n - 1n]) {
      const bytes = number(value)
      expect(isPrivateKey(bytes)).toBe(false)
      expect(() => publicKeyOf(bytes)).toThrowError(refusal('invalid-private-key', 'caller'))
      expect(() => ecdhX(bytes, publicKeyOf(key))).toThrowError(refusal('invalid-private-key', 'caller'))
      expect(() => signDigest(new Uint8Array(32), bytes)).toThrowError(refusal('invalid-private-key', 'caller'))
    }
    for (const length of [0, 31, 33]) {
      const bytes = new Uint8Array(length).fill(1)
      expect(isPrivateKey(bytes)).toBe(false)
      expect(() => publicKeyOf(bytes)).toThrowError(refusal('invalid-length', 'caller'))
      expect(() => signDigest(bytes, key)).toThrowError(refusal('invalid-length', 'caller'))
      expect(() => recoverPublicKey(bytes, new Uint8Array(65))).toThrowError(refusal('invalid-length', 'caller'))
    }
  })

  test('C-14 a signature recovers with high s too, and isLowS tells them apart', () => {
    const digest = keccak256(key)
    const signature = signDigest(digest, key)
    expect(isLowS(signature)).toBe(true)
    const s = BigInt(`0x${Buffer.from(signature.slice(32, 64)).toString('hex')}`)
    const high = concatBytes(signature.slice(0, 32), number(order - s), Uint8Array.of((signature[64] ?? 0) ^ 1))
    expect(isLowS(high)).toBe(false)
    for (const [value, low] of [
      [0n, true],
      [order >> 1n, true],
      [(order >> 1n) + 1n, false],
      [order, false]
    ] as const) {
      expect(isLowS(concatBytes(new Uint8Array(32).fill(0xff), number(value), Uint8Array.of(0)))).toBe(low)
      expect(isLowS(concatBytes(new Uint8Array(32), number(value)))).toBe(low)
    }
    for (const length of [0, 63, 66]) expect(isLowS(new Uint8Array(length))).toBe(false)
    expect(recoverPublicKey(digest, high)).toEqual(publicKeyOf(key))
  })

  test('C-14 v beyond 3, lengths other than 65 and numbers out of range are no signatures', () => {
    const digest = keccak256(key)
    const signature = signDigest(digest, key)
    const withV = (v: number): Uint8Array => signature.map((byte, i) => (i === 64 ? v : byte))
    const broken = [4, 5, 27, 28, 255].map(withV)
    broken.push(
      withV(2),
      withV(3),
      signature.slice(0, 64),
      concatBytes(signature, Uint8Array.of(0)),
      new Uint8Array(65)
    )
    for (const bytes of broken) {
      expect(() => recoverPublicKey(digest, bytes)).toThrowError(refusal('invalid-signature', 'peer'))
    }
    // x = n + 2 is on the curve, so r = 2 has two more keys.
    const keys = [0, 1, 2, 3].map(v => recoverPublicKey(digest, concatBytes(number(2n), number(9n), Uint8Array.of(v))))
    expect(new Set(keys.map(String)).size).toBe(4)
  })

  test('C-15 the all-zero digest and digests at or above n sign and recover', () => {
    for (const digest of [new Uint8Array(32), number(order), number(order + 1n), new Uint8Array(32).fill(0xff)]) {
      expect(recoverPublicKey(digest, signDigest(digest, key))).toEqual(publicKeyOf(key))
    }
  })
})

test('C-16 all backends give the same answer to any input', () => {
  const signature = fc.tuple(
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
    fc.constantFrom(0, 1, 2, 3),
    fc.constantFrom('random', 'small r', 'small s', 'large s')
  )
  const answers = (work: () => unknown) =>
    (['noble', 'openssl', 'native'] as const).map(backend => {
      useEcBackend(backend)
      try {
        return work()
      } catch (error) {
        return (error as { code: string }).code
      }
    })
  try {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        signature,
        fc.uint8Array({ minLength: 33, maxLength: 33 }),
        (digest, secret, [rs, v, shape], point) => {
          if (shape === 'small r') rs.fill(0, 0, 16)
          if (shape === 'small s') rs.fill(0, 32, 48)
          if (shape === 'large s') rs.fill(0xff, 32, 36)
          point[0] = 2 + ((point[0] ?? 0) & 1)
          const works = [
            () => recoverPublicKey(digest, concatBytes(rs, Uint8Array.of(v))),
            () => signDigest(digest, secret),
            () => decompressPublicKey(point),
            () => ecdhX(secret, point)
          ]
          for (const work of works) {
            const [noble, openssl, native] = answers(work)
            expect(noble).toEqual(native)
            expect(openssl).toEqual(native)
          }
        }
      ),
      { numRuns: 60, seed: 1 }
    )
  } finally {
    useEcBackend('auto')
  }
})

test('C-17 fresh keys come from the source given and candidates out of range are skipped', () => {
  const candidates = [number(0n), number(order), number(42n)]
  const random = { bytes: (length: number) => (candidates.shift() ?? new Uint8Array(length)).slice(0, length) }
  expect(generatePrivateKey(random)).toEqual(number(42n))
  expect(isPrivateKey(generatePrivateKey())).toBe(true)
  expect(generatePrivateKey()).not.toEqual(generatePrivateKey())
})

test('C-17 a source that never gives a key is an error, not a hang', () => {
  expect(() => generatePrivateKey({ bytes: length => new Uint8Array(length) })).toThrowError(
    refusal('unsupported', 'environment')
  )
})
