import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandLineError } from '@status-stack/command-line'
import { typedValue, withSetting } from '@status-stack/command-line/settings-file'
import { replaceFile } from '@status-stack/profiles/files'
import { editorCommand, holdInterrupts, runEditor } from '@status-stack/terminal-chat/editor'
import { childEnvironment } from './child-environment.ts'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { confirm, readText } from './messages/input.ts'
import { configTemplate, readSettingsFile, settings } from './settings.ts'

/** Where the program looks before it knows which profile: they stand above the tables. */
const aboveProfiles: ReadonlySet<string> = new Set(['profile', 'data_dir'])

/**
 * Changes one setting of the file, or takes it out; the file is made where there is none.
 * @throws CommandLineError `config` for a key or value that does not fit; CliError `config` for a file that must be changed by hand, `secret-argument`
 */
export async function changeSetting(
  { resolved, profile }: Globals,
  key: string,
  given: readonly string[] | undefined
): Promise<{ readonly file: string; readonly profile: string | undefined }> {
  const { file, origins } = resolved
  const kind = settings.kindOf(key)
  const fromStdin = given?.length === 1 && given[0] === '-'
  const texts = fromStdin ? [await readText('-')] : given
  const value = texts === undefined ? undefined : typedValue(kind, texts, !fromStdin)
  const of = origins.profile === 'flag' && !aboveProfiles.has(key) ? profile : undefined
  const before = (await readSettingsFile(file)) ?? ''
  const section = of === undefined ? undefined : { table: 'profiles', name: of }
  const after = withSetting(before, { key, section, value })
  if (after === undefined)
    throw new CliError(
      'failed',
      'config',
      `${file} cannot be changed without guessing`,
      'change it with: status-stack config edit'
    )
  if (after !== before) await write(file, after)
  return { file, profile: of }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // People keep settings elsewhere and link to them: the link stays.
  await replaceFile(await realpath(file).catch(() => file), text)
}

/**
 * Lets the person edit the file. What they wrote takes its place once it fits.
 * @throws CliError `editor`, `config`
 */
export async function editSettings({
  resolved: { file }
}: Pick<Globals, 'resolved'>): Promise<{ readonly file: string; readonly changed: boolean }> {
  if (process.stdin.isTTY !== true)
    throw new CliError(
      'usage',
      'editor',
      'there is no terminal to edit on',
      'change one setting with: status-stack config set'
    )
  const before = (await readSettingsFile(file)) ?? ''
  const draft = `${file}.edited.toml`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(draft, before === '' ? configTemplate() : before, { mode: 0o600 })
  const environment = childEnvironment(process.env)
  const release = holdInterrupts()
  try {
    for (;;) {
      await runEditor(editorCommand(environment), draft, new AbortController().signal, environment)
      const after = (await readSettingsFile(draft)) ?? ''
      const wrong = await problemOf(after, draft)
      if (wrong === undefined) {
        if (after !== before) await write(file, after)
        return { file, changed: after !== before }
      }
      process.stderr.write(`${wrong.message}\n`)
      await confirm('Edit it again?', undefined)
    }
  } finally {
    release()
    await rm(draft, { force: true })
  }
}

async function problemOf(text: string, file: string): Promise<CommandLineError | undefined> {
  try {
    await settings.check(text, file)
    return undefined
  } catch (error) {
    if (CommandLineError.is(error)) return error
    throw error
  }
}
