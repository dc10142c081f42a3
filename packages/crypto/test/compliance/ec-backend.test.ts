import { afterEach, describe, expect, test, vi } from 'vitest'
import * as platform from '../../src/platform.node.ts'
import { nobleBackend } from '../../src/secp256k1/noble.ts'
import { type EcBackend, ecBackendCases } from '../../src/testing/index.ts'

const native = platform.nativeSecp256k1()
if (native === undefined) throw new Error('the native addon has to load where these tests run')

const ecdhX = platform.ownEcdhX()
if (ecdhX === undefined) throw new Error('OpenSSL has to know the curve where these tests run')
const openssl: EcBackend = { ...nobleBackend, name: 'openssl', ecdhX }

describe.each([nobleBackend, openssl, native])('C-2 backend $name', backend => {
  for (const { name, run } of ecBackendCases(backend)) test(`C-2 ${name}`, run)
})

const broken: Record<string, Partial<EcBackend>> = {
  'public keys of 0': { publicKey: key => native.publicKey(key) ?? new Uint8Array(65) },
  'ECDH without padding': {
    ecdhX: (key, point) => {
      const x = native.ecdhX(key, point)
      return x?.slice(x.findIndex(byte => byte !== 0))
    }
  },
  'ECDH that is hashed': {
    ecdhX: (key, point) => {
      const x = native.ecdhX(key, point)
      return x && platform.sha256(x)
    }
  },
  'points that are not checked': { convert: (point, short) => native.convert(point, short) ?? point.slice() },
  'signatures without v': { sign: (digest, key) => native.sign(digest, key)?.slice(0, 64) },
  'RFC 6979 nonces of the reduced digest': {
    sign: (digest, key) => native.sign(digest[0] === 0xff ? new Uint8Array(32) : digest, key)
  },
  'high s refused': {
    recover: (digest, signature) => ((signature[32] ?? 0) > 0x7f ? undefined : native.recover(digest, signature))
  },
  'v 2 read as v 0': {
    recover: (digest, signature) =>
      native.recover(
        digest,
        signature.map((byte, i) => (i === 64 ? byte & 1 : byte))
      )
  },
  'r not checked': {
    recover: (digest, signature) => native.recover(digest, signature) ?? new Uint8Array(65)
  }
}

test.each(Object.keys(broken))('C-2 the suite rejects %s', async name => {
  const results = await Promise.allSettled(ecBackendCases({ ...native, ...broken[name] }).map(({ run }) => run()))
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
})

describe('C-3 where the addon is missing', () => {
  afterEach(() => {
    vi.doUnmock('node:module')
    vi.resetModules()
  })

  const withAddon = async (load: () => unknown, openssl: boolean): Promise<typeof import('../../src/index.ts')> => {
    vi.resetModules()
    vi.doMock('node:module', () => ({ createRequire: () => load }))
    if (!openssl) {
      vi.doMock('node:crypto', async original => ({
        ...(await original<typeof import('node:crypto')>()),
        createECDH: () => {
          throw new Error('Failed to set ECDH curve')
        }
      }))
    }
    return import('../../src/index.ts')
  }

  test.each([
    [
      'is not installed',
      () => {
        throw new Error('Cannot find module')
      }
    ],
    ['is something else', () => ({})],
    ['gives wrong keys', () => ({ publicKeyCreate: () => new Uint8Array(65) })]
  ])('C-3 and %s, noble does everything but what OpenSSL can', async (_, load) => {
    for (const openssl of [true, false]) {
      const crypto = await withAddon(load, openssl)
      expect(crypto.ecBackend().name).toBe(openssl ? 'openssl' : 'noble')
      expect(crypto.useEcBackend('auto')).toBe(crypto.useEcBackend('auto'))
      for (const missing of openssl ? (['native'] as const) : (['native', 'openssl'] as const)) {
        expect(() => crypto.useEcBackend(missing)).toThrowError(
          expect.objectContaining({ code: 'unsupported', origin: 'environment' })
        )
      }
      // A choice that fails changes nothing.
      expect(crypto.useEcBackend('noble').name).toBe('noble')
      expect(() => crypto.useEcBackend('native')).toThrowError()
      expect(crypto.ecBackend().name).toBe('noble')
      crypto.useEcBackend('auto')
      const key = new Uint8Array(32).fill(3)
      const digest = crypto.keccak256(key)
      const publicKey = crypto.publicKeyOf(key)
      expect(crypto.recoverPublicKey(digest, crypto.signDigest(digest, key))).toEqual(publicKey)
      expect(crypto.eciesDecrypt(key, crypto.eciesEncrypt(publicKey, digest))).toEqual(digest)
      vi.doUnmock('node:crypto')
    }
  })
})
