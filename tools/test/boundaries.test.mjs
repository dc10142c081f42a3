import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findViolations, specifiersOf } from '../boundaries.mjs'

let root
const put = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const withCompose = { '.': './src/index.ts', './compose': { 'status-stack-source': './src/compose.ts' } }
const manifest = (name, fields = {}) =>
  JSON.stringify({
    name: `@status-stack/${name}`,
    exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' },
    ...fields
  })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boundaries-'))
  for (const name of ['whisper', 'status-pfs', 'crypto', 'status-client'])
    put(`packages/${name}/package.json`, manifest(name))
  put('packages/status-client/package.json', manifest('status-client', { exports: withCompose }))
  put('packages/status-client/src/compose.ts', "export { a } from './core.ts'")
  put('packages/status-client/src/core.ts', 'export const a = 1')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const problems = () => findViolations(root).map(violation => violation.problem)

test('a layer may import foundations, and the client may import layers', () => {
  put('packages/whisper/src/a.ts', "import { x } from '@status-stack/crypto'\nimport './b.ts'")
  put('packages/status-client/src/a.ts', "import { x } from '@status-stack/whisper'")
  expect(problems()).toEqual([])
})

test.each([
  ['an import statement', "import { x } from '@status-stack/status-pfs'"],
  ['a type import', "import type { X } from '@status-stack/status-pfs'"],
  ['an import type', "type X = import('@status-stack/status-pfs').X"],
  ['a re-export', "export * from '@status-stack/status-pfs'"],
  ['a dynamic import', "const m = await import('@status-stack/status-pfs')"],
  ['a dynamic import with a template', 'const m = await import(`@status-stack/status-pfs`)'],
  ['a require', "const m = require('@status-stack/status-pfs')"],
  ['import.meta.resolve', "const m = import.meta.resolve('@status-stack/status-pfs')"]
])('a layer importing another layer by %s is found, in tests too', (_, text) => {
  put('packages/whisper/test/unit/a.test.ts', text)
  expect(problems()).toEqual(['whisper must not import status-pfs'])
})

test('a relative path into another package is found', () => {
  put('packages/whisper/src/a.ts', "import '../../status-pfs/src/index.ts'")
  expect(problems()).toEqual(['reaches into status-pfs by a path'])
})

test('the internals of another package are closed, whoever asks', () => {
  put('packages/status-client/src/a.ts', "import '@status-stack/whisper/src/pool.ts'")
  expect(problems()).toEqual(['imports the internals of whisper: ./src/pool.ts'])
})

test.each(['dependencies', 'devDependencies', 'optionalDependencies'])('%s of package.json are read', field => {
  put('packages/whisper/package.json', manifest('whisper', { [field]: { '@status-stack/status-pfs': 'workspace:*' } }))
  expect(problems()).toEqual([`${field}: whisper must not know status-pfs`])
})

test('words in comments and strings are not imports', () => {
  expect(
    specifiersOf("// import '@status-stack/status-pfs'\nconst text = \"import '@status-stack/status-pfs'\"")
  ).toEqual([])
})

test.each([
  ['an import', "import { x } from '@status-stack/whisper'"],
  ['an import of types by name, which still loads the module', "import { type X } from '@status-stack/whisper/status'"],
  ['a re-export', "export { x } from '@status-stack/whisper'"],
  ['a dynamic import', "const m = await import('@status-stack/whisper')"]
])('the entry that takes layers as values loads none: %s is found, with the way to it', (_, text) => {
  put('packages/status-client/src/core.ts', text)
  expect(problems().filter(problem => problem.includes('loads'))).toEqual([
    'status-client ./compose loads whisper: src/compose.ts → src/core.ts'
  ])
})

test('types of layers and values of foundations are no matter there, and other entries may load layers', () => {
  put(
    'packages/status-client/src/core.ts',
    "import type { X } from '@status-stack/whisper'\nimport '@status-stack/crypto'"
  )
  put('packages/status-client/src/index.ts', "export { x } from '@status-stack/whisper'")
  expect(problems()).toEqual([])
})

test('an entry that has gone is not forgotten', () => {
  put('packages/status-client/package.json', manifest('status-client'))
  expect(problems()).toEqual(['has no entry ./compose'])
})

test.each([
  ['values', "import { b } from './b.ts'"],
  ['types', "import type { B } from './b.ts'"],
  ['an import type', "export type A = import('./b.ts').B"],
  ['a re-export', "export { b } from './b.ts'"],
  ['an import when it is needed', "export const load = () => import('./b.ts')"]
])('two files of a package that import each other are found: %s', (_, text) => {
  put('packages/whisper/src/a.ts', text)
  put('packages/whisper/src/b.ts', "import type { A } from './a.ts'")
  expect(problems()).toEqual(['imports in a circle: src/a.ts → src/b.ts → src/a.ts'])
})

test('the shortest circle of a group is told, and each group once', () => {
  put('packages/whisper/src/a.ts', "import './b.ts'")
  put('packages/whisper/src/b.ts', "import './relay/c.ts'\nimport './a.ts'")
  put('packages/whisper/src/relay/c.ts', "import '../a.ts'")
  put('packages/crypto/src/x.ts', "import './y.ts'")
  put('packages/crypto/src/y.ts', "import './z.ts'")
  put('packages/crypto/src/z.ts', "import './x.ts'")
  put('packages/crypto/src/self.ts', "import './self.ts'")
  expect(findViolations(root).filter(({ problem }) => problem.includes('circle'))).toEqual([
    { place: 'packages/crypto/src/self.ts', problem: 'imports in a circle: src/self.ts → src/self.ts' },
    { place: 'packages/crypto/src/x.ts', problem: 'imports in a circle: src/x.ts → src/y.ts → src/z.ts → src/x.ts' },
    { place: 'packages/whisper/src/a.ts', problem: 'imports in a circle: src/a.ts → src/b.ts → src/a.ts' }
  ])
})

test('files that import one way only are no circle', () => {
  put('packages/whisper/src/a.ts', "import './b.ts'\nimport './c.ts'")
  put('packages/whisper/src/b.ts', "import './c.ts'")
  put('packages/whisper/src/c.ts', "import './nowhere.ts'")
  expect(problems()).toEqual([])
})
