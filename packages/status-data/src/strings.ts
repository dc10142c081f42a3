import { utf8Bytes } from '@status-stack/crypto'

/** White space as Go's `strings.TrimSpace` has it, which is not quite what `trim` takes off. */
const blankPattern = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/

/** Whether nothing but white space is in a text. */
export function isBlank(text: string): boolean {
  return blankPattern.test(text)
}

/** A text on one line, without characters that move the cursor or turn the direction of what follows. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim()
}

/**
 * A text without halves of surrogate pairs, which have no UTF-8: they become U+FFFD, as when a browser encodes them. A Go reader refuses
 * a whole message for one.
 */
export function wellFormedText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** A value with {@link wellFormedText} for every text in it; bytes stay as they are. */
export function wellFormedTexts<T>(value: T): T {
  const visit = (each: unknown): unknown => {
    if (typeof each === 'string') return wellFormedText(each)
    if (Array.isArray(each)) return each.map(visit)
    if (typeof each !== 'object' || each === null || each instanceof Uint8Array) return each
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, visit(inner)]))
  }
  return visit(value) as T
}

/** Whether a text takes more than `most` UTF-8 bytes. */
export function isLonger(text: string, most: number): boolean {
  // Each UTF-16 unit takes one to three bytes: most texts need no encoding.
  if (text.length > most) return true
  return text.length * 3 > most && utf8Bytes(text).length > most
}

const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const infinityPattern = /^([+-]?inf(inity)?|nan)$/i
const hexPattern = /^[+-]?0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?\d+$/i

/** Whether Go's `strconv.ParseFloat` takes a text. */
export function isGoFloat(text: string): boolean {
  if (decimalPattern.test(text)) return Number.isFinite(Number(text))
  return infinityPattern.test(text) || hexPattern.test(text)
}

/** An amount as people mean it: a finite, non-negative decimal number. */
export function isAmount(text: string): boolean {
  return decimalPattern.test(text) && !text.startsWith('-') && Number.isFinite(Number(text))
}
