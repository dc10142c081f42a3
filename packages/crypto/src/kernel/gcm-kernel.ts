import { gcmModule } from '../gen/gcm.ts'
import { startModule } from './module.ts'

/** The kernel's memory, as kernel/gcm-layout.ts cuts it up. */
export const gcmLayout = {
  /** Round keys and the GHASH key. */
  scheduleLength: 256,
  /** The same with the tables of GHASH. */
  gcmScheduleLength: 1344,
  rawKey: 1344,
  counter: 1376,
  list: 2048,
  input: 8192
} as const

const { rawKey: rawKeyAt, counter: counterAt, input: inputAt, scheduleLength, gcmScheduleLength } = gcmLayout
const nonceLength = 12
const tagLength = 16
const blockLength = 16

/** The longest message that the kernel takes. */
export const longestGcm = 48 * 1024

interface GcmExports {
  readonly expand: (length: number) => number
  readonly prepare: () => void
  readonly seal: (rounds: number, length: number) => void
  readonly open: (rounds: number, length: number) => number
  readonly ctr: (rounds: number, length: number) => void
  readonly encrypt: (rounds: number) => void
  readonly forget: (length: number) => void
}

/** An expanded key, to be kept with as much care as the key itself. */
export interface AesSchedule {
  readonly bytes: Uint8Array
  readonly rounds: number
}

/** With the tables of GHASH: five times the bytes. */
export interface GcmSchedule extends AesSchedule {
  readonly forGcm: true
}

/**
 * AES in WebAssembly, its tables in registers: no memory is indexed and no branch is taken by a secret. For messages that are too short to
 * be worth a cipher object of OpenSSL, and for browsers. Nothing of a call stays in its memory.
 */
export interface GcmKernel {
  readonly expand: (key: Uint8Array) => AesSchedule
  readonly expandGcm: (key: Uint8Array) => GcmSchedule
  /** Ciphertext‖tag(16), and `room` bytes more. */
  readonly seal: (schedule: GcmSchedule, nonce: Uint8Array, plaintext: Uint8Array, room: number) => Uint8Array
  /** The plaintext of ciphertext‖tag(16), `undefined` when the tag does not fit. */
  readonly open: (schedule: GcmSchedule, nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined
  /** The bare permutation of one block, written over it. */
  readonly encryptBlock: (schedule: AesSchedule, block: Uint8Array) => void
  /** AES-CTR; the last four bytes of the counter block must not overflow. */
  readonly ctr: (schedule: AesSchedule, iv: Uint8Array, bytes: Uint8Array) => Uint8Array
}

let started: GcmKernel | null | undefined

/** The process's one instance; `undefined` where WebAssembly is refused or has no SIMD. */
export function gcmKernel(): GcmKernel | undefined {
  if (started === undefined) started = start() ?? null
  return started ?? undefined
}

function start(): GcmKernel | undefined {
  const instance = startModule<GcmExports>(gcmModule)
  if (instance === undefined) return undefined
  const { memory, exports } = instance
  const result = memory.subarray(inputAt, inputAt + blockLength)
  const expanded = (key: Uint8Array): number => {
    memory.set(key, rawKeyAt)
    return exports.expand(key.length)
  }
  return {
    expand: key => {
      const rounds = expanded(key)
      const bytes = memory.slice(0, scheduleLength)
      exports.forget(0)
      return { bytes, rounds }
    },
    expandGcm: key => {
      const rounds = expanded(key)
      exports.prepare()
      const bytes = memory.slice(0, gcmScheduleLength)
      exports.forget(0)
      return { bytes, rounds, forGcm: true }
    },
    seal: (schedule, nonce, plaintext, room) => {
      const { length } = plaintext
      memory.set(schedule.bytes)
      memory.set(nonce, counterAt)
      memory.set(plaintext, inputAt)
      exports.seal(schedule.rounds, length)
      const sealed = new Uint8Array(length + tagLength + room)
      sealed.set(memory.subarray(inputAt, inputAt + length + tagLength))
      exports.forget(length + tagLength)
      return sealed
    },
    open: (schedule, nonce, sealed) => {
      const length = sealed.length - tagLength
      memory.set(schedule.bytes)
      memory.set(nonce, counterAt)
      memory.set(sealed, inputAt)
      const plaintext =
        exports.open(schedule.rounds, length) === 0 ? undefined : memory.slice(inputAt, inputAt + length)
      exports.forget(length)
      return plaintext
    },
    encryptBlock: (schedule, block) => {
      memory.set(schedule.bytes)
      memory.set(block, inputAt)
      exports.encrypt(schedule.rounds)
      block.set(result)
      exports.forget(blockLength)
    },
    ctr: (schedule, iv, bytes) => {
      memory.set(schedule.bytes)
      memory.set(iv, counterAt)
      memory.set(bytes, inputAt)
      exports.ctr(schedule.rounds, bytes.length)
      const out = memory.slice(inputAt, inputAt + bytes.length)
      exports.forget(bytes.length)
      return out
    }
  }
}

/** Whether the counter of these blocks stays within the last four bytes of the IV. */
export function fitsCounter(iv: Uint8Array, length: number): boolean {
  const view = new DataView(iv.buffer, iv.byteOffset, iv.length)
  return view.getUint32(nonceLength) + Math.ceil(length / 64) * 4 < 2 ** 32
}
