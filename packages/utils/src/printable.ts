/** What a terminal would act on, or a person could not see: controls, line separators, reordering, zero-width, lone surrogates. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** Invisible tags, allowed only behind the black flag: some flags are written so. */
const tags = /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f})|[\u{e0000}-\u{e007f}]/gu
/** BOUNDED: marks on one letter; piled up they cover the lines above. */
const piled = /(\p{M}{8})\p{M}+/gu

/**
 * Makes text from others safe to show, on a terminal or in a page: one line, with a mark where something was that a terminal would
 * act on, that reorders what stands around it, or that cannot be seen.
 *
 * @example
 * ```ts
 * printable('one\u202eeno') // 'one·eno'
 * ```
 */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replaceAll('\n', ' \u23ce ')
    .replace(unsafe, '\u00b7')
    .replace(tags, (_, flag: string | undefined) => flag ?? '\u00b7')
    .replace(piled, '$1')
}

/**
 * The same, with the line breaks kept.
 *
 * @example
 * ```ts
 * console.log(printableLines(message.text))
 * ```
 */
export function printableLines(text: string): string {
  return text.includes('\n') ? text.split('\n').map(printable).join('\n') : printable(text)
}
