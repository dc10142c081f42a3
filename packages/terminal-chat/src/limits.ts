/** Every bound on what one line or one picture may cost. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** UTF-8 bytes of a line that is read: the protocol takes fewer and says so itself. */
  textBytes: 64 * 1024,
  /** UTF-16 units of one paste: more than the input takes; the rest is left out while it comes. */
  pasteCharacters: 64 * 1024,
  /** UTF-16 units that may come before the end mark of a paste, the rest that is left out among them: more than anybody means to paste. */
  pasteInput: 64 * 1024 * 1024,
  /** Milliseconds without input after which a paste has ended whose end mark never came: a slow line pauses for less as a rule. */
  pasteIdleMs: 3000,
  /** Pixels of a picture that is decoded: what cameras of 2020 sent after scaling has at most so many, and it takes half a second. */
  picturePixels: 2048 * 2048,
  /** MiB that decoding a JPEG may take: four bytes a pixel, several times over. */
  pictureDecodeMib: 256,
  /** Colours of a sixel picture: as many as terminals have registers for. */
  pictureColors: 256
})
