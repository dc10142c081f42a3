#!/usr/bin/env node
// What an entry adds to a page: bundled, minified, compressed, with all that it brings along. Fails where one is over its budget in
// tools/sizes.json, or has none. `--write` sets the budgets to what is measured now and a tenth more; names of entries measure those alone.
// Packages have to be built.
import { readFileSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { publicPackages, root } from './packed.mjs'

const budgetFile = join(root, 'tools/sizes.json')
/** Modules of Node, native ones, and what is loaded by few: never part of a page. */
const external = [
  ...builtinModules,
  'node:*',
  'classic-level',
  'pg',
  '@napi-rs/keyring',
  '@ethereumjs/devp2p',
  'react-devtools-core'
]
/** What one function of a package costs: the rest of the package has to stay out. */
const functions = ['@status-stack/status-data#describeText', '@status-stack/status-sync#unwrap']

/** Entries that are code for users: `@status-stack/whisper/relay`; test cases and data are left out. */
export function entriesOf(packages) {
  return packages
    .filter(({ folder }) => !relative(root, folder).startsWith('apps'))
    .flatMap(({ json }) =>
      Object.entries(json.exports ?? {})
        .filter(([path, target]) => typeof target === 'object' && 'default' in target && path !== './testing')
        .map(([path]) => json.name + path.slice(1))
    )
}

/**
 * Compressed bytes of one entry, or of one function of it: what a page loads before it runs. What is imported later, when it is needed, does not
 * count. `folder` is where its name is resolved.
 */
export async function measure(name, folder) {
  const [entry, only] = name.split('#')
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${only === undefined ? '*' : `{ ${only} }`} from '${entry}'`, resolveDir: folder },
    bundle: true,
    splitting: true,
    metafile: true,
    outdir: folder,
    minify: true,
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    external,
    legalComments: 'none',
    write: false,
    logLevel: 'error'
  })
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(process.cwd(), path), contents]))
  const loaded = new Set()
  const load = file => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { path, kind } of metafile.outputs[file].imports)
      if (kind === 'import-statement' && path in metafile.outputs) load(path)
  }
  load(Object.keys(metafile.outputs).find(file => metafile.outputs[file].entryPoint === '<stdin>'))
  return gzipSync(Buffer.concat([...loaded].map(file => files.get(file))), { level: 9 }).length
}

/** What is over its budget, has none, or has one and is gone. Budgets and sizes are bytes by name. */
export function problemsOf(sizes, budgets) {
  const kilobytes = bytes => `${(bytes / 1024).toFixed(1)} KB`
  return [
    ...[...sizes].flatMap(([name, size]) => {
      const budget = budgets[name]
      if (budget === undefined) return [`${name} has no budget; it takes ${kilobytes(size)}`]
      return size > budget ? [`${name} takes ${kilobytes(size)}, its budget is ${kilobytes(budget)}`] : []
    }),
    ...Object.keys(budgets)
      .filter(name => !sizes.has(name))
      .map(name => `${name} has a budget and is no entry`)
  ]
}

/** Each in the folder of a package that may import itself by its name. */
async function measureAll(only) {
  const packages = publicPackages()
  const sizes = new Map()
  const names = [...entriesOf(packages), ...functions].sort()
  for (const name of names.filter(each => only.length === 0 || only.includes(each))) {
    const owner = packages.find(({ json }) => name.startsWith(json.name) && !/[\w-]/.test(name[json.name.length] ?? ''))
    sizes.set(name, await measure(name, owner.folder))
  }
  return sizes
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = process.argv.slice(2).filter(word => !word.startsWith('--'))
  const sizes = await measureAll(only)
  if (process.argv.includes('--write') && only.length === 0) {
    const budgets = Object.fromEntries([...sizes].map(([name, size]) => [name, Math.ceil((size * 1.1) / 256) * 256]))
    writeFileSync(budgetFile, `${JSON.stringify(budgets, null, 2)}\n`)
  }
  const budgets = Object.entries(JSON.parse(readFileSync(budgetFile, 'utf8')))
  const problems = problemsOf(
    sizes,
    Object.fromEntries(budgets.filter(([name]) => only.length === 0 || only.includes(name)))
  )
  for (const [name, size] of sizes) console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${name}`)
  for (const problem of problems) console.error(`✗ ${problem}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
