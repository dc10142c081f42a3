/** Whatever a terminal may act on is written as JSON's own escape: a parser reads the same value. */
const acted = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu

/**
 * JSON that can be looked at on a terminal as well; on one line without `indent`.
 *
 * @example
 * ```ts
 * console.log(safeJson({ text: message.text }))
 * ```
 */
export function safeJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(
    acted,
    found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
