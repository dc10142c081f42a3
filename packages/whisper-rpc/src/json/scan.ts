import { timeSlicer } from '@status-stack/utils'
import { RpcError } from '../errors.ts'
import type { JsonLimits } from '../limits.ts'

/** What a pass over a JSON text finds before anything is built from it. */
export interface JsonScan {
  /**
   * The id of each call as it was written, in their order: a number beyond 2^53 would come back rounded. `undefined` where there is
   * none. Right for texts that are JSON; for others it is not looked at.
   */
  readonly ids: readonly (string | undefined)[]
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Characters between two looks at the clock: about 0.1 ms. */
const stride = 16_384

function tooMuch(what: string, most: number): RpcError {
  return new RpcError('invalid-request', `request has too ${what}, at most ${most}`, { origin: 'peer' })
}

/** Where a string ends whose opening quote is at `start`; the end of the text for one that does not. */
function endOfString(json: string, start: number): number {
  for (let at = start; ; ) {
    at = json.indexOf('"', at + 1)
    if (at < 0) return json.length
    let escapes = 0
    while (json.charCodeAt(at - 1 - escapes) === backslash) escapes++
    // Each backslash is counted for the one quote behind it, so the whole is linear.
    if (escapes % 2 === 0) return at
  }
}

function isIdKey(json: string, start: number, end: number): boolean {
  const key = json.slice(start + 1, end)
  if (!key.includes('\\')) return key === 'id'
  // Escapes may spell it too: six characters for each of two.
  if (key.length > 12) return false
  try {
    return JSON.parse(`"${key}"`) === 'id'
  } catch {
    return false
  }
}

/**
 * Measures a text and finds the ids of its calls, in one pass over its characters and in slices.
 *
 * BOUNDED: limits.maxDepth and maxItems, before `JSON.parse` builds anything: 5 MB of brackets would keep it for more than a second.
 * @throws RpcError `invalid-request` beyond a limit
 */
export async function scanJson(json: string, { maxDepth, maxItems }: JsonLimits): Promise<JsonScan> {
  const ids: (string | undefined)[] = []
  const isBatch = /^[ \t\n\r]*\[/.test(json)
  /** Containers around the members of one call. */
  const callDepth = isBatch ? 2 : 1
  const braces: boolean[] = []
  let items = 0
  let keyStart = -1
  let keyEnd = -1
  /** Where the value of an id begins; −1 outside of one. */
  let idStart = -1
  let call = 0
  let nextLook = stride

  const inCall = (): boolean => braces.length === callDepth && braces[callDepth - 1] === true
  const endMember = (at: number): void => {
    if (idStart >= 0) ids[call] = json.slice(idStart, at).trim()
    idStart = -1
    keyStart = -1
  }

  for (let at = 0; at < json.length; at++) {
    if (at >= nextLook) {
      nextLook = at + stride
      const pause = timeSlicer.yielded()
      if (pause !== undefined) await pause
    }
    switch (json.charCodeAt(at)) {
      case quote: {
        const end = endOfString(json, at)
        if (inCall() && idStart < 0 && keyStart < 0) {
          keyStart = at
          keyEnd = end
        }
        at = end
        break
      }
      case colon:
        if (inCall() && idStart < 0 && keyStart >= 0 && isIdKey(json, keyStart, keyEnd)) idStart = at + 1
        break
      case comma:
        if (++items > maxItems) throw tooMuch('many values', maxItems)
        if (inCall()) endMember(at)
        else if (isBatch && braces.length === 1) call++
        break
      case openBrace:
      case openBracket:
        if (++items > maxItems) throw tooMuch('many values', maxItems)
        if (braces.length >= maxDepth) throw tooMuch('deep nesting', maxDepth)
        braces.push(json.charCodeAt(at) === openBrace)
        break
      case closeBrace:
      case closeBracket:
        if (inCall()) endMember(at)
        braces.pop()
        break
      default:
    }
  }
  return { ids }
}
