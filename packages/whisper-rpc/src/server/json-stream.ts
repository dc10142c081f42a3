/** What a chunk of a stream completed. */
export interface JsonChunk {
  /** The texts that are complete with this chunk, also those before the place where it broke. */
  readonly texts: readonly string[]
  /** What came is no JSON, or one text is too long: the stream is over. */
  readonly broken: boolean
}

/** Reads JSON texts out of a stream that has nothing between them but white space. */
export interface JsonStream {
  readonly push: (chunk: Uint8Array) => JsonChunk
  /** The stream has ended: the number that stood at its end, if one did. What is incomplete is dropped. */
  readonly end: () => string | undefined
}

const quote = 0x22
const backslash = 0x5c
const openers = new Set([0x7b, 0x5b])
const closers = new Set([0x7d, 0x5d])
const space = new Set([0x20, 0x09, 0x0a, 0x0d])
const numberByte = new Set(Array.from('+-.0123456789eE', character => character.charCodeAt(0)))
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const words = ['true', 'false', 'null']

/** Where the reader is: between texts, in an object or array, in a bare string, in a bare number or in a bare word. */
type Place = 'between' | 'container' | 'string' | 'number' | 'word'

/**
 * Splits by brackets and strings alone, in one pass; whether an object or array is JSON is seen when it is parsed. A bare string,
 * number or word is a text too: no call, but no reason to end the stream. SPEC: Go's JSON decoder, which go-ethereum reads with.
 */
export function createJsonStream(maxBytes: number): JsonStream {
  const decoder = new TextDecoder()
  // BOUNDED: maxBytes
  let parts: Uint8Array[] = []
  let length = 0
  let place: Place = 'between'
  let depth = 0
  let inString = false
  let escaped = false
  let word = ''
  let over = false

  const take = (chunk: Uint8Array, start: number, end: number): boolean => {
    // The chunk is the stream's buffer: what is kept of it is copied.
    if (end > start) parts.push(chunk.slice(start, end))
    length += end - start
    return length <= maxBytes
  }
  const finish = (): string => {
    const text = parts.map(part => decoder.decode(part, { stream: true })).join('') + decoder.decode()
    parts = []
    length = 0
    place = 'between'
    return text
  }
  const begin = (byte: number): boolean => {
    depth = 0
    if (openers.has(byte)) {
      place = 'container'
      depth = 1
      inString = false
    } else if (byte === quote) place = 'string'
    else if (numberByte.has(byte) && byte !== 0x65 && byte !== 0x45) place = 'number'
    else {
      place = 'word'
      word = String.fromCharCode(byte)
      return words.some(whole => whole.startsWith(word))
    }
    escaped = false
    return true
  }
  /** Whether the text that is being read is complete with this byte. `undefined`: it cannot be JSON. */
  const step = (byte: number): boolean | undefined => {
    if (place === 'word') {
      word += String.fromCharCode(byte)
      return words.includes(word) ? true : words.some(whole => whole.startsWith(word)) ? false : undefined
    }
    if (escaped) escaped = false
    else if (place === 'string' || inString) {
      if (byte === backslash) escaped = true
      else if (byte === quote) {
        inString = false
        return place === 'string'
      }
    } else if (byte === quote) inString = true
    else if (openers.has(byte)) depth++
    else if (closers.has(byte)) return --depth === 0
    return false
  }

  return {
    push: chunk => {
      const texts: string[] = []
      const broken = (): JsonChunk => {
        over = true
        return { texts, broken: true }
      }
      if (over) return broken()
      let start = 0
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0
        if (place === 'number') {
          if (numberByte.has(byte)) continue
          if (!take(chunk, start, at)) return broken()
          const text = finish()
          if (!number.test(text)) return broken()
          texts.push(text)
        }
        if (place === 'between') {
          if (space.has(byte)) continue
          start = at
          if (!begin(byte)) return broken()
          continue
        }
        const complete = step(byte)
        if (complete === undefined) return broken()
        if (!complete) continue
        if (!take(chunk, start, at + 1)) return broken()
        texts.push(finish())
      }
      if (place !== 'between' && !take(chunk, start, chunk.length)) return broken()
      return { texts, broken: false }
    },
    end: () => {
      if (over || place !== 'number') return undefined
      const text = finish()
      return number.test(text) ? text : undefined
    }
  }
}
