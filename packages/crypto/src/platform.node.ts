import { Buffer } from 'node:buffer'
import * as nodeCrypto from 'node:crypto'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { promisify } from 'node:util'
import { concatBytes } from './bytes.ts'
import { isBeyondOpenSsl, type Platform, scryptMemory } from './platform.ts'
import type { EcBackend } from './secp256k1/backend.ts'
import { isSane, nativeBackend, type Secp256k1Module } from './secp256k1/native.ts'
import { opensslEcdhX } from './secp256k1/openssl.node.ts'

const pbkdf2Async = promisify(nodeCrypto.pbkdf2)
const scryptAsync = promisify<Uint8Array, Uint8Array, number, nodeCrypto.ScryptOptions, Uint8Array>(nodeCrypto.scrypt)

const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

let native: EcBackend | null | undefined

/** The addon beside our own code, as the build puts it there; from sources, that of the package which it is taken from. */
function addonFiles(): readonly string[] {
  const names = platform() === 'linux' ? ['secp256k1.glibc.node', 'secp256k1.musl.node'] : ['secp256k1.node']
  const folders = ['./native', 'secp256k1/prebuilds']
  return folders.flatMap(folder => names.map(name => `${folder}/${platform()}-${arch()}/${name}`))
}

function tryNative(): EcBackend | undefined {
  const require = createRequire(import.meta.url)
  for (const file of addonFiles()) {
    try {
      const backend = nativeBackend(require(file) as Secp256k1Module)
      if (isSane(backend)) return backend
    } catch {
      // There is none for this system, or it is one of another C library.
    }
  }
  return undefined
}

// Without this OpenSSL takes tags of 4 bytes too.
const gcmOptions = { authTagLength: 16 } as const
const gcmOf = (key: Uint8Array): nodeCrypto.CipherGCMTypes => (key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm')

export const name: Platform['name'] = 'node'

// Measured: a call into OpenSSL costs more than it computes below this, the collection of its cipher or MAC object included;
// docs/performance-crypto.md.
export const kernelUpTo: Platform['kernelUpTo'] = { sha256: 119, hmac: 512, aes: 640, aesTrial: 1024 }

// Used within one call and never across calls: most of what is written as hex are hashes, and a Buffer object for each is dearer than a copy.
const hexScratch = Buffer.alloc(64)
const hexBytes = new Uint8Array(hexScratch.buffer, hexScratch.byteOffset, hexScratch.length)

export const bytesToHex: Platform['bytesToHex'] = bytes => {
  if (bytes.length > hexScratch.length) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  }
  hexBytes.set(bytes)
  const hex = hexScratch.toString('hex', 0, bytes.length)
  hexBytes.fill(0, 0, bytes.length)
  return hex
}

/** A call into OpenSSL's generator costs microseconds, whatever the length: short requests are served from bytes drawn ahead. */
const pooledUpTo = 256
const randomPool = new Uint8Array(4096)
let poolAt = randomPool.length

export const randomBytes: Platform['randomBytes'] = length => {
  if (length > pooledUpTo) return plain(nodeCrypto.randomBytes(length))
  if (poolAt + length > randomPool.length) {
    nodeCrypto.randomFillSync(randomPool)
    poolAt = 0
  }
  const bytes = randomPool.slice(poolAt, poolAt + length)
  // Handed out once, and not kept here.
  randomPool.fill(0, poolAt, poolAt + length)
  poolAt += length
  return bytes
}

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
