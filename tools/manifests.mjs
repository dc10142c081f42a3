#!/usr/bin/env node
// Writes what published manifests and READMEs say of the repository they come from, all of it from owner.json. `--check` says what
// differs; `--repository URL` puts a new owner everywhere; `--publishable` fails while the owner is the placeholder OWNER.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicPackages } from './packed.mjs'

/** Pages at the root of the repository that name the owner in links of their own. */
const ownedPages = [
  '.github/CODEOWNERS',
  '.github/ISSUE_TEMPLATE/config.yml',
  '.github/workflows/docs.yml',
  '.github/workflows/release.yml',
  'CODE_OF_CONDUCT.md',
  'SECURITY.md'
]
/** A manifest begins in this order; all else follows as it stands. */
const firstKeys = ['name', 'version', 'description', 'keywords', 'homepage', 'bugs', 'repository', 'license', 'author']

export function readOwner(root) {
  return JSON.parse(readFileSync(join(root, 'tools/owner.json'), 'utf8'))
}

export const isPlaceholder = ({ repository }) => repository.includes('/OWNER/')

/** The account that a repository belongs to: `acme` of `https://github.com/acme/stack`. */
const accountOf = ({ repository }) => new URL(repository).pathname.split('/')[1]

/** Where files of a repository are served as they are. */
const filesOf = ({ repository }) =>
  repository.startsWith('https://github.com/')
    ? repository.replace('//github.com/', '//raw.githubusercontent.com/')
    : `${repository}/raw`

/** A manifest that says where its package comes from. */
export function withHome(manifest, folder, { repository, branch, author }) {
  const whole = {
    ...manifest,
    homepage: `${repository}/tree/${branch}/${folder}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
    author
  }
  const keys = new Set([...firstKeys, ...Object.keys(whole)])
  return Object.fromEntries([...keys].filter(key => key in whole).map(key => [key, whole[key]]))
}

/** Why people would not find or believe a package, in words. */
export function manifestProblems({ name, keywords = [], description = '' }) {
  const problems = []
  if (keywords.length < 3 || new Set(keywords).size !== keywords.length)
    problems.push(`${name}: package.json expects at least three keywords, each once`)
  if (description.length < 20) problems.push(`${name}: package.json expects a description`)
  return problems
}

/** Markdown in which links to other files of the repository are absolute: npm shows a page without what surrounds it. */
export function withAbsoluteLinks(text, folder, owner, isFolder) {
  const { repository, branch } = owner
  return text.replace(/(!?\[[^\]]*\])\((?!https?:|#|mailto:)([^)\s]+)\)/g, (_, label, target) => {
    const [path, anchor] = target.split('#')
    const place = posix.normalize(posix.join(folder, path))
    const end = anchor === undefined ? '' : `#${anchor}`
    if (label.startsWith('!')) return `${label}(${filesOf(owner)}/${branch}/${place})`
    return `${label}(${repository}/${isFolder(place) ? 'tree' : 'blob'}/${branch}/${place}${end})`
  })
}

/** What fits together, as the manifests say: a table for docs/compatibility.md. */
export function compatibilityTable(manifests) {
  const versions = new Map(manifests.map(({ name, version }) => [name, version]))
  const short = name => name.replace('@status-stack/', '')
  const rangeOf = (name, range) => range.replace(/^workspace:(\W?).*/, (_, sign) => `${sign}${versions.get(name)}`)
  const rows = manifests.map(({ name, version, engines = {}, dependencies = {} }) => {
    const own = Object.entries(dependencies)
      .filter(([used]) => versions.has(used))
      .map(([used, range]) => `${short(used)} ${rangeOf(used, range)}`)
    return `| ${short(name)} | ${version} | ${engines.node ?? 'any'} | ${own.join(', ') || 'nothing of ours'} |`
  })
  return ['| package | version | Node | works with |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** Every file that this writes, with the text that it should have under an owner. */
function* wanted(root, packages, owner, before) {
  const isFolder = place => existsSync(join(root, place)) && statSync(join(root, place)).isDirectory()
  const ofOwner = text =>
    text
      .replaceAll(before.repository, owner.repository)
      .replaceAll(filesOf(before), filesOf(owner))
      .replaceAll(new RegExp(`@${accountOf(before)}\\b`, 'g'), `@${accountOf(owner)}`)
      .replaceAll(
        `'${new URL(before.repository).pathname.slice(1)}'`,
        `'${new URL(owner.repository).pathname.slice(1)}'`
      )
  for (const { folder: place, json } of packages) {
    const folder = posix.join(...relative(root, place).split(sep))
    yield [`${folder}/package.json`, `${JSON.stringify(withHome(json, folder, owner), null, 2)}\n`]
    for (const page of ['README.md', 'SPEC.md', 'FORMAT.md'].filter(name => existsSync(join(root, folder, name))))
      yield [
        `${folder}/${page}`,
        withAbsoluteLinks(ofOwner(readFileSync(join(root, folder, page), 'utf8')), folder, owner, isFolder)
      ]
  }
  for (const path of ownedPages.filter(name => existsSync(join(root, name))))
    yield [path, ofOwner(readFileSync(join(root, path), 'utf8'))]
  const fits = 'docs/compatibility.md'
  if (existsSync(join(root, fits))) {
    const table = `<!-- fits -->\n\n${compatibilityTable(packages.map(({ json }) => json))}\n\n<!-- /fits -->`
    yield [fits, readFileSync(join(root, fits), 'utf8').replace(/<!-- fits -->[\s\S]*<!-- \/fits -->/, () => table)]
  }
  yield ['tools/owner.json', `${JSON.stringify(owner, null, 2)}\n`]
}

/** What is to be put right before a release can leave; with `write`, what can be written is. */
export function checkManifests(root, { owner = readOwner(root), write = false } = {}) {
  const packages = publicPackages(root)
  const problems = packages.flatMap(({ json }) => manifestProblems(json))
  for (const [path, text] of wanted(root, packages, owner, readOwner(root))) {
    if (existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text) continue
    if (write) writeFileSync(join(root, path), text)
    else problems.push(`${path}: is not as tools/owner.json has it; \`pnpm manifests\` writes it`)
  }
  return problems
}

function main(args) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const at = args.indexOf('--repository')
  const owner = { ...readOwner(root), ...(at === -1 ? {} : { repository: args[at + 1]?.replace(/\/$/, '') }) }
  if (at !== -1 && !/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(owner.repository ?? ''))
    return ['--repository expects the address of a repository, such as https://github.com/acme/status-stack']
  const onlyCheck = args.includes('--check') || args.includes('--publishable')
  const problems = checkManifests(root, { owner, write: !onlyCheck })
  if (args.includes('--publishable') && isPlaceholder(owner))
    problems.push(
      'the owner is not known: `pnpm manifests --repository https://github.com/<owner>/<name>` puts it everywhere'
    )
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = main(process.argv.slice(2))
  for (const problem of problems) console.log(`✗ ${problem}`)
  process.exit(problems.length === 0 ? 0 : 1)
}
