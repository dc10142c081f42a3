import { hexToBytes } from '@status-stack/crypto'
import { check, InspectorError } from './errors.ts'
import { type CaptureLimits, captureLimits as defaults } from './limits.ts'

/** One blob and where it came from, such as `capture.hex:3`. */
export interface Blob {
  /** For people: it is shown beside what was found. */
  readonly source: string
  /** What is inspected. */
  readonly bytes: Uint8Array
}

/**
 * The blobs of one input: lines of hex digits, in their order, or one binary blob. Empty lines and those that begin with
 * `#` are passed over. @throws InspectorError `too-many-blobs`, `invalid-argument`
 *
 * @example
 * ```ts
 * blobsOf('capture.hex', new TextEncoder().encode('00ff\n# a comment\n01')).length // 2
 * ```
 */
export function blobsOf(source: string, bytes: Uint8Array, limits: CaptureLimits = defaults): readonly Blob[] {
  check.text('source', source)
  check.bytes('bytes', bytes)
  const lines = hexLines(bytes)
  if (lines === undefined) return bytes.length === 0 ? [] : [{ source, bytes }]
  const blobs: Blob[] = []
  for (const [index, line] of lines.entries()) {
    const blob = hexOf(line)
    if (blob === undefined || line === '') continue
    // BOUNDED: blobs
    if (blobs.length >= limits.blobs) {
      throw new InspectorError('too-many-blobs', `${source}: more than ${limits.blobs} blobs`)
    }
    blobs.push({ source: `${source}:${index + 1}`, bytes: blob })
  }
  return blobs
}

/** The lines of a text of nothing but hex digits and comments; `undefined` for anything else. Comments become empty. */
function hexLines(bytes: Uint8Array): readonly string[] | undefined {
  // Told by its bytes first: a large binary blob is never made a string.
  const beginning = bytes.subarray(0, 256)
  if (!beginning.every(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))) return undefined
  const text = new TextDecoder('latin1').decode(bytes)
  const lines = text.split(/\r\n|[\r\n]/).map(line => (line.trimStart().startsWith('#') ? '' : line.trim()))
  return lines.every(line => line === '' || hexOf(line) !== undefined) ? lines : undefined
}

/**
 * Bytes of hex digits with or without `0x`; `undefined` for anything else.
 *
 * @example
 * ```ts
 * hexOf('0x00ff')?.length // 2
 * ```
 */
export function hexOf(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') || text.startsWith('0X') ? text.slice(2) : text
  return digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? hexToBytes(digits.toLowerCase()) : undefined
}
