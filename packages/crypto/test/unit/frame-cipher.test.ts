import { afterEach, expect, test } from 'vitest'
import {
  createFrameCipher,
  createKeccak256,
  type FrameCipher,
  type Keccak256,
  useHashBackend
} from '../../src/index.ts'
import { frameKernel, frameLayout } from '../../src/kernel/frame-kernel.ts'

const bytes = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 97 + (i >> 8) + 37 * seed) & 0xff)
/** As `toEqual`, without looking for what differs in tens of thousands of bytes. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

// Around blocks of AES and of Keccak, and around the longest body of one call.
const { longestPart } = frameLayout
const lengths = [0, 16, 96, 112, 128, 144, 272, 592, 4096, longestPart - 16, longestPart, longestPart + 16, 70_000]

afterEach(() => void useHashBackend('auto'))

interface Side {
  readonly cipher: FrameCipher
  readonly state: Keccak256
}

/** With `seeded` bytes in the state before the first frame: a handshake leaves any number of them. */
function side(seeded: number, backend: 'wasm' | 'js'): Side {
  // The state decides too: one of noble's cannot go on in the kernel.
  useHashBackend(backend)
  const state = createKeccak256().update(bytes(seeded, 3))
  const cipher = createFrameCipher({ aes: bytes(32, 1), mac: bytes(32, 2), state })
  return { cipher, state }
}

function frameOf(length: number): Uint8Array {
  const frame = new Uint8Array(48 + length)
  frame.set(bytes(16, length))
  frame.set(bytes(length, 5), 32)
  return frame
}

function opened(cipher: FrameCipher, frame: Uint8Array): Uint8Array | undefined {
  const header = frame.slice(0, 32)
  if (!cipher.openHeader(header)) return undefined
  const body = frame.slice(32)
  const parts = body.length > 65_552 ? 65_536 : 0
  cipher.openPart(body.subarray(0, parts))
  return cipher.finish(body.subarray(parts))
    ? Uint8Array.of(...header.subarray(0, 16), ...body.subarray(0, -16))
    : undefined
}

test('C-73 frames of the kernel are those put together of hash and ciphers, at every length around its edges, and open', () => {
  for (const seeded of [0, 32, 135, 136, 339]) {
    const [kernel, composed] = [side(seeded, 'wasm'), side(seeded, 'js')]
    const [kernelReader, composedReader] = [side(seeded, 'wasm'), side(seeded, 'js')]
    for (const length of lengths) {
      const [frame, expected] = [frameOf(length), frameOf(length)]
      kernel.cipher.seal(frame)
      composed.cipher.seal(expected)
      expect(same(frame, expected)).toBe(true)
      // The state that was taken over goes on with the frames.
      expect(kernel.state.digest()).toEqual(composed.state.digest())
      const plain = frameOf(length)
      const content = Uint8Array.of(...plain.subarray(0, 16), ...plain.subarray(32, -16))
      for (const reader of [kernelReader, composedReader]) {
        const found = opened(reader.cipher, frame)
        expect(found !== undefined && same(found, content)).toBe(true)
      }
    }
  }
})

test('C-73 whatever was touched of a frame opens on neither backend', () => {
  for (const backend of ['wasm', 'js'] as const) {
    const frame = frameOf(160)
    side(33, backend).cipher.seal(frame)
    for (let at = 0; at < frame.length; at++) {
      const touched = frame.slice()
      touched[at] = (touched[at] ?? 0) ^ 1
      expect(opened(side(33, backend).cipher, touched)).toBeUndefined()
    }
    expect(opened(side(33, backend).cipher, frame)).toBeDefined()
  }
})

test('C-73 no key, no state and no key stream of a call stays in the memory of the kernel', () => {
  const { cipher } = side(40, 'wasm')
  cipher.seal(frameOf(592))
  const reader = side(40, 'wasm').cipher
  const frame = frameOf(592)
  side(40, 'wasm').cipher.seal(frame)
  expect(opened(reader, frame)).toBeDefined()
  const memory = frameKernel()?.memory
  expect(memory?.subarray(0, 1024).every(byte => byte === 0)).toBe(true)
  expect(memory?.subarray(frameLayout.pad, frameLayout.input).every(byte => byte === 0)).toBe(true)
})

test('C-73 what is no frame is refused', () => {
  const { cipher } = side(0, 'wasm')
  for (const length of [0, 32, 47, 49]) expect(() => cipher.seal(bytes(length))).toThrow('whole blocks')
  for (const length of [0, 16, 33]) expect(() => cipher.openHeader(bytes(length))).toThrow('32 bytes')
  expect(() => cipher.openPart(bytes(15))).toThrow('whole blocks')
  for (const length of [0, 15, 17]) expect(() => cipher.finish(bytes(length))).toThrow('whole blocks')
  const state = createKeccak256()
  expect(() => createFrameCipher({ aes: bytes(16), mac: bytes(32), state })).toThrow('32 bytes')
  expect(() => createFrameCipher({ aes: bytes(32), mac: bytes(16), state })).toThrow('32 bytes')
  for (const wrong of [undefined, {}, { aes: bytes(32), mac: bytes(32) }]) {
    expect(() => createFrameCipher(wrong as never)).toThrowError(
      expect.objectContaining({ name: 'CryptoError', origin: 'caller' })
    )
  }
})
