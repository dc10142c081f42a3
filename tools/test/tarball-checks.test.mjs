import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences } from '../reproducible.mjs'
import { licenceProblems, mayShip, tarballProblems } from '../tarball-checks.mjs'

let work
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'status-stack-tarball-checks-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const manifest = {
  name: '@status-stack/x',
  license: 'MIT',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './data/*': './data/*' },
  dependencies: { '@status-stack/y': '^1.0.0', z: '1.0.0' }
}
const good = {
  'README.md': 'as in /home/alice/x',
  LICENSE: 'the licence',
  'dist/index.js': 'export {}',
  'dist/index.d.ts': 'export {}',
  'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
  'src/index.ts': 'export {}',
  'data/a.json': '{}'
}

let count = 0
/** A tarball of these files; undefined takes one away. */
function pack(changes = {}, changedManifest = manifest) {
  const folder = join(work, String(++count))
  const files = { ...good, 'package.json': JSON.stringify(changedManifest), ...changes }
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue
    mkdirSync(dirname(join(folder, 'package', path)), { recursive: true })
    writeFileSync(join(folder, 'package', path), text)
  }
  execFileSync('tar', ['-czf', `${folder}.tgz`, '-C', folder, 'package'])
  return `${folder}.tgz`
}

test('nothing is wrong with a good tarball', () => {
  expect(tarballProblems(pack(), 'the licence')).toEqual([])
})

describe('the check of tarballs finds', () => {
  const broken = {
    'a test': [{ 'test/x.test.ts': '' }, 'test/x.test.ts does not belong into it'],
    'a secret by its name': [{ '.npmrc': '' }, '.npmrc does not belong into it'],
    'a log among the code': [{ 'dist/build.log': '' }, 'dist/build.log does not belong into it'],
    'a missing README': [{ 'README.md': undefined }, 'README.md is missing'],
    'a missing licence': [{ LICENSE: undefined }, 'LICENSE is missing'],
    'another licence': [{ LICENSE: 'all rights reserved' }, 'LICENSE is another one'],
    'a place of the machine': [
      { 'dist/index.js': 'const at = "/home/alice/stack/x.js"' },
      'dist/index.js names a folder of the machine that packed it, or a workspace'
    ],
    'a place of the machine in a map': [
      { 'dist/index.js.map': JSON.stringify({ sources: ['file:///Users/alice/x.ts'], sourcesContent: ['x'] }) },
      'dist/index.js.map names a folder of the machine that packed it, or a workspace'
    ],
    'a map whose source is not there': [
      { 'dist/index.js.map': JSON.stringify({ sources: ['../src/gone.ts'] }) },
      'dist/index.js.map names ../src/gone.ts, which is not in it'
    ],
    'a source that comes twice': [
      { 'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'], sourcesContent: ['export {}'] }) },
      'dist/index.js.map holds ../src/index.ts, which is in it as a file too'
    ],
    'code of others without their notices': [
      { 'dist/index.js': '// ../../node_modules/.pnpm/@a+b@1.0.0/node_modules/@a/b/index.js\nexport {}' },
      '@a/b is bundled and not in dist/THIRD-PARTY-NOTICES.txt'
    ],
    'bundled code under a licence that may not ship': [
      { 'dist/THIRD-PARTY-NOTICES.txt': `What is in it.\n\n${'-'.repeat(80)}\n\nevil 1.0.0 (GPL-3.0)\n` },
      'evil 1.0.0 is bundled, and comes under GPL-3.0'
    ],
    'an entry that is not there': [
      { 'dist/index.js': undefined },
      'package.json names ./dist/index.js, which is not in it'
    ],
    'a folder of data that is not there': [
      { 'data/a.json': undefined },
      'package.json names ./data/*, which is not in it'
    ]
  }
  test.each(Object.keys(broken))('%s', name => {
    const [changes, problem] = broken[name]
    expect(tarballProblems(pack(changes), 'the licence')).toContain(problem)
  })

  test('an internal version that is pinned, a workspace range, and another licence in the manifest', () => {
    const of = change => tarballProblems(pack({}, { ...manifest, ...change }), 'the licence')
    expect(of({ dependencies: { '@status-stack/y': '1.0.0' } })).toEqual(['@status-stack/y is asked for as 1.0.0'])
    expect(of({ dependencies: { z: 'workspace:^' } })).toEqual([
      'package.json names a folder of the machine that packed it, or a workspace'
    ])
    expect(of({ license: 'UNLICENSED' })).toEqual(['its licence is UNLICENSED'])
  })
})

describe('licences of what comes along', () => {
  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['Apache-2.0 AND MIT', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['SEE LICENSE IN x', false],
    [undefined, false]
  ])('%s: %s', (expression, may) => {
    expect(mayShip(expression)).toBe(may)
  })

  test('are read at every depth', () => {
    const project = join(work, 'project')
    const install = (path, json) => {
      mkdirSync(join(project, 'node_modules', path), { recursive: true })
      writeFileSync(join(project, 'node_modules', path, 'package.json'), JSON.stringify(json))
    }
    install('a', { name: 'a', version: '1.0.0', license: 'MIT' })
    install('old', { name: 'old', version: '1.0.0', licenses: [{ type: 'MIT' }] })
    expect(licenceProblems(project)).toEqual([])
    install('@b/c', { name: '@b/c', version: '2.0.0', license: 'GPL-3.0' })
    install('a/node_modules/d', { name: 'd', version: '3.0.0' })
    expect(licenceProblems(project).sort()).toEqual([
      '@b/c 2.0.0 comes under "GPL-3.0"',
      'd 3.0.0 comes under "no licence"'
    ])
  })
})

test('two builds are the same when every byte is; what differs is named', () => {
  const one = pack()
  const copy = `${one}.copy`
  copyFileSync(one, copy)
  expect(differences(one, copy)).toEqual([])
  expect(differences(one, pack({ 'dist/index.js': 'export {} // 12:00', 'data/b.json': '{}' }))).toEqual([
    'data/b.json is only in one of them',
    'dist/index.js differs'
  ])
})
