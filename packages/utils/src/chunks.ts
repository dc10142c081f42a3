/** One array of parts whose lengths add up to `length`. */
export function joinParts(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * All bytes of a stream, or `undefined` when there are more than `maxBytes`: then reading ends, and nothing is kept.
 *
 * @param maxBytes BOUNDED: what is held at most, beside one chunk
 * @example
 * ```ts
 * await collectBytes([Uint8Array.of(1, 2), Uint8Array.of(3)], 64 * 1024) // 010203
 * await collectBytes([Uint8Array.of(1, 2), Uint8Array.of(3)], 2) // undefined
 * ```
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxBytes) return undefined
    parts.push(chunk)
  }
  return joinParts(parts, length)
}
