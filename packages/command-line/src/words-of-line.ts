import { CommandLineError } from './errors.ts'

/**
 * The words of a command line as a shell reads them, without a shell: blanks separate, quotes of both kinds keep together, a backslash
 * takes the next character as it is. Nothing is expanded.
 *
 * @throws CommandLineError `command` without a word, or with a quote that is not closed
 */
export function commandWords(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string
    if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (character === quote) quote = ''
    else if (character === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + line[++at]
    else word = (word ?? '') + character
  }
  if (quote !== '') throw new CommandLineError('command', 'the command has a quote that is not closed')
  if (word !== undefined) words.push(word)
  if (words.length === 0) throw new CommandLineError('command', 'the command is empty')
  return words
}
