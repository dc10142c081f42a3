#!/usr/bin/env node
// `pnpm api`: what users of the packages can name, as it was built, beside what the last review accepted (api/, a report for each
// entry). A change of a type that is published is then a change of a text that a review sees. `--accept` writes the reports; names of
// packages look at those alone.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { publicPackages, root } from './packed.mjs'

const suffix = '.api.md'

/** The built declarations of every entry of a package, by the name by which it is imported. */
export function declarationsOf({ folder, json }) {
  return Object.entries(json.exports ?? {}).flatMap(([path, target]) =>
    typeof target?.types === 'string'
      ? [{ name: json.name + path.slice(1), folder, file: join(folder, target.types) }]
      : []
  )
}

/** `@status-stack/whisper/wire` → `whisper/wire.api.md`; the entry of a whole package is its index. */
export function reportOf(name) {
  const [scope, ...rest] = name.split('/')
  const [package_, entry = 'index'] = scope.startsWith('@') ? rest : [scope, ...rest]
  return join(package_, entry + suffix)
}

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  skipLibCheck: true,
  strict: true,
  exactOptionalPropertyTypes: true
}

/** Texts that documentation, types and lint say elsewhere are no part of what a review looks at here. */
const silent = { logLevel: 'none', addToApiReportFile: false }

function configOf({ folder, file }, temporary, typeRoots) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: file,
      compiler: {
        overrideTsconfig: { compilerOptions: { ...compilerOptions, typeRoots }, files: [file] },
        skipLibCheck: true
      },
      apiReport: {
        enabled: true,
        reportFileName: `report${suffix}`,
        reportFolder: temporary,
        reportTempFolder: temporary,
        includeForgottenExports: true
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent }
      }
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json')
  })
}

const headOf = name => `## ${name}

> What the built declarations of this entry export. Written by \`pnpm api --accept\`.

`

/**
 * Texts of an inferred union in one order: the compiler writes them in the order in which it met them, which changes with files that have
 * nothing to do with the type.
 */
export const inOrder = text =>
  text.replace(/"[^"\n]*"(?: \| "[^"\n]*")+/g, union => union.split(' | ').sort().join(' | '))

/**
 * What each entry exports, as text, by name. One program holds all of them: each package is read once, however many others name its
 * types. `typeRoots`: where the types of Node are.
 */
export function apiOf(entries, typeRoots = [join(root, 'node_modules/@types')]) {
  const texts = new Map()
  if (entries.length === 0) return texts
  const temporary = mkdtempSync(join(tmpdir(), 'status-stack-api-'))
  try {
    const configs = entries.map(entry => configOf(entry, temporary, typeRoots))
    const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: entries.map(({ file }) => file) })
    for (const [at, { name }] of entries.entries()) {
      Extractor.invoke(configs[at], {
        compilerState,
        localBuild: true,
        messageCallback: message => {
          message.handled = true
        }
      })
      const made = join(temporary, `report${suffix}`)
      const text = readFileSync(made, 'utf8').replace(/^## API Report File for [\s\S]*?(?=^```ts$)/m, headOf(name))
      texts.set(name, inOrder(text))
      rmSync(made)
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return texts
}

/** The lines of `after` that `before` has not, and the other way round: enough to see what a review has to look at. */
export function differences(before, after) {
  const [old, now] = [before, after].map(text => text.split('\n'))
  const [had, has] = [new Set(old), new Set(now)]
  return [
    ...old.filter(line => !has.has(line)).map(line => `- ${line}`),
    ...now.filter(line => !had.has(line)).map(line => `+ ${line}`)
  ]
}

/** Reports under `reports` that differ from these texts, are missing, or stand for no entry any more. `wholly`: all entries are here. */
export function changedReports(texts, reports, wholly = true) {
  const problems = []
  for (const [name, text] of texts) {
    const path = join(reports, reportOf(name))
    if (!existsSync(path)) problems.push({ name, path, lines: ['there is no report'] })
    else if (readFileSync(path, 'utf8') !== text) {
      const lines = differences(readFileSync(path, 'utf8'), text)
      problems.push({ name, path, lines: lines.length === 0 ? ['the same lines in another order'] : lines })
    }
  }
  const known = new Set([...texts.keys()].map(name => join(reports, reportOf(name))))
  const all = existsSync(reports) ? readdirSync(reports, { recursive: true }).filter(path => path.endsWith(suffix)) : []
  for (const path of wholly ? all : [])
    if (!known.has(join(reports, path)))
      problems.push({ name: path, path: join(reports, path), lines: ['is no entry'] })
  return problems
}

/** Makes the reports what the review accepts. */
export function acceptReports(texts, problems) {
  for (const { name, path } of problems) {
    const text = texts.get(name)
    if (text === undefined) rmSync(path)
    else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
}

const count = entries => (entries === 1 ? '1 entry is' : `${entries} entries are`)

function main(words) {
  const only = words.filter(word => !word.startsWith('--'))
  const packages = publicPackages().filter(
    ({ json }) => only.length === 0 || only.some(name => json.name.endsWith(`/${name}`) || json.name === name)
  )
  const entries = packages.flatMap(declarationsOf)
  const unbuilt = entries.filter(({ file }) => !existsSync(file))
  for (const { name } of unbuilt) console.log(`✗ ${name} is not built`)
  if (unbuilt.length > 0) return 'build first: `pnpm build`'
  const texts = apiOf(entries)
  const reports = join(root, 'api')
  const problems = changedReports(texts, reports, only.length === 0)
  if (words.includes('--accept')) {
    acceptReports(texts, problems)
    for (const { path } of problems) console.log(`accepted  ${relative(root, path)}`)
    return undefined
  }
  for (const { name, lines } of problems) {
    console.log(`✗ ${name}`)
    for (const line of lines.slice(0, 40)) console.log(`    ${line}`)
    if (lines.length > 40) console.log(`    … and ${lines.length - 40} lines more`)
  }
  if (problems.length > 0)
    return `${count(problems.length)} not as in api/: \`pnpm api --accept\` takes that over, for a review`
  console.log(`${count(texts.size)} as in api/`)
  return undefined
}

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  const problem = main(process.argv.slice(2))
  if (problem !== undefined) console.log(problem)
  process.exit(problem === undefined ? 0 : 1)
}
