// The checks of `npm test`, each as the command that runs there, on a copy of the tree with one thing broken on purpose: a check that says
// nothing of it checks nothing. Those that install, build or publish have what they compare tried by itself.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicPackages, root } from '../packed.mjs'
import { differences } from '../reproducible.mjs'

let tree
const built = existsSync(join(root, 'packages/rlp/dist'))

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'status-stack-gates-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  const needed = /^(?:tools|api|packages|apps|examples|docs|[^/]+$)/
  for (const path of listed.split('\0').filter(each => needed.test(each) && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    cpSync(join(root, path), join(tree, path))
  }
  for (const folder of ['', ...publicPackages().map(each => each.folder.slice(root.length))]) {
    const modules = join(root, folder, 'node_modules')
    if (existsSync(modules)) symlinkSync(modules, join(tree, folder, 'node_modules'))
  }
  for (const name of ['rlp', 'interface'])
    if (built) cpSync(join(root, 'packages', name, 'dist'), join(tree, 'packages', name, 'dist'), { recursive: true })
})
afterAll(() => rmSync(tree, { recursive: true, force: true, maxRetries: 5 }))

/** The check on the tree as `changes` leave it: path → the new text of what is there, or of a new file. */
function onBroken(changes, file, ...args) {
  const before = new Map()
  for (const [path, change] of Object.entries(changes)) {
    const place = join(tree, path)
    before.set(place, existsSync(place) ? readFileSync(place, 'utf8') : undefined)
    const text = change(before.get(place) ?? '')
    expect(text, `${path} is as it was`).not.toBe(before.get(place))
    writeFileSync(place, text)
  }
  try {
    const { status, stdout, stderr } = spawnSync(file, args, { cwd: tree, encoding: 'utf8' })
    return { status, output: `${stdout}\n${stderr}` }
  } finally {
    for (const [place, text] of before) {
      if (text === undefined) rmSync(place)
      else writeFileSync(place, text)
    }
  }
}

const node = (changes, ...args) => onBroken(changes, process.execPath, ...args)
const with_ = text => () => text
const replacing = (from, to) => before => before.replace(from, to)
const { packageManager, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const record = '# 0999 A record\n\n**Status:** accepted.\n\n## Context\n\nc\n\n## Decision\n\nd\n'

describe('each gate fails on what it is there for', () => {
  test.each([
    [
      'a layer that imports another',
      ['tools/check-boundaries.mjs'],
      { 'packages/status-sync/src/own.ts': with_("import '@status-stack/whisper'\n") },
      /packages\/status-sync\/src\/own\.ts.*whisper/
    ],
    [
      'files that import each other in a circle',
      ['tools/check-boundaries.mjs'],
      {
        'packages/rlp/src/one.ts': with_("import type { Two } from './two.ts'\nexport type One = Two\n"),
        'packages/rlp/src/two.ts': with_("import type { One } from './one.ts'\nexport type Two = One | 1\n")
      },
      /rlp\/src\/one\.ts.*(circle|each other)/
    ],
    [
      'a value of another type, in the test of a package and in what is typed by comments',
      ['tools/typecheck.mjs', 'rlp', 'rlpx-capability'],
      {
        'packages/rlp/test/unit/types.ts': with_("export const one: number = 'one'\n"),
        'examples/rlpx-capability/src/types.js': with_("/** @type {number} */\nexport const one = 'one'\n")
      },
      /rlp\/test\/unit\/types\.ts[\s\S]*rlpx-capability\/src\/types\.js/
    ],
    [
      'a claim of a SPEC.md whose test has gone',
      ['tools/spec-coverage.mjs'],
      { 'packages/status-sync/SPEC.md': replacing('test/vectors/mvds.test.ts', 'test/vectors/mvds-gone.test.ts') },
      /-gone\.test\.ts/
    ],
    [
      'a record that the index lacks',
      ['tools/decisions.mjs', '--check'],
      { 'docs/decisions/0999-a.md': with_(record) },
      /out of date/
    ],
    [
      'a record of another layout, and a number that is taken',
      ['tools/decisions.mjs', '--check'],
      { 'docs/decisions/0001-again.md': with_('# 0001 Again\n') },
      /number is taken[\s\S]*|no "## Decision"/
    ],
    [
      'an export without a sentence',
      ['tools/docs-check.mjs', 'rlp'],
      { 'packages/rlp/src/index.ts': before => `${before}\nexport const bare = 1\n` },
      /rlp: bare/
    ],
    [
      'a function without an example',
      ['tools/docs-check.mjs', 'rlp'],
      {
        'packages/rlp/src/index.ts': before => `${before}\n/** Says what it is. */\nexport function bare(): void {}\n`
      },
      /no example: @status-stack\/rlp: bare/
    ],
    [
      'a package whose repository is another',
      ['tools/manifests.mjs', '--check'],
      { 'packages/rlp/package.json': replacing(/"url": "[^"]*"/, '"url": "git+https://example.org/other.git"') },
      /rlp/
    ]
  ])('%s', (_, command, changes, problem) => {
    const { status, output } = node(changes, ...command)
    expect(output).toMatch(problem)
    expect(status).toBe(1)
  })

  test.each([
    [
      'what lint refuses',
      'packages/rlp/src/lint.ts',
      'export const one = 1\nvar two = one == 1\nexport { two }\n',
      'noDoubleEquals'
    ],
    ['another layout', 'packages/rlp/src/layout.ts', "export const one = {a:'b' };\n", 'format']
  ])('%s', (_, path, text, problem) => {
    const biome = join(root, 'node_modules/.bin/biome')
    const { status, output } = onBroken({ [path]: with_(text) }, biome, 'check', '--vcs-enabled=false', path)
    expect(output).toContain(problem)
    expect(status).toBe(1)
  })

  // The script of package.json, of one package: the whole tree takes twice as long.
  test('an export that nothing uses, and a dependency that nothing names', () => {
    const [knip, ...options] = scripts.unused.split(' ')
    const { status, output } = onBroken(
      {
        'packages/rlp/src/encode.ts': before => `${before}\nexport const unneeded = 1\n`,
        'packages/rlp/package.json': replacing(/"dependencies": \{/, '"dependencies": {\n    "left-pad": "1.3.0",')
      },
      join(root, 'node_modules/.bin', knip),
      ...options,
      '--workspace',
      'packages/rlp'
    )
    expect(output).toMatch(/unneeded +packages\/rlp\/src\/encode\.ts/)
    expect(output).toMatch(/left-pad +packages\/rlp\/package\.json/)
    expect(status).toBe(1)
  })

  test('a manifest that the lockfile does not know', () => {
    const added = before => before.replace('"devDependencies": {', '"devDependencies": {\n    "left-pad": "1.3.0",')
    const install = ['--yes', packageManager, 'install', '--frozen-lockfile', '--lockfile-only', '--offline']
    const { status, output } = onBroken({ 'package.json': added }, 'npx', ...install)
    expect(output).toMatch(/OUTDATED_LOCKFILE|frozen/i)
    expect(status).not.toBe(0)
  })

  describe.skipIf(!built)('of what was built', () => {
    test('an export that no review has accepted', () => {
      const { status, output } = node(
        { 'api/rlp/index.api.md': replacing('export function encodeRlp', 'export function encodeOther') },
        'tools/api-reports.mjs',
        'rlp'
      )
      expect(output).toContain('✗ @status-stack/rlp')
      expect(status).toBe(1)
    })
    test('an entry over its budget', () => {
      const { status, output } = node(
        { 'tools/sizes.json': replacing(/"@status-stack\/rlp": \d+/, '"@status-stack/rlp": 10') },
        'tools/sizes.mjs',
        '@status-stack/rlp'
      )
      expect(output).toMatch(/✗ @status-stack\/rlp takes .* its budget is/)
      expect(status).toBe(1)
    })
  })
})

describe('two builds of one package', () => {
  const packedOf = (name, files) => {
    const folder = join(tree, `packed-${name}`)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'package', path)), { recursive: true })
      writeFileSync(join(folder, 'package', path), text)
    }
    const tarball = join(folder, 'package.tgz')
    execFileSync('tar', ['-czf', tarball, '-C', folder, 'package'])
    return tarball
  }
  test('a file that differs, and one that only one of them has, are found', () => {
    const one = packedOf('one', { 'package.json': '{}', 'dist/index.js': 'a', 'dist/old.js': '' })
    const other = packedOf('other', { 'package.json': '{}', 'dist/index.js': 'b' })
    expect(differences(one, other)).toEqual(['dist/index.js differs', 'dist/old.js is only in one of them'])
    expect(differences(one, one)).toEqual([])
  })
  test('the same files packed in another way are found', () => {
    const one = packedOf('first', { 'package.json': '{}' })
    const again = join(tree, 'again.tgz')
    execFileSync('tar', ['-czf', again, '--mtime=2001-01-01', '-C', join(tree, 'packed-first'), 'package'])
    expect(differences(one, again)).toEqual(['the same files, packed in another way'])
  })
})
