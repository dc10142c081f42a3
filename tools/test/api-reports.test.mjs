import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acceptReports,
  apiOf,
  changedReports,
  declarationsOf,
  differences,
  inOrder,
  reportOf
} from '../api-reports.mjs'
import { publicPackages } from '../packed.mjs'

let work
let entries
const write = (path, text) => {
  mkdirSync(dirname(join(work, path)), { recursive: true })
  writeFileSync(join(work, path), text)
}
const reports = () => join(work, 'api')
const problems = () => changedReports(apiOf(entries), reports())
const accept = () => acceptReports(apiOf(entries), problems())

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-api-test-'))
  const types = name => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
  const json = {
    name: '@s/a',
    version: '1.0.0',
    type: 'module',
    exports: { '.': types('index'), './wire': types('wire'), './package.json': './package.json' }
  }
  write('packages/a/package.json', JSON.stringify(json))
  // As a bundler of declarations leaves them: names shortened, what entries share in a file of its own.
  write(
    'packages/a/dist/shared-x.d.ts',
    '/** Shared. */\ninterface Options {\n  readonly most?: number\n}\nexport type { Options as O }\n'
  )
  write(
    'packages/a/dist/index.d.ts',
    "import { O as Options } from './shared-x.js'\ndeclare function make(options: Options): number\nexport { type Options, make }\n"
  )
  write('packages/a/dist/wire.d.ts', "export type { O as Options } from './shared-x.js'\n")
  entries = declarationsOf({ folder: join(work, 'packages/a'), json })
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('every entry has a report of its own name', () => {
  expect(entries.map(({ name }) => name)).toEqual(['@s/a', '@s/a/wire'])
  expect(entries.map(({ name }) => reportOf(name))).toEqual([join('a', 'index.api.md'), join('a', 'wire.api.md')])
  expect(publicPackages().flatMap(declarationsOf).length).toBeGreaterThan(50)
})

test('an entry without a report, and a report without an entry, are found; accepting ends both', () => {
  write('api/gone/index.api.md', 'of a package that is no more')
  expect(problems().map(({ name, lines }) => `${name}: ${lines}`)).toEqual([
    '@s/a: there is no report',
    '@s/a/wire: there is no report',
    `${join('gone', 'index.api.md')}: is no entry`
  ])
  accept()
  expect(problems()).toEqual([])
  expect(existsSync(join(work, 'api/gone/index.api.md'))).toBe(false)
  const text = readFileSync(join(work, 'api/a/index.api.md'), 'utf8')
  expect(text).toContain('## @s/a\n')
  expect(text).toContain('export function make(options: Options): number\n')
  expect(text).toContain('readonly most?: number\n')
})

test('a changed signature, option or name differs from what was accepted, in every entry that has it', () => {
  accept()
  const shared = join(work, 'packages/a/dist/shared-x.d.ts')
  const before = readFileSync(shared, 'utf8')
  writeFileSync(shared, before.replace('most?: number', 'most?: number | undefined'))
  expect(problems()).toMatchObject([
    { name: '@s/a', lines: ['-     readonly most?: number', '+     readonly most?: number | undefined'] },
    { name: '@s/a/wire' }
  ])
  writeFileSync(shared, before)
  expect(problems()).toEqual([])
})

test('an inferred union reads the same in whatever order the compiler met its texts', () => {
  expect(inOrder('x: Param<"b" | "a" | "c", \'b\' | \'a\'>')).toBe('x: Param<"a" | "b" | "c", \'b\' | \'a\'>')
})

test('lines that are gone and lines that are new', () => {
  expect(differences('a\nb\nc', 'a\nc\nd')).toEqual(['- b', '+ d'])
})
