/** Whole numbers from 0 to `below` − 1, the same for the same seed. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Bytes at which RLP changes its mind. */
const telling = [0x00, 0x01, 0x37, 0x38, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xb9, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xff]

/** A few random edits: bytes changed, put in, taken out, doubled or cut off. */
export function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const edited = Array.from(bytes)
  for (let edits = 1 + random(3); edits > 0; edits--) {
    const at = random(edited.length + 1)
    const byte = random(2) === 0 ? (telling[random(telling.length)] ?? 0) : random(256)
    const length = random(4)
    switch (random(6)) {
      case 0:
        edited.splice(at, 0, byte)
        break
      case 1:
        edited.splice(at, length)
        break
      case 2:
        edited.splice(at, 0, ...edited.slice(at, at + length))
        break
      case 3:
        edited.length = at
        break
      default:
        if (at < edited.length) edited[at] = byte
    }
  }
  return Uint8Array.from(edited)
}
