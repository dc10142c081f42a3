#!/usr/bin/env node
// `pnpm docs:check`: whatever a public package exports has a sentence that says what it is. Names of packages check those alone; `--members`
// looks at the properties of exported interfaces as well.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { publicPackages, root } from './packed.mjs'

/** The sources of what a manifest exports, by the name by which it is imported. */
export function entriesOf({ folder, json }) {
  return Object.entries(json.exports ?? {}).flatMap(([path, target]) => {
    const source = target?.['status-stack-source']
    const file = typeof source === 'string' ? source : source?.default
    return file?.endsWith('.ts') && existsSync(join(folder, file))
      ? [{ name: json.name + path.slice(1), file: join(folder, file) }]
      : []
  })
}

const hasText = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== ''

/** Exports of these files that nothing documents: the name of each, and its place. */
export function undocumented(files, { members = false } = {}) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const program = ts.createProgram(
    files.map(({ file }) => file),
    { ...options, noCheck: true }
  )
  const checker = program.getTypeChecker()
  const isOurs = declaration => !declaration.getSourceFile().fileName.includes('/node_modules/')
  const placeOf = symbol => {
    const [declaration] = symbol.declarations ?? []
    if (declaration === undefined) return ''
    const source = declaration.getSourceFile()
    const { line } = source.getLineAndCharacterOfPosition(declaration.getStart())
    return `${relative(root, source.fileName)}:${line + 1}`
  }
  const found = new Map()
  for (const { name, file } of files) {
    const source = program.getSourceFile(file)
    const module_ = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (module_ === undefined) continue
    for (const exported of checker.getExportsOfModule(module_)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      if (!(symbol.declarations ?? []).some(isOurs)) continue
      const looked = [[exported.name, symbol]]
      if (members && symbol.flags & ts.SymbolFlags.Interface)
        for (const member of symbol.members?.values() ?? []) looked.push([`${exported.name}.${member.name}`, member])
      for (const [label, each] of looked)
        if (!hasText(each, checker) && !found.has(placeOf(each))) found.set(placeOf(each), `${name}: ${label}`)
    }
  }
  return [...found].map(([place, label]) => `${label} (${place})`)
}

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  const only = process.argv.slice(2).filter(word => !word.startsWith('--'))
  const packages = publicPackages().filter(
    ({ json }) => only.length === 0 || only.some(name => json.name.endsWith(`/${name}`) || json.name === name)
  )
  const problems = undocumented(packages.flatMap(entriesOf), { members: process.argv.includes('--members') })
  for (const problem of problems) console.log(`✗ ${problem}`)
  console.log(
    problems.length === 0
      ? 'every export of the public packages is documented'
      : `${problems.length} without a sentence`
  )
  process.exit(problems.length === 0 ? 0 : 1)
}
