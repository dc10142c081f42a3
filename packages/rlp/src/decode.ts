import { assertBytes, assertLimits, assertNumber } from './checks.ts'
import { RlpError } from './errors.ts'
import { type RlpHeader, readHeader } from './header.ts'
import { defaultRlpLimits, type RlpLimits } from './limits.ts'

/** A decoded item: a string as a view into the input, or a list of items. */
export type RlpItem = Uint8Array | readonly RlpItem[]

function tooDeep({ maxDepth }: RlpLimits): RlpError {
  return new RlpError('too-deep', `RLP: lists nested deeper than ${maxDepth}`, 'peer', { maxDepth })
}

function tooMany(maxItems: number): RlpError {
  return new RlpError('too-many-items', `RLP: more than ${maxItems} items`, 'peer', { maxItems })
}

function assertEnd(bytes: Uint8Array, end: number): void {
  if (end !== bytes.length) {
    throw new RlpError('trailing-bytes', `RLP: ${bytes.length - end} bytes after the item`, 'peer', {
      extra: bytes.length - end
    })
  }
}

/** The same bytes as a plain array: views into a Buffer would be Buffers, whose `slice` does not copy. */
function plain(bytes: Uint8Array): Uint8Array {
  assertBytes('RLP', bytes)
  if (Object.getPrototypeOf(bytes) === Uint8Array.prototype) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/**
 * One item and how many bytes it took; bytes behind it are the caller's business.
 * @throws RlpError `truncated`, `not-canonical`, `too-deep`, `too-many-items`, `invalid-argument`
 *
 * @example
 * ```ts
 * const { item, length } = decodeRlpPrefix(stream)
 * const rest = stream.subarray(length)
 * ```
 */
export function decodeRlpPrefix(
  input: Uint8Array,
  limits: RlpLimits = defaultRlpLimits
): { readonly item: RlpItem; readonly length: number } {
  const bytes = plain(input)
  assertLimits(limits)
  const top = readHeader(bytes, 0, bytes.length)
  if (limits.maxItems < 1) throw tooMany(limits.maxItems)
  return { item: top.list ? decodeList(bytes, top, limits) : bytes.subarray(top.start, top.end), length: top.end }
}

/** An explicit stack: depth is bounded by `maxDepth`, never by the engine's call stack. */
function decodeList(bytes: Uint8Array, top: RlpHeader, limits: RlpLimits): RlpItem[] {
  if (limits.maxDepth < 1) throw tooDeep(limits)
  const root: RlpItem[] = []
  const open: { readonly items: RlpItem[]; readonly end: number }[] = []
  let items = root
  let end = top.end
  let count = 1
  for (let at = top.start; ; ) {
    if (at === end) {
      const outer = open.pop()
      if (outer === undefined) return root
      items = outer.items
      end = outer.end
      continue
    }
    const header = readHeader(bytes, at, end)
    // BOUNDED: by maxItems in all and maxDepth lists open at a time.
    if (++count > limits.maxItems) throw tooMany(limits.maxItems)
    if (!header.list) {
      items.push(bytes.subarray(header.start, header.end))
      at = header.end
      continue
    }
    if (open.length + 1 >= limits.maxDepth) throw tooDeep(limits)
    open.push({ items, end })
    const list: RlpItem[] = []
    items.push(list)
    items = list
    end = header.end
    at = header.start
  }
}

/**
 * Exactly one item. Strings are plain views into `bytes`.
 * @throws RlpError `trailing-bytes` and those of {@link decodeRlpPrefix}
 *
 * @example
 * ```ts
 * const [topic, data] = rlpList('message', decodeRlp(bytes), 2)
 * ```
 */
export function decodeRlp(bytes: Uint8Array, limits: RlpLimits = defaultRlpLimits): RlpItem {
  const { item, length } = decodeRlpPrefix(bytes, limits)
  assertEnd(bytes, length)
  return item
}

/**
 * The items of one list, each still encoded: views that can be hashed, kept or decoded one by one. Only the list's own
 * header and those of its items are checked.
 * @throws RlpError `wrong-type` for a string, `trailing-bytes`, `truncated`, `not-canonical`, `too-many-items` for more
 * than `maxItems` of them, `invalid-argument`
 *
 * @example
 * ```ts
 * for (const envelope of splitRlpList(packet)) store(envelope)
 * ```
 */
export function splitRlpList(input: Uint8Array, maxItems: number = defaultRlpLimits.maxItems): Uint8Array[] {
  const bytes = plain(input)
  assertNumber('maxItems', maxItems)
  const top = readHeader(bytes, 0, bytes.length)
  if (!top.list) throw new RlpError('wrong-type', 'RLP: expected a list')
  assertEnd(bytes, top.end)
  const items: Uint8Array[] = []
  for (let at = top.start; at < top.end; ) {
    const { end } = readHeader(bytes, at, top.end)
    // BOUNDED: by maxItems.
    if (items.length >= maxItems) throw tooMany(maxItems)
    items.push(bytes.subarray(at, end))
    at = end
  }
  return items
}
