// The checklist of the protocol digest, who owns which item, and what the SPEC.md tables claim about it.
// spec-coverage.mjs prints it. A claim is a table row `| id | rule | file | test |`; it holds when the file exists and
// the test file has a test that can run and whose title begins with the id.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'

const range = (letter, from, to) => Array.from({ length: to - from + 1 }, (_, i) => `${letter}-${from + i}`)
const clientSide = ['status-client']

/** Whole chapters of the checklist: letter, number of items, owners of an item unless {@link exceptions} says more. */
const chapters = [
  ['T', 34, ['rlpx']],
  ['W', 45, ['whisper']],
  ['K', 31, ['waku']],
  ['M', 27, ['whisper-mailserver', 'whisper']],
  ['R', 30, ['whisper-rpc']],
  ['S', 28, ['status-pfs']],
  ['D', 22, ['status-sync']],
  ['P', 32, ['status-data']],
  ['A', 20, ['status-client']],
  ['F', 23, ['status-client', 'integration']]
]

const letters = new Set(chapters.map(([letter]) => letter))

const exceptions = new Map([
  // Sessions and hosts are RLPx on any carrier; what only UDP, DNS and routers have is the TCP transport's.
  ...range('T', 29, 32).map(id => [id, ['devp2p-transport']]),
  ['S-19', ['status-pfs', 'status-client']],
  ['K-25', ['whisper-rpc']],
  ['D-17', clientSide],
  ['D-18', clientSide],
  ['P-12', clientSide],
  ...range('A', 1, 6).map(id => [id, ['status-accounts']]),
  ...['A-7', 'A-8', 'A-9', 'A-14', 'A-15'].map(id => [id, ['whisper']]),
  ...['A-19', 'A-20'].map(id => [id, ['integration']])
])

/** Every checklist item and the packages that own it; one of them has to prove it. */
export const checklist = Object.freeze(
  new Map(
    chapters.flatMap(([letter, count, owners]) => range(letter, 1, count).map(id => [id, exceptions.get(id) ?? owners]))
  )
)

const idPattern = /[A-Z]-\d+/

/** The claims of one SPEC.md: a row of a table whose head is `| id | rule | file | test |`. */
export function claimsOf(text) {
  const claims = []
  let inTable = false
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trimStart().startsWith('|')) {
      inTable = false
      continue
    }
    const cells = line
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map(cell => cell.trim())
    if (cells.join(' ').toLowerCase() === 'id rule file test') {
      inTable = true
      continue
    }
    if (!inTable || cells.every(cell => /^:?-+:?$/.test(cell))) continue
    claims.push({
      line: index + 1,
      ids: cells[0]?.match(new RegExp(idPattern, 'g')) ?? [],
      rule: cells[1] ?? '',
      files: pathsIn(cells[2]),
      tests: pathsIn(cells[3])
    })
  }
  return claims
}

/** Paths of a cell: `a.ts`, several with commas or spaces between, in backticks or as a link's text. */
function pathsIn(cell = '') {
  return cell
    .replace(/\]\([^)]*\)/g, ' ')
    .split(/[\s,;`[\]]+/)
    .filter(word => /^[\w@./-]+\.\w+$/.test(word))
}

const testCallers = new Set(['test', 'it'])
const cannotRun = new Set(['skip', 'todo', 'fails'])

/**
 * Ids that the titles of a test file begin with: `test('W-12 …', …)`, also `it`, `.each`, `.for`, `.concurrent` and the
 * like, and titles that begin with several ids. A test that is skipped, to do, or has an empty body proves nothing.
 */
export function provenIds(text, fileName = 'module.test.ts') {
  const kind = /x$/.test(fileName) ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true, kind)
  const ids = new Set()
  const visit = (node, skipped) => {
    let skips = skipped
    if (ts.isCallExpression(node)) {
      const chain = callChain(node.expression)
      if (chain[0] === 'describe' || chain[0] === 'suite') skips ||= chain.some(name => cannotRun.has(name))
      else if (testCallers.has(chain[0]) && !skips && !chain.some(name => cannotRun.has(name)) && hasBody(node)) {
        for (const id of leadingIds(titleOf(node.arguments[0]))) ids.add(id)
      }
    }
    ts.forEachChild(node, child => visit(child, skips))
  }
  visit(source, false)
  return ids
}

/** `test.each(table)` as `['test', 'each']`; empty for anything that does not start with a name. */
function callChain(callee) {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) {
    const before = callChain(callee.expression)
    return before.length === 0 ? [] : [...before, callee.name.text]
  }
  if (ts.isCallExpression(callee)) return callChain(callee.expression)
  if (ts.isTaggedTemplateExpression(callee)) return callChain(callee.tag)
  return []
}

const titleOf = node => {
  if (!node) return ''
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) return node.head.text
  if (ts.isBinaryExpression(node)) return titleOf(node.left)
  return ''
}

function leadingIds(title) {
  const run = /^(?:[A-Z]-\d+(?:\s*[,/+&]\s*|\s+and\s+|\s+|:\s*|$))+/.exec(title)
  return run ? run[0].match(new RegExp(idPattern, 'g')) : []
}

/** A test needs something to run: a function with a statement in it, or a function that was made elsewhere. */
function hasBody(call) {
  const run = call.arguments
    .slice(1)
    .find(argument => !ts.isObjectLiteralExpression(argument) && !ts.isNumericLiteral(argument))
  if (!run) return false
  if (!ts.isArrowFunction(run) && !ts.isFunctionExpression(run)) return true
  return !ts.isBlock(run.body) || run.body.statements.length > 0
}

function specFiles(root) {
  return ['packages', 'apps'].flatMap(group => {
    const folder = join(root, group)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && existsSync(join(folder, entry.name, 'SPEC.md')))
      .map(entry => ({ name: entry.name, folder: join(folder, entry.name) }))
  })
}

/**
 * Reads every SPEC.md below `root`.
 * `proven`: id → packages with a claim that holds; `problems`: claims that do not hold, with a place and a sentence.
 */
export function readCoverage(root) {
  const proven = new Map()
  const problems = []
  for (const { name, folder } of specFiles(root)) {
    const path = join(folder, 'SPEC.md')
    for (const claim of claimsOf(readFileSync(path, 'utf8'))) {
      const found = problemsOf(claim, folder)
      for (const problem of found) problems.push({ place: `${relative(root, path)}:${claim.line}`, ...problem })
      for (const id of claim.ids) {
        if (found.every(problem => problem.id !== id && problem.id !== undefined))
          proven.set(id, [...(proven.get(id) ?? []), name])
      }
    }
  }
  return { proven, problems, owners: ownersOf(proven) }
}

function problemsOf({ ids, rule, files, tests }, folder) {
  if (ids.length === 0) return [{ problem: 'a row without an id' }]
  const problems = []
  if (rule === '') problems.push({ problem: `${ids.join(', ')}: no rule` })
  if (files.length === 0) problems.push({ problem: `${ids.join(', ')}: no file named` })
  if (tests.length === 0) problems.push({ problem: `${ids.join(', ')}: no test file named` })
  for (const file of [...files, ...tests]) {
    if (!existsSync(join(folder, file))) problems.push({ problem: `${ids.join(', ')}: ${file} does not exist` })
  }
  const shown = new Set()
  for (const test of tests) {
    const path = join(folder, test)
    if (existsSync(path)) for (const id of provenIds(readFileSync(path, 'utf8'), test)) shown.add(id)
  }
  for (const id of ids) {
    // A letter that is no chapter's is the package's own numbering: its tests have to exist all the same.
    if (letters.has(id[0]) && !checklist.has(id)) problems.push({ id, problem: `${id} is not on the checklist` })
    else if (tests.length > 0 && !shown.has(id))
      problems.push({ id, problem: `${id}: no test in ${tests.join(', ')} has a title that begins with it` })
  }
  return problems
}

/** Per package: the items it owns, those that are proven, and those that nobody who owns them has proven. */
function ownersOf(proven) {
  const owners = new Map()
  for (const [id, names] of checklist) {
    const covered = names.some(name => proven.get(id)?.includes(name))
    for (const name of names) {
      const entry = owners.get(name) ?? { owner: name, proven: [], missing: [] }
      entry[covered ? 'proven' : 'missing'].push(id)
      owners.set(name, entry)
    }
  }
  return [...owners.values()]
}
