/** Every bound on what a file or a text from outside can make us hold or compute. */
export const limits = Object.freeze({
  /** Characters of a keystore file. */
  keystoreCharacters: 64 * 1024,
  /** Memory that one keystore may make scrypt use, bytes (128 · n · r). */
  scryptMemoryBytes: 512 * 1024 * 1024,
  /** Work that one keystore may ask of scrypt: n · r · p. */
  scryptWork: 2 ** 26,
  /** Rounds that one keystore may ask of PBKDF2. */
  pbkdf2Rounds: 10_000_000,
  /** Characters of a key in text form; base 2 is the longest. */
  keyTextCharacters: 600,
  /** Characters of a contact link or QR payload. */
  linkCharacters: 2048,
  /** Enodes in one contact link. */
  linkEnodes: 4,
  /** Steps of a derivation path. */
  pathSteps: 16
})
