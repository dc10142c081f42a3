import { bloomLength, type RequestPayload } from '@status-stack/whisper/wire'
import { cursorLength, fullKeyLength } from '../keys.ts'
import { limits } from '../limits.ts'

const rangeLength = 8
const bloomEnd = rangeLength + bloomLength
const limitEnd = bloomEnd + 4

/**
 * Whether bytes are one RLP list as far as its header says. Such a payload is never read as binary: its first four bytes
 * would be a second after the year 2071.
 */
export function isRlpList(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0
  if (first < 0xc0) return false
  if (first <= 0xf7) return bytes.length === 1 + first - 0xc0
  let length = 0
  const size = first - 0xf7
  for (let i = 1; i <= size; i++) length = length * 256 + (bytes[i] ?? 0)
  return bytes.length === 1 + size + length
}

/**
 * The binary form: lower(4) ‖ upper(4) [‖ bloom(64) [‖ limit(4) [‖ cursor]]], big-endian; answers the text of a refusal.
 * SPEC: status-go's fallback for requests of 2018. DEVIATION: a cursor of 36 bytes is read; status-go looks for 40, which
 * nobody has ever sent.
 */
export function decodeBinaryRequest(bytes: Uint8Array, peerId: string): RequestPayload | string {
  if (bytes.length < rangeLength) return 'Undersized p2p request'
  if (bytes.length > rangeLength && bytes.length < bloomEnd) return 'Undersized bloom filter in p2p request'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const lower = view.getUint32(0)
  const upper = view.getUint32(4)
  if (lower > upper) return `query range is invalid: from > to (${lower} > ${upper})`
  if (upper - lower > limits.maxBinaryRange) return `query range too big for peer ${peerId}`
  const rest = bytes.subarray(limitEnd)
  const hasCursor = rest.length === cursorLength || rest.length === fullKeyLength
  return {
    lower,
    upper,
    bloom: bytes.length === rangeLength ? new Uint8Array(bloomLength).fill(0xff) : bytes.slice(rangeLength, bloomEnd),
    limit: bytes.length >= limitEnd ? view.getUint32(bloomEnd) : 0,
    cursor: hasCursor ? rest.slice(0, cursorLength) : new Uint8Array(0),
    batch: false
  }
}
