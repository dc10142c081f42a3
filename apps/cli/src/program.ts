import { existsSync } from 'node:fs'
import {
  type Context as CommandContext,
  lineOf,
  type ParserStreams,
  createProgram as programOf,
  runLine,
  type WrongUsage
} from '@status-stack/command-line'
import { outputEnded } from '@status-stack/command-line/process'
import { typedSettings } from '@status-stack/command-line/settings'
import { utf8Text } from '@status-stack/utils'
import type { Command } from 'commander'
import type { Shared } from './command.ts'
import { commands } from './commands/index.ts'
import { CliError, describeError, type ErrorDescription, shown } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { readArgumentBytes } from './files.ts'
import { flag, settingFlags } from './flags.ts'
import { createOutput, type Output } from './output.ts'
import { resolveSettings, settings } from './settings.ts'
import { version } from './version.ts'

const standardStreams: ParserStreams = {
  writeOut: text => void process.stdout.write(text),
  writeErr: text => void process.stderr.write(text)
}

/** The whole command tree. Help, completions and man pages are made from it. */
export function createProgram(streams: ParserStreams = standardStreams): Command {
  return programOf<Shared>({
    name: 'status-stack',
    description:
      'The reference client and node of the 2019–20 Status protocol (not the network of today’s Status app).',
    version: version(),
    flags: [
      flag('--json', 'one JSON object per line on stdout'),
      flag('-q, --quiet', 'nothing but the result, and what went wrong'),
      flag('--verbose', 'say more about what happens, on stderr'),
      ...settingFlags('profile', 'dataDir', 'keyring', 'passwordFile')
    ],
    examples: [
      ['see the whole stack at work', 'demo'],
      ['make an identity', 'init'],
      ['the public key to pass on', 'whoami'],
      ['run a relay', 'node --listen 0.0.0.0:30303'],
      ['talk with a person', 'chat --to zQ3sh… --peer enode://…@host:30303']
    ],
    commands,
    runner: program => async (command, work) => work(await contextOf(program, command)),
    streams
  })
}

/** Resolves the settings for one run, and makes the output. */
async function contextOf(program: Command, command: Command): Promise<CommandContext<never, Shared>> {
  const options = command.opts<Record<string, unknown>>()
  const shared = program.opts<{ json?: boolean; verbose?: boolean; quiet?: boolean }>()
  const flags = typedSettings(program, command)
  // What a person mends a broken file with does not read it.
  const ignoreFile = command.parent?.name() === 'config' && ['edit', 'path', 'template'].includes(command.name())
  const resolved = await resolveSettings(flags, process.env, { ignoreFile })
  const json = shared.json === true
  const verbose = shared.verbose === true
  const quiet = shared.quiet === true
  const output = createOutput({ json, verbose, quiet, stdout: process.stdout, stderr: process.stderr })
  for (const { name, meant } of settings.unknownVariables(process.env)) {
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    output.note({ event: 'unknown-variable', name, meant }, `· ${name} is no setting and is ignored${hint}`)
  }
  const writesFile = command.parent?.name() === 'config' && command.name() !== 'show'
  if (process.env['STATUS_STACK_CONFIG'] && !writesFile && !existsSync(resolved.file))
    output.note(
      { event: 'warning', code: 'no-settings-file', path: resolved.file },
      `! there is no settings file at ${resolved.file}, which STATUS_STACK_CONFIG names: nothing of it holds`
    )
  return {
    options: options as never,
    globals: { ...resolved.values, json, verbose, quiet, resolved, command: firstWord(command) },
    output,
    args: command.processedArgs.flat().filter(argument => typeof argument === 'string'),
    program
  }
}

function firstWord(command: Command): string {
  const { parent } = command
  return parent === null || parent.parent === null ? command.name() : firstWord(parent)
}

/** Runs the program and answers its exit code; prints every error as one sentence, never as a stack trace. */
export async function run(argv: readonly string[]): Promise<number> {
  let [help, problem] = ['', '']
  const program = createProgram({ writeOut: text => (help += text), writeErr: text => (problem += text) })
  const line = lineOf(program, argv)
  const json = line.shared.includes('--json')
  const output = createOutput({ json, verbose: false, stdout: process.stdout, stderr: process.stderr })
  try {
    await assertDecoded(argv)
    const outcome = await runLine(program, line)
    switch (outcome.kind) {
      case 'done':
        return Number(process.exitCode ?? exitCodes.ok)
      case 'version':
      case 'help':
        if (!json) process.stdout.write(help)
        else if (outcome.kind === 'version') output.data({ event: 'version', version: version() }, version())
        else output.data({ event: 'help', text: help }, help)
        return exitCodes.ok
      case 'group-alone':
        if (json) return fail(output, wrongUsage(outcome.usage))
        process.stderr.write(problem)
        return exitCodes.usage
      case 'usage':
        return fail(output, wrongUsage(outcome.usage))
    }
  } catch (error) {
    const described = describeError(error)
    // The reader of our output has closed it: that is no failure, also of what waits until it is written.
    const ended = described.exitCode === exitCodes.interrupted || described.code === 'EPIPE'
    if (outputEnded.aborted && ended) return exitCodes.ok
    return fail(output, described)
  }
}

const wrongUsage = (usage: WrongUsage): ErrorDescription => ({ code: 'usage', ...usage, exitCode: exitCodes.usage })

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
