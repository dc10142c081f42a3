import { concatBytes, equalBytes } from '../bytes.ts'
import { hexToBytes } from '../hex.ts'
import type { EcBackend } from '../secp256k1/backend.ts'
import { type ComplianceCase, check, checkBytes, checkPlain, complianceCase, pattern } from './check.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const prime = 2n ** 256n - 2n ** 32n - 977n
const number = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'))
const bigOf = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
const generatorX = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const generatorY = '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'
const generator = hexToBytes(`04${generatorX}${generatorY}`)
const signatureOf = (r: bigint, s: bigint, v: number): Uint8Array => concatBytes(number(r), number(s), Uint8Array.of(v))

/**
 * The contract of {@link EcBackend}, edge cases included: two backends that pass give the same answers.
 *
 * @example
 * ```ts
 * for (const { name, run } of ecBackendCases(ecBackend())) test(name, run)
 * ```
 */
export function ecBackendCases(backend: EcBackend): readonly ComplianceCase[] {
  return [...keyCases(backend), ...pointCases(backend), ...signCases(backend), ...recoverCases(backend)]
}

function keyCases({ publicKey, ecdhX }: EcBackend): ComplianceCase[] {
  return [
    complianceCase('private keys 1 and n − 1 are the generator and its negative', () => {
      checkBytes('1·G', publicKey(number(1n)), generator)
      checkPlain('public key', publicKey(number(1n)))
      const negative = number(prime - BigInt(`0x${generatorY}`))
      checkBytes('(n−1)·G', publicKey(number(order - 1n)), concatBytes(generator.slice(0, 33), negative))
    }),
    complianceCase('private keys 0, n and above are refused', () => {
      for (const key of [0n, order, order + 1n, 2n ** 256n - 1n]) {
        check(publicKey(number(key)) === undefined, `public key of ${key}`)
        check(ecdhX(number(key), generator) === undefined, `ECDH with ${key}`)
      }
    }),
    complianceCase('ECDH gives X of the product, the same from both sides and from both forms of a point', () => {
      const b = publicKey(number(0x2222n))
      check(b !== undefined, 'public key')
      if (b === undefined) return
      const compressed = concatBytes(Uint8Array.of(2 + ((b[64] ?? 0) & 1)), b.slice(1, 33))
      const shared = ecdhX(number(0x1111n), b)
      checkPlain('ECDH', shared)
      checkBytes('other side', ecdhX(number(0x2222n), publicKey(number(0x1111n)) ?? b), shared ?? b)
      checkBytes('compressed', ecdhX(number(0x1111n), compressed), shared ?? b)
      checkBytes('1·P', ecdhX(number(1n), b), b.slice(1, 33))
      checkBytes('(n−1)·P', ecdhX(number(order - 1n), b), b.slice(1, 33))
    }),
    complianceCase('ECDH keeps leading zero bytes', () => {
      // X of the point with x = 1 has 31 of them.
      checkBytes('x = 1', ecdhX(number(1n), concatBytes(Uint8Array.of(2), number(1n))), number(1n))
    })
  ]
}

function pointCases({ convert, ecdhX }: EcBackend): ComplianceCase[] {
  return [
    complianceCase('points convert between both forms', () => {
      const compressed = hexToBytes(`02${generatorX}`)
      for (const form of [generator, compressed]) {
        checkBytes('compressed', convert(form, true), compressed)
        checkBytes('uncompressed', convert(form, false), generator)
        checkPlain('point', convert(form, false))
      }
    }),
    complianceCase('what is no point is refused: identity, off the curve, coordinates at or above p', () => {
      const ofX1 = convert(concatBytes(Uint8Array.of(2), number(1n)), false)
      check(ofX1 !== undefined, 'x = 1 is on the curve')
      const invalid: Record<string, Uint8Array> = {
        'identity, 65 zero bytes': new Uint8Array(65),
        'identity behind 04': concatBytes(Uint8Array.of(4), new Uint8Array(64)),
        'y + 1': concatBytes(generator.slice(0, 64), Uint8Array.of(0xb9)),
        'no root for x = 5': concatBytes(Uint8Array.of(2), number(5n)),
        'x = 0': concatBytes(Uint8Array.of(3), number(0n)),
        'x = p': concatBytes(Uint8Array.of(2), number(prime)),
        'x = p + 1': concatBytes(Uint8Array.of(2), number(prime + 1n)),
        'x = p + 1, uncompressed': concatBytes(Uint8Array.of(4), number(prime + 1n), (ofX1 ?? generator).slice(33)),
        'x = 2^256 − 1': concatBytes(Uint8Array.of(2), number(2n ** 256n - 1n))
      }
      for (const [name, point] of Object.entries(invalid)) {
        check(convert(point, false) === undefined, `${name}: converted`)
        check(ecdhX(number(7n), point) === undefined, `${name}: ECDH`)
      }
    })
  ]
}

/** Made with libsecp256k1: digest, private key 7, r‖s‖v. The last two digests are not below n. */
const recorded = [
  [
    '00'.repeat(32),
    '1fae40ba56d69e50bdc91ad6619653cdc282f1558dc305b025ca6309d161b28e700a27267172e1e4b74620569b3a72837d2a7f12719736245d3eca73cab31dfc01'
  ],
  [
    '11'.repeat(32),
    '001c8e544ef7e3204ae505070b0afb1a46fea39cc43edb0a3488e9758c6045d86252936babdc5768084d2282e94c0a96af92dbbb401ed27a0864621031e4202301'
  ],
  [
    order.toString(16),
    'a6f4cf0a7a07661cdb6d6b5b595c04118f0e1760f9fd17990973b42db13117a647bc28f980d80dfcd460bb4e03f8ca1023d4a264c7bbddf397cf2c0991ab444a01'
  ],
  [
    'ff'.repeat(32),
    'a11b753976bfce83e751940d19d0505437b1006181a26aadb359156e634a7d5e750308d8e0d0ebfd6d6a0d9d5d30109f1c6f7e9a18d2edc180f65b6c5acdfee801'
  ]
] as const

function signCases({ sign, recover, publicKey }: EcBackend): ComplianceCase[] {
  return [
    complianceCase('signatures are those of libsecp256k1, byte for byte, for every digest', () => {
      for (const [digest, signature] of recorded) {
        const actual = sign(hexToBytes(digest), number(7n))
        checkBytes(`signature of ${digest}`, actual, hexToBytes(signature))
        checkPlain('signature', actual)
      }
    }),
    complianceCase('signatures have a low s and recover to their signer', () => {
      for (let i = 1; i <= 12; i++) {
        const key = number(BigInt(i) ** 40n)
        const digest = pattern(32 + i).slice(i)
        const signature = sign(digest, key)
        check(signature !== undefined && bigOf(signature.slice(32, 64)) <= order >> 1n, 's is high')
        if (signature !== undefined) checkBytes('signer', recover(digest, signature), publicKey(key) ?? digest)
      }
    }),
    complianceCase('no signature with private keys 0, n and above', () => {
      for (const key of [0n, order, 2n ** 256n - 1n]) check(sign(pattern(32), number(key)) === undefined, `key ${key}`)
    })
  ]
}

function recoverCases({ sign, recover, publicKey }: EcBackend): ComplianceCase[] {
  const digest = pattern(32)
  const signed = (): { r: bigint; s: bigint; v: number } => {
    const signature = sign(digest, number(7n)) ?? new Uint8Array(65)
    return { r: bigOf(signature.slice(0, 32)), s: bigOf(signature.slice(32, 64)), v: signature[64] ?? 0 }
  }
  return [
    complianceCase('a high s recovers the same signer when v is flipped with it', () => {
      const { r, s, v } = signed()
      checkBytes('high s', recover(digest, signatureOf(r, order - s, v ^ 1)), publicKey(number(7n)) ?? digest)
    }),
    complianceCase('v 2 and 3 recover for r below p − n and for nothing else', () => {
      const { r, s } = signed()
      const found = [2n, prime - order - 1n, prime - order].map(small =>
        [2, 3].map(v => recover(digest, signatureOf(small, s, v)))
      )
      check(found[0]?.every(key => key !== undefined) === true, 'r = 2: x = n + 2 is on the curve')
      check(found[2]?.every(key => key === undefined) === true, 'r = p − n: x would be p')
      check(!equalBytes(found[0]?.[0] ?? digest, recover(digest, signatureOf(2n, s, 0)) ?? digest), 'v 2 is not v 0')
      for (const v of [2, 3]) check(recover(digest, signatureOf(r, s, v)) === undefined, `v ${v} with an ordinary r`)
    }),
    complianceCase('r and s outside 1 … n − 1 are refused', () => {
      const { r, s } = signed()
      for (const v of [0, 1, 2, 3]) {
        for (const bad of [0n, order, order + 1n, 2n ** 256n - 1n]) {
          check(recover(digest, signatureOf(bad, s, v)) === undefined, `r = ${bad}, v ${v}`)
          check(recover(digest, signatureOf(r, bad, v)) === undefined, `s = ${bad}, v ${v}`)
        }
      }
    }),
    complianceCase('a signature whose key would be the identity is refused', () => {
      // With R = G, s = z makes s·R − z·G vanish.
      for (const z of [5n, 123_456n]) {
        check(recover(number(z), signatureOf(BigInt(`0x${generatorX}`), z, 0)) === undefined, `z = ${z}`)
        check(recover(number(z), signatureOf(BigInt(`0x${generatorX}`), z, 1)) !== undefined, `z = ${z}, other R`)
      }
    }),
    complianceCase('an r that is no x of the curve is refused', () => {
      for (const v of [0, 1]) check(recover(digest, signatureOf(5n, 1n, v)) === undefined, `v ${v}`)
    })
  ]
}
