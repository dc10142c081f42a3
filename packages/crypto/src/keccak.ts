import { keccak_256 } from '@noble/hashes/sha3.js'

/** Original Keccak-256 (padding byte 0x01, not NIST SHA3-256) of `bytes`: 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes)
}

/** A running Keccak-256. `digest` does not end it: RLPx reads the state and goes on. */
export interface Keccak256 {
  readonly update: (bytes: Uint8Array) => Keccak256
  /** 32 bytes of what was absorbed so far. */
  readonly digest: () => Uint8Array
  /** An independent copy of the state. */
  readonly clone: () => Keccak256
}

/** A running Keccak-256 that has absorbed nothing. */
export function createKeccak256(): Keccak256 {
  return running(keccak_256.create())
}

function running(state: ReturnType<typeof keccak_256.create>): Keccak256 {
  const self: Keccak256 = {
    update: bytes => {
      state.update(bytes)
      return self
    },
    digest: () => state.clone().digest(),
    clone: () => running(state.clone())
  }
  return self
}
