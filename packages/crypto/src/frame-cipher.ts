import { type AesEcb, createAesEcb } from './aes.ts'
import { equalBytes } from './bytes.ts'
import { assertLength, check } from './checks.ts'
import { CryptoError } from './errors.ts'
import { createFrameKeyStream, type FrameKeyStream } from './frame-key-stream.ts'
import { type Keccak256, KernelKeccak } from './keccak.ts'
import { activeFrameKernel } from './kernel/backend.ts'
import { type FrameKernel, frameLayout as layout } from './kernel/frame-kernel.ts'

/** Encryption and MACs of the RLPx frames of one direction, in order. SPEC: devp2p RLPx, "Framing", "MAC". */
export interface FrameCipher {
  /** Encrypts a frame in place and writes its MACs: header(16)‖room(16)‖body‖room(16), the body whole blocks of 16 bytes. */
  readonly seal: (frame: Uint8Array) => void
  /** Decrypts header(16)‖MAC(16) in place, if the MAC fits; whether it does. After `false` the cipher is of no use. */
  readonly openHeader: (header: Uint8Array) => boolean
  /** Decrypts the next part of a body in place, whole blocks. Nothing of it is to be used before {@link FrameCipher.finish} says `true`. */
  readonly openPart: (part: Uint8Array) => void
  /** Decrypts the last part of a body in place, with the MAC behind it; whether the MAC is that of the body. */
  readonly finish: (partAndMac: Uint8Array) => boolean
}

/** What the frames of one direction begin with. */
export interface FrameSecrets {
  /** AES-256 key of the frames, 32 bytes; copied. */
  readonly aes: Uint8Array
  /** AES-256 key of the MACs, 32 bytes; copied. */
  readonly mac: Uint8Array
  /** MAC state, which the cipher takes over: it goes on with every frame. */
  readonly state: Keccak256
}

const blockLength = 16
const headerLength = 32

function assertBlocks(name: string, bytes: Uint8Array, least: number): void {
  check.bytes(name, bytes)
  if (bytes.length >= least && bytes.length % blockLength === 0) return
  throw new CryptoError(
    'invalid-length',
    `${name}: expected whole blocks, ${least} bytes or more, got ${bytes.length}`,
    {
      origin: 'caller'
    }
  )
}

/**
 * The cipher of the frames of one direction of an RLPx session; one is for sealing or for opening.
 * @throws CryptoError `invalid-length`, `invalid-argument`; its functions for what is no frame
 *
 * @example
 * ```ts
 * const sealer = createFrameCipher({ aes, mac, state: createKeccak256().update(seed) })
 * const frame = new Uint8Array(32 + 16 + 16)
 * frame.set(header)
 * frame.set(body, 32)
 * sealer.seal(frame)
 * ```
 */
export function createFrameCipher(secrets: FrameSecrets): FrameCipher {
  check.object('secrets', secrets)
  const { aes, mac, state } = secrets
  assertLength('aes', aes, 32)
  assertLength('mac', mac, 32)
  check.object('state', state)
  const stream = createFrameKeyStream(aes)
  const kernel = activeFrameKernel()
  const composed = new ComposedCipher(stream, mac, state)
  const cipher =
    kernel !== undefined && state instanceof KernelKeccak
      ? new KernelCipher(kernel, stream, mac, state, composed)
      : composed
  return {
    seal: frame => {
      assertBlocks('frame', frame, headerLength + blockLength)
      cipher.seal(frame)
    },
    openHeader: header => {
      assertLength('header', header, headerLength)
      return cipher.openHeader(header)
    },
    openPart: part => {
      assertBlocks('part', part, 0)
      composed.openPart(part)
    },
    finish: partAndMac => {
      assertBlocks('part and MAC', partAndMac, blockLength)
      return cipher.finish(partAndMac)
    }
  }
}

// Used within one call and never across calls: arrays for all connections.
const seed = new Uint8Array(blockLength)
const block = new Uint8Array(blockLength)

/** Put together of stream, hash and block cipher: where there is no kernel, and for what is too long for its memory. */
class ComposedCipher {
  readonly #stream: FrameKeyStream
  readonly #state: Keccak256
  readonly #cipher: AesEcb

  constructor(stream: FrameKeyStream, mac: Uint8Array, state: Keccak256) {
    this.#stream = stream
    this.#state = state
    this.#cipher = createAesEcb(mac)
  }

  seal(frame: Uint8Array): void {
    const macAt = frame.length - blockLength
    const header = frame.subarray(0, blockLength)
    this.#stream.apply(header)
    this.#mix(header)
    frame.set(block, blockLength)
    const body = frame.subarray(headerLength, macAt)
    this.#stream.apply(body)
    this.#state.update(body)
    this.#mixDigest()
    frame.set(block, macAt)
  }

  openHeader(header: Uint8Array): boolean {
    const content = header.subarray(0, blockLength)
    this.#mix(content)
    if (!equalBytes(block, header.subarray(blockLength))) return false
    this.#stream.apply(content)
    return true
  }

  openPart(part: Uint8Array): void {
    this.#state.update(part)
    this.#stream.apply(part)
  }

  finish(partAndMac: Uint8Array): boolean {
    const macAt = partAndMac.length - blockLength
    this.openPart(partAndMac.subarray(0, macAt))
    this.#mixDigest()
    return equalBytes(block, partAndMac.subarray(macAt))
  }

  #mixDigest(): void {
    this.#state.digestInto(block)
    this.#mix(block)
  }

  /** Mixes the digest and `bytes` into the state; the MAC, in `block`, is the digest then. */
  #mix(bytes: Uint8Array): void {
    seed.set(bytes)
    this.#state.digestInto(block)
    this.#cipher.encryptInPlace(block)
    for (let i = 0; i < blockLength; i++) block[i] = (block[i] ?? 0) ^ (seed[i] ?? 0)
    this.#state.update(block).digestInto(block)
  }
}

/** Key stream and MACs in one call for each frame. */
class KernelCipher {
  readonly #kernel: FrameKernel
  readonly #stream: FrameKeyStream
  readonly #state: KernelKeccak
  readonly #composed: ComposedCipher
  readonly #schedule: Uint8Array
  readonly #lent: Uint8Array

  constructor(
    kernel: FrameKernel,
    stream: FrameKeyStream,
    mac: Uint8Array,
    state: KernelKeccak,
    composed: ComposedCipher
  ) {
    const { memory, exports } = kernel
    memory.set(mac, layout.rawKey)
    exports.expand()
    this.#schedule = memory.slice(layout.schedule, layout.schedule + layout.scheduleLength)
    exports.forget()
    this.#kernel = kernel
    this.#stream = stream
    this.#state = state
    this.#composed = composed
    this.#lent = memory.subarray(layout.state, layout.state + layout.stateLength)
  }

  seal(frame: Uint8Array): void {
    const length = frame.length - headerLength - blockLength
    if (length > layout.longestPart) {
      this.#composed.seal(frame)
      return
    }
    this.#lend(frame, blockLength + length)
    this.#kernel.exports.seal(length)
    // Each MAC is a block that goes into the state.
    this.#takeBack(frame, length + 2 * blockLength)
  }

  openHeader(header: Uint8Array): boolean {
    this.#lend(header, blockLength)
    const fits = this.#kernel.exports.openHeader() !== 0
    this.#takeBack(header, blockLength)
    return fits
  }

  finish(partAndMac: Uint8Array): boolean {
    const length = partAndMac.length - blockLength
    if (length > layout.longestPart) return this.#composed.finish(partAndMac)
    this.#lend(partAndMac, length)
    const fits = this.#kernel.exports.finish(length) !== 0
    this.#takeBack(partAndMac, length + blockLength)
    return fits
  }

  /** Puts the bytes, so much of the key stream and the state where the kernel takes them from. */
  #lend(bytes: Uint8Array, streamLength: number): void {
    const { memory, exports } = this.#kernel
    this.#lent.set(this.#state.lend())
    memory.set(this.#schedule, layout.schedule)
    this.#stream.copy(memory, layout.pad, streamLength)
    memory.set(bytes, layout.input)
    exports.begin(this.#state.open)
  }

  #takeBack(bytes: Uint8Array, absorbed: number): void {
    const { memory, exports } = this.#kernel
    bytes.set(memory.subarray(layout.input, layout.input + bytes.length))
    this.#state.lend().set(this.#lent)
    this.#state.wentOn(absorbed)
    exports.forget()
  }
}
