import { keccakP } from '@noble/hashes/sha3.js'
import type { NonceEngine } from './engine.ts'

const stateLength = 200
const rate = 136

/** 32-bit little-endian words whatever the machine's byte order. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}

function bytesOf(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length))
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true)
  })
  return new Uint8Array(view.buffer)
}

function xorByte(words: Uint32Array, at: number, byte: number): void {
  words[at >> 2] = (words[at >> 2] ?? 0) ^ (byte << (8 * (at & 3)))
}

/** Where WebAssembly is refused: noble's permutation on one reused state. */
export const jsEngine: NonceEngine = {
  variant: 'js',
  permute: bytes => {
    const words = wordsOf(bytes)
    keccakP(words, 24)
    return bytesOf(words)
  },
  search: ({ template, offset, paddingBlockFollows }, mask, start, count) => {
    const first = wordsOf(template)
    const target = wordsOf(mask)
    const words = new Uint32Array(stateLength / 4)
    const nonce = new DataView(new ArrayBuffer(8))
    nonce.setBigUint64(0, start)
    for (let i = 0; i < count; i++) {
      words.set(first)
      for (let at = Math.max(0, -offset); at < 8; at++) xorByte(words, offset + at, nonce.getUint8(at))
      keccakP(words, 24)
      if (paddingBlockFollows) {
        xorByte(words, 0, 0x01)
        xorByte(words, rate - 1, 0x80)
        keccakP(words, 24)
      }
      if (target.every((bits, at) => ((words[at] ?? 0) & bits) === 0)) return i
      const low = (nonce.getUint32(4) + 1) >>> 0
      nonce.setUint32(4, low)
      if (low === 0) nonce.setUint32(0, nonce.getUint32(0) + 1)
    }
    return -1
  }
}
