import { joinParts } from './chunks.ts'
import { utf8Text } from './utf8.ts'

/** One line of a stream, without its end. */
export type Line =
  | { readonly kind: 'text'; readonly text: string }
  /** It was passed over: longer than allowed, or not UTF-8. */
  | { readonly kind: 'too-long' | 'not-utf8' }

const lineFeed = 0x0a
const carriageReturn = 0x0d

function lineOf(parts: readonly Uint8Array[], length: number): Line {
  const bytes = joinParts(parts, length)
  const text = utf8Text(bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes)
  return text === undefined ? { kind: 'not-utf8' } : { kind: 'text', text }
}

/**
 * The lines of a stream of bytes; the last one needs no end. A line of the wrong encoding is never repaired: what would be
 * sent is not what was written.
 *
 * @param maxBytes BOUNDED: bytes of one line; of a longer one nothing is kept
 * @example
 * ```ts
 * for await (const line of linesOf(socket, 1024 * 1024)) if (line.kind === 'text') handle(line.text)
 * ```
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length > maxBytes) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const take = (): Line => {
    const line: Line = length > maxBytes ? { kind: 'too-long' } : lineOf(parts, length)
    parts = []
    length = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end))
      start = end + 1
      yield take()
    }
    // Copied: the chunk is the stream's own buffer, and a short rest must not hold all of it.
    add(chunk.slice(start))
  }
  if (length > 0) yield take()
}
