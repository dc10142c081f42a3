// What a stranger can send: `FUZZ_ROUNDS=100000 pnpm fuzz`. All curve backends have to give one answer.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CryptoError,
  decompressPublicKey,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  hexToBytes,
  publicKeyOf,
  recoverPublicKey,
  signDigest,
  useEcBackend
} from '../src/index.ts'

const numRuns = Number(process.env['FUZZ_ROUNDS'] ?? 2000)
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const options = { numRuns, seed }
const key = new Uint8Array(32).fill(0x22)
const digest = new Uint8Array(32).fill(0x33)

/** Numbers near the edges of field and group, in 32 bytes. */
const edges = [
  0n,
  1n,
  2n,
  2n ** 256n - 2n ** 32n - 977n,
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
]
const number = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -3, max: 3 }))
    .map(([edge, by]) =>
      hexToBytes((BigInt.asUintN(256, edge + BigInt(by)) % 2n ** 256n).toString(16).padStart(64, '0'))
    )
)

/** The answer, or the code of a CryptoError; anything else that is thrown is a defect. */
function answer(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (!CryptoError.is(error)) throw error
    return `${error.code} ${error.origin}`
  }
}

function agree(work: () => unknown): void {
  const [noble, openssl, native] = (['noble', 'openssl', 'native'] as const).map(backend => {
    useEcBackend(backend)
    return answer(work)
  })
  expect(native).toEqual(noble)
  expect(openssl).toEqual(noble)
}

test(`signatures, seed ${seed}`, { timeout: 0 }, () => {
  fc.assert(
    fc.property(number, number, number, fc.nat(5), (z, r, s, v) => {
      agree(() => recoverPublicKey(z, Uint8Array.of(...r, ...s, v)))
      agree(() => signDigest(z, r))
    }),
    options
  )
})

test(`points, seed ${seed}`, { timeout: 0 }, () => {
  fc.assert(
    fc.property(number, number, fc.constantFrom(0, 2, 3, 4, 6, 7), fc.boolean(), (x, y, prefix, long) => {
      const point = long ? Uint8Array.of(prefix, ...x, ...y) : Uint8Array.of(prefix, ...x)
      agree(() => decompressPublicKey(point))
      agree(() => ecdhX(key, point))
    }),
    options
  )
})

test(`ECIES, seed ${seed}`, { timeout: 0 }, () => {
  const randomness = { ephemeralPrivateKey: digest, iv: new Uint8Array(16) }
  const message = eciesEncrypt(publicKeyOf(key), new Uint8Array(40), undefined, randomness)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(message.length), fc.nat(255)), { maxLength: 3 }),
      fc.nat(200),
      (edits, cut) => {
        const edited = message.slice(0, message.length - Math.max(0, cut - 100))
        for (const [at, byte] of edits) if (at < edited.length) edited[at] = byte
        const changed = edited.length !== message.length || edited.some((byte, i) => byte !== message[i])
        agree(() => eciesDecrypt(key, edited))
        const expected = changed ? 'decryption-failed peer' : new Uint8Array(40)
        expect(answer(() => eciesDecrypt(key, edited))).toEqual(expected)
      }
    ),
    options
  )
  useEcBackend('auto')
})
