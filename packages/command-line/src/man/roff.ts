/** roff gives a meaning to backslashes, to hyphens and to dots and quotes that begin a line. */
export function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map(line => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n')
}

/** What a page says of a flag or an argument. */
interface Described {
  readonly description: string
  readonly choices: readonly string[]
  readonly fallback?: string | undefined
}

/** What it may be, and what it is when it is left out. */
export function values({ choices, fallback }: Omit<Described, 'description'>): readonly string[] {
  return [
    ...(choices.length > 0 ? [roff(`One of: ${choices.join(', ')}.`)] : []),
    ...(fallback === undefined ? [] : [roff(`Default: ${fallback}.`)])
  ]
}

/** What it says stands as a sentence of its own where more follows. */
export const sentence = ({ description, ...of }: Described): string =>
  values(of).length > 0 && !/[.!?]$/.test(description) ? `${description}.` : description

/** A list of names, each in a font, and what they are. */
export const rows = (font: '.B' | '.I', list: readonly (readonly [name: string, what: string])[]): readonly string[] =>
  list.flatMap(([name, what]) => ['.TP', `${font} ${roff(name)}`, roff(what)])
