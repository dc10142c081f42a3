import { keccak_256 } from '@noble/hashes/sha3.js'
import { check } from './checks.ts'
import { activeKernel } from './kernel/backend.ts'
import type { KeccakKernel } from './kernel/keccak-kernel.ts'
import { layout } from './kernel/layout.ts'

const { state: stateAt, input: inputAt, inputLength, stateLength, rate } = layout
const digestLength = 32

/**
 * Original Keccak-256 (padding byte 0x01, not NIST SHA3-256) of `bytes`: 32 bytes. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * bytesToHex(keccak256(new Uint8Array(0))) // 'c5d24601…'
 * ```
 */
export function keccak256(bytes: Uint8Array): Uint8Array {
  check.bytes('Keccak-256 input', bytes)
  const kernel = activeKernel()
  if (kernel === undefined) return keccak_256(bytes)
  const { memory, exports } = kernel
  if (bytes.length <= inputLength) {
    memory.set(bytes, inputAt)
    exports.hash(bytes.length)
    return memory.slice(stateAt, stateAt + digestLength)
  }
  memory.fill(0, stateAt, stateAt + stateLength)
  let at = 0
  for (; bytes.length - at > inputLength; at += inputLength) {
    memory.set(bytes.subarray(at, at + inputLength), inputAt)
    exports.absorb(inputLength)
  }
  memory.set(bytes.subarray(at), inputAt)
  exports.finish(bytes.length - at)
  return memory.slice(stateAt, stateAt + digestLength)
}

/** A running Keccak-256. `digest` does not end it: RLPx reads the state and goes on. */
export interface Keccak256 {
  /** Absorbs more bytes; answers itself, so that calls chain. */
  readonly update: (bytes: Uint8Array) => Keccak256
  /** 32 bytes of what was absorbed so far. */
  readonly digest: () => Uint8Array
  /** The first bytes of the digest, as many as `out` has room for, 32 at most. */
  readonly digestInto: (out: Uint8Array) => void
  /** An independent copy of the state. */
  readonly clone: () => Keccak256
}

/**
 * A running Keccak-256 that has absorbed nothing.
 *
 * @example
 * ```ts
 * const mac = createKeccak256().update(header)
 * mac.digest() // of the header; it goes on
 * mac.update(body).digest() // of header and body
 * ```
 */
export function createKeccak256(): Keccak256 {
  const kernel = activeKernel()
  return kernel === undefined
    ? runningNoble(keccak_256.create())
    : new KernelKeccak(kernel, new Uint8Array(stateLength + digestLength), 0)
}

function runningNoble(state: ReturnType<typeof keccak_256.create>): Keccak256 {
  const self: Keccak256 = {
    update: bytes => {
      check.bytes('Keccak-256 input', bytes)
      state.update(bytes)
      return self
    },
    digest: () => state.clone().digest(),
    digestInto: out => {
      out.set(state.clone().digest().subarray(0, out.length))
    },
    clone: () => runningNoble(state.clone())
  }
  return self
}

/** A running Keccak of the kernel. The state stays outside of it, so nothing has to be freed. */
export class KernelKeccak implements Keccak256 {
  readonly #kernel: KeccakKernel
  readonly #lent: Uint8Array
  readonly #bytes: Uint8Array
  readonly #state: Uint8Array
  // RLPx reads the same state twice for every body MAC and once more for the next header MAC.
  readonly #latest: Uint8Array
  #isLatest = false
  #open: number

  constructor(kernel: KeccakKernel, bytes: Uint8Array, open: number) {
    this.#kernel = kernel
    this.#lent = kernel.memory.subarray(stateAt, stateAt + stateLength)
    this.#bytes = bytes
    this.#state = bytes.subarray(0, stateLength)
    this.#latest = bytes.subarray(stateLength)
    this.#open = open
  }

  // Not methods of the class: callers take the functions out of the object.
  readonly update = (bytes: Uint8Array): Keccak256 => {
    check.bytes('Keccak-256 input', bytes)
    this.#isLatest = false
    const state = this.#state
    let open = this.#open
    let at = 0
    if (open > 0 || bytes.length < rate) {
      for (; at < bytes.length && open < rate; at++, open++) state[open] = (state[open] ?? 0) ^ (bytes[at] ?? 0)
      if (open === rate) {
        this.#absorbOpenBlock()
        open = 0
      }
    }
    const whole = bytes.length - at - ((bytes.length - at) % rate)
    if (whole > 0) this.#absorbBlocks(bytes.subarray(at, at + whole))
    for (at += whole; at < bytes.length; at++, open++) state[open] = (state[open] ?? 0) ^ (bytes[at] ?? 0)
    this.#open = open
    return this
  }

  readonly digest = (): Uint8Array => {
    return this.#digested().slice()
  }

  readonly digestInto = (out: Uint8Array): void => {
    const digest = this.#digested()
    for (let i = 0; i < out.length && i < digestLength; i++) out[i] = digest[i] ?? 0
  }

  readonly clone = (): Keccak256 => {
    return new KernelKeccak(this.#kernel, this.#bytes.slice(), this.#open)
  }

  /** For another kernel that goes on with it: 200 bytes of state, 32 of the digest, to be changed in place. */
  lend(): Uint8Array {
    this.#digested()
    return this.#bytes
  }

  /** Bytes of the block that is open; they are XORed in. */
  get open(): number {
    return this.#open
  }

  /** So many bytes were absorbed by another kernel since {@link KernelKeccak.lend}; the digest is that of the new state. */
  wentOn(absorbed: number): void {
    this.#open = (this.#open + absorbed) % rate
    this.#isLatest = true
  }

  #absorbOpenBlock(): void {
    this.#lent.set(this.#state)
    this.#kernel.exports.permute(stateAt, stateAt)
    this.#state.set(this.#lent)
  }

  /** Whole blocks only, at a block boundary. */
  #absorbBlocks(bytes: Uint8Array): void {
    const { memory, exports } = this.#kernel
    this.#lent.set(this.#state)
    for (let at = 0; at < bytes.length; at += inputLength) {
      const part = bytes.subarray(at, at + inputLength)
      memory.set(part, inputAt)
      exports.absorb(part.length)
    }
    this.#state.set(this.#lent)
  }

  #digested(): Uint8Array {
    if (!this.#isLatest) {
      const lent = this.#lent
      lent.set(this.#state)
      lent[this.#open] = (lent[this.#open] ?? 0) ^ 0x01
      lent[rate - 1] = (lent[rate - 1] ?? 0) ^ 0x80
      this.#kernel.exports.permute(stateAt, stateAt)
      this.#latest.set(lent.subarray(0, digestLength))
      this.#isLatest = true
    }
    return this.#latest
  }
}
