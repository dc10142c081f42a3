import { createAesEcb, type Keccak256 } from '@status-stack/crypto'

/** The running MAC of one direction. SPEC: devp2p RLPx, "MAC". */
export interface FrameMac {
  /** MAC of a 16-byte header ciphertext: 16 bytes, valid until the next call. */
  readonly header: (ciphertext: Uint8Array) => Uint8Array
  /** Takes in the next part of a body ciphertext. */
  readonly absorb: (ciphertext: Uint8Array) => void
  /** MAC of the body whose parts were taken in: 16 bytes, valid until the next call. */
  readonly finishBody: () => Uint8Array
  /** MAC of a whole body ciphertext: 16 bytes, valid until the next call. */
  readonly body: (ciphertext: Uint8Array) => Uint8Array
}

// Used within one call and never across calls: two arrays for all connections.
const seed = new Uint8Array(16)
const block = new Uint8Array(16)

/** A MAC over `state`, which it takes over; `key` is the MAC secret, 32 bytes. */
export function createFrameMac(key: Uint8Array, state: Keccak256): FrameMac {
  const cipher = createAesEcb(key)
  const step = (digest: Uint8Array): Uint8Array => {
    block.set(digest.subarray(0, 16))
    const mixed = cipher.encryptBlock(block)
    for (let i = 0; i < 16; i++) mixed[i] = (mixed[i] ?? 0) ^ (seed[i] ?? 0)
    return state.update(mixed).digest().subarray(0, 16)
  }
  const absorb = (ciphertext: Uint8Array): void => {
    state.update(ciphertext)
  }
  const finishBody = (): Uint8Array => {
    const digest = state.digest()
    seed.set(digest.subarray(0, 16))
    return step(digest)
  }
  return {
    absorb,
    finishBody,
    header: ciphertext => {
      seed.set(ciphertext)
      // The digest of the last step again; the state remembers it.
      return step(state.digest())
    },
    body: ciphertext => {
      absorb(ciphertext)
      return finishBody()
    }
  }
}
