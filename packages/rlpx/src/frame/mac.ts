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

// Used within one call and never across calls: three arrays for all connections. The MAC that is answered is the last of them.
const seed = new Uint8Array(16)
const block = new Uint8Array(16)
const mac = new Uint8Array(16)

/** A MAC over `state`, which it takes over; `key` is the MAC secret, 32 bytes. */
export function createFrameMac(key: Uint8Array, state: Keccak256): FrameMac {
  const cipher = createAesEcb(key)
  /** Mixes `block`, which holds the digest, and `seed` into the state. */
  const step = (): Uint8Array => {
    cipher.encryptInPlace(block)
    for (let i = 0; i < 16; i++) block[i] = (block[i] ?? 0) ^ (seed[i] ?? 0)
    state.update(block).digestInto(mac)
    return mac
  }
  const absorb = (ciphertext: Uint8Array): void => {
    state.update(ciphertext)
  }
  const finishBody = (): Uint8Array => {
    state.digestInto(block)
    seed.set(block)
    return step()
  }
  return {
    absorb,
    finishBody,
    header: ciphertext => {
      seed.set(ciphertext)
      // The digest of the last step again; the state remembers it.
      state.digestInto(block)
      return step()
    },
    body: ciphertext => {
      absorb(ciphertext)
      return finishBody()
    }
  }
}
