import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typeProblems } from '../type-resolution.mjs'

let work
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-types-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function pack(name, files, exports, rest = {}) {
  const manifest = { name, version: '1.0.0', type: 'module', exports, ...rest }
  const all = { ...files, 'package.json': JSON.stringify(manifest) }
  for (const [path, text] of Object.entries(all)) {
    const file = join(work, name, 'package', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  execFileSync('tar', ['-czf', join(work, `${name}.tgz`), '-C', join(work, name), 'package'])
  return join(work, `${name}.tgz`)
}

const files = { 'dist/index.js': 'export const x = 1\n', 'dist/index.d.ts': 'export declare const x: number\n' }
const entry = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } }

test('an entry with its types is in order, though it is of no use to CommonJS', async () => {
  expect(await typeProblems(pack('good', files, entry))).toEqual([])
})

test('an entry whose types are not there is found', async () => {
  const exports = { ...entry, './more': { types: './dist/more.d.ts', default: './dist/more.js' } }
  const problems = await typeProblems(pack('gone', { ...files, 'dist/more.js': 'export {}\n' }, exports))
  expect(problems).toContain('types: UntypedResolution ./more node16-esm')
})

test('types of the other module system are found', async () => {
  const wrong = { ...files, 'dist/index.d.cts': 'declare const x: number\nexport = x\n' }
  const exports = { '.': { types: './dist/index.d.cts', default: './dist/index.js' } }
  const problems = await typeProblems(pack('wrong', wrong, exports))
  expect(problems).toContain('types: FalseCJS')
})
