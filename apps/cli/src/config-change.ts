import { existsSync } from 'node:fs'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandLineError } from '@status-stack/command-line'
import { typedValue, withSetting } from '@status-stack/command-line/settings-file'
import { makeFolder, replaceFile } from '@status-stack/profiles/files'
import { editorCommand, holdInterrupts, runEditor } from '@status-stack/terminal-chat/editor'
import { childEnvironment } from './child-environment.ts'
import { CliError, codeOf, describeError } from './errors.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import { agrees, readStdin } from './messages/input.ts'
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
  const texts = fromStdin ? [await valueOnStdin(key)] : given
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

/** @throws CliError `no-value` */
async function valueOnStdin(key: string): Promise<string> {
  const hint = `type it behind ${key}, or take the setting out with: status-stack config unset ${key}`
  if (process.stdin.isTTY === true)
    throw new CliError('usage', 'no-value', `- reads the value of ${key} from stdin, and stdin is this terminal`, hint)
  // BOUNDED: configBytes
  const text = await readStdin(`the value of ${key}`, limits.configBytes)
  if (text.trim() === '') throw new CliError('usage', 'no-value', `there is no value of ${key} on stdin`, hint)
  return text
}

async function write(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file))
  // People keep settings elsewhere and link to them: the link stays.
  await replaceFile(await realpath(file).catch(() => file), text)
}

/**
 * Lets the person edit the file. What they wrote takes its place once it fits; what does not is kept for them, and the error says where.
 * @throws CliError `editor`, `config`, `config-changed`
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
  const draft = await makeDraft(file, before === '' ? configTemplate() : before)
  try {
    const text = await editDraft(draft, file)
    const changed = text !== draft.begun
    if (changed) {
      if (((await readSettingsFile(file)) ?? '') !== before)
        throw new CliError('failed', 'config-changed', `${file} was changed while you edited it, and stays as it is`)
      await write(file, text)
    }
    await draft.remove()
    return { file, changed }
  } catch (error) {
    if (await draft.holdsNothing()) await draft.remove()
    else throw keptIn(draft, file, error)
    throw error
  }
}

/** What is being edited: in a folder of its own, which other users cannot enter, whatever copies an editor makes. */
interface Draft {
  readonly path: string
  /** What it began with. */
  readonly begun: string
  /** @throws CliError `config`, `editor` */
  readonly text: () => Promise<string>
  /** Whether there is nothing in it that the person wrote. */
  readonly holdsNothing: () => Promise<boolean>
  readonly remove: () => Promise<void>
}

async function makeDraft(file: string, begun: string): Promise<Draft> {
  await makeFolder(dirname(file))
  const folder = await mkdtemp(`${file}.edited-`)
  const path = join(folder, basename(file))
  await writeFile(path, begun, { mode: 0o600, flag: 'wx' })
  const text = async (): Promise<string> => {
    const found = await readSettingsFile(path)
    if (found === undefined) throw new CliError('failed', 'editor', 'the editor left no file')
    return found
  }
  return {
    path,
    begun,
    text,
    holdsNothing: async () =>
      !existsSync(path) ||
      (await text().then(
        now => now === begun,
        () => false
      )),
    remove: () => rm(folder, { recursive: true, force: true })
  }
}

/** Until what the person wrote fits, or they have enough. Answers what they wrote. @throws CliError `not-confirmed`, `interrupted`; ChatError */
async function editDraft(draft: Draft, file: string): Promise<string> {
  const environment = childEnvironment(process.env)
  for (;;) {
    const release = holdInterrupts()
    await runEditor(editorCommand(environment), draft.path, new AbortController().signal, environment).finally(release)
    const text = await draft.text()
    const wrong = await problemOf(text, draft.path)
    if (wrong === undefined) return text
    process.stderr.write(`${describeError(wrong).message}\n`)
    if (!(await agrees('Edit it again?'))) throw new CliError('failed', 'not-confirmed', `${file} stays as it is`)
  }
}

/** The error of an edit that is not lost. */
const keptIn = ({ path }: Draft, file: string, error: unknown): CliError =>
  new CliError(
    error instanceof CliError ? error.exit : 'failed',
    codeOf(error) ?? 'editor',
    describeError(error).message,
    `what you wrote is in ${path}: mend it and move it to ${file}, or delete it`
  )

async function problemOf(text: string, file: string): Promise<CommandLineError | undefined> {
  try {
    await settings.check(text, file)
    return undefined
  } catch (error) {
    if (CommandLineError.is(error)) return error
    throw error
  }
}
