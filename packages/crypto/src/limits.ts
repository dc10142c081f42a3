/** Most memory that one scrypt may take, bytes (1 GiB and its small change): keystore files name their own cost. */
export const maxScryptMemory = 2 ** 30 + 2 ** 24

/** Most rounds of one PBKDF2: a minute or two, for files from elsewhere. */
export const maxPbkdf2Iterations = 100_000_000

/** Most bytes of output of PBKDF2 and scrypt. */
export const maxDerivedLength = 1 << 20
