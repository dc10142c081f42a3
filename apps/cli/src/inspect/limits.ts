/** Every bound on what one run of `inspect` reads. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Bytes of one input: a file, stdin or `--hex`. */
  inputBytes: 64 * 1024 * 1024,
  /** Bytes of a keys file. */
  keysFileBytes: 1024 * 1024
})

export type InputLimits = { readonly [K in keyof typeof limits]: number }
