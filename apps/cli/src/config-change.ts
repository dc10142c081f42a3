import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { replaceFile } from '@status-stack/profiles/files'
import { editorCommand, holdInterrupts, runEditor } from '@status-stack/terminal-chat/editor'
import { parse } from 'smol-toml'
import { configTemplate, withSetting } from './config-file.ts'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import { confirm, readText } from './messages/input.ts'
import { settingKinds } from './setting-kinds.ts'
import type { SettingKind, SettingValue } from './setting-values.ts'
import { parseSettings } from './settings.ts'
import { closest } from './usage.ts'

/** Where the program looks before it knows which profile: they stand above the tables. */
const aboveProfiles: ReadonlySet<string> = new Set(['profile', 'data_dir'])

/**
 * Changes one setting of the file, or takes it out; the file is made where there is none.
 * @throws CliError `config` for a key or value that does not fit, and for a file that must be changed by hand
 */
export async function changeSetting(
  { resolved, profile }: Globals,
  key: string,
  given: readonly string[] | undefined
): Promise<{ readonly file: string; readonly profile: string | undefined }> {
  const { file, origins } = resolved
  const kinds = Object.values<SettingKind<SettingValue>>(settingKinds)
  const kind = kinds.find(candidate => candidate.key === key)
  if (kind === undefined) {
    const meant = closest(
      key,
      kinds.map(candidate => candidate.key)
    )
    const hint = meant === undefined ? 'status-stack config show lists them' : `did you mean ${meant}?`
    throw new CliError('usage', 'config', `there is no setting named ${key}`, hint)
  }
  const value = given === undefined ? undefined : await valueIn(kind, given)
  const of = origins.profile === 'flag' && !aboveProfiles.has(key) ? profile : undefined
  const before = await readOrNothing(file)
  const after = withSetting(before, { key, profile: of, value }, parse)
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

/** What the file is to hold. @throws CliError `config`, `secret-argument` */
async function valueIn(kind: SettingKind<SettingValue>, given: readonly string[]): Promise<SettingValue> {
  const fromStdin = given.length === 1 && given[0] === '-'
  const texts = fromStdin ? [await readText('-')] : given
  if (!fromStdin) for (const text of texts) kind.checkFlag?.(text)
  const isList = Array.isArray(kind.fallback)
  const raw = isList ? texts : texts.join(' ')
  const value = kind.parse(raw)
  if (value === undefined) throw new CliError('usage', 'config', `${kind.key}: expected ${kind.expected}`)
  // A time is kept as it was written: what it comes to changes from day to day.
  return kind.parse(value) === undefined ? (raw as SettingValue) : value
}

async function readOrNothing(file: string): Promise<string> {
  if (!existsSync(file)) return ''
  return readTextFile(file, { what: 'the settings file', maxBytes: limits.configBytes, code: 'config' })
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await replaceFile(file, text)
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
  const before = await readOrNothing(file)
  const draft = `${file}.edited.toml`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(draft, before === '' ? configTemplate(settingKinds) : before, { mode: 0o600 })
  const release = holdInterrupts()
  try {
    for (;;) {
      await runEditor(editorCommand(process.env), draft, new AbortController().signal)
      const after = await readOrNothing(draft)
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

async function problemOf(text: string, file: string): Promise<CliError | undefined> {
  try {
    await parseSettings(text, file)
    return undefined
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
}
