import { ctr, ecb, gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from './bytes.ts'
import { activeSha256Kernel } from './kernel/backend.ts'
import { longestGcm } from './kernel/gcm-kernel.ts'
import { longestMac } from './kernel/sha256-kernel.ts'
import { pbkdf2InSlices } from './pbkdf2.ts'
import { type Platform, type StreamCipher, scryptMemory } from './platform.ts'

const blockLength = 16

function addBlocks(iv: Uint8Array, blocks: number): Uint8Array {
  const counter = new Uint8Array(iv)
  let carry = blocks
  for (let i = counter.length - 1; i >= 0 && carry > 0; i--) {
    carry += counter[i] ?? 0
    counter[i] = carry & 0xff
    carry = Math.floor(carry / 256)
  }
  return counter
}

/** noble's CTR is one-shot: each call restarts at the block of the stream position and drops the bytes before it. */
function streamingCtr(givenKey: Uint8Array, givenIv: Uint8Array): StreamCipher {
  // Copies, as Node's ciphers make: callers wipe a key as soon as its cipher is there.
  const key = new Uint8Array(givenKey)
  const iv = new Uint8Array(givenIv)
  let position = 0
  return {
    process: bytes => {
      const skip = position % blockLength
      const padded = skip === 0 ? bytes : concatBytes(new Uint8Array(skip), bytes)
      const counter = addBlocks(iv, Math.floor(position / blockLength))
      position += bytes.length
      return ctr(key, counter).encrypt(padded).slice(skip)
    }
  }
}

export const name: Platform['name'] = 'browser'

export const kernelUpTo: Platform['kernelUpTo'] = {
  sha256: Number.POSITIVE_INFINITY,
  hmac: longestMac,
  aes: longestGcm,
  aesTrial: longestGcm
}

/** Two ASCII codes for each byte. */
const hexCodes = /* @__PURE__ */ Uint8Array.from({ length: 512 }, (_, at) =>
  (((at >> 1) >> (at % 2 === 0 ? 4 : 0)) & 0xf).toString(16).charCodeAt(0)
)
const asciiDecoder = /* @__PURE__ */ new TextDecoder()

export const bytesToHex: Platform['bytesToHex'] = bytes => {
  const codes = new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const at = 2 * (bytes[i] ?? 0)
    codes[2 * i] = hexCodes[at] ?? 0
    codes[2 * i + 1] = hexCodes[at + 1] ?? 0
  }
  return asciiDecoder.decode(codes)
}

export const randomBytes: Platform['randomBytes'] = length => {
  const bytes = new Uint8Array(length)
  const most = 65536
  for (let at = 0; at < length; at += most) globalThis.crypto.getRandomValues(bytes.subarray(at, at + most))
  return bytes
}

export const sha256: Platform['sha256'] = bytes => nobleSha256(bytes)

export const hmacSha256: Platform['hmacSha256'] = (key, bytes) => hmac(nobleSha256, key, bytes)

export const hkdfSha256: Platform['hkdfSha256'] = (ikm, salt, info, length) =>
  hkdf(nobleSha256, ikm, salt, info, length)

export const aesCtr: Platform['aesCtr'] = streamingCtr

export const aesEcb: Platform['aesEcb'] = givenKey => {
  const key = new Uint8Array(givenKey)
  return { encryptBlock: block => ecb(key, { disablePadding: true }).encrypt(block) }
}

export const aesGcmSeal: Platform['aesGcmSeal'] = (key, nonce, plaintext) => gcm(key, nonce).encrypt(plaintext)

export const aesGcmOpen: Platform['aesGcmOpen'] = (key, nonce, sealed) => {
  try {
    return gcm(key, nonce).decrypt(sealed)
  } catch {
    return undefined
  }
}

export const pbkdf2: Platform['pbkdf2'] = (hash, password, salt, iterations, length) => {
  const kernel = hash === 'sha256' && salt.length + 4 <= longestMac ? activeSha256Kernel() : undefined
  if (kernel !== undefined) return pbkdf2InSlices(kernel, password, salt, iterations, length)
  return pbkdf2Async(hash === 'sha256' ? nobleSha256 : sha512, password, salt, { c: iterations, dkLen: length })
}

export const scrypt: Platform['scrypt'] = (password, salt, cost, length) =>
  scryptAsync(password, salt, { N: cost.n, r: cost.r, p: cost.p, dkLen: length, maxmem: scryptMemory(cost) })

export const nativeSecp256k1: Platform['nativeSecp256k1'] = () => undefined

export const ownEcdhX: Platform['ownEcdhX'] = () => undefined
