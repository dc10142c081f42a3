/** Every bound on what one file of a profile may cost. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Bytes of `account.json`, `node.json`, `peers.json`: each holds a few keys or peers. */
  profileFileBytes: 64 * 1024,
  /** Bytes of `holder.json`: a number, a word and a path. */
  holderBytes: 8 * 1024
})
