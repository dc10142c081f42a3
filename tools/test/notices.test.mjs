import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundledPackages, noticesText } from '../../apps/cli/build/notices.mjs'
import { noticesProblems } from '../tarball-checks.mjs'

let work
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-notices-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function install(files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const metafileOf = inputs => ({
  outputs: {
    'main.js': { inputs: Object.fromEntries(inputs.map(([path, bytesInOutput]) => [path, { bytesInOutput }])) }
  }
})

test('what is in the bundle is named once with its licence, and nothing else', () => {
  install({
    'node_modules/b/package.json': { name: 'b', version: '2.0.0', license: 'ISC' },
    'node_modules/b/LICENSE.md': 'the words of b',
    'node_modules/b/esm/package.json': { type: 'module' },
    'node_modules/a/package.json': { name: 'a', version: '1.0.0', license: 'MIT', author: { name: 'Alice' } },
    'node_modules/gone/package.json': { name: 'gone', version: '1.0.0', license: 'GPL-3.0' }
  })
  const metafile = metafileOf([
    ['node_modules/b/esm/x.js', 10],
    ['node_modules/b/esm/y.js', 10],
    ['node_modules/a/x.js', 10],
    ['node_modules/gone/x.js', 0],
    ['src/main.ts', 10]
  ])
  const packages = bundledPackages(metafile, work)
  expect(packages.map(({ name }) => name)).toEqual(['a', 'b'])
  const text = noticesText(packages)
  expect(text).toContain('the words of b')
  expect(text).toContain('Copyright (c) Alice\n\nPermission is hereby granted')
  expect(noticesProblems(['a', 'b'], text)).toEqual([])
  expect(noticesProblems(['a', 'c'], text)).toEqual(['c is bundled and not in dist/THIRD-PARTY-NOTICES.txt'])
})

test('a licence without its text ends the build, unless the text is always the same', () => {
  install({ 'node_modules/c/package.json': { name: 'c', version: '1.0.0', license: 'BSD-3-Clause' } })
  expect(() => noticesText(bundledPackages(metafileOf([['node_modules/c/x.js', 1]]), work))).toThrow(
    'c comes under BSD-3-Clause, and without its text'
  )
})
