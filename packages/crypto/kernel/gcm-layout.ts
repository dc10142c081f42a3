// One page of memory of the module `gcm`; src/kernel/gcm-kernel.ts repeats the numbers for the host.

/** Round keys of 16 bytes each, the first one as it is, the others with the S-box's constant added; 15 at most. */
export const schedule: usize = 0
/** The GHASH key. Lies behind the round keys, so that both are saved and put back as one piece of 256 bytes. */
export const hashKey: usize = 240
/** A key of 16 or 32 bytes before it is expanded. */
export const rawKey: usize = 256
/** A counter block of 16 bytes; of GCM its first 12, the nonce. */
export const counter: usize = 288
/** The tag that was computed. */
export const tag: usize = 304
/** Eight planes: bit i of the bytes of eight blocks. */
export const planes: usize = 320
/** Eight blocks of key stream. */
export const stream: usize = 448
/** The GHASH key cut up for multiplication: six words of four parts each. */
export const parts: usize = 576
/** The running GHASH, 16 bytes. */
export const sum: usize = 768
/** The round keys as planes, 128 bytes each: made of the schedule for one message. */
export const keyPlanes: usize = 1024
/** Bytes to seal or open, in place. */
export const input: usize = 8192
