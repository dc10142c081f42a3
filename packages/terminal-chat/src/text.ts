import stringWidth from 'string-width'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const plainText = /^[ -~]*$/

/** Columns that a text takes in a terminal. */
export const widthOf = (text: string): number => (plainText.test(text) ? text.length : stringWidth(text))

/** What people see as single characters. */
export const graphemesOf = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment)

/** The longest beginning of a text within so many columns. */
function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let taken = ''
  for (const grapheme of graphemesOf(text)) {
    // The whole is measured each time: the width of a text is not always the sum of its parts' widths.
    if (widthOf(taken + grapheme) > columns) break
    taken += grapheme
  }
  return taken
}

/** `cut`, with a mark where something is missing. */
export function shorten(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  return columns < 2 ? cut(text, columns) : `${cut(text, columns - 1)}…`
}

/** Breaks a line between words, and inside a word that is longer than a line. Never loses a character but blanks at breaks. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<= )/)) {
    if (widthOf(line + word.trimEnd()) <= columns) {
      line += word
      continue
    }
    if (line.trim() !== '') lines.push(line.trimEnd())
    line = ''
    for (const grapheme of graphemesOf(word)) {
      if (widthOf(line + grapheme) > columns && line !== '') {
        lines.push(line)
        line = ''
      }
      // BOUNDED: a character that is wider than the whole line is left out: there is nowhere to show it.
      if (widthOf(grapheme) <= columns) line += grapheme
    }
  }
  return [...lines, cut(line, columns)]
}

/** One run of equal style. `color` is one of the terminal's own: people have chosen them. */
export interface Span {
  readonly text: string
  readonly bold?: boolean
  readonly dim?: boolean
  readonly inverse?: boolean
  /** Dark on light whatever the terminal's colours are: a QR code. */
  readonly paper?: boolean
  readonly color?: 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'
}

export type Line = readonly Span[]

/** As many rows as asked for: empty ones below, what is too much left out. */
export const filled = (lines: readonly Line[], rows: number): readonly Line[] =>
  Array.from({ length: rows }, (_, row) => lines[row] ?? [])

export const plainOf = (line: Line): string => line.map(({ text }) => text).join('')

/** A line cut to so many columns and filled up with blanks to exactly as many. */
export function fit(line: Line, columns: number): Line {
  const spans: Span[] = []
  let before = ''
  for (const span of line) {
    let { text } = span
    if (widthOf(before + text) > columns) {
      text = ''
      for (const grapheme of graphemesOf(span.text)) {
        if (widthOf(before + text + grapheme) > columns) break
        text += grapheme
      }
    }
    if (text !== '') spans.push({ ...span, text })
    before += text
    if (text !== span.text) break
  }
  const missing = columns - widthOf(before)
  return missing > 0 ? [...spans, { text: ' '.repeat(missing) }] : spans
}

const negative: Readonly<Record<string, string>> = { ' ': '█', '█': ' ', '▀': '▄', '▄': '▀' }
const colors = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const

/** The line with escape sequences. Without colour the weights stay: NO_COLOR is about colour. */
export function styled(line: Line, color: boolean): string {
  return line
    .map(span => {
      const codes = [
        ...(span.bold ? [1] : []),
        ...(span.dim ? [2] : []),
        ...(span.inverse ? [7] : []),
        ...(span.color !== undefined && color ? [colors[span.color]] : []),
        ...(span.paper && color ? [30, 107] : [])
      ]
      // Without colour, light is what is drawn: most terminals are dark.
      if (span.paper && !color) return span.text.replace(/[ █▀▄]/g, block => negative[block] ?? block)
      return codes.length === 0 ? span.text : `\u001b[${codes.join(';')}m${span.text}\u001b[0m`
    })
    .join('')
}
