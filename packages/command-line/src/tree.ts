import type { Command } from 'commander'
import { SettingOption } from './settings/flags.ts'
import { wordKindOf } from './word-kinds.ts'

/** A flag, as completions and man pages need it. */
export interface Flag {
  readonly name: string
  /** As the help shows it: `--peer <enode>`. */
  readonly usage: string
  readonly description: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
  /** Its value where it is left out, as it would be typed. */
  readonly fallback?: string | undefined
  /** The setting that it stands for. */
  readonly setting?: string | undefined
  /** What is known of its values only when it is typed. */
  readonly words?: string | undefined
}

/** An argument without a flag: `<shell>`. */
export interface Argument {
  readonly name: string
  readonly description: string
  readonly choices: readonly string[]
  readonly words?: string | undefined
  /** It may be repeated: `[members...]`. */
  readonly many: boolean
}

/** A visible command, as completions and man pages need it. */
export interface CommandNode {
  /** Words that lead to it: `config show`; empty for the program itself. */
  readonly path: readonly string[]
  readonly description: string
  readonly usage: string
  readonly children: readonly string[]
  readonly flags: readonly Flag[]
  /** Positional arguments, in order. */
  readonly positions: readonly Argument[]
  /** What the help shows behind the flags. */
  readonly examples: string
}

/**
 * Every visible command below and including the program, with the flags that hold for all.
 *
 * @example
 * ```ts
 * import { commandTree } from '@status-stack/command-line'
 * import { Command } from 'commander'
 *
 * const program = new Command('tool')
 * program.command('list').description('what there is')
 * commandTree(program).map(({ path }) => path.join(' ')) // ['', 'list']
 * ```
 */
export function commandTree(program: Command): readonly CommandNode[] {
  const shared = flagsOf(program)
  const nodes: CommandNode[] = []
  const visit = (command: Command, path: readonly string[]): void => {
    const children = program
      .createHelp()
      .visibleCommands(command)
      .filter(child => child.name() !== 'help')
    nodes.push({
      path,
      description: command.description(),
      usage: [program.name(), ...path, command.usage()].join(' ').trim(),
      children: children.map(child => child.name()),
      positions: command.registeredArguments.map(one => ({
        name: one.name(),
        description: one.description,
        choices: one.argChoices ?? [],
        words: wordKindOf(one),
        many: one.variadic
      })),
      flags: command === program ? shared : [...flagsOf(command), ...shared],
      examples: examplesOf(command)
    })
    for (const child of children) visit(child, [...path, child.name()])
  }
  visit(program, [])
  return nodes
}

function flagsOf(command: Command): readonly Flag[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(option => option.long !== undefined && option.long !== '--help')
    .map(option => ({
      name: option.long ?? '',
      usage: option.flags,
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
      words: wordKindOf(option),
      ...(option.defaultValue === undefined ? {} : { fallback: String(option.defaultValue) }),
      ...(option instanceof SettingOption ? { setting: option.setting } : {})
    }))
}

/** Texts added behind the help are printed, not kept: they are caught by printing the help. */
function examplesOf(command: Command): string {
  let printed = ''
  const streams = command.configureOutput()
  command.configureOutput({
    ...streams,
    writeOut: text => {
      printed += text
    }
  })
  command.outputHelp()
  command.configureOutput(streams)
  return printed.split('Examples:\n')[1]?.trimEnd() ?? ''
}
