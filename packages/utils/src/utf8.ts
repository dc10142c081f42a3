/** A byte order mark is content here: only the reader of the whole text knows whether it stands at its beginning. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Bytes as text; `undefined` when they are not UTF-8. A byte order mark stays: only callers know whether it is content.
 *
 * @example
 * ```ts
 * const text = utf8Text(bytes) ?? '(not a text)'
 * ```
 */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Editors of some systems put a mark in front of text; it says how the text is encoded, and is no part of it.
 *
 * @example
 * ```ts
 * JSON.parse(withoutMark(fileText))
 * ```
 */
export const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)
