/** A tag of an XML text, and the text up to the next one. Attributes are left out. */
export interface Tag {
  /** Without its namespace prefix. */
  readonly name: string
  readonly closing: boolean
  /** Trimmed, with the five predefined entities replaced. */
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => entities[name] ?? '')

const namePattern = /^(\/?)(?:[A-Za-z][\w.-]{0,63}:)?([A-Za-z][\w.-]{0,63})(?=[\s/]|$)/

/**
 * The tags of an XML text in their order, as far as it can be read: one pass, so that the work grows with the length alone.
 * Comments, declarations and names of more than 64 characters are passed over.
 */
export function* tagsOf(xml: string): Generator<Tag> {
  for (let open = xml.indexOf('<'); open >= 0; ) {
    if (xml.startsWith('<!--', open)) {
      const end = xml.indexOf('-->', open + 4)
      if (end < 0) return
      open = xml.indexOf('<', end + 3)
      continue
    }
    const close = xml.indexOf('>', open + 1)
    if (close < 0) return
    const next = xml.indexOf('<', close + 1)
    // Names are short: of a long tag only the beginning is looked at.
    const match = namePattern.exec(xml.slice(open + 1, Math.min(close, open + 256)))
    const [, slash = '', name] = match ?? []
    if (name !== undefined) {
      const text = next < 0 ? '' : unescaped(xml.slice(close + 1, next).trim())
      yield { name, closing: slash === '/', text }
    }
    open = next
  }
}

/** The text of the first element of that name, whatever its prefix. */
export function firstElement(xml: string, wanted: string): string | undefined {
  for (const { name, closing, text } of tagsOf(xml)) if (!closing && name === wanted) return text
  return undefined
}

/** Text as the content of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)
}
