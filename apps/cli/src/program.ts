import { utf8Text } from '@status-stack/utils'
import { Command, CommanderError } from 'commander'
import { type Context, examplesText, type Runner } from './command.ts'
import { commands } from './commands/index.ts'
import { CliError, describeError, type ErrorDescription, shown } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { readArgumentBytes } from './files.ts'
import { SettingOption, settingFlags } from './flags.ts'
import { createOutput, type Output } from './output.ts'
import { resolveSettings, type SettingName, unknownVariables } from './settings.ts'
import { outputEnded } from './signals.ts'
import { assertNoSlip, describeUsage } from './usage.ts'
import { version } from './version.ts'

/** Where the argument parser's own text goes: help and version, and what it says of wrong arguments. */
export interface ParserStreams {
  readonly writeOut: (text: string) => void
  readonly writeErr: (text: string) => void
}

const standardStreams: ParserStreams = {
  writeOut: text => void process.stdout.write(text),
  writeErr: text => void process.stderr.write(text)
}

/** The whole command tree. Help, completions and man pages are made from it. */
export function createProgram(streams: ParserStreams = standardStreams): Command {
  const program = new Command('status-stack')
    .configureOutput({ ...streams, outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .description(
      'The reference client and node of the 2019–20 Status protocol (not the network of today’s Status app).'
    )
    .version(version())
    .option('--json', 'one JSON object per line on stdout')
    .option('-q, --quiet', 'nothing but the result, and what went wrong')
    .option('--verbose', 'say more about what happens, on stderr')
    .addHelpText(
      'after',
      examplesText([
        ['see the whole stack at work', 'demo'],
        ['make an identity', 'init'],
        ['the public key to pass on', 'whoami'],
        ['run a relay', 'node --listen 0.0.0.0:30303'],
        ['talk with a person', 'chat --to zQ3sh… --peer enode://…@host:30303']
      ])
    )
  for (const option of settingFlags('profile', 'dataDir', 'keyring', 'passwordFile')) program.addOption(option)
  const run: Runner = async (command, work) => work(await contextOf(program, command))
  for (const define of commands) define(program, run)
  const strict = (command: Command): void => {
    command.exitOverride().showSuggestionAfterError(true)
    for (const child of command.commands) strict(child)
  }
  strict(program)
  return program
}

/** Resolves the settings for one run, and makes the output. */
async function contextOf(program: Command, command: Command): Promise<Context<never>> {
  const options = command.opts<Record<string, unknown>>()
  const shared = program.opts<{ json?: boolean; verbose?: boolean; quiet?: boolean }>()
  const flags = { ...settingsIn(program), ...settingsIn(command) }
  // What a person mends a broken file with does not read it.
  const ignoreFile = command.parent?.name() === 'config' && ['edit', 'path', 'template'].includes(command.name())
  const resolved = await resolveSettings(flags, process.env, { ignoreFile })
  const json = shared.json === true
  const verbose = shared.verbose === true
  const quiet = shared.quiet === true
  const output = createOutput({ json, verbose, quiet, stdout: process.stdout, stderr: process.stderr })
  for (const { name, meant } of unknownVariables(process.env)) {
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    output.note({ event: 'unknown-variable', name, meant }, `· ${name} is no setting and is ignored${hint}`)
  }
  return {
    options: options as never,
    globals: { ...resolved.values, json, verbose, quiet, resolved, command: firstWord(command) },
    output,
    args: command.processedArgs.flat().filter(argument => typeof argument === 'string'),
    program
  }
}

/** The settings that flags give: only what was typed wins over the environment and the file. */
function settingsIn(command: Command): Partial<Record<SettingName, unknown>> {
  const typed = command.options
    .filter(option => option instanceof SettingOption)
    .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
  return Object.fromEntries(
    typed.map(option => {
      const value: unknown = command.getOptionValue(option.attributeName())
      return [option.setting, typeof value === 'boolean' ? (value ? 'on' : 'off') : value]
    })
  )
}

function firstWord(command: Command): string {
  const { parent } = command
  return parent === null || parent.parent === null ? command.name() : firstWord(parent)
}

/** Runs the program and answers its exit code; prints every error as one sentence, never as a stack trace. */
export async function run(argv: readonly string[]): Promise<number> {
  // Flags for all commands are taken wherever they stand: `demo --json` reads as well as `--json demo`.
  const { shared, rest: typed } = gatherShared(argv)
  const rest = helpOfWhole(typed)
  const json = shared.includes('--json')
  const output = createOutput({ json, verbose: false, stdout: process.stdout, stderr: process.stderr })
  let help = ''
  const keep = (text: string): void => {
    help += text
  }
  const program = createProgram({ writeOut: json ? keep : standardStreams.writeOut, writeErr: keep })
  try {
    await assertDecoded(argv)
    assertNoSlip(program, rest)
    await program.parseAsync([...shared, ...rest], { from: 'user' })
    return Number(process.exitCode ?? exitCodes.ok)
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) {
        if (json && error.code === 'commander.version') output.data({ event: 'version', version: version() }, version())
        else if (json) output.data({ event: 'help', text: help }, help)
        return exitCodes.ok
      }
      if (error.code === 'commander.help' && !json) {
        process.stderr.write(help)
        return exitCodes.usage
      }
      return fail(output, describeUsage(program, rest, error))
    }
    const described = describeError(error)
    // The reader of our output has closed it: that is no failure.
    if (outputEnded.aborted && described.exitCode === exitCodes.interrupted) return exitCodes.ok
    return fail(output, described)
  }
}

function fail(output: Output, error: ErrorDescription): number {
  const { code, message, hint, exitCode } = shown(error)
  output.note(
    { event: 'error', code, message, ...(hint === undefined ? {} : { hint }) },
    `status-stack: ${message}${hint === undefined ? '' : `\n  ${hint}`}`
  )
  return exitCode
}

/**
 * Node replaces bytes of arguments that are not UTF-8: a text would be sent with other characters, a path name another file.
 * Where the system tells the bytes, they are refused; a replacement character that was really typed is not.
 * @throws CliError `not-utf8`
 */
async function assertDecoded(argv: readonly string[]): Promise<void> {
  if (!argv.some(argument => argument.includes('\ufffd'))) return
  const bytes = await readArgumentBytes()
  if (bytes !== undefined && utf8Text(bytes) === undefined)
    throw new CliError('usage', 'not-utf8', 'an argument is not UTF-8', 'convert it, for example with iconv')
}

/** `help contacts add` is asked for what `contacts add --help` says: the parser's own takes one word and would show the first. */
function helpOfWhole(words: readonly string[]): readonly string[] {
  const [first, ...path] = words
  return first === 'help' && path.length > 1 && !path.some(word => word.startsWith('-')) ? [...path, '--help'] : words
}

const sharedSwitches = ['--json', '--verbose', '--quiet', '-q', '--keyring']
const sharedValues = ['--profile', '--data-dir', '--password-file']

function gatherShared(argv: readonly string[]): {
  readonly shared: readonly string[]
  readonly rest: readonly string[]
} {
  const shared: string[] = []
  const rest: string[] = []
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  for (let i = 0; i < flags.length; i++) {
    const argument = flags[i] ?? ''
    if (sharedSwitches.includes(argument) || sharedValues.some(name => argument.startsWith(`${name}=`)))
      shared.push(argument)
    else if (sharedValues.includes(argument) && i + 1 < flags.length) shared.push(argument, flags[++i] ?? '')
    else rest.push(argument)
  }
  return { shared, rest: end === -1 ? rest : [...rest, ...argv.slice(end)] }
}
