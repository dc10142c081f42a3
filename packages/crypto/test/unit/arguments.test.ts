import { describe, expect, test } from 'vitest'
import * as crypto from '../../src/index.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const key = bytes(32)
const point = crypto.publicKeyOf(key)
const cost = { n: 2, r: 1, p: 1 }

/** A valid call of every function that takes bytes; each argument in turn becomes what is not bytes. */
const frameCipher = () => crypto.createFrameCipher({ aes: key, mac: key, state: crypto.createKeccak256() })

const calls: Record<string, readonly [(...args: never[]) => unknown, readonly unknown[], readonly number[]]> = {
  aesCtr: [crypto.aesCtr, [bytes(16), bytes(16), bytes(5)], [0, 1, 2]],
  aesGcmOpen: [crypto.aesGcmOpen, [key, bytes(12), crypto.aesGcmSeal(key, bytes(12), bytes(1))], [0, 1, 2]],
  aesGcmOpenWithNonce: [
    crypto.aesGcmOpenWithNonce,
    [key, crypto.aesGcmSealWithNonce(key, bytes(12), bytes(1))],
    [0, 1]
  ],
  aesGcmSealWithNonce: [crypto.aesGcmSealWithNonce, [key, bytes(12), bytes(1)], [0, 1, 2]],
  aesGcmSeal: [crypto.aesGcmSeal, [key, bytes(12), bytes(1)], [0, 1, 2]],
  bytesToHex: [crypto.bytesToHex, [bytes(3)], [0]],
  compareBytes: [crypto.compareBytes, [bytes(3), bytes(3)], [0, 1]],
  compressPublicKey: [crypto.compressPublicKey, [point], [0]],
  concatBytes: [crypto.concatBytes, [bytes(3), bytes(3)], [0, 1]],
  createAesCtr: [crypto.createAesCtr, [bytes(16), bytes(16)], [0, 1]],
  'createAesCtr().process': [crypto.createAesCtr(bytes(16), bytes(16)).process, [bytes(3)], [0]],
  createAesGcm: [crypto.createAesGcm, [key], [0]],
  'createAesGcm().seal': [crypto.createAesGcm(key).seal, [bytes(12), bytes(3)], [0, 1]],
  'createAesGcm().tryOpen': [crypto.createAesGcm(key).tryOpen, [bytes(12), bytes(20)], [0, 1]],
  createAesGcmTrialKey: [crypto.createAesGcmTrialKey, [key], [0]],
  'createAesGcmTrialKey().tryOpen': [crypto.createAesGcmTrialKey(key).tryOpen, [bytes(12), bytes(20)], [0, 1]],
  firstFittingKey: [crypto.firstFittingKey, [[crypto.createAesGcmTrialKey(key)], bytes(12), bytes(20)], [0, 1, 2]],
  createAesEcb: [crypto.createAesEcb, [bytes(16)], [0]],
  'createAesEcb().encryptBlock': [crypto.createAesEcb(bytes(16)).encryptBlock, [bytes(16)], [0]],
  createFrameCipher: [
    (aes, mac) => crypto.createFrameCipher({ aes, mac, state: crypto.createKeccak256() } as never),
    [key, key],
    [0, 1]
  ],
  'createFrameCipher().seal': [frameCipher().seal, [bytes(64)], [0]],
  'createFrameCipher().openHeader': [frameCipher().openHeader, [bytes(32)], [0]],
  'createFrameCipher().openPart': [frameCipher().openPart, [bytes(16)], [0]],
  'createFrameCipher().finish': [frameCipher().finish, [bytes(32)], [0]],
  'createKeccak256().update': [crypto.createKeccak256().update, [bytes(3)], [0]],
  decompressPublicKey: [crypto.decompressPublicKey, [point], [0]],
  ecdhX: [crypto.ecdhX, [key, point], [0, 1]],
  eciesDecrypt: [crypto.eciesDecrypt, [key, crypto.eciesEncrypt(point, bytes(3), bytes(1)), bytes(1)], [0, 1]],
  eciesEncrypt: [crypto.eciesEncrypt, [point, bytes(3), bytes(1)], [0, 1]],
  equalBytes: [crypto.equalBytes, [bytes(3), bytes(3)], [0, 1]],
  hkdfSha256: [crypto.hkdfSha256, [bytes(3), bytes(3), bytes(3), 32], [0, 1, 2, 3]],
  hmacSha256: [crypto.hmacSha256, [bytes(3), bytes(3)], [0, 1]],
  keccak256: [crypto.keccak256, [bytes(3)], [0]],
  pbkdf2Sha256: [crypto.pbkdf2Sha256, [bytes(3), bytes(3), 1, 32], [0, 1, 2, 3]],
  pbkdf2Sha512: [crypto.pbkdf2Sha512, [bytes(3), bytes(3), 1, 32], [0, 1, 2, 3]],
  prepareNonceSearch: [crypto.prepareNonceSearch, [bytes(3)], [0]],
  'prepareNonceSearch().bitsOf': [crypto.prepareNonceSearch(bytes(3)).bitsOf, [5], [0]],
  'prepareNonceSearch().search': [crypto.prepareNonceSearch(bytes(3)).search, [1, 0, 5], [0, 1, 2]],
  publicKeyOf: [crypto.publicKeyOf, [key], [0]],
  randomBytes: [crypto.randomBytes, [5], [0]],
  recoverPublicKey: [crypto.recoverPublicKey, [key, crypto.signDigest(key, key)], [0, 1]],
  scrypt: [crypto.scrypt, [bytes(3), bytes(3), cost, 32], [0, 1, 2, 3]],
  sha256: [crypto.sha256, [bytes(3)], [0]],
  signDigest: [crypto.signDigest, [key, key], [0, 1]],
  tryAesGcmOpen: [crypto.tryAesGcmOpen, [key, bytes(12), bytes(20)], [0, 1, 2]],
  tryEciesDecrypt: [crypto.tryEciesDecrypt, [key, bytes(200), bytes(1)], [0, 1]]
}

const strangers = [undefined, null, 'deadbeef', {}, ['00'], new Uint16Array(32), Symbol('bytes')]
const caller = expect.objectContaining({ name: 'CryptoError', code: 'invalid-argument', origin: 'caller' })

describe("C-54 what is not of the type asked for is refused as the caller's mistake", () => {
  test.each(Object.entries(calls))('C-54 %s', async (_, [work, args, places]) => {
    const call = work as (...args: readonly unknown[]) => unknown
    await call(...args)
    for (const at of places) {
      for (const stranger of strangers) {
        const wrong = args.map((arg, i) => (i === at ? stranger : arg))
        // Some throw and some reject; both are seen here.
        await expect((async () => call(...wrong))(), `argument ${at}: ${String(stranger)}`).rejects.toEqual(
          // An object is a fine cost, whose members are missing.
          caller
        )
      }
    }
  })

  test('C-54 every exported function is in the list, or takes no bytes', () => {
    const listed = new Set(Object.keys(calls).map(name => name.split('(')[0]))
    const others = ['CryptoError', 'ecBackend', 'generatePrivateKey', 'hashBackend', 'hexToBytes']
    const predicates = ['isLowS', 'isPrivateKey', 'isPublicKey', 'useEcBackend', 'useHashBackend', 'utf8Bytes']
    const functions = Object.entries(crypto).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
    expect(functions.filter(name => !listed.has(name)).sort()).toEqual([...others, ...predicates].sort())
  })

  test('C-54 strings are not bytes: two of one length are not equal', () => {
    expect(() => crypto.equalBytes('deadbeef' as never, 'cafebabe' as never)).toThrowError(caller)
    expect(() => crypto.keccak256('abc' as never)).toThrowError(caller)
  })

  test('C-54 bytes are not text, and choices are known ones', () => {
    for (const work of [
      () => crypto.hexToBytes(bytes(2) as never),
      () => crypto.utf8Bytes(undefined as never),
      () => crypto.useEcBackend('fast' as never),
      () => crypto.useHashBackend(undefined as never),
      () => crypto.prepareNonceSearch(bytes(1), { variant: 'fast' as never }),
      () => crypto.generatePrivateKey({} as never),
      () => crypto.generatePrivateKey(null as never)
    ]) {
      expect(work).toThrowError(caller)
    }
  })

  test('C-54 a predicate answers no', () => {
    for (const stranger of strangers as never[]) {
      expect([crypto.isLowS(stranger), crypto.isPrivateKey(stranger), crypto.isPublicKey(stranger)]).toEqual([
        false,
        false,
        false
      ])
    }
  })
})
