import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { processMark } from '@status-stack/utils/process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { longestInput } from '../../src/editor.ts'
import { editorCommand } from '../../src/editor-program.ts'
import { editExternally } from '../../src/external-editor.ts'
import { createOpenedFiles } from '../../src/opened-files.ts'
import { makePrivateFolder, privateFolder, removeLeftovers } from '../../src/private-folder.ts'

let folder: string
let profile: { readonly folder: string }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-stack-editor-'))
  profile = { folder: join(folder, 'profile') }
  mkdirSync(profile.folder, { mode: 0o700 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** An editor that is a shell script; `$1` is the file. */
function editor(script: string): NodeJS.ProcessEnv {
  const path = join(folder, 'editor.sh')
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
  return { EDITOR: path }
}
const never = new AbortController().signal
const leftOver = (): readonly string[] => readdirSync(profile.folder)

test('the text goes to the editor and comes back; file and folder are their owner’s alone, and gone afterwards', async () => {
  const log = join(folder, 'log')
  const environment = editor(
    `stat -c %a "$1" "$(dirname "$1")" > ${log}; cat "$1" >> ${log}; printf 'new\\nlines\\n' > "$1"`
  )
  expect(await editExternally(profile, 'the draft', never, environment)).toBe('new\nlines')
  expect(readFileSync(log, 'utf8')).toBe('600\n700\nthe draft\n')
  expect(leftOver()).toEqual([])
})

test('editors and viewers get the environment that is handed over, and not that of the process', async () => {
  vi.stubEnv('TOOL_PASSWORD', 'secret')
  const log = join(folder, 'log')
  const environment = editor(`env > ${log}; echo done > "$1"`)
  expect(await editExternally(profile, '', never, environment)).toBe('done')
  expect(readFileSync(log, 'utf8')).not.toContain('secret')
  const viewer = editor(`env > ${log}`)
  const files = createOpenedFiles(profile, viewer['EDITOR'], viewer)
  await files.open('picture.png', new Uint8Array(3))
  files.remove()
  expect(readFileSync(log, 'utf8')).toMatch(/^PWD=/m)
  expect(readFileSync(log, 'utf8')).not.toContain('secret')
  vi.unstubAllEnvs()
})

test('an editor with arguments of its own, and VISUAL before EDITOR', async () => {
  const environment = editor('echo "$1" > "$2"')
  const visual = { EDITOR: 'false', VISUAL: `${environment['EDITOR']} --wait` }
  expect(await editExternally(profile, '', never, visual)).toBe('--wait')
  expect(editorCommand({})).toBe('vi')
})

test.each([
  ['fails', 'exit 3', 'reported a failure'],
  ['is not there', 'exit 127', 'the editor was not found']
])('an editor that %s changes nothing and leaves nothing', async (_, script, sentence) => {
  await expect(editExternally(profile, 'draft', never, editor(script))).rejects.toThrowError(sentence)
  expect(leftOver()).toEqual([])
})

test('who is ended ends the editor too, and leaves nothing', async () => {
  const ending = new AbortController()
  const started = join(folder, 'started')
  const editing = editExternally(profile, 'draft', ending.signal, editor(`touch ${started}; exec sleep 60`))
  while (!existsSync(started)) await new Promise(resolve => setTimeout(resolve, 10))
  ending.abort()
  await expect(editing).rejects.toThrowError('editor')
  expect(leftOver()).toEqual([])
})

test('a file that is longer than any input is read in part', async () => {
  const environment = editor('head -c 300000 /dev/zero | tr "\\0" x > "$1"')
  expect((await editExternally(profile, '', never, environment)).length).toBeLessThanOrEqual(4 * longestInput)
})

test('a draft lies in the memory of the login where that is ours alone, else in the profile', () => {
  const runtime = join(folder, 'runtime')
  mkdirSync(runtime, { mode: 0o700 })
  expect(privateFolder(profile, 'draft', { XDG_RUNTIME_DIR: runtime })).toContain(runtime)
  chmodSync(runtime, 0o755)
  expect(privateFolder(profile, 'draft', { XDG_RUNTIME_DIR: runtime })).toContain(profile.folder)
  expect(privateFolder(profile, 'draft', { XDG_RUNTIME_DIR: join(folder, 'nowhere') })).toContain(profile.folder)
  expect(privateFolder(profile, 'draft', {})).not.toBe(privateFolder({ folder: `${profile.folder}2` }, 'draft', {}))
})

test('what a killed process left is removed by the next one', () => {
  // It had our id; in a container that was started anew each process has that of one before.
  const mark = processMark().replace(/-\d+-/, '-1-')
  const left = privateFolder(profile, 'draft', {}, mark)
  mkdirSync(left, { mode: 0o700 })
  writeFileSync(join(left, 'message.txt'), 'secret')
  removeLeftovers(profile, { XDG_RUNTIME_DIR: join(folder, 'nowhere') })
  expect(leftOver()).toEqual([])
})

test('what runs, or may run in another container, keeps its files, and says so every day', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  try {
    const environment = {}
    const own = privateFolder(profile, 'draft', environment)
    const remove = makePrivateFolder(own)
    const elsewhere = privateFolder(
      profile,
      'open',
      environment,
      processMark().replace(/-([0-9a-f]{8})[0-9a-f]{8}/, '-$1ffffffff')
    )
    mkdirSync(elsewhere, { mode: 0o700 })
    vi.advanceTimersByTime(29 * 86_400_000)
    removeLeftovers(profile, environment)
    expect(leftOver()).toHaveLength(2)
    expect(Date.now() - statSync(own).mtimeMs).toBeLessThan(86_400_001)
    vi.advanceTimersByTime(2 * 86_400_000)
    removeLeftovers(profile, environment)
    expect(leftOver()).toEqual([basename(own)])
    remove()
    expect(leftOver()).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})
