import { RlpError } from './errors.ts'
import { defaultRlpLimits, type RlpLimits } from './limits.ts'

/** A decoded item: a string as a view into the input, or a list of items. */
export type RlpItem = Uint8Array | readonly RlpItem[]

interface Header {
  readonly list: boolean
  readonly start: number
  readonly end: number
}

function notCanonical(at: number): RlpError {
  return new RlpError('not-canonical', `RLP: not the shortest form at byte ${at}`, 'peer', { at })
}

function readHeader(bytes: Uint8Array, at: number, limit: number): Header {
  const first = bytes[at]
  if (first === undefined || at >= limit)
    throw new RlpError('truncated', `RLP: nothing to read at byte ${at}`, 'peer', { at })
  if (first < 0x80) return { list: false, start: at, end: at + 1 }
  const list = first >= 0xc0
  const short = first - (list ? 0xc0 : 0x80)
  let start = at + 1
  let length = short
  if (short > 55) {
    const lengthBytes = short - 55
    if (start + lengthBytes > limit)
      throw new RlpError('truncated', `RLP: length cut off at byte ${at}`, 'peer', { at })
    length = 0
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (bytes[start] === 0 || length <= 55) throw notCanonical(at)
    start += lengthBytes
  }
  const end = start + length
  if (end > limit) throw new RlpError('truncated', `RLP: item at byte ${at} ends after its container`, 'peer', { at })
  if (!list && length === 1 && (bytes[start] ?? 0) < 0x80) throw notCanonical(at)
  return { list, start, end }
}

/** One item and how many bytes it took; bytes behind it are the caller's business. */
export function decodeRlpPrefix(
  bytes: Uint8Array,
  limits: RlpLimits = defaultRlpLimits
): { readonly item: RlpItem; readonly length: number } {
  let items = 0
  const count = (): void => {
    if (++items > limits.maxItems) throw new RlpError('too-many-items', `RLP: more than ${limits.maxItems} items`)
  }
  const top = readHeader(bytes, 0, bytes.length)
  count()
  if (!top.list) return { item: bytes.subarray(top.start, top.end), length: top.end }
  // An explicit stack: depth is bounded by `maxDepth`, never by the engine's call stack.
  const root: RlpItem[] = []
  const stack: { readonly items: RlpItem[]; readonly end: number }[] = [{ items: root, end: top.end }]
  if (limits.maxDepth < 1) throw new RlpError('too-deep', `RLP: lists nested deeper than ${limits.maxDepth}`)
  let at = top.start
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (at === frame.end) {
      stack.pop()
      continue
    }
    const header = readHeader(bytes, at, frame.end)
    count()
    if (header.list) {
      if (stack.length >= limits.maxDepth)
        throw new RlpError('too-deep', `RLP: lists nested deeper than ${limits.maxDepth}`)
      const list: RlpItem[] = []
      frame.items.push(list)
      stack.push({ items: list, end: header.end })
      at = header.start
    } else {
      frame.items.push(bytes.subarray(header.start, header.end))
      at = header.end
    }
  }
  return { item: root, length: top.end }
}

/** Exactly one item; bytes behind it are an error. Strings are views into `bytes`. */
export function decodeRlp(bytes: Uint8Array, limits: RlpLimits = defaultRlpLimits): RlpItem {
  const { item, length } = decodeRlpPrefix(bytes, limits)
  if (length !== bytes.length) {
    throw new RlpError('trailing-bytes', `RLP: ${bytes.length - length} bytes behind the item`, 'peer', {
      extra: bytes.length - length
    })
  }
  return item
}
