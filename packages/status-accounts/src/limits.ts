/** Every bound on what a file or a text from outside can make us hold or compute. */
export const limits = Object.freeze({
  /** Characters of a keystore file: those of others with every extension have about 2 000. */
  keystoreCharacters: 64 * 1024,
  /** Memory that one keystore may make scrypt use, bytes (128 · r · (n + p)): twice that of the standard cost, and a phone has it. */
  scryptMemoryBytes: 513 * 1024 * 1024,
  /** Work that one keystore may ask of scrypt: n · r · p, 32 times the standard cost, half a minute or so. */
  scryptWork: 2 ** 26,
  /** Most that r and p may be each; the work bounds their product, this what is handed to the platform. */
  scryptFactor: 2 ** 20,
  /** Rounds that one keystore may ask of PBKDF2: 40 times what clients write, a few seconds. */
  pbkdf2Rounds: 10_000_000,
  /** Characters of a key in text form; base 2 is the longest, with 536. */
  keyTextCharacters: 600,
  /** Characters of a contact link or QR payload: about what a QR code holds at a level that cameras read. */
  linkCharacters: 2048,
  /** Enodes in one contact link: each becomes a connection. */
  linkEnodes: 4,
  /** Steps of a derivation path: Status uses five, and each costs a multiplication on the curve. */
  pathSteps: 16
})
