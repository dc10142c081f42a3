/** Sampling rates of AAC by their index in a frame's header. */
const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350] as const
const aacSamplesPerBlock = 1024

/** Bytes of a frame of AMR behind its header, by mode; each frame is 20 ms. */
const amrFrames = [12, 13, 15, 17, 19, 20, 26, 31, 5] as const
const amrWideFrames = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5] as const
const amrFrameMs = 20

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  Array.from(text).every((letter, index) => bytes[index] === letter.charCodeAt(0))

/**
 * How long a sound is, milliseconds, by the headers of its frames: AAC in ADTS frames, AMR, wide-band AMR. `undefined` when they do not say.
 */
export function audioDurationMs(bytes: Uint8Array): number | undefined {
  const wide = '#!AMR-WB\n'
  const narrow = '#!AMR\n'
  const ms = startsWith(bytes, wide)
    ? amrMs(bytes.subarray(wide.length), amrWideFrames)
    : startsWith(bytes, narrow)
      ? amrMs(bytes.subarray(narrow.length), amrFrames)
      : aacMs(bytes)
  return ms > 0 ? Math.round(ms) : undefined
}

function amrMs(frames: Uint8Array, sizes: readonly number[]): number {
  let count = 0
  // Each step takes at least the byte of the header.
  for (let at = 0; at < frames.length; count++) at += 1 + (sizes[((frames[at] ?? 0) >> 3) & 15] ?? 0)
  return count * amrFrameMs
}

function aacMs(bytes: Uint8Array): number {
  const byte = (index: number): number => bytes[index] ?? 0
  let ms = 0
  for (let at = 0; at + 7 <= bytes.length; ) {
    if (byte(at) !== 0xff || (byte(at + 1) & 0xf0) !== 0xf0) break
    const rate = aacRates[(byte(at + 2) >> 2) & 15]
    const length = ((byte(at + 3) & 3) << 11) | (byte(at + 4) << 3) | (byte(at + 5) >> 5)
    if (rate === undefined || length < 7) break
    ms += (((byte(at + 6) & 3) + 1) * aacSamplesPerBlock * 1000) / rate
    at += length
  }
  return ms
}
