/** The vector files of this package, without their `.json` ending. */
export const vectorFiles = Object.freeze([
  'accounts',
  'doubleratchet',
  'full-stack',
  'mvds',
  'payloads',
  'protocol-message',
  'rlpx',
  'status-topics',
  'waku',
  'whisper-envelope',
  'whisper-misc',
  'x3dh'
])

/** Loads one vector file; each call returns a fresh copy, so a test may change what it got. */
export async function loadVectors(file) {
  if (!vectorFiles.includes(file)) throw new RangeError(`unknown vector file: ${file}`)
  const module = await import(`./data/${file}.json`, { with: { type: 'json' } })
  return structuredClone(module.default)
}

/** Bytes of a vector's hex string: `0x…`, `0x` is empty. */
export function vectorBytes(hex) {
  if (!/^0x([0-9a-f]{2})*$/i.test(hex)) throw new TypeError('vector: expected 0x and an even number of hex digits')
  const bytes = new Uint8Array((hex.length - 2) / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16)
  return bytes
}

/** The vector spelling of bytes: lower-case hex with `0x`. */
export function vectorHex(bytes) {
  let hex = '0x'
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}
