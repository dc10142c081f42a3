/** Reads JSON texts out of a stream that has nothing between them but white space. */
export interface JsonStream {
  /** The texts that are complete with this chunk. `undefined`: not JSON, or one text is too long; the stream is over. */
  readonly push: (chunk: Uint8Array) => readonly string[] | undefined
}

const quote = 0x22
const backslash = 0x5c
const openers = new Set([0x7b, 0x5b])
const closers = new Set([0x7d, 0x5d])
const space = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * Splits by brackets and strings alone, in one pass; whether a text is JSON is seen when it is parsed. Texts are objects
 * and arrays: nothing else is a JSON-RPC message.
 */
export function createJsonStream(maxBytes: number): JsonStream {
  const decoder = new TextDecoder()
  // BOUNDED: maxBytes
  let parts: Uint8Array[] = []
  let length = 0
  let depth = 0
  let inString = false
  let escaped = false
  let over = false

  const take = (chunk: Uint8Array, start: number, end: number): boolean => {
    // The chunk is the stream's buffer: what is kept of it is copied.
    if (end > start) parts.push(chunk.slice(start, end))
    length += end - start
    return length <= maxBytes
  }

  return {
    push: chunk => {
      if (over) return undefined
      over = true
      const texts: string[] = []
      let start = 0
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0
        if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inString = false
        } else if (depth === 0) {
          if (openers.has(byte)) {
            depth = 1
            start = at
          } else if (!space.has(byte)) return undefined
        } else if (byte === quote) inString = true
        else if (openers.has(byte)) depth++
        else if (closers.has(byte) && --depth === 0) {
          if (!take(chunk, start, at + 1)) return undefined
          texts.push(parts.map(part => decoder.decode(part, { stream: true })).join('') + decoder.decode())
          parts = []
          length = 0
        }
      }
      if (depth > 0 && !take(chunk, start, chunk.length)) return undefined
      over = false
      return texts
    }
  }
}
