import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import {
  checkManifests,
  compatibilityTable,
  manifestProblems,
  readOwner,
  withAbsoluteLinks,
  withHome
} from '../manifests.mjs'
import { publicPackages } from '../packed.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const owner = { repository: 'https://github.com/acme/stack', branch: 'main', author: 'Acme' }
const folders = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A repository of one package. */
function repository({ manifest = {}, readme = '' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-manifests-'))
  folders.push(folder)
  for (const part of ['packages/one', 'apps', 'docs', 'tools']) mkdirSync(join(folder, part), { recursive: true })
  const whole = {
    name: 'one',
    version: '1.0.0',
    description: 'What this package is for',
    keywords: ['a', 'b', 'c'],
    license: 'MIT',
    ...manifest
  }
  writeFileSync(join(folder, 'packages/one/package.json'), `${JSON.stringify(whole, null, 2)}\n`)
  writeFileSync(join(folder, 'packages/one/README.md'), readme)
  writeFileSync(join(folder, 'docs/page.md'), '')
  writeFileSync(join(folder, 'tools/owner.json'), `${JSON.stringify(owner, null, 2)}\n`)
  writeFileSync(join(folder, 'package.json'), '{}')
  for (const name of ['manifests', 'packed', 'npm'])
    cpSync(join(root, `tools/${name}.mjs`), join(folder, `tools/${name}.mjs`))
  return folder
}

const run = (folder, ...args) => {
  try {
    return {
      code: 0,
      said: execFileSync(process.execPath, ['tools/manifests.mjs', ...args], { cwd: folder }).toString()
    }
  } catch (error) {
    return { code: error.status, said: error.stdout.toString() }
  }
}

test('a manifest says where its package comes from, and keeps the rest in order', () => {
  const made = withHome({ name: 'x', version: '1.0.0', license: 'MIT', type: 'module' }, 'packages/x', owner)
  expect(made).toEqual({
    name: 'x',
    version: '1.0.0',
    homepage: 'https://github.com/acme/stack/tree/main/packages/x#readme',
    bugs: 'https://github.com/acme/stack/issues',
    repository: { type: 'git', url: 'git+https://github.com/acme/stack.git', directory: 'packages/x' },
    license: 'MIT',
    author: 'Acme',
    type: 'module'
  })
  expect(Object.keys(made).at(-1)).toBe('type')
})

test.each([
  ['[a](../../docs/page.md)', '[a](https://github.com/acme/stack/blob/main/docs/page.md)'],
  ['[a](../../docs)', '[a](https://github.com/acme/stack/tree/main/docs)'],
  ['[a](SPEC.md#b)', '[a](https://github.com/acme/stack/blob/main/packages/one/SPEC.md#b)'],
  ['![a](x.png)', '![a](https://raw.githubusercontent.com/acme/stack/main/packages/one/x.png)'],
  ['[a](#b) [c](https://example.org/d)', '[a](#b) [c](https://example.org/d)']
])('the link %s', (text, expected) => {
  expect(withAbsoluteLinks(text, 'packages/one', owner, place => place === 'docs')).toBe(expected)
})

test('what fits together is read from the ranges', () => {
  const manifests = [
    {
      name: '@status-stack/a',
      version: '0.2.0',
      engines: { node: '>=20' },
      dependencies: { '@status-stack/b': 'workspace:^', x: '1.0.0' }
    },
    { name: '@status-stack/b', version: '0.1.3' }
  ]
  expect(compatibilityTable(manifests).split('\n').slice(2)).toEqual([
    '| a | 0.2.0 | >=20 | b ^0.1.3 |',
    '| b | 0.1.3 | any | nothing of ours |'
  ])
})

test('a package that nobody would find is named', () => {
  expect(manifestProblems({ name: 'x', keywords: ['a', 'b'], description: 'long enough to be one' })).toHaveLength(1)
  expect(manifestProblems({ name: 'x', keywords: ['a', 'b', 'a'], description: 'long enough to be one' })).toHaveLength(
    1
  )
  expect(manifestProblems({ name: 'x', keywords: ['a', 'b', 'c'] })).toHaveLength(1)
})

describe('of a whole repository', () => {
  test('what differs is named, written, and then as it should be', () => {
    const folder = repository({ readme: '[a](../../docs/page.md)\n' })
    expect(checkManifests(folder)).toHaveLength(2)
    expect(run(folder, '--check').code).toBe(1)
    expect(run(folder)).toEqual({ code: 0, said: '' })
    expect(run(folder, '--check')).toEqual({ code: 0, said: '' })
  })

  test('a new owner is put everywhere by one command', () => {
    const folder = repository({ readme: '[a](../../docs/page.md)\n' })
    run(folder)
    expect(run(folder, '--repository', 'https://example.org/other/name/').code).toBe(0)
    expect(run(folder, '--check').code).toBe(0)
    const page = readFileSync(join(folder, 'packages/one/README.md'), 'utf8')
    expect(page).toBe('[a](https://example.org/other/name/blob/main/docs/page.md)\n')
    expect(readFileSync(join(folder, 'packages/one/package.json'), 'utf8')).not.toContain('acme')
    expect(run(folder, '--repository', 'example.org').code).toBe(1)
  })

  test('nothing is publishable while the owner is a placeholder', () => {
    const folder = repository()
    run(folder, '--repository', 'https://github.com/OWNER/name')
    expect(run(folder, '--publishable')).toMatchObject({ code: 1, said: expect.stringContaining('owner is not known') })
    run(folder, '--repository', 'https://github.com/acme/name')
    expect(run(folder, '--publishable').code).toBe(0)
  })
})

test('this repository is as its owner file has it', () => {
  expect(checkManifests(root)).toEqual([])
  expect(publicPackages(root).length).toBeGreaterThan(20)
})

/** Every page of the repository but those of the site, which follows its own links; what it links is a file of the repository, or elsewhere. */
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root })
  .toString()
  .trim()
  .split('\n')
  .filter(path => existsSync(join(root, path)) && !/CHANGELOG\.md$|^docs\/site\//.test(path))

test.each(pages)('every link of %s leads somewhere', path => {
  const { repository: home, branch } = readOwner(root)
  const text = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
  const own = new RegExp(`^${home}/(?:blob|tree)/${branch}/`)
  const missing = targets.filter(target => {
    if (!own.test(target) && /^(https?:|mailto:|#)/.test(target)) return false
    const place = own.test(target) ? target.replace(own, '') : normalize(join(dirname(path), target))
    return !existsSync(join(root, decodeURIComponent(place.split('#')[0] ?? '')))
  })
  expect(missing).toEqual([])
})
