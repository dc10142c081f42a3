import { type TimeSlicer, timeSlicer } from './time-slice.ts'

/** Bounds on a JSON text, applied before anything is built from it. */
export interface JsonBounds {
  /** Objects and arrays inside one another. */
  readonly maxDepth: number
  /** Values in all, counted by commas and opening brackets. */
  readonly maxValues: number
  /** Calls of a batch. @default maxValues */
  readonly maxCalls?: number | undefined
}

/** What one pass over the text of a JSON-RPC request finds. */
export interface JsonCalls {
  /** Whether the text is a batch, or tries to be one. */
  readonly isBatch: boolean
  /** The first bound that the text exceeds. */
  readonly exceeds: 'depth' | 'values' | 'calls' | undefined
  /**
   * The id of each call as it was written, by the position of the call: 0 for a single one, 0… in a batch. Parsed and written again, a
   * number beyond 2^53, `1e400` or `1.0` would come back as another one. A call is absent when it has no id, or one that is an object or
   * an array. SPEC: JSON-RPC 2.0, section 5.
   */
  readonly ids: ReadonlyMap<number, string>
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
const isOpen = (code: number): boolean => code === 0x7b || code === 0x5b
const isClose = (code: number): boolean => code === 0x7d || code === 0x5d

/** Characters between two looks at the clock: about 0.1 ms. */
const stride = 16_384

/**
 * Measures the text of a request and finds the ids of its calls, in time linear in its length and keeping nothing of it but ids. Whether
 * the text is JSON is left to the parser: what is found in other texts has no meaning.
 *
 * @example
 * ```ts
 * const { exceeds, ids } = scanJsonCalls(text, { maxDepth: 16, maxValues: 100_000 })
 * if (exceeds === undefined) answer(JSON.parse(text), ids)
 * ```
 */
export function scanJsonCalls(json: string, bounds: JsonBounds): JsonCalls {
  const { advance, found } = createScan(json, bounds)
  advance(json.length)
  return found()
}

/**
 * {@link scanJsonCalls} in slices: a text of megabytes does not keep other work waiting.
 *
 * @example
 * ```ts
 * const { exceeds } = await scanJsonCallsSliced(text, { maxDepth: 32, maxValues: 100_000 })
 * ```
 */
export async function scanJsonCallsSliced(
  json: string,
  bounds: JsonBounds,
  slicer: TimeSlicer = timeSlicer
): Promise<JsonCalls> {
  const { advance, found } = createScan(json, bounds)
  while (!advance(stride)) {
    const pause = slicer.yielded()
    if (pause !== undefined) await pause
  }
  return found()
}

interface Scan {
  /** Reads about so many characters more; answers whether the end is reached. A string is passed in one step. */
  readonly advance: (characters: number) => boolean
  readonly found: () => JsonCalls
}

function createScan(json: string, { maxDepth, maxValues, maxCalls = maxValues }: JsonBounds): Scan {
  const isBatch = /^[ \t\n\r]*\[/.test(json)
  /** Depth of the members of a call. */
  const memberDepth = isBatch ? 2 : 1
  // BOUNDED: maxCalls.
  const ids = new Map<number, string>()
  let exceeds: JsonCalls['exceeds']
  let depth = 0
  let values = 0
  let call = 0
  let at = 0

  const passString = (): void => {
    const end = endOfString(json, at)
    const isName = depth === memberDepth && call < maxCalls && isIdName(json, at, end)
    at = end
    const value = isName ? startOfValue(json, end) : undefined
    if (value === undefined) return
    // Of a name that occurs twice the last one counts, as in the parser.
    const text = scalarAt(json, value)
    if (text === '') ids.delete(call)
    else ids.set(call, text)
    at = value + text.length
  }
  const passCharacter = (code: number): void => {
    if (isOpen(code) && ++depth > maxDepth) exceeds ??= 'depth'
    else if (isClose(code)) depth--
    if ((isOpen(code) || code === comma) && ++values > maxValues) exceeds ??= 'values'
    if (code === comma && depth === 1 && isBatch && ++call >= maxCalls) exceeds ??= 'calls'
    at++
  }
  return {
    advance: characters => {
      const end = Math.min(json.length, at + characters)
      while (at < end) {
        const code = json.charCodeAt(at)
        if (code === quote) passString()
        else passCharacter(code)
      }
      return at >= json.length
    },
    found: () => ({ isBatch, exceeds, ids })
  }
}

/** Behind the closing quote of the string that begins at `start`; the end of the text for one that does not end. */
function endOfString(json: string, start: number): number {
  for (let at = start; ; ) {
    at = json.indexOf('"', at + 1)
    if (at < 0) return json.length
    let escapes = 0
    while (json.charCodeAt(at - 1 - escapes) === backslash) escapes++
    // Each backslash is counted for the one quote behind it, so the whole is linear.
    if (escapes % 2 === 0) return at + 1
  }
}

/** Whether the string at `start` says `id`, also when it is written with escapes. */
function isIdName(json: string, start: number, end: number): boolean {
  const length = end - start
  if (length === 4) return json.startsWith('"id"', start)
  // An escape takes at most six characters for each of the two letters.
  if (length > 14 || !json.slice(start, end).includes('\\')) return false
  try {
    return JSON.parse(json.slice(start, end)) === 'id'
  } catch {
    return false
  }
}

/** Where the value of the name that ends at `end` begins; `undefined` where the string is no name. */
function startOfValue(json: string, end: number): number | undefined {
  const at = skipSpace(json, end)
  return json.charCodeAt(at) === colon ? skipSpace(json, at + 1) : undefined
}

function skipSpace(json: string, start: number): number {
  let at = start
  while (isSpace(json.charCodeAt(at))) at++
  return at
}

/** The text of the string, number or word at `start`; empty for an object or an array. */
function scalarAt(json: string, start: number): string {
  if (json.charCodeAt(start) === quote) return json.slice(start, endOfString(json, start))
  let end = start
  while (end < json.length && !endsScalar(json.charCodeAt(end))) end++
  return json.slice(start, end)
}

const endsScalar = (code: number): boolean =>
  isSpace(code) || code === comma || code === quote || code === colon || isOpen(code) || isClose(code)
