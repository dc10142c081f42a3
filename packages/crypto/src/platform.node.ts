import { Buffer } from 'node:buffer'
import * as nodeCrypto from 'node:crypto'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { concatBytes } from './bytes.ts'
import { isBeyondOpenSsl, type Platform, scryptMemory } from './platform.ts'
import type { EcBackend } from './secp256k1/backend.ts'
import { isSane, type NativeSecp256k1, nativeBackend } from './secp256k1/native.ts'
import { opensslEcdhX } from './secp256k1/openssl.node.ts'

const pbkdf2Async = promisify(nodeCrypto.pbkdf2)
const scryptAsync = promisify<Uint8Array, Uint8Array, number, nodeCrypto.ScryptOptions, Uint8Array>(nodeCrypto.scrypt)

const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

let native: EcBackend | null | undefined

function tryNative(): EcBackend | undefined {
  try {
    // The deep path is the addon itself; the package's main entry would fall back to slow JavaScript silently.
    const backend = nativeBackend(createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSecp256k1)
    return isSane(backend) ? backend : undefined
  } catch {
    return undefined
  }
}

// Without this OpenSSL takes tags of 4 bytes too.
const gcmOptions = { authTagLength: 16 } as const
const gcmOf = (key: Uint8Array): nodeCrypto.CipherGCMTypes => (key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm')

export const name: Platform['name'] = 'node'

// Measured: a call into OpenSSL costs more than it computes below this; docs/performance-crypto.md.
export const kernelUpTo: Platform['kernelUpTo'] = { sha256: 119, hmac: 256 }

export const bytesToHex: Platform['bytesToHex'] = bytes =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')

export const randomBytes: Platform['randomBytes'] = length => plain(nodeCrypto.randomBytes(length))

export const sha256: Platform['sha256'] = bytes => plain(nodeCrypto.hash('sha256', bytes, 'buffer'))

export const hmacSha256: Platform['hmacSha256'] = (key, bytes) =>
  plain(nodeCrypto.createHmac('sha256', key).update(bytes).digest())

export const hkdfSha256: Platform['hkdfSha256'] = (ikm, salt, info, length) =>
  new Uint8Array(nodeCrypto.hkdfSync('sha256', ikm, salt, info, length))

export const aesCtr: Platform['aesCtr'] = (key, iv) => {
  const cipher = nodeCrypto.createCipheriv(key.length === 16 ? 'aes-128-ctr' : 'aes-256-ctr', key, iv)
  return { process: bytes => plain(cipher.update(bytes)) }
}

export const aesEcb: Platform['aesEcb'] = key => {
  const name = key.length === 16 ? 'aes-128-ecb' : 'aes-256-ecb'
  const cipher = nodeCrypto.createCipheriv(name, key, null).setAutoPadding(false)
  return { encryptBlock: block => plain(cipher.update(block)) }
}

export const aesGcmSeal: Platform['aesGcmSeal'] = (key, nonce, plaintext) => {
  const cipher = nodeCrypto.createCipheriv(gcmOf(key), key, nonce, gcmOptions)
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return concatBytes(ciphertext, cipher.getAuthTag())
}

// With frozen intrinsics it is read-only.
const mayLimitStacks = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true

/**
 * Whether the tag fits. OpenSSL's answer is an exception, and collecting its stack costs a third of an attempt: whoever tries
 * thousands of keys on an envelope does without. Nothing else runs while the limit is changed.
 */
function fits(decipher: nodeCrypto.DecipherGCM): boolean {
  const { stackTraceLimit } = Error
  if (mayLimitStacks) Error.stackTraceLimit = 0
  try {
    decipher.final()
    return true
  } catch {
    return false
  } finally {
    if (mayLimitStacks) Error.stackTraceLimit = stackTraceLimit
  }
}

export const aesGcmOpen: Platform['aesGcmOpen'] = (key, nonce, sealed) => {
  const end = sealed.length - gcmOptions.authTagLength
  if (end < 0) return undefined
  const decipher = nodeCrypto.createDecipheriv(gcmOf(key), key, nonce, gcmOptions)
  decipher.setAuthTag(sealed.subarray(end))
  const plaintext = decipher.update(sealed.subarray(0, end))
  if (fits(decipher)) return plain(plaintext)
  plaintext.fill(0)
  return undefined
}

export const pbkdf2: Platform['pbkdf2'] = async (hash, password, salt, iterations, length) =>
  plain(await pbkdf2Async(password, salt, iterations, length, hash))

export const scrypt: Platform['scrypt'] = async (password, salt, cost, length) => {
  if (isBeyondOpenSsl(cost)) {
    const { scryptAsync: nobleScrypt } = await import('@noble/hashes/scrypt.js')
    return nobleScrypt(password, salt, { N: cost.n, r: cost.r, p: cost.p, dkLen: length, maxmem: scryptMemory(cost) })
  }
  const options = { N: cost.n, r: cost.r, p: cost.p, maxmem: scryptMemory(cost) }
  return plain(await scryptAsync(password, salt, length, options))
}

export const nativeSecp256k1: Platform['nativeSecp256k1'] = () => {
  if (native === undefined) native = tryNative() ?? null
  return native ?? undefined
}

export const ownEcdhX: Platform['ownEcdhX'] = opensslEcdhX
