/**
 * Every bound on what one file or one argument may cost. Each has a test that overruns it. The bounds of `inspect` stand in
 * inspect/limits.ts.
 */
export const limits = Object.freeze({
  /** Bytes of a password file: longer than any passphrase, short enough to read at once. */
  passwordBytes: 4096,
  /** Bytes of the settings file: a thousand enode URLs take about 200 KiB. */
  configBytes: 256 * 1024,
  /** Bytes of a file with one key, secret, phrase or URL. */
  secretFileBytes: 16 * 1024,
  /** Bytes of a backup: 256 MiB of history, which is what is read of one, as base64 with the keystore. */
  exportBytes: 352 * 1024 * 1024,
  /** Bytes of a file of vectors: the published ones have at most a few MiB. */
  vectorBytes: 64 * 1024 * 1024,
  /** Bytes of a list of words for three-word names: the published ones have some 15 KiB. */
  aliasListBytes: 1024 * 1024,
  /** UTF-8 bytes of a text that is read: the protocol takes fewer and says so itself. */
  textBytes: 64 * 1024,
  /** Milliseconds in which a shell is told what may stand at its cursor: it waits for that between two keystrokes. */
  completionMs: 1000
})
