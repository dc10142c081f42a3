import { limits } from './limits.ts'

/** What can be said of a JSON text before it is parsed: whether it is within bounds, and where its ids stand. */
export interface RequestText {
  /** More calls than a batch may have; deeper or longer than a call can be. */
  readonly tooMuch: 'calls' | 'values' | undefined
  readonly batch: boolean
  /**
   * The text of each id that is a number or a string, by the place of its call: 0 alone, 0… in a batch. It goes back as it
   * came: a number beyond 2^53, `1e400` or `1.0` is another one once it is parsed. SPEC: JSON-RPC 2.0, section 5.
   */
  readonly ids: ReadonlyMap<number, string>
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)
const isOpen = (code: number): boolean => code === 0x7b || code === 0x5b
const isClose = (code: number): boolean => code === 0x7d || code === 0x5d

/**
 * Looks through a JSON text once, in time that grows with its length alone and keeping nothing of it but ids. It does
 * not judge whether the text is JSON: the parser does that for what is within bounds.
 */
export function scanRequest(
  json: string,
  bounds: { readonly callDepth: number; readonly callValues: number } = limits
): RequestText {
  const ids = new Map<number, string>()
  let depth = 0
  let values = 1
  let tooMuch: RequestText['tooMuch']
  const batch = /^\s*\[/.test(json)
  /** Depth of the members of a call. */
  const memberDepth = batch ? 2 : 1
  let call = 0
  let at = 0
  while (at < json.length) {
    const code = json.charCodeAt(at)
    if (code === quote) {
      const end = endOfString(json, at)
      if (depth === memberDepth && call < limits.batchCalls && isId(json, at, end)) at = takeId(json, end, call, ids)
      else at = end
    } else {
      if (isOpen(code) && ++depth > bounds.callDepth) tooMuch ??= 'values'
      else if (isClose(code)) depth--
      // Values of a text: one, and one more behind each comma and inside each bracket.
      if ((isOpen(code) || code === comma) && ++values > bounds.callValues) tooMuch ??= 'values'
      // BOUNDED: of a batch that is refused for its length no further ids are kept.
      if (code === comma && depth === 1 && batch && ++call >= limits.batchCalls) tooMuch ??= 'calls'
      at++
    }
  }
  return { tooMuch, batch, ids }
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1
  while (at < json.length) {
    const code = json.charCodeAt(at)
    if (code === quote) return at + 1
    at += code === backslash ? 2 : 1
  }
  return json.length
}

/** A name may be written with escapes: whatever parses to `id` is one. */
function isId(json: string, start: number, end: number): boolean {
  const length = end - start
  if (length === 4) return json.startsWith('"id"', start)
  // Each of the two letters takes at most six characters.
  if (length > 14 || !json.slice(start, end).includes('\\')) return false
  try {
    return JSON.parse(json.slice(start, end)) === 'id'
  } catch {
    return false
  }
}

/** Keeps the number or string behind a name; answers where to go on. Of a name that is there twice the last counts, as in the parser. */
function takeId(json: string, end: number, call: number, ids: Map<number, string>): number {
  let at = end
  while (isSpace(json.charCodeAt(at))) at++
  if (json.charCodeAt(at) !== colon) return end
  at++
  while (isSpace(json.charCodeAt(at))) at++
  const found = json.charCodeAt(at) === quote ? json.slice(at, endOfString(json, at)) : numberAt(json, at)
  if (found === '') ids.delete(call)
  else ids.set(call, found)
  return at + found.length
}

function numberAt(json: string, start: number): string {
  let end = start
  while (isOfNumber(json.charCodeAt(end))) end++
  return json.slice(start, end)
}

/** Digits, signs, the point and the two letters of an exponent. */
const isOfNumber = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45
