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
    : runningKernel(kernel, new Uint8Array(stateLength), 0)
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

/** `state` stays outside of the kernel, so nothing has to be freed; `open` bytes of the current block are XORed in. */
function runningKernel({ memory, exports }: KeccakKernel, state: Uint8Array, open: number): Keccak256 {
  const lent = memory.subarray(stateAt, stateAt + stateLength)
  const digestArea = memory.subarray(stateAt, stateAt + digestLength)
  // RLPx reads the same state twice for every body MAC and once more for the next header MAC.
  const latest = new Uint8Array(digestLength)
  let isLatest = false
  const kernel = { memory, exports }

  const absorbOpenBlock = (): void => {
    lent.set(state)
    exports.permute(stateAt, stateAt)
    state.set(lent)
    open = 0
  }
  /** Whole blocks only, at a block boundary. */
  const absorbBlocks = (bytes: Uint8Array): void => {
    lent.set(state)
    for (let at = 0; at < bytes.length; at += inputLength) {
      const part = bytes.subarray(at, at + inputLength)
      memory.set(part, inputAt)
      exports.absorb(part.length)
    }
    state.set(lent)
  }

  const computed = (): Uint8Array => {
    if (!isLatest) {
      lent.set(state)
      lent[open] = (lent[open] ?? 0) ^ 0x01
      lent[rate - 1] = (lent[rate - 1] ?? 0) ^ 0x80
      exports.permute(stateAt, stateAt)
      latest.set(digestArea)
      isLatest = true
    }
    return latest
  }

  const self: Keccak256 = {
    update: bytes => {
      check.bytes('Keccak-256 input', bytes)
      isLatest = false
      let at = 0
      if (open > 0 || bytes.length < rate) {
        for (; at < bytes.length && open < rate; at++, open++) state[open] = (state[open] ?? 0) ^ (bytes[at] ?? 0)
        if (open === rate) absorbOpenBlock()
      }
      const whole = bytes.length - at - ((bytes.length - at) % rate)
      if (whole > 0) absorbBlocks(bytes.subarray(at, at + whole))
      for (at += whole; at < bytes.length; at++, open++) state[open] = (state[open] ?? 0) ^ (bytes[at] ?? 0)
      return self
    },
    digest: () => computed().slice(),
    digestInto: out => {
      const digest = computed()
      for (let i = 0; i < out.length && i < digestLength; i++) out[i] = digest[i] ?? 0
    },
    clone: () => runningKernel(kernel, state.slice(), open)
  }
  return self
}
