// One page of memory, cut up by hand; src/kernel/layout.ts repeats the numbers for the host.
// Static data (round constants) begins at 4096: build.mjs passes that as --memoryBase.

/** Working state: 25 lanes, or 25 pairs of them. */
export const state: usize = 0
/** The message block without its nonce: 25 lanes or pairs. The slot before it is scratch, see search.ts. */
export const template: usize = 1024
/** What must be zero of a digest: 4 lanes. */
export const mask: usize = 2048
/** Bytes to hash. */
export const input: usize = 8192

/** Bytes absorbed by one permutation. */
export const rate: usize = 136
/** An HMAC key, filled up with zeros to one SHA-256 block. */
export const blockKey: usize = 2048
