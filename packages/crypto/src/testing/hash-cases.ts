import { equalBytes, utf8Bytes } from '../bytes.ts'
import { hexToBytes } from '../hex.ts'
import type { Platform } from '../platform.ts'
import { type ComplianceCase, check, checkBytes, checkPlain, complianceCase, pattern } from './check.ts'

const none = new Uint8Array(0)
const zeros = (length: number): Uint8Array => new Uint8Array(length)
const repeat = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte)

/** Digests of FIPS 180-4, and of no bytes. */
const sha256Digests = {
  '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
}

/** Hashes, their streams, and what is derived with them. */
export function hashCases(platform: Platform): ComplianceCase[] {
  return [
    complianceCase('SHA-256 of FIPS 180-4', () => {
      for (const [text, digest] of Object.entries(sha256Digests)) {
        const actual = platform.sha256(utf8Bytes(text))
        checkBytes(`SHA-256 of "${text}"`, actual, hexToBytes(digest))
        checkPlain('SHA-256', actual)
      }
    }),
    complianceCase('HMAC-SHA-256 of RFC 4231', () => {
      const cases: [Uint8Array, Uint8Array, string][] = [
        [repeat(0x0b, 20), utf8Bytes('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
        [
          utf8Bytes('Jefe'),
          utf8Bytes('what do ya want for nothing?'),
          '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
        ],
        [
          repeat(0xaa, 131),
          utf8Bytes('Test Using Larger Than Block-Size Key - Hash Key First'),
          '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'
        ]
      ]
      for (const [key, text, tag] of cases) {
        const actual = platform.hmacSha256(key, text)
        checkBytes('HMAC', actual, hexToBytes(tag))
        checkPlain('HMAC', actual)
      }
    }),
    complianceCase('HKDF-SHA-256 of RFC 5869, and lengths that are no multiple of 32', () => {
      const whole = platform.hkdfSha256(
        repeat(0x0b, 22),
        hexToBytes('000102030405060708090a0b0c'),
        hexToBytes('f0f1f2f3f4f5f6f7f8f9'),
        42
      )
      checkBytes(
        'HKDF case 1',
        whole,
        hexToBytes('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865')
      )
      checkPlain('HKDF', whole)
      checkBytes(
        'HKDF case 3',
        platform.hkdfSha256(repeat(0x0b, 22), none, none, 42),
        hexToBytes('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8')
      )
      const long = platform.hkdfSha256(pattern(32), pattern(32), pattern(80), 8160)
      for (const length of [0, 1, 31, 32, 33, 96]) {
        checkBytes(
          'HKDF prefix',
          platform.hkdfSha256(pattern(32), pattern(32), pattern(80), length),
          long.slice(0, length)
        )
      }
    }),
    complianceCase('hex is lower-case, of all bytes, of views and of long arrays', () => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      const digits = [...all].map(byte => byte.toString(16).padStart(2, '0')).join('')
      check(platform.bytesToHex(all) === digits, 'hex of the bytes 0 to 255')
      check(platform.bytesToHex(none) === '', 'hex of no bytes')
      check(platform.bytesToHex(all.subarray(10, 12)) === '0a0b', 'hex of a view')
      check(platform.bytesToHex(pattern(70_000)).length === 140_000, 'hex of 70 000 bytes')
    }),
    complianceCase('random bytes have the length asked for and do not repeat', () => {
      for (const length of [0, 1, 32, 65_537, 200_000]) {
        const bytes = platform.randomBytes(length)
        check(bytes.length === length, `random bytes: expected ${length}, got ${bytes.length}`)
        checkPlain('random bytes', bytes)
      }
      check(!equalBytes(platform.randomBytes(32), platform.randomBytes(32)), 'random bytes: twice the same')
      const tail = platform.randomBytes(70_000).subarray(69_968)
      check(!equalBytes(tail, zeros(32)), 'random bytes: the end was not filled')
    })
  ]
}
