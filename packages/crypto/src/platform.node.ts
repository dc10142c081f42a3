import * as nodeCrypto from 'node:crypto'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { concatBytes } from './bytes.ts'
import type { Platform } from './platform.ts'
import type { EcBackend } from './secp256k1/backend.ts'
import { type NativeSecp256k1, nativeBackend } from './secp256k1/native.ts'

const pbkdf2 = promisify(nodeCrypto.pbkdf2)
const scrypt = promisify<Uint8Array, Uint8Array, number, nodeCrypto.ScryptOptions, Uint8Array>(nodeCrypto.scrypt)

const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

let native: EcBackend | null | undefined

function loadNative(): EcBackend | undefined {
  if (native === undefined) {
    try {
      // The deep path is the addon itself; the package's main entry would fall back to slow JavaScript silently.
      native = nativeBackend(createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSecp256k1)
    } catch {
      native = null
    }
  }
  return native ?? undefined
}

export const platform: Platform = {
  name: 'node',
  // Measured: a call into OpenSSL costs more than it computes below this; docs/performance-crypto.md.
  kernelUpTo: 256,
  randomBytes: length => plain(nodeCrypto.randomBytes(length)),
  sha256: bytes => plain(nodeCrypto.hash('sha256', bytes, 'buffer')),
  hmacSha256: (key, bytes) => plain(nodeCrypto.createHmac('sha256', key).update(bytes).digest()),
  hkdfSha256: (ikm, salt, info, length) => new Uint8Array(nodeCrypto.hkdfSync('sha256', ikm, salt, info, length)),
  aesCtr: (key, iv) => {
    const cipher = nodeCrypto.createCipheriv(`aes-${key.length * 8}-ctr`, key, iv)
    return { process: bytes => plain(cipher.update(bytes)) }
  },
  aesEcb: key => {
    const cipher = nodeCrypto.createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
    return { encryptBlock: block => plain(cipher.update(block)) }
  },
  aesGcmSeal: (key, nonce, plaintext) => {
    const cipher = nodeCrypto.createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    return concatBytes(ciphertext, cipher.getAuthTag())
  },
  aesGcmOpen: (key, nonce, sealed) => {
    const decipher = nodeCrypto.createDecipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(sealed.length - 16))
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - 16))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return plain(plaintext)
  },
  pbkdf2: async (hash, password, salt, iterations, length) =>
    plain(await pbkdf2(password, salt, iterations, length, hash)),
  scrypt: async (password, salt, { n, r, p }, length) =>
    plain(await scrypt(password, salt, length, { N: n, r, p, maxmem: 256 * n * r })),
  nativeSecp256k1: loadNative
}
