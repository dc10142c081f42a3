import { slipsBetween } from '@status-stack/utils'
import type { Command, CommanderError } from 'commander'

/** What is wrong with a line, in one sentence, and what the person can do about it. */
export interface WrongUsage {
  readonly message: string
  readonly hint: string
}

/** What the argument parser found wrong. */
export function describeUsage(program: Command, argv: readonly string[], error: CommanderError): WrongUsage {
  const { command, word } = reached(program, argv)
  const [sentence = '', ...rest] = error.message.split('\n')
  const message = inOurWords(sentence.replace(/^error: /, '').replace(/\.$/, ''))
  const suggestion = /\(Did you mean (.*)\?\)/.exec(rest.join(' '))?.[1]
  if (error.code === 'commander.help') {
    return usage(`${pathOf(command)} needs a command behind it`, command)
  }
  // A group whose default command takes no arguments, or others: the word was meant for the group.
  if (error.code === 'commander.excessArguments' && word !== undefined && childrenOf(command).length > 0) {
    return usage(`unknown command '${word}'`, command, closest(word, childrenOf(command)))
  }
  const choice = ofManyChoices(sentence.replace(/^error: /, ''))
  if (choice !== undefined) return usage(choice.message, command, choice.meant)
  return usage(message, command, suggestion)
}

/** More choices than a person reads in a sentence. */
const manyChoices = 12

/** Of a long list what was probably meant, instead of the whole. */
function ofManyChoices(sentence: string): { readonly message: string; readonly meant: string | undefined } | undefined {
  const found =
    /^command-argument value '(.*)' is invalid for argument '([^']+)'\. Allowed choices are (.*?)\.?$/s.exec(sentence)
  const [, value = '', name = '', list = ''] = found ?? []
  const choices = list.split(', ')
  if (found === null || choices.length <= manyChoices) return undefined
  return { message: `${name}: there is no '${value}'`, meant: closest(value, choices) }
}

/** The parser's sentences about values, as our own say it: the flag, what was expected, what came. */
function inOurWords(sentence: string): string {
  const flag = /^option '([^']+)' argument '(.*)' is invalid\. (.*)$/s.exec(sentence)
  const position = /^command-argument value '(.*)' is invalid for argument '([^']+)'\. (.*)$/s.exec(sentence)
  const [name, value, expected] = flag?.slice(1) ?? [position?.[2], position?.[1], position?.[3]]
  if (expected === undefined) return sentence
  return `${name}: ${expected.replace(/^Allowed choices are /, 'expected one of ')}, got '${value}'`
}

/**
 * A command with a slip that the parser would not see: one whose help is asked for, and a subcommand that the default command of its group
 * would take for a name.
 */
export function slipIn(program: Command, argv: readonly string[]): WrongUsage | undefined {
  const { command, word } = reached(program, argv)
  if (word === undefined) return undefined
  if (command.parent === null)
    return asksForHelp(argv) && word !== 'help'
      ? usage(`unknown command '${word}'`, command, closest(word, childrenOf(command)))
      : undefined
  const meant = closest(word, childrenOf(command))
  if (meant === undefined) return undefined
  return { message: `unknown command '${word}'`, hint: `Did you mean ${pathOf(command)} ${meant}?` }
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  return words.includes('--help') || words.includes('-h')
}

function usage(message: string, command: Command, suggestion?: string): WrongUsage {
  const all = childrenOf(command)
  const hint =
    suggestion !== undefined
      ? `Did you mean ${suggestion}?`
      : all.length > 0
        ? `${pathOf(command)} has ${all.join(', ')}`
        : `${pathOf(command)} --help shows the usage`
  return { message, hint }
}

/** The command that the leading words choose, and the first word that chooses nothing. */
function reached(
  program: Command,
  argv: readonly string[]
): { readonly command: Command; readonly word: string | undefined } {
  let command = program
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') break
    if (word.startsWith('-')) {
      const flag = [...command.options, ...program.options].find(
        option => option.long === word || option.short === word
      )
      if (flag?.required === true) i++
      continue
    }
    const child = command.commands.find(candidate => candidate.name() === word)
    if (child === undefined) return { command, word }
    command = child
  }
  return { command, word: undefined }
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function childrenOf(command: Command): readonly string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map(child => child.name())
    .filter(name => name !== 'help')
}

const furthest = 3

/**
 * The candidate that fewest slips make of `word`, when they are few beside its length.
 *
 * @example
 * ```ts
 * import { closest } from '@status-stack/command-line'
 *
 * closest('lsit', ['list', 'show']) // 'list'
 * ```
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly slips: number } | undefined
  for (const name of candidates) {
    const slips = slipsBetween(word, name)
    const few = slips <= Math.min(furthest, Math.ceil(Math.max(word.length, name.length) / 2) - 1)
    if (few && (best === undefined || slips < best.slips)) best = { name, slips }
  }
  return best?.name
}
