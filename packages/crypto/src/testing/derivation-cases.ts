import { utf8Bytes } from '../bytes.ts'
import { bytesToHex, hexToBytes } from '../hex.ts'
import type { Platform } from '../platform.ts'
import { type ComplianceCase, check, checkBytes, checkPlain, complianceCase } from './check.ts'

const none = new Uint8Array(0)

/** The two that are slow on purpose. */
export function derivationCases(platform: Platform): ComplianceCase[] {
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
