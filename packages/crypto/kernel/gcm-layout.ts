// The memory of the module `gcm`; src/kernel/gcm-kernel.ts and trial-kernel.ts repeat the numbers for the host.

/** Round keys of 16 bytes each, 15 at most. */
export const schedule: usize = 0
/** The GHASH key. */
export const hashKey: usize = 240
/** The GHASH tables of the powers of the key. */
export const hashTables: usize = 256
/** Bytes of the tables of one power. */
export const hashTablesLength: usize = 544
/** A key of 16 or 32 bytes before it is expanded. */
export const rawKey: usize = 1344
/** A counter block of 16 bytes; of GCM its first 12, the nonce. */
export const counter: usize = 1376
/** Five blocks of key stream. */
export const stream: usize = 1392
/** The GHASH key times x⁰ to x⁷, 32 bytes each. */
export const multiples: usize = 1472
/** Behind all that holds secrets but the input. */
export const secretsEnd: usize = 1728
/** Where the prepared keys lie that are tried: addresses of 4 bytes. */
export const list: usize = 2048
/** Bytes to seal or open, in place. Keys that are kept lie behind the first page. */
export const input: usize = 8192
