import { check } from '../checks.ts'
import { CryptoError } from '../errors.ts'
import { createKeccak256 } from '../keccak.ts'
import { hashBackend } from '../kernel/backend.ts'
import { scalarEngine, simdEngine } from '../kernel/search-kernel.ts'
import type { NonceEngine, NonceVariant } from './engine.ts'
import { jsEngine } from './js-engine.ts'
import { absorbPrefix, nonceRun } from './prefix.ts'

const digestBits = 256
const largestBatch = 1 << 30
const end64 = 1n << 64n

/** The best nonce of a range. */
export interface BestNonce {
  /** Unsigned, 64 bits; the smallest of those with as many zero bits. */
  readonly nonce: bigint
  /** Leading zero bits of its digest. */
  readonly bits: number
}

/**
 * Proof of work over Keccak-256(prefix ‖ nonce as 8 bytes, big-endian), the prefix absorbed once. Every call is
 * synchronous and runs to its end: a caller that must stay responsive asks for a few thousand nonces at a time.
 * Nonces are unsigned 64-bit integers.
 */
export interface NonceSearch {
  /** What runs here: WebAssembly with or without SIMD, or plain JavaScript. All answer the same. */
  readonly variant: NonceVariant
  /**
   * The smallest nonce of `start … start + count − 1` whose digest has at least `bits` leading zero bits, or −1.
   * The whole range lies below 2^53. @throws CryptoError `out-of-range`
   */
  readonly search: (bits: number, start: number | bigint, count: number) => number
  /** The same over all 64 bits: answers `nonce − start`, or −1. @throws CryptoError `out-of-range` */
  readonly searchOffset: (bits: number, start: number | bigint, count: number) => number
  /** The nonce of the range with the most leading zero bits, the smallest of equals; `count` at least 1. @throws CryptoError `out-of-range` */
  readonly best: (start: number | bigint, count: number) => BestNonce
  /** Leading zero bits of one nonce's digest, 0 … 256. @throws CryptoError `out-of-range` */
  readonly bitsOf: (nonce: number | bigint) => number
}

/** How a nonce is searched for; all optional. */
export interface NonceSearchOptions {
  /** Which of the three to use. @default 'auto': the fastest that runs here. */
  readonly variant?: 'auto' | NonceVariant | undefined
}

function outOfRange(message: string): CryptoError {
  return new CryptoError('out-of-range', `nonce search: ${message}`, { origin: 'caller' })
}

function assertRange(bits: number, start: number | bigint, count: number, end: bigint): bigint {
  for (const [name, value] of [
    ['bits', bits],
    ['count', count]
  ] as const) {
    if (typeof value !== 'number') check.number(`nonce search: ${name}`, value, 0, Number.MAX_SAFE_INTEGER)
  }
  if (typeof start !== 'bigint' && typeof start !== 'number') {
    check.number('nonce search: nonce', start, 0, Number.MAX_SAFE_INTEGER)
  }
  if (!Number.isInteger(bits) || bits < 0 || bits > digestBits) {
    throw outOfRange(`bits: expected 0 to ${digestBits}, got ${bits}`)
  }
  if (!Number.isSafeInteger(count) || count < 0) throw outOfRange(`count: expected a whole number, got ${count}`)
  if (typeof start === 'number' && !Number.isSafeInteger(start)) {
    throw outOfRange('start: a number above 2^53 − 1 has lost bits, pass a bigint')
  }
  const first = BigInt(start)
  if (first < 0n || first + BigInt(count) > end) {
    throw outOfRange(`expected nonces from 0 to ${end - 1n}, got ${count} from ${first}`)
  }
  return first
}

/** 32 bytes with the first `bits` bits set. */
function leadingMask(bits: number): Uint8Array {
  return Uint8Array.from({ length: digestBits / 8 }, (_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * i))))
}

function leadingZeroBits(digest: Uint8Array): number {
  const at = digest.findIndex(byte => byte !== 0)
  return at < 0 ? 8 * digest.length : 8 * at + Math.clz32(digest[at] ?? 0) - 24
}

function bigEndian64(value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, value)
  return new Uint8Array(view.buffer)
}

/**
 * Prepares the search for a nonce behind `prefix`, which is absorbed here and not looked at again.
 * @throws CryptoError `unsupported` when the variant asked for does not run here, `invalid-argument`
 *
 * @example
 * ```ts
 * const search = prepareNonceSearch(prefix)
 * let start = 0
 * let nonce = -1
 * while (nonce < 0) {
 *   nonce = search.search(16, start, 4096)
 *   start += 4096
 * }
 * ```
 */
export function prepareNonceSearch(prefix: Uint8Array, options: NonceSearchOptions = {}): NonceSearch {
  check.bytes('nonce search: prefix', prefix)
  check.object('nonce search: options', options)
  const engine = nonceEngine(options.variant ?? 'auto')
  const absorbed = absorbPrefix(prefix, engine.permute)
  const running = createKeccak256().update(prefix)

  const offsetOf = (bits: number, start: bigint, count: number): number => {
    const mask = leadingMask(bits)
    for (let done = 0; done < count; ) {
      const from = start + BigInt(done)
      const run = nonceRun(absorbed, from, engine.permute)
      const batch = Math.min(count - done, largestBatch, Number(run.length))
      const hit = engine.search(run.block, mask, from, batch)
      if (hit >= 0) return done + hit
      done += batch
    }
    return -1
  }
  const bitsOf = (nonce: bigint): number => leadingZeroBits(running.clone().update(bigEndian64(nonce)).digest())

  return {
    variant: engine.variant,
    search: (bits, start, count) => {
      const first = assertRange(bits, start, count, 1n << 53n)
      const offset = offsetOf(bits, first, count)
      return offset < 0 ? -1 : Number(first) + offset
    },
    searchOffset: (bits, start, count) => offsetOf(bits, assertRange(bits, start, count, end64), count),
    best: (start, count) => {
      const first = assertRange(0, start, count, end64)
      if (count < 1) throw outOfRange('best of no nonces')
      let best: BestNonce = { nonce: first, bits: bitsOf(first) }
      for (let done = 1; done < count && best.bits < digestBits; ) {
        const offset = offsetOf(best.bits + 1, first + BigInt(done), count - done)
        if (offset < 0) break
        done += offset + 1
        const nonce = first + BigInt(done - 1)
        best = { nonce, bits: bitsOf(nonce) }
      }
      return best
    },
    bitsOf: nonce => bitsOf(assertRange(0, nonce, 1, end64))
  }
}

function nonceEngine(wanted: 'auto' | NonceVariant): NonceEngine {
  check.oneOf('nonce search: variant', wanted, ['auto', 'simd', 'scalar', 'js'])
  const engine = pick(wanted)
  if (engine !== undefined) return engine
  throw new CryptoError('unsupported', `nonce search: ${wanted} does not run here`, { origin: 'environment' })
}

function pick(wanted: 'auto' | NonceVariant): NonceEngine | undefined {
  switch (wanted) {
    case 'js':
      return jsEngine
    case 'scalar':
      return scalarEngine()
    case 'simd':
      return simdEngine()
    case 'auto':
      return hashBackend() === 'js' ? jsEngine : (simdEngine() ?? scalarEngine() ?? jsEngine)
  }
}
