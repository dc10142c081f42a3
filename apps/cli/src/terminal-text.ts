/** What a terminal would act on, or a person could not see: controls, line separators, reordering, zero-width, lone surrogates. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** Invisible tags, allowed only behind the black flag: some flags are written so. */
const tags = /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f})|[\u{e0000}-\u{e007f}]/gu
/** BOUNDED: marks on one letter; piled up they cover the lines above. */
const piled = /(\p{M}{8})\p{M}+/gu

/** The same, with the line breaks that the program itself put in. */
export function printableLines(text: string): string {
  return text.includes('\n') ? text.split('\n').map(printable).join('\n') : printable(text)
}

/** Whatever a terminal may act on is written as JSON's own escape: a parser reads the same value. */
const acted = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu

/** JSON that can be looked at on a terminal as well; on one line without `indent`. */
export function safeJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(
    acted,
    found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

/** Makes text from others safe for a terminal: one line, with a mark where something was that must not reach it. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replaceAll('\n', ' \u23ce ')
    .replace(unsafe, '\u00b7')
    .replace(tags, (_, flag: string | undefined) => flag ?? '\u00b7')
    .replace(piled, '$1')
}
