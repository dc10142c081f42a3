// One page of memory of the module `frame`; src/kernel/frame-kernel.ts repeats the numbers for the host.

/** The running Keccak: 25 lanes, and behind them the 32 bytes of its latest digest. */
export const state: usize = 0
export const latest: usize = 200
/** The round keys of the MAC's AES-256. */
export const schedule: usize = 240
/** A key before it is expanded. */
export const rawKey: usize = 480
/** A permuted state that nothing goes on from. */
export const scratch: usize = 512
/** A block of 16 bytes on its way into the state. */
export const block: usize = 720
/** Behind all that holds secrets but the key stream. */
export const secretsEnd: usize = 736
/** The key stream. */
export const pad: usize = 8192
/** Header, its MAC, body, its MAC. */
export const input: usize = 36_864
/** Bytes absorbed by one permutation. */
export const rate: usize = 136
