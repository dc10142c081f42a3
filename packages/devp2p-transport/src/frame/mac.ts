import { createAesEcb, type Keccak256 } from '@status-stack/crypto'

/** The running MAC of one direction. SPEC: devp2p RLPx, "MAC". */
export interface FrameMac {
  /** MAC of a 16-byte header ciphertext: 16 bytes, valid until the next call. */
  readonly header: (ciphertext: Uint8Array) => Uint8Array
  /** MAC of a body ciphertext: 16 bytes, valid until the next call. */
  readonly body: (ciphertext: Uint8Array) => Uint8Array
}

/** A MAC over `state`, which it takes over; `key` is the MAC secret, 32 bytes. */
export function createFrameMac(key: Uint8Array, state: Keccak256): FrameMac {
  const cipher = createAesEcb(key)
  // The digest of a step is also the input of the next header: kept, it saves one permutation a frame.
  let digest = state.digest()
  const seed = new Uint8Array(16)
  const block = new Uint8Array(16)
  const step = (): Uint8Array => {
    block.set(digest.subarray(0, 16))
    const mixed = cipher.encryptBlock(block)
    for (let i = 0; i < 16; i++) mixed[i] = (mixed[i] ?? 0) ^ (seed[i] ?? 0)
    digest = state.update(mixed).digest()
    return digest.subarray(0, 16)
  }
  return {
    header: ciphertext => {
      seed.set(ciphertext)
      return step()
    },
    body: ciphertext => {
      digest = state.update(ciphertext).digest()
      seed.set(digest.subarray(0, 16))
      return step()
    }
  }
}
