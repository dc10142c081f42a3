// Who may import whom. The rule is ARCHITECTURE.md's "direction of knowledge"; check-boundaries.mjs applies it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'
import { circlesOf } from './import-circles.mjs'

const scope = '@status-stack/'

/** Groups of packages; what is not named here is composition, evidence or an app and may know everything. */
export const groups = Object.freeze({
  foundation: ['interface', 'utils', 'protobuf', 'crypto', 'rlp', 'status-accounts', 'vectors'],
  layer: ['rlpx', 'whisper', 'status-pfs', 'status-sync', 'status-data'],
  // An extension knows the public API of exactly the layer it extends; a carrier extends the sessions of RLPx.
  extension: {
    'devp2p-transport': ['rlpx'],
    'websocket-transport': ['rlpx'],
    'messageport-transport': [],
    'whisper-rpc': ['whisper'],
    'whisper-mailserver': ['whisper'],
    waku: ['whisper']
  }
})

/**
 * Entries whose code must load no layer, whatever the rest of their package does: types may be imported, values not. What a person
 * composes is then all that runs.
 */
export const layerFreeEntries = Object.freeze({ 'status-client': ['./compose'] })

/** Packages that `name` may import, or undefined when it may import any. */
export function allowedImports(name) {
  if (groups.foundation.includes(name)) return groups.foundation.filter(other => other !== name)
  if (groups.layer.includes(name)) return groups.foundation
  const extended = groups.extension[name]
  return extended === undefined ? undefined : [...groups.foundation, ...extended]
}

/** Every module specifier of a source text: import and export statements, `import()`, `import` types and `require`. */
export function specifiersOf(text, fileName = 'module.ts') {
  const source = ts.createSourceFile(
    fileName,
    text,
    ts.ScriptTarget.Latest,
    true,
    fileName.endsWith('x') ? ts.ScriptKind.TSX : undefined
  )
  const found = []
  const visit = node => {
    const specifier =
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier
        ? node.moduleSpecifier
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : ts.isCallExpression(node) && callsForModule(node.expression)
            ? node.arguments[0]
            : undefined
    if (specifier && ts.isStringLiteralLike(specifier)) {
      found.push({
        specifier: specifier.text,
        typeNode: ts.isImportTypeNode(node),
        line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `import(…)`, `require(…)`, and the ways to resolve a module without importing it. */
function callsForModule(callee) {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true
  if (ts.isIdentifier(callee)) return callee.text === 'require'
  return ts.isPropertyAccessExpression(callee) && ['resolve', 'mock', 'importActual'].includes(callee.name.text)
}

/** The module specifiers that are loaded when a module of this text runs: `import type` and `export type` leave nothing behind. */
export function loadedSpecifiersOf(text, fileName = 'module.ts') {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true)
  const erased = new Set()
  for (const statement of source.statements) {
    const typeOnly =
      (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly)
    if (typeOnly) erased.add(source.getLineAndCharacterOfPosition(statement.moduleSpecifier.getStart()).line + 1)
  }
  return specifiersOf(text, fileName).filter(({ line, typeNode }) => !erased.has(line) && !typeNode)
}

const sourceEnding = /\.(ts|tsx|mts|cts|js|mjs|cjs|jsx)$/
const ignoredFolders = new Set(['node_modules', 'dist', '.turbo', 'coverage'])

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!ignoredFolders.has(entry.name)) yield* sourceFiles(path)
    } else if (sourceEnding.test(entry.name)) yield path
  }
}

function workspacePackages(root) {
  const packages = []
  for (const group of ['packages', 'apps', 'examples']) {
    const folder = join(root, group)
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const manifest = join(folder, entry.name, 'package.json')
      if (entry.isDirectory() && existsSync(manifest)) {
        const json = JSON.parse(readFileSync(manifest, 'utf8'))
        packages.push({
          name: json.name.replace(scope, ''),
          fullName: json.name,
          folder: join(folder, entry.name),
          json
        })
      }
    }
  }
  return packages
}

/** All violations below `root`, each with a place and a sentence. */
export function findViolations(root) {
  const packages = workspacePackages(root)
  const byFullName = new Map(packages.map(package_ => [package_.fullName, package_]))
  const violations = []
  for (const package_ of packages) {
    const allowed = allowedImports(package_.name)
    const mayKnow = other => other === package_.name || allowed === undefined || allowed.includes(other)
    for (const field of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
      for (const dependency of Object.keys(package_.json[field] ?? {})) {
        const target = byFullName.get(dependency)
        if (target && !mayKnow(target.name)) {
          violations.push({
            place: `${relative(root, package_.folder)}/package.json`,
            problem: `${field}: ${package_.name} must not know ${target.name}`
          })
        }
        if (target && field === 'peerDependencies') {
          violations.push({
            place: `${relative(root, package_.folder)}/package.json`,
            problem: 'no peer dependencies between our packages (decision 13)'
          })
        }
      }
    }
    violations.push(...findLoadedLayers(package_, root))
    const imports = new Map()
    for (const file of sourceFiles(package_.folder)) {
      const specifiers = specifiersOf(readFileSync(file, 'utf8'), file)
      for (const { specifier, line } of specifiers) {
        const problem = problemOf({ specifier, file, package_, packages, byFullName, mayKnow, root })
        if (problem) violations.push({ place: `${relative(root, file)}:${line}`, problem })
      }
      imports.set(file, localImports(file, specifiers))
    }
    for (const circle of circlesOf(imports)) {
      const way = [...circle, circle[0]].map(file => relative(package_.folder, file))
      violations.push({ place: relative(root, circle[0]), problem: `imports in a circle: ${way.join(' → ')}` })
    }
  }
  return violations
}

/** What the entries of `layerFreeEntries` load that they must not, by the shortest way from the entry. */
export function findLoadedLayers(package_, root) {
  const violations = []
  for (const entry of layerFreeEntries[package_.name] ?? []) {
    const start = package_.json.exports?.[entry]?.['status-stack-source']
    const place = `${relative(root, package_.folder)}/package.json`
    if (start === undefined) {
      violations.push({ place, problem: `has no entry ${entry}` })
      continue
    }
    const ways = new Map([[join(package_.folder, start), []]])
    for (const [file, way] of ways) {
      const here = [...way, relative(package_.folder, file)]
      for (const { specifier, line } of loadedSpecifiersOf(readFileSync(file, 'utf8'), file)) {
        const target = specifier.startsWith('.') ? resolve(dirname(file), specifier) : undefined
        if (target !== undefined) {
          if (!ways.has(target)) ways.set(target, here)
          continue
        }
        const name = specifier.startsWith(scope) ? specifier.slice(scope.length).split('/')[0] : undefined
        if (name === undefined || groups.foundation.includes(name)) continue
        violations.push({
          place: `${relative(root, file)}:${line}`,
          problem: `${package_.name} ${entry} loads ${name}: ${here.join(' → ')}`
        })
      }
    }
  }
  return violations
}

/** The files that a file imports by a relative path, types included. */
function localImports(file, specifiers) {
  return specifiers
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => resolve(dirname(file), specifier))
}

function problemOf({ specifier, file, package_, packages, byFullName, mayKnow, root }) {
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const target = resolve(dirname(file), specifier)
    const owner = packages.find(other => target === other.folder || target.startsWith(other.folder + sep))
    if (owner && owner !== package_) return `reaches into ${owner.name} by a path`
    if (!owner && !target.startsWith(join(root, 'tools') + sep)) return `reaches outside the package: ${specifier}`
    return undefined
  }
  const parts = specifier.split('/')
  const fullName = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
  const target = byFullName.get(fullName)
  if (!target) return undefined
  if (!mayKnow(target.name)) return `${package_.name} must not import ${target.name}`
  const subpath = `.${specifier.slice(fullName.length)}`
  return isExported(target.json.exports, subpath) ? undefined : `imports the internals of ${target.name}: ${subpath}`
}

function isExported(exports, subpath) {
  if (exports === undefined) return subpath === '.'
  return Object.keys(exports).some(key => (key.endsWith('*') ? subpath.startsWith(key.slice(0, -1)) : key === subpath))
}
