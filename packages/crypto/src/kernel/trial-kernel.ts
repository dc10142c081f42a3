import { gcmModule } from '../gen/gcm.ts'
import { gcmLayout as layout } from './gcm-kernel.ts'
import { startModule } from './module.ts'

const pageLength = 65_536
const keyLength = 32
const tagLength = 16
const rounds = 14

/** Most keys that one call tries: some 40 µs of work with messages of 512 bytes. */
export const trialsPerCall = 64

interface TrialExports {
  readonly memory: WebAssembly.Memory
  readonly expand: (length: number) => number
  readonly prepare: () => void
  readonly keep: (address: number) => void
  readonly take: (address: number) => void
  readonly drop: (address: number) => void
  readonly firstFitting: (count: number, length: number) => number
  readonly open: (rounds: number, length: number) => number
  readonly forget: (length: number) => void
}

/**
 * Keys of AES-256 that stay prepared in the memory of a kernel of their own until they are dropped, so that many are tried on a message in one
 * call. Nothing else of a call stays in its memory.
 */
export interface TrialKernel {
  /** The address of a key; `undefined` when the memory is full. */
  readonly keep: (key: Uint8Array) => number | undefined
  /** Overwrites a key; its place is for another one. */
  readonly drop: (address: number) => void
  /** The place of the first of at most {@link trialsPerCall} keys that fits ciphertext‖tag(16), −1 when none does. */
  readonly firstFitting: (addresses: readonly number[], nonce: Uint8Array, sealed: Uint8Array) => number
  /** The plaintext of ciphertext‖tag(16), `undefined` when the tag does not fit. */
  readonly open: (address: number, nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined
}

let started: TrialKernel | null | undefined

/** The process's one instance; `undefined` where WebAssembly is refused or has no SIMD. */
export function trialKernel(): TrialKernel | undefined {
  if (started === undefined) started = start() ?? null
  return started ?? undefined
}

function start(): TrialKernel | undefined {
  const instance = startModule<TrialExports>(gcmModule)
  if (instance === undefined) return undefined
  const { exports } = instance
  let { memory } = instance
  let list = new Uint32Array(memory.buffer, layout.list, trialsPerCall)
  // BOUNDED: the module's most pages; every key has a listener, of which there are a bounded number too.
  const free: number[] = []
  let next = pageLength

  /** Makes room for one more key. Growing moves the memory: views of it are made anew. */
  const place = (): number | undefined => {
    const reused = free.pop()
    if (reused !== undefined) return reused
    if (next + layout.gcmScheduleLength > memory.length) {
      try {
        exports.memory.grow(1)
      } catch {
        return undefined
      }
      memory = new Uint8Array(exports.memory.buffer)
      list = new Uint32Array(memory.buffer, layout.list, trialsPerCall)
    }
    next += layout.gcmScheduleLength
    return next - layout.gcmScheduleLength
  }
  const lend = (nonce: Uint8Array, sealed: Uint8Array): number => {
    memory.set(nonce, layout.counter)
    memory.set(sealed, layout.input)
    return sealed.length - tagLength
  }

  return {
    keep: key => {
      const address = place()
      if (address === undefined) return undefined
      memory.set(key, layout.rawKey)
      exports.expand(keyLength)
      exports.prepare()
      exports.keep(address)
      exports.forget(0)
      return address
    },
    drop: address => {
      exports.drop(address)
      free.push(address)
    },
    firstFitting: (addresses, nonce, sealed) => {
      const { length: count } = addresses
      for (let at = 0; at < count; at++) list[at] = addresses[at] ?? 0
      for (let at = count; at % 4 !== 0; at++) list[at] = 0
      const length = lend(nonce, sealed)
      const found = exports.firstFitting(count, length)
      exports.forget(length)
      return found
    },
    open: (address, nonce, sealed) => {
      exports.take(address)
      const length = lend(nonce, sealed)
      const fits = exports.open(rounds, length) !== 0
      const plaintext = fits ? memory.slice(layout.input, layout.input + length) : undefined
      exports.forget(length)
      return plaintext
    }
  }
}
