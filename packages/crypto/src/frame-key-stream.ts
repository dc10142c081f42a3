import { createAesCtr } from './aes.ts'

/** AES-256-CTR with an all-zero IV, one key stream for a whole direction. */
export interface FrameKeyStream {
  /** Encrypts or decrypts `bytes` in place with the next part of the stream. */
  readonly apply: (bytes: Uint8Array) => void
  /** Writes the next `length` bytes of the stream to `out`, from `at` on. */
  readonly copy: (out: Uint8Array, at: number, length: number) => void
}

const firstPool = 64
const largestPool = 4096
const zeros = new Uint8Array(largestPool)

/**
 * The stream is made ahead in small pieces, so that a short frame costs no call into the cipher; long ones go straight
 * through it. Pieces grow with use: an idle connection holds a hundred bytes or two.
 */
export function createFrameKeyStream(key: Uint8Array): FrameKeyStream {
  const cipher = createAesCtr(key, new Uint8Array(16))
  let pool: Uint8Array = zeros.subarray(0, 0)
  let at = 0
  let next = firstPool
  const refill = (): void => {
    pool = cipher.process(zeros.subarray(0, next))
    next = Math.min(next * 2, largestPool)
    at = 0
  }
  return {
    apply: bytes => {
      for (let done = 0; done < bytes.length; ) {
        if (at === pool.length) {
          if (bytes.length - done >= largestPool) {
            const tail = bytes.subarray(done)
            tail.set(cipher.process(tail))
            return
          }
          refill()
        }
        const count = Math.min(pool.length - at, bytes.length - done)
        for (let i = 0; i < count; i++) bytes[done + i] = (bytes[done + i] ?? 0) ^ (pool[at + i] ?? 0)
        at += count
        done += count
      }
    },
    copy: (out, to, length) => {
      for (let done = 0; done < length; ) {
        if (at === pool.length) refill()
        const count = Math.min(pool.length - at, length - done)
        out.set(pool.subarray(at, at + count), to + done)
        at += count
        done += count
      }
    }
  }
}
