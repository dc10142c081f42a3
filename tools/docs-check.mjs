#!/usr/bin/env node
// `pnpm docs:check`: whatever a public package exports has a sentence that says what it is, and so has every member of an exported
// interface, class or object type; and every exported function and class has an example (decision 0059).
// Names of packages check those alone; `--members` lists the members of packages that may be without for now.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { publicPackages, root } from './packed.mjs'

/** Folders whose interfaces have members without a sentence. The list only shrinks: a folder that has all of them must go. */
const membersLater = []

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
const hasExample = symbol => symbol.getJsDocTags().some(({ name, text }) => name === 'example' && text !== undefined)

function isCalled(symbol, checker) {
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) return true
  if (!(symbol.flags & ts.SymbolFlags.Variable) || symbol.valueDeclaration === undefined) return false
  return checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0
}

/** The members of an interface, a class, or an object type with a name, that a sentence is expected of. */
function membersOf(symbol, checker) {
  const objects = (symbol.declarations ?? []).filter(ts.isTypeAliasDeclaration).map(({ type }) => type)
  const own =
    symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class) ? [...(symbol.members?.values() ?? [])] : []
  const literal = objects
    .filter(ts.isTypeLiteralNode)
    .flatMap(({ members }) =>
      members.flatMap(({ name }) => (name === undefined ? [] : (checker.getSymbolAtLocation(name) ?? [])))
    )
  return [...own, ...literal].filter(
    member =>
      // Type parameters and constructors are members of the symbol, too; a single text as type tells variants apart and says itself.
      !(member.flags & (ts.SymbolFlags.TypeParameter | ts.SymbolFlags.Constructor)) &&
      !member.name.startsWith('__') &&
      !ts.isPrivateIdentifier(member.declarations[0].name) &&
      !(ts.getCombinedModifierFlags(member.declarations[0]) & ts.ModifierFlags.Private) &&
      !checker.getTypeOfSymbol(member).isStringLiteral()
  )
}

/** Everything of ours that these files export: symbol, name, whose member it is, and its place. Each declaration once. */
function* exportsOf(files) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const program = ts.createProgram(
    files.map(({ file }) => file),
    { ...options, noCheck: true }
  )
  const checker = program.getTypeChecker()
  const isOurs = declaration => !declaration.getSourceFile().fileName.includes('/node_modules/')
  const placeOf = ([declaration]) => {
    const source = declaration.getSourceFile()
    const { line } = source.getLineAndCharacterOfPosition(declaration.getStart())
    return `${relative(root, source.fileName)}:${line + 1}`
  }
  const seen = new Set()
  for (const { name, file } of files) {
    const source = program.getSourceFile(file)
    const module_ = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (module_ === undefined) continue
    for (const exported of checker.getExportsOfModule(module_)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      if (!(symbol.declarations ?? []).some(isOurs)) continue
      const found = [{ label: exported.name, symbol, isMember: false }]
      for (const member of membersOf(symbol, checker))
        found.push({ label: `${exported.name}.${member.name}`, symbol: member, isMember: true })
      for (const each of found) {
        if (seen.has(each.symbol)) continue
        seen.add(each.symbol)
        yield {
          label: `${name}: ${each.label}`,
          place: each.symbol.declarations === undefined ? '' : placeOf(each.symbol.declarations),
          isMember: each.isMember,
          isDocumented: hasText(each.symbol, checker),
          isCalled: !each.isMember && isCalled(each.symbol, checker),
          hasExample: hasExample(each.symbol)
        }
      }
    }
  }
}

const textOf = ({ label, place }) => `${label} (${place})`

/** Exports of these files that nothing documents: the name of each, and its place. */
export function undocumented(files, { members = false } = {}) {
  return [...exportsOf(files)].filter(each => !each.isDocumented && (members || !each.isMember)).map(textOf)
}

/**
 * What is wrong with the documentation of these files, and what else a run says. `later`: folders in which members of interfaces may be
 * without a sentence.
 */
export function judge(files, later = membersLater) {
  const found = [...exportsOf(files)]
  const isLater = ({ place }) => later.some(folder => place.startsWith(`${folder}/`))
  const bare = found.filter(each => !each.isDocumented)
  const waiting = bare.filter(each => each.isMember && isLater(each))
  const functions = found.filter(each => each.isCalled)
  return {
    problems: [
      ...bare.filter(each => !each.isMember || !isLater(each)).map(textOf),
      ...later
        .filter(folder => found.some(each => each.place.startsWith(`${folder}/`)))
        .filter(folder => !waiting.some(each => each.place.startsWith(`${folder}/`)))
        .map(folder => `${folder} has all of its sentences: take it off the list of tools/docs-check.mjs`)
    ],
    waiting: waiting.map(textOf),
    functions: functions.length,
    withoutExample: functions.filter(each => !each.hasExample).map(textOf)
  }
}

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  const only = process.argv.slice(2).filter(word => !word.startsWith('--'))
  const packages = publicPackages().filter(
    ({ json }) => only.length === 0 || only.some(name => json.name.endsWith(`/${name}`) || json.name === name)
  )
  const { problems, waiting, functions, withoutExample } = judge(packages.flatMap(entriesOf))
  if (process.argv.includes('--members')) for (const each of waiting) console.log(`  later: ${each}`)
  for (const problem of problems) console.log(`✗ ${problem}`)
  for (const each of withoutExample) console.log(`✗ no example: ${each}`)
  console.log(
    problems.length === 0
      ? `every export of the public packages is documented; ${waiting.length} members wait for a sentence`
      : `${problems.length} without a sentence`
  )
  console.log(`${functions - withoutExample.length} of ${functions} functions and classes have an example`)
  process.exit(problems.length + withoutExample.length === 0 ? 0 : 1)
}
