import { createAesCtr } from '@status-stack/crypto'

/** AES-256-CTR with an all-zero IV, one key stream for a whole direction, applied in place. */
export interface KeyStream {
  /** Encrypts or decrypts `bytes` with the next part of the stream. */
  readonly apply: (bytes: Uint8Array) => void
}

const empty = new Uint8Array(0)
const firstPool = 64
const largestPool = 4096

/**
 * The stream is made ahead in small pieces, so that a short frame costs no call into the cipher; long ones go straight
 * through it. Pieces grow with use: an idle connection holds a hundred bytes or two.
 */
export function createKeyStream(key: Uint8Array): KeyStream {
  const cipher = createAesCtr(key, new Uint8Array(16))
  let pool: Uint8Array = empty
  let at = 0
  let next = firstPool
  return {
    apply: bytes => {
      let done = 0
      while (done < bytes.length) {
        if (at === pool.length) {
          const rest = bytes.length - done
          if (rest >= largestPool) {
            const tail = bytes.subarray(done)
            tail.set(cipher.process(tail))
            return
          }
          pool = cipher.process(new Uint8Array(next))
          next = Math.min(next * 2, largestPool)
          at = 0
        }
        const count = Math.min(pool.length - at, bytes.length - done)
        for (let i = 0; i < count; i++) bytes[done + i] = (bytes[done + i] ?? 0) ^ (pool[at + i] ?? 0)
        at += count
        done += count
      }
    }
  }
}
