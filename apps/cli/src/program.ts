import { Command, CommanderError } from 'commander'
import type { Action } from './command.ts'
import { defineCommands } from './definitions.ts'
import { CliError, describeError, type ErrorDescription, shown } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { readArgumentBytes, utf8Text } from './files.ts'
import { createOutput, type Output } from './output.ts'
import { resolveSettings } from './settings.ts'
import { outputEnded } from './signals.ts'
import { describeUsage, suggestSubcommand } from './usage.ts'
import { version } from './version.ts'

/** Flags whose setting has another name. */
const settingOfFlag: Readonly<Record<string, string>> = {
  peer: 'peers',
  mailserver: 'mailservers',
  bootnode: 'bootnodes',
  metricsHost: 'metricsHosts',
  shhHost: 'shhHosts',
  shhHttpOrigin: 'shhHttpOrigins',
  shhWsOrigin: 'shhWsOrigins',
  wsHost: 'wsHosts',
  wsOrigin: 'wsOrigins'
}
/** Flags without a value whose setting is on or off. */
const switches: ReadonlySet<string> = new Set(['discovery', 'light'])

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
    .option('--verbose', 'more about what happens, on stderr')
    .option('--profile <name>', 'which identity to use')
    .option('--data-dir <folder>', 'where profiles are kept (default: the XDG data folder)')
    .option('--password-file <file>', 'file with the password; else STATUS_STACK_PASSWORD, else asked for')
  const action: Action =
    work =>
    async (...values) => {
      const command = values.at(-1) as Command
      const own = command.opts<Record<string, unknown>>()
      const shared = program.opts<{ json?: boolean; verbose?: boolean }>()
      const flags: Record<string, unknown> = {}
      for (const [flag, value] of Object.entries({ ...shared, ...own })) {
        flags[settingOfFlag[flag] ?? flag] = switches.has(flag) ? (value === true ? 'on' : 'off') : value
      }
      // Nodes listen by default, a client only when told to: the same flag, two settings.
      if (['node', 'mailserver', 'doctor'].includes(command.name())) flags['nodeListen'] = own['listen']
      const resolved = await resolveSettings(flags, process.env)
      const json = shared.json === true
      const verbose = shared.verbose === true
      const output = createOutput({ json, verbose, stdout: process.stdout, stderr: process.stderr })
      const args = command.processedArgs.flat().filter(argument => typeof argument === 'string')
      await work(
        own as never,
        { ...resolved.values, json, verbose, resolved, command: firstWord(command) },
        output,
        args
      )
    }
  defineCommands(program, action)
  const strict = (command: Command): void => {
    command.exitOverride().showSuggestionAfterError(true)
    for (const child of command.commands) strict(child)
  }
  strict(program)
  return program
}

function firstWord(command: Command): string {
  const { parent } = command
  return parent === null || parent.parent === null ? command.name() : firstWord(parent)
}

/** Runs the program and answers its exit code; prints every error as one sentence, never as a stack trace. */
export async function run(argv: readonly string[]): Promise<number> {
  // Flags for all commands are taken wherever they stand: `demo --json` reads as well as `--json demo`.
  const { shared, rest } = gatherShared(argv)
  const json = shared.includes('--json')
  const output = createOutput({ json, verbose: false, stdout: process.stdout, stderr: process.stderr })
  let help = ''
  const keep = (text: string): void => {
    help += text
  }
  const program = createProgram({ writeOut: json ? keep : standardStreams.writeOut, writeErr: keep })
  try {
    await assertDecoded(argv)
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
    const meant = described.exitCode === exitCodes.usage ? suggestSubcommand(program, rest) : undefined
    return fail(output, meant === undefined ? described : { ...described, hint: meant })
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

const sharedSwitches = ['--json', '--verbose']
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
