import { concatBytes, equalBytes, utf8Bytes } from '../bytes.ts'
import { bytesToHex, hexToBytes } from '../hex.ts'
import type { Platform } from '../platform.ts'
import { type ComplianceCase, check, checkBytes, checkPlain, complianceCase, pattern } from './check.ts'

const none = new Uint8Array(0)
const zeros = (length: number): Uint8Array => new Uint8Array(length)
const repeat = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte)

/**
 * The contract of {@link Platform}: published vectors, plain results, streams that may be cut anywhere.
 *
 * @example
 * ```ts
 * for (const { name, run } of platformCases(myPlatform)) test(name, run)
 * ```
 */
export function platformCases(platform: Platform): readonly ComplianceCase[] {
  return [...hashCases(platform), ...cipherCases(platform), ...gcmCases(platform), ...slowCases(platform)]
}

function hashCases(platform: Platform): ComplianceCase[] {
  return [
    complianceCase('SHA-256 of FIPS 180-4', () => {
      const expected = {
        '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
          '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
      }
      for (const [text, digest] of Object.entries(expected)) {
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

function cipherCases(platform: Platform): ComplianceCase[] {
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

function gcmCases(platform: Platform): ComplianceCase[] {
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

function slowCases(platform: Platform): ComplianceCase[] {
  return [
    complianceCase('PBKDF2 of RFC 7914, section 11, and with SHA-512', async () => {
      const short = await platform.pbkdf2('sha256', utf8Bytes('passwd'), utf8Bytes('salt'), 1, 64)
      checkBytes(
        'PBKDF2-HMAC-SHA-256',
        short,
        hexToBytes(
          '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc' +
            '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783'
        )
      )
      checkPlain('PBKDF2', short)
      checkBytes(
        'PBKDF2-HMAC-SHA-512',
        await platform.pbkdf2('sha512', utf8Bytes('password'), utf8Bytes('salt'), 2, 64),
        hexToBytes(
          'e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c' +
            'f76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e'
        )
      )
      check(
        bytesToHex(await platform.pbkdf2('sha256', none, none, 3, 7)).length === 14,
        'PBKDF2: empty password and salt, 7 bytes'
      )
    }),
    complianceCase('scrypt of RFC 7914, section 12', async () => {
      const first = await platform.scrypt(none, none, { n: 16, r: 1, p: 1 }, 64)
      checkBytes(
        'scrypt 16/1/1',
        first,
        hexToBytes(
          '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442' +
            'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906'
        )
      )
      checkPlain('scrypt', first)
      checkBytes(
        'scrypt 1024/8/16',
        await platform.scrypt(utf8Bytes('password'), utf8Bytes('NaCl'), { n: 1024, r: 8, p: 16 }, 64),
        hexToBytes(
          'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
            '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640'
        )
      )
    }),
    complianceCase('scrypt takes a large n with r = 1, as the key files of others do', async () => {
      checkBytes(
        'scrypt 65536/1/1',
        await platform.scrypt(utf8Bytes('password'), utf8Bytes('NaCl'), { n: 65_536, r: 1, p: 1 }, 16),
        hexToBytes('e31d00a86544bc78c07b2cbcb9df8fa5')
      )
    }),
    complianceCase('scrypt takes costs with p above n', async () => {
      const bytes = await platform.scrypt(none, none, { n: 2, r: 1, p: 64 }, 16)
      check(bytes.length === 16, 'scrypt 2/1/64')
    })
  ]
}
