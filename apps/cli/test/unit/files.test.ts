import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { homeFolder, xdgFolder } from '@status-stack/command-line/process'
import { type Line, linesOf } from '@status-stack/utils'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readRegularFile, readTextFile } from '../../src/files.ts'
import { limits } from '../../src/limits.ts'
import { createHome, type Home } from './run-here.ts'

const read = { what: 'the file', maxBytes: 10, code: 'file' } as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-stack-files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A FIFO that nobody writes to, a device without an end, a folder, and a sparse file of 1 GB. */
function hostilePaths(): readonly string[] {
  const fifo = join(folder, 'fifo')
  rmSync(fifo, { force: true })
  execFileSync('mkfifo', [fifo])
  const large = put('large', '')
  truncateSync(large, 1 << 30)
  mkdirSync(join(folder, 'folder'), { recursive: true })
  return ['/dev/zero', '/dev/urandom', fifo, join(folder, 'folder'), large, join(folder, 'nowhere')]
}

describe('a file that is read', () => {
  test('is regular, and within its bound', async () => {
    expect(await readRegularFile(put('ten', '0123456789'), read)).toHaveLength(10)
    const eleven = put('eleven', '01234567890')
    await expect(readRegularFile(eleven, read)).rejects.toThrow(`the file is longer than 10 bytes: ${eleven}`)
    await expect(
      readRegularFile(eleven, { ...read, tooLong: 'large', exit: 'failed', hint: 'cut it' })
    ).rejects.toMatchObject({ code: 'large', exit: 'failed', hint: 'cut it' })
    for (const path of hostilePaths())
      await expect(readRegularFile(path, read), path).rejects.toMatchObject({ code: 'file' })
  })

  test('is UTF-8 where it is text', async () => {
    await expect(readTextFile(put('latin1', Uint8Array.of(0x63, 0xe9)), read)).rejects.toMatchObject({
      code: 'file',
      exit: 'usage',
      message: `the file is not UTF-8: ${join(folder, 'latin1')}`
    })
  })
})

describe('every file that a command reads', () => {
  let home: Home
  beforeAll(() => {
    home = createHome()
  })
  afterAll(() => home.dispose())

  const reads: readonly (readonly [flag: string, args: (path: string) => readonly string[]])[] = [
    ['--password-file', path => ['init', '--light-kdf', '--password-file', path]],
    ['--private-key-file', path => ['init', '--private-key-file', path]],
    ['--phrase-file', path => ['account', 'recover', '--phrase-file', path]],
    ['account import', path => ['account', 'import', path]],
    ['keys public', path => ['keys', 'public', path]],
    ['inspect', path => ['inspect', path]],
    ['inspect --keys', path => ['inspect', '--hex', '00', '--keys', path]],
    ['daemon --secret-file', path => ['daemon', '--ws', '127.0.0.1:0', '--secret-file', path]],
    ['--mail-password-file', path => ['mailserver', '--ephemeral', '--mail-password-file', path]],
    ['--mail-key-file', path => ['mailserver', '--ephemeral', '--mail-key-file', path]],
    ['--postgres-url-file', path => ['mailserver', '--ephemeral', '--store', 'postgres', '--postgres-url-file', path]],
    ['send --image', path => ['send', '--to', '#status', '--image', path]]
  ]

  test.each(reads)('%s: what never ends, or is too large, is refused at once', async (_, args) => {
    for (const path of hostilePaths()) {
      const ended = await home.run(args(path))
      expect(ended.code, `${path} ${ended.stderr}`).not.toBe(0)
      expect(ended.stderr).toContain(path)
    }
  })

  test('vectors, which may be in a folder too', async () => {
    for (const path of hostilePaths().filter(one => !one.endsWith('/folder')))
      expect(await home.run(['conformance', path])).toMatchObject({ code: 2, stderr: expect.stringContaining(path) })
  })

  test('the settings file, wherever it is named', async () => {
    for (const path of hostilePaths().slice(0, -1)) {
      vi.stubEnv('STATUS_STACK_CONFIG', path)
      const ended = await home.run(['config', 'show'])
      expect([ended.code, ended.stderr], path).toEqual([2, expect.stringContaining(path)])
    }
    vi.stubEnv('STATUS_STACK_CONFIG', put('latin1.toml', Uint8Array.of(0x23, 0xe9)))
    expect((await home.run(['config', 'show'])).stderr).toContain('not UTF-8')
    vi.stubEnv('STATUS_STACK_CONFIG', put('marked.toml', '\ufefftimeout = 7\n'))
    expect((await home.run(['config', 'show'])).stdout).toMatch(/^timeout +7$/m)
    vi.stubEnv('STATUS_STACK_CONFIG', '')
  })

  test('the files of the profile', async () => {
    mkdirSync(home.profile, { recursive: true })
    for (const name of ['account.json', 'holder.json']) {
      const path = join(home.profile, name)
      execFileSync('mkfifo', [path])
      expect((await home.run(['whoami'])).code).toBe(6)
      rmSync(path)
    }
  })
})

describe('folders of the XDG specification', () => {
  test('a relative path is ignored, and so is an empty one', () => {
    const known = homeFolder({})
    expect(known).toMatch(/^\//)
    for (const given of ['', 'relative', './here', '~/config']) {
      expect(xdgFolder('XDG_CONFIG_HOME', { XDG_CONFIG_HOME: given, HOME: '/home/a' })).toBe('/home/a/.config')
      expect(xdgFolder('XDG_DATA_HOME', { XDG_DATA_HOME: given, HOME: '/home/a' })).toBe('/home/a/.local/share')
      expect(xdgFolder('XDG_CONFIG_HOME', { HOME: given })).toBe(join(known, '.config'))
    }
    expect(xdgFolder('XDG_DATA_HOME', { XDG_DATA_HOME: '/data' })).toBe('/data')
  })

  test('nothing is made in the folder that the program is started from', async () => {
    const home = createHome()
    vi.stubEnv('XDG_DATA_HOME', 'relative-data')
    vi.stubEnv('XDG_CONFIG_HOME', 'relative-config')
    vi.stubEnv('HOME', home.folder)
    const path = await home.run(['config', 'path'])
    expect(path.stdout.trim()).toBe(join(home.folder, '.config', 'status-stack', 'config.toml'))
    expect((await home.run(['whoami'])).stderr).toContain(join(home.folder, '.local', 'share', 'status-stack'))
    home.dispose()
  })
})

describe('lines of a stream', () => {
  async function* chunks(...parts: readonly Uint8Array[]) {
    yield* parts
  }
  const bytes = (text: string) => new TextEncoder().encode(text)
  const all = async (parts: readonly Uint8Array[], maxBytes = 100): Promise<readonly Line[]> => {
    const found: Line[] = []
    for await (const line of linesOf(chunks(...parts), maxBytes)) found.push(line)
    return found
  }

  test('come whole, however the bytes are cut', async () => {
    const text = bytes('first\r\n\nżółw\nlast')
    const expected = ['first', '', 'żółw', 'last'].map(line => ({ kind: 'text', text: line }))
    expect(await all([text])).toEqual(expected)
    expect(await all([...text].map(byte => Uint8Array.of(byte)))).toEqual(expected)
  })

  test('that are not UTF-8 or too long are named, and the next one is read', async () => {
    expect(await all([Uint8Array.of(0xff, 0x0a), bytes('ok\n')])).toEqual([
      { kind: 'not-utf8' },
      { kind: 'text', text: 'ok' }
    ])
    expect(await all([bytes('xxxx'), bytes('xxxx\nok')], 5)).toEqual([
      { kind: 'too-long' },
      { kind: 'text', text: 'ok' }
    ])
  })
})

test('every bound says why it is that number', () => {
  const source = readFileSync(new URL('../../src/limits.ts', import.meta.url), 'utf8')
  for (const name of Object.keys(limits)) expect(source).toMatch(new RegExp(`\\*/\\n {2}${name}:`))
})
