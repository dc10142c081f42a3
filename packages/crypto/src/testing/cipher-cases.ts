import { concatBytes } from '../bytes.ts'
import { hexToBytes } from '../hex.ts'
import type { Platform } from '../platform.ts'
import { type ComplianceCase, check, checkBytes, checkPlain, complianceCase, pattern } from './check.ts'

const zeros = (length: number): Uint8Array => new Uint8Array(length)
const repeat = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte)

/** AES as a stream and as a permutation. */
export function cipherCases(platform: Platform): ComplianceCase[] {
  const counter = hexToBytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff')
  const plaintext = hexToBytes('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51')
  return [
    complianceCase('AES-CTR of NIST SP 800-38A, F.5', () => {
      const cases = [
        ['2b7e151628aed2a6abf7158809cf4f3c', '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff'],
        [
          '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
          '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5'
        ]
      ] as const
      for (const [key, ciphertext] of cases) {
        const actual = platform.aesCtr(hexToBytes(key), counter).process(plaintext)
        checkBytes('AES-CTR', actual, hexToBytes(ciphertext))
        checkPlain('AES-CTR', actual)
      }
    }),
    complianceCase('an AES-CTR stream may be cut anywhere and its counter wraps at 2^128', () => {
      const key = pattern(32)
      for (const iv of [zeros(16), repeat(0xff, 16), concatBytes(zeros(8), repeat(0xff, 8))]) {
        const whole = platform.aesCtr(key, iv).process(pattern(400))
        const stream = platform.aesCtr(key, iv)
        const parts: Uint8Array[] = []
        for (let at = 0, length = 0; at < 400; at += length, length = (length * 5 + 3) % 47) {
          parts.push(stream.process(pattern(400).subarray(at, at + length)))
        }
        checkBytes('AES-CTR in parts', concatBytes(...parts), whole)
      }
      const ahead = platform.aesCtr(key, repeat(0xff, 16))
      ahead.process(zeros(16))
      checkBytes('AES-CTR after the wrap', ahead.process(zeros(16)), platform.aesCtr(key, zeros(16)).process(zeros(16)))
    }),
    complianceCase('a key and an IV may be wiped as soon as their cipher is there', () => {
      const key = pattern(32)
      const iv = pattern(16)
      const stream = platform.aesCtr(key, iv)
      const permutation = platform.aesEcb(key)
      key.fill(0)
      iv.fill(0)
      checkBytes('AES-CTR', stream.process(pattern(40)), platform.aesCtr(pattern(32), pattern(16)).process(pattern(40)))
      checkBytes('AES', permutation.encryptBlock(pattern(16)), platform.aesEcb(pattern(32)).encryptBlock(pattern(16)))
    }),
    complianceCase('AES-CTR leaves its input alone', () => {
      const input = pattern(100)
      platform.aesCtr(pattern(16), pattern(16)).process(input)
      checkBytes('input', input, pattern(100))
    }),
    complianceCase('the AES permutation of FIPS 197, appendix C, block after block', () => {
      const block = hexToBytes('00112233445566778899aabbccddeeff')
      const cases = [
        ['000102030405060708090a0b0c0d0e0f', '69c4e0d86a7b0430d8cdb78070b4c55a'],
        ['000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '8ea2b7ca516745bfeafc49904b496089']
      ] as const
      for (const [key, expected] of cases) {
        const cipher = platform.aesEcb(hexToBytes(key))
        for (const again of ['first', 'second']) {
          const actual = cipher.encryptBlock(block)
          checkBytes(`AES, ${again} block`, actual, hexToBytes(expected))
          checkPlain('AES', actual)
        }
      }
    })
  ]
}

/** AES-GCM. */
export function gcmCases(platform: Platform): ComplianceCase[] {
  return [
    complianceCase('AES-GCM of the specification, test cases 1, 2, 13 and 14', () => {
      const cases = [
        [16, 0, '58e2fccefa7e3061367f1d57a4e7455a'],
        [16, 16, '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf'],
        [32, 0, '530f8afbc74536b9a963b4f1c4cb738b'],
        [32, 16, 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919']
      ] as const
      for (const [keyLength, length, expected] of cases) {
        const sealed = platform.aesGcmSeal(zeros(keyLength), zeros(12), zeros(length))
        checkBytes('AES-GCM', sealed, hexToBytes(expected))
        checkPlain('AES-GCM', sealed)
        const opened = platform.aesGcmOpen(zeros(keyLength), zeros(12), sealed)
        checkBytes('AES-GCM opened', opened, zeros(length))
        checkPlain('AES-GCM opened', opened)
      }
    }),
    complianceCase('AES-GCM opens every length it sealed and nothing that was touched', () => {
      const key = pattern(32)
      const nonce = pattern(12)
      for (const length of [0, 1, 15, 16, 17, 255, 256, 1000, 4097]) {
        const sealed = platform.aesGcmSeal(key, nonce, pattern(length))
        check(sealed.length === length + 16, `AES-GCM: ${length} bytes became ${sealed.length}`)
        checkBytes('AES-GCM', platform.aesGcmOpen(key, nonce, sealed), pattern(length))
        for (const at of [0, length >> 1, length, length + 15]) {
          const touched = sealed.slice()
          touched[at] = (touched[at] ?? 0) ^ 0x40
          check(platform.aesGcmOpen(key, nonce, touched) === undefined, `AES-GCM: byte ${at} changed and it opened`)
        }
        check(
          platform.aesGcmOpen(key, nonce, sealed.slice(0, -1)) === undefined,
          'AES-GCM: opened without its last byte'
        )
      }
      const sealed = platform.aesGcmSeal(key, nonce, pattern(40))
      check(platform.aesGcmOpen(pattern(33).slice(1), nonce, sealed) === undefined, 'AES-GCM: another key opened it')
      check(platform.aesGcmOpen(key, pattern(13).slice(1), sealed) === undefined, 'AES-GCM: another nonce opened it')
    })
  ]
}
