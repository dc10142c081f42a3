import type { Command } from 'commander'

/** What was typed, the flags of the program itself apart from the rest. */
export interface Line {
  /** Flags that hold for every command, with their values. */
  readonly shared: readonly string[]
  readonly rest: readonly string[]
}

/**
 * Flags for all commands are taken wherever they stand: `demo --json` reads as well as `--json demo`. Behind `--` nothing is a flag.
 *
 * @example
 * ```ts
 * import { flag, lineOf } from '@status-stack/command-line'
 * import { Command } from 'commander'
 *
 * const program = new Command('tool').addOption(flag('--json', 'for programs'))
 * lineOf(program, ['list', '--json']) // { shared: ['--json'], rest: ['list'] }
 * ```
 */
export function lineOf(program: Command, argv: readonly string[]): Line {
  // `--version` is no flag of a command: behind one it is a slip.
  const flags = program.options.filter(({ long }) => long !== '--version')
  const names = (takesValue: boolean): readonly string[] =>
    flags
      .filter(({ required }) => required === takesValue)
      .flatMap(({ long, short }) => [long ?? [], short ?? []].flat())
  const [switches, valued] = [names(false), names(true)]
  const shared: string[] = []
  const rest: string[] = []
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (switches.includes(word) || valued.some(name => word.startsWith(`${name}=`))) shared.push(word)
    else if (valued.includes(word) && i + 1 < words.length) shared.push(word, words[++i] ?? '')
    else rest.push(word)
  }
  return { shared, rest: helpOfWhole(end === -1 ? rest : [...rest, ...argv.slice(end)]) }
}

/** `help contacts add` is asked for what `contacts add --help` says: the parser's own takes one word, and shows everything for one that it does not know. */
function helpOfWhole(words: readonly string[]): readonly string[] {
  const [first, ...path] = words
  return first === 'help' && path.length > 0 && !path.some(word => word.startsWith('-')) ? [...path, '--help'] : words
}

/**
 * The value of a flag in a line that is being typed; the last one counts.
 *
 * @example
 * ```ts
 * import { valueInLine } from '@status-stack/command-line'
 *
 * valueInLine(['tool', '--profile', 'work', 'send'], '--profile') // 'work'
 * ```
 */
export function valueInLine(line: readonly string[], flag: string): string | undefined {
  const at = line.findLastIndex((word, index) => word.startsWith(`${flag}=`) || line[index - 1] === flag)
  return at < 0 ? undefined : line[at]?.replace(`${flag}=`, '')
}

/** What can be typed, and what it is for a person. */
export interface Word {
  readonly word: string
  readonly about: string
  /** There is a name for it, which is shorter: it is offered only where it is being typed. */
  readonly named?: boolean
}

/**
 * Those words that begin like what is typed, as the scripts of `./completion` read them: one on a line, a tab, and what it is.
 *
 * @example
 * ```ts
 * import { wordLines } from '@status-stack/command-line'
 *
 * wordLines([{ word: 'alice', about: 'a friend' }, { word: 'bob', about: '' }], 'a') // 'alice\ta friend\n'
 * ```
 */
export function wordLines(words: readonly Word[], begin: string): string {
  const typed = begin.toLowerCase()
  return words
    .filter(({ word, named }) => word.toLowerCase().startsWith(typed) && (typed !== '' || named !== true))
    .map(({ word, about }) => `${word}\t${about.replace(/\s+/g, ' ')}\n`)
    .join('')
}
