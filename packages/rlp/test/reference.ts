import type { RlpItem } from '../src/index.ts'

/**
 * The rules once more, written for the eye: recursive, copying, with big integers. `undefined` for whatever is not
 * canonical. Nothing here is shared with the sources.
 */
export function referenceDecode(input: readonly number[]): RlpItem | undefined {
  const parsed = parse(input)
  return parsed !== undefined && parsed.rest.length === 0 ? parsed.item : undefined
}

function parse(input: readonly number[]): { item: RlpItem; rest: readonly number[] } | undefined {
  const [first, ...tail] = input
  if (first === undefined) return undefined
  if (first <= 0x7f) return { item: Uint8Array.of(first), rest: tail }
  const base = first <= 0xbf ? 0x80 : 0xc0
  let length = BigInt(first - base)
  let body = tail
  if (length > 55n) {
    const size = Number(length) - 55
    const digits = tail.slice(0, size)
    if (digits.length < size || digits[0] === 0) return undefined
    length = digits.reduce((value, digit) => value * 256n + BigInt(digit), 0n)
    if (length < 56n) return undefined
    body = tail.slice(size)
  }
  if (length > BigInt(body.length)) return undefined
  const payload = body.slice(0, Number(length))
  const rest = body.slice(Number(length))
  if (base === 0x80) {
    const shorter = payload.length === 1 && (payload[0] ?? 0) <= 0x7f
    return shorter ? undefined : { item: Uint8Array.from(payload), rest }
  }
  const items: RlpItem[] = []
  for (let left: readonly number[] = payload; left.length > 0; ) {
    const child = parse(left)
    if (child === undefined) return undefined
    items.push(child.item)
    left = child.rest
  }
  return { item: items, rest }
}
