import { sha256Module } from '../gen/sha256.ts'
import { layout } from './layout.ts'
import { type KernelInstance, startModule } from './module.ts'

const { state: stateAt, sum: sumAt, blockKey: keyAt, input: inputAt } = layout
const blockLength = 64
const digestLength = 32
/** Whole blocks that leave room for the padding of the last one. */
const inputLength = 890 * blockLength

interface Sha256Exports {
  readonly begin: () => void
  readonly absorb: (length: number) => void
  readonly finish: (length: number) => void
  readonly hash: (length: number) => void
  readonly setKey: () => void
  readonly mac: (length: number) => void
  readonly iterate: (rounds: number) => void
  readonly forget: () => void
}

/** SHA-256 in WebAssembly: for what is too short to be worth a call into OpenSSL, and for browsers. */
export interface Sha256Kernel {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** `bytes` up to {@link longestMac}. */
  readonly hmac: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  /** `ikm`, and `info` with 33 bytes more, up to {@link longestMac}; `length` up to 255 · 32. */
  readonly hkdf: (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Uint8Array
  /** PBKDF2's loop: `rounds` times `u` becomes HMAC(key, u) and is added to `sum`. Both are 32 bytes, changed in place. */
  readonly iterate: (key: Uint8Array, u: Uint8Array, sum: Uint8Array, rounds: number) => void
}

/** The longest message that the kernel's HMAC takes. */
export const longestMac = inputLength

let started: Sha256Kernel | null | undefined

/** The process's one instance; `undefined` where WebAssembly is refused. */
export function sha256Kernel(): Sha256Kernel | undefined {
  if (started === undefined) {
    const instance = startModule<Sha256Exports>(sha256Module)
    started = instance === undefined ? null : operations(instance)
  }
  return started ?? undefined
}

function operations({ memory, exports }: KernelInstance<Sha256Exports>): Sha256Kernel {
  const result = (): Uint8Array => memory.slice(stateAt, stateAt + digestLength)

  const sha256 = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length <= inputLength) {
      memory.set(bytes, inputAt)
      exports.hash(bytes.length)
      return result()
    }
    exports.begin()
    let at = 0
    for (; bytes.length - at > inputLength; at += inputLength) {
      memory.set(bytes.subarray(at, at + inputLength), inputAt)
      exports.absorb(inputLength)
    }
    memory.set(bytes.subarray(at), inputAt)
    exports.finish(bytes.length - at)
    return result()
  }

  const setKey = (key: Uint8Array): void => {
    memory.set(key.length > blockLength ? sha256(key) : key, keyAt)
    exports.setKey()
  }

  return {
    sha256,
    hmac: (key, bytes) => {
      setKey(key)
      memory.set(bytes, inputAt)
      exports.mac(bytes.length)
      const tag = result()
      exports.forget()
      return tag
    },
    hkdf: (ikm, salt, info, length) => {
      setKey(salt)
      memory.set(ikm, inputAt)
      exports.mac(ikm.length)
      // The pseudo-random key goes from the state to the key area without leaving the kernel.
      memory.copyWithin(keyAt, stateAt, stateAt + digestLength)
      exports.setKey()
      const output = new Uint8Array(length)
      for (let at = 0, counter = 1; at < length; at += digestLength, counter++) {
        const before = at === 0 ? 0 : digestLength
        memory.copyWithin(inputAt, stateAt, stateAt + before)
        memory.set(info, inputAt + before)
        memory[inputAt + before + info.length] = counter
        exports.mac(before + info.length + 1)
        output.set(memory.subarray(stateAt, stateAt + Math.min(digestLength, length - at)), at)
      }
      exports.forget()
      return output
    },
    iterate: (key, u, sum, rounds) => {
      setKey(key)
      memory.set(u, stateAt)
      memory.set(sum, sumAt)
      exports.iterate(rounds)
      u.set(memory.subarray(stateAt, stateAt + digestLength))
      sum.set(memory.subarray(sumAt, sumAt + digestLength))
      exports.forget()
    }
  }
}
