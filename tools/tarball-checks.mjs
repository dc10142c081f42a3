// What a tarball must hold and must not hold, and under which licences that which it brings along comes.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'

const allowed = [
  /^(package\.json|README\.md|LICENSE|SPEC\.md|FORMAT\.md|CHANGELOG\.md)$/,
  /^(index\.js|index\.d\.ts)$/,
  /^(data|schema)\/[\w.-]+\.json$/,
  /^dist\/[\w./-]+\.(js|js\.map|d\.ts)$/,
  /^dist\/man\/[\w-]+\.[15]$/,
  // The curve in machine code, as its package builds it.
  /^dist\/native\/(LICENSE|[\w-]+\/secp256k1(\.glibc|\.musl)?\.node)$/,
  // Whose code is in a bundle.
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  // The built page, and how it looks.
  /^dist\/site\/[\w./-]+\.(html|css|svg|webmanifest|md)$/,
  /^src\/style\/[\w-]+\.css$/,
  /^src\/[\w./-]+\.(ts|tsx|d\.ts|proto)$/,
  /^docs\/[\w-]+\.md$/,
  /^src\/gen\/[\w.-]+\.(js|cjs)$/
]
const required = ['package.json', 'README.md', 'LICENSE']
/** Places of the machine that packed, and what a workspace writes in place of a version. */
const leaks = [/(?:file:\/\/)?\/(?:home|root|Users|work|tmp)\/[\w-]+\//, /"workspace:/]
const textFile = /\.(js|ts|tsx|json|map|md|1)$/
/** Documentation shows paths as examples. */
const prose = /\.md$|\.1$/

/** Every file of a tarball by its path inside the package. */
export function filesOf(tarball) {
  const list = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n')
  return list.filter(path => path !== '' && !path.endsWith('/')).map(path => path.replace(/^package\//, ''))
}

/** The bytes of every file of a tarball. */
export function contentsOf(tarball) {
  const work = mkdtempSync(join(tmpdir(), 'status-stack-tarball-'))
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', work])
    return new Map(filesOf(tarball).map(path => [path, readFileSync(join(work, 'package', path))]))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** What is wrong with a tarball, in words; `licence` is the text that each has to come with. */
export function tarballProblems(tarball, licence) {
  const contents = contentsOf(tarball)
  const files = [...contents.keys()]
  const read = path => contents.get(path).toString('utf8')
  const problems = files
    .filter(path => !allowed.some(pattern => pattern.test(path)))
    .map(path => `${path} does not belong into it`)
  for (const path of required) if (!files.includes(path)) problems.push(`${path} is missing`)
  if (files.includes('LICENSE') && read('LICENSE') !== licence) problems.push('LICENSE is another one')
  if (files.includes('package.json')) problems.push(...manifestProblems(JSON.parse(read('package.json')), files))
  const bundled = new Set()
  for (const path of files.filter(file => textFile.test(file) && !prose.test(file))) {
    const text = read(path)
    if (leaks.some(pattern => pattern.test(text)))
      problems.push(`${path} names a folder of the machine that packed it, or a workspace`)
    if (path.endsWith('.map')) problems.push(...mapProblems(path, JSON.parse(text), files))
    for (const name of bundledIn(path, text)) bundled.add(name)
  }
  const notices = files.includes(noticesFile) ? read(noticesFile) : ''
  return [...problems, ...noticesProblems(bundled, notices)]
}

const noticesFile = 'dist/THIRD-PARTY-NOTICES.txt'

/** Whose code is in a file that was bundled: bundlers put the path of each module over it. */
function bundledIn(path, text) {
  if (!path.endsWith('.js')) return []
  const modules = text.matchAll(/^\s*\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm)
  return [...modules].map(([, name]) => name)
}

/** Code of others comes along with its licence, and under one that may ship. */
export function noticesProblems(bundled, notices) {
  const named = [...notices.matchAll(/^-{80}\n\n(\S+) (\S+) \((.*)\)$/gm)]
  const names = new Set(named.map(([, name]) => name))
  return [
    ...[...bundled].filter(name => !names.has(name)).map(name => `${name} is bundled and not in ${noticesFile}`),
    ...named
      .filter(([, , , licence]) => !mayShip(licence))
      .map(([, name, version, licence]) => `${name} ${version} is bundled, and comes under ${licence}`)
  ]
}

function manifestProblems({ license, dependencies = {}, exports = {}, bin = {} }, files) {
  const problems = license === 'MIT' ? [] : [`its licence is ${license}`]
  for (const [name, range] of Object.entries(dependencies))
    if (name.startsWith('@status-stack/') && !range.startsWith('^')) problems.push(`${name} is asked for as ${range}`)
  for (const target of [...targetsOf(exports), ...Object.values(bin)]) {
    const path = target.replace(/^\.\//, '')
    const exists = path.includes('*') ? files.some(file => file.startsWith(path.split('*')[0])) : files.includes(path)
    if (!exists) problems.push(`package.json names ${target}, which is not in it`)
  }
  return problems
}

function targetsOf(exports) {
  return typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(targetsOf)
}

/** Sources that a map names have to be there, once: beside it, or inside of it. */
function mapProblems(path, { sources, sourcesContent }, files) {
  return sources.flatMap((source, i) => {
    const beside = files.includes(posix.normalize(posix.join(posix.dirname(path), source)))
    const inside = Boolean(sourcesContent?.[i])
    if (!beside && !inside) return [`${path} names ${source}, which is not in it`]
    return beside && inside ? [`${path} holds ${source}, which is in it as a file too`] : []
  })
}

const licences = new Set([
  ...[
    'MIT',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'Unlicense',
    'CC0-1.0',
    'Python-2.0',
    'BlueOak-1.0.0'
  ],
  // Of @ethereumjs/devp2p and what it brings: files that are changed are to be published, use of them is free.
  'MPL-2.0'
])

/** Whether a licence, or one of the licences to choose from, may come along. */
export function mayShip(expression) {
  const choices = String(expression).replace(/[()]/g, '').split(' OR ')
  return choices.some(choice => choice.split(' AND ').every(each => licences.has(each.trim())))
}

/** Installed packages below a project that come under no licence which may ship. */
export function licenceProblems(project) {
  return [...installedPackages(join(project, 'node_modules'))]
    .map(folder => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    .filter(
      ({ license, licenses }) => !mayShip(license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR '))
    )
    .map(({ name, version, license }) => `${name} ${version} comes under ${JSON.stringify(license ?? 'no licence')}`)
}

function* installedPackages(modules) {
  if (!existsSync(modules)) return
  for (const name of readdirSync(modules)) {
    const folder = join(modules, name)
    if (name.startsWith('@')) yield* installedPackages(folder)
    else if (!name.startsWith('.') && existsSync(join(folder, 'package.json'))) {
      yield folder
      yield* installedPackages(join(folder, 'node_modules'))
    }
  }
}
