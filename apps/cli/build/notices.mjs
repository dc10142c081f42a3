// Whose code is in the bundle, and under which terms: the text that has to come along with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The words of the MIT licence below its title and its holder, as our own says them. */
const termsOfMit = readFileSync(new URL('../LICENSE', import.meta.url), 'utf8')
  .split('\n\n')
  .slice(2)
  .join('\n\n')
  .trim()
const licenceFile = /^(licen[sc]e|copying|notice)/i

/** Packages of others whose code esbuild took, by name and version. `folder` is what the paths of the metafile start at. */
export function bundledPackages(metafile, folder) {
  const packages = new Map()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0 || !path.includes('node_modules/')) continue
      const found = packageOf(resolve(folder, path))
      packages.set(`${found.name} ${found.version}`, found)
    }
  }
  return [...packages.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found)
}

/** Some packages have manifests without a name below their own, to say what kind of module a folder holds. */
function packageOf(file) {
  for (let at = dirname(file); ; at = dirname(at)) {
    const path = join(at, 'package.json')
    const manifest = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
    if (manifest.name !== undefined && manifest.version !== undefined) return { ...manifest, folder: at }
    if (at === dirname(at)) throw new Error(`${file} belongs to no package`)
  }
}

/** One part for each package: what it is called, its licence, where it comes from, and the words of the licence. */
export function noticesText(packages) {
  const parts = packages.map(found => {
    const { name, version, license, homepage } = found
    const from = `https://www.npmjs.com/package/${name}/v/${version}`
    return [`${name} ${version} (${license})`, homepage ?? from, '', licenceText(found)].join('\n')
  })
  const introduction =
    'The files beside this one hold code of the packages below, each under its own licence. Nothing in them is changed but what bundling\n' +
    'changes; each is published in full under its name and version in the npm registry.'
  return `${[introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** Some packages name their licence and leave its text out. */
function licenceText({ name, license, author, folder }) {
  // Some keep the terms of what they took from others in a folder.
  const files = readdirSync(folder, { withFileTypes: true })
    .filter(entry => licenceFile.test(entry.name))
    .flatMap(entry =>
      entry.isDirectory() ? readdirSync(join(folder, entry.name)).map(file => join(entry.name, file)) : [entry.name]
    )
  if (files.length > 0)
    return files
      .sort()
      .map(file => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
      .join('\n\n')
  if (license !== 'MIT') throw new Error(`${name} comes under ${license}, and without its text`)
  const holder = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`)
  return `Copyright (c) ${holder}\n\n${termsOfMit}`
}
