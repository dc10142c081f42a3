import { Command, CommanderError, type Option } from 'commander'
import { type Definition, type Example, examplesText, type Runner } from './definitions.ts'
import type { Line } from './line.ts'
import { describeUsage, slipIn, type WrongUsage } from './usage.ts'

/** Where the parser's own text goes: help and version, and what it says of wrong arguments. */
export interface ParserStreams {
  readonly writeOut: (text: string) => void
  readonly writeErr: (text: string) => void
}

/** A program: what its help says, and its commands in the order of the help. */
export interface ProgramSpec<Shared extends object> {
  readonly name: string
  readonly description: string
  readonly version: string
  /** Flags that hold for every command. */
  readonly flags: readonly Option[]
  readonly examples: readonly Example[]
  readonly commands: readonly Definition<Shared>[]
  /** Runs one command of the tree that is made. */
  readonly runner: (program: Command) => Runner<Shared>
  readonly streams: ParserStreams
}

/**
 * The whole command tree. Help, completions and man pages are made from it.
 *
 * @example
 * ```ts
 * import { createProgram, definitions } from '@status-stack/command-line'
 *
 * const { defineCommand } = definitions<object>()
 * const list = defineCommand({ name: 'list', summary: 'what there is', run: async () => undefined })
 * const program = createProgram<object>({
 *   name: 'tool',
 *   description: 'A tool.',
 *   version: '1.0.0',
 *   flags: [],
 *   examples: [['what there is', 'list']],
 *   commands: [list],
 *   runner: program => async (_, work) => work({ options: {} as never, args: [], program }),
 *   streams: { writeOut: () => undefined, writeErr: () => undefined }
 * })
 * ```
 */
export function createProgram<Shared extends object>(spec: ProgramSpec<Shared>): Command {
  const program = new Command(spec.name)
    .configureOutput({ ...spec.streams, outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .description(spec.description)
    .version(spec.version)
  for (const option of spec.flags) program.addOption(option)
  program.addHelpText('after', examplesText(program, spec.examples))
  const run = spec.runner(program)
  for (const define of spec.commands) define(program, run)
  const strict = (command: Command): void => {
    command.exitOverride().showSuggestionAfterError(true)
    for (const child of command.commands) strict(child)
  }
  strict(program)
  return program
}

/** What became of a line: it was done, it asked for help or the version, or it cannot be run as it stands. */
export type Outcome =
  | { readonly kind: 'done' | 'help' | 'version' }
  /** `group-alone`: a command is missing behind a group, whose help was written to `writeErr`. */
  | { readonly kind: 'usage' | 'group-alone'; readonly usage: WrongUsage }

/**
 * Runs the command that a line names. What the parser prints goes to the program's streams.
 *
 * @throws what the command throws
 * @example
 * ```ts
 * import { lineOf, runLine } from '@status-stack/command-line'
 * import { Command } from 'commander'
 *
 * const program = new Command('tool').exitOverride().configureOutput({ writeErr: () => undefined })
 * program.command('list').exitOverride()
 * const outcome = await runLine(program, lineOf(program, ['lsit'])) // kind: 'usage', hint: Did you mean list?
 * ```
 */
export async function runLine(program: Command, { shared, rest }: Line): Promise<Outcome> {
  const slip = slipIn(program, rest)
  if (slip !== undefined) return { kind: 'usage', usage: slip }
  try {
    await program.parseAsync([...shared, ...rest], { from: 'user' })
    return { kind: 'done' }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: error.code === 'commander.version' ? 'version' : 'help' }
    const usage = describeUsage(program, rest, error)
    return { kind: error.code === 'commander.help' ? 'group-alone' : 'usage', usage }
  }
}
