// Runs one `@example` block in this process: with what it imports, with what its package exports, and with stand-ins for the values
// that it takes from its reader. What a line says of its value (`// 'png'`, `// 32 bytes`, `// 'zQ3sh…'`) is compared.
import { Buffer } from 'node:buffer'
import ts from 'typescript'

const AsyncFunction = (async () => {}).constructor

/** What a comment says of the value of its line: a literal, or a length; undefined for words about something else. */
export function saidValue(comment) {
  const length = /^(\d+(?: \+ \d+)*) (?:bytes|hex digits|characters)\b/.exec(comment)?.[1]
  if (length !== undefined)
    return { kind: 'length', length: length.split(' + ').reduce((sum, part) => sum + Number(part), 0) }
  const ends = [comment.length, ...[': ', ', ', ' — ', '; '].map(mark => comment.indexOf(mark))].filter(end => end > 0)
  for (const end of ends.sort((a, b) => b - a)) {
    const text = comment.slice(0, end).trim()
    if (!isLiteral(text)) continue
    const value = new Function(`return (${text})`)()
    return typeof value === 'string' && value.includes('…')
      ? { kind: 'pattern', parts: value.split('…') }
      : { kind: 'value', value }
  }
  return undefined
}

const plain = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword
])

function isLiteral(text) {
  const source = ts.createSourceFile('x.ts', `(${text})`, ts.ScriptTarget.Latest, true)
  const [statement, ...rest] = source.statements
  if (rest.length > 0 || source.parseDiagnostics.length > 0 || !ts.isExpressionStatement(statement)) return false
  const literal = node => {
    if (ts.isParenthesizedExpression(node)) return literal(node.expression)
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(literal)
    if (ts.isObjectLiteralExpression(node))
      return node.properties.every(each => ts.isPropertyAssignment(each) && literal(each.initializer))
    if (ts.isPrefixUnaryExpression(node)) return literal(node.operand)
    if (ts.isCallExpression(node)) return node.getText().startsWith('Uint8Array.of(') && node.arguments.every(literal)
    return plain.has(node.kind) || node.getText() === 'undefined'
  }
  return literal(statement.expression)
}

/** The names that a block uses and does not declare. */
function freeNames(source) {
  const used = new Set()
  const look = node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return
    if (ts.isIdentifier(node) && isReference(node) && !isBound(node)) used.add(node.text)
    ts.forEachChild(node, look)
  }
  look(source)
  return [...used]
}

const namesIn = name =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap(each => (ts.isBindingElement(each) ? namesIn(each.name) : []))

/** What a statement, or the head of a loop or a function, declares. */
function declaredBy(node) {
  if (ts.isVariableStatement(node)) return declaredBy(node.declarationList)
  if (ts.isVariableDeclarationList(node)) return node.declarations.flatMap(({ name }) => namesIn(name))
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name ? [node.name.text] : []
  if (!ts.isImportDeclaration(node)) return []
  const { name, namedBindings } = node.importClause ?? {}
  const named =
    namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.map(each => each.name.text) : []
  return [...(name ? [name.text] : []), ...named]
}

function isBound(identifier) {
  for (let node = identifier.parent; node !== undefined; node = node.parent) {
    const here = [
      ...(ts.isFunctionLike(node) ? node.parameters.flatMap(({ name }) => namesIn(name)) : []),
      ...(ts.isSourceFile(node) || ts.isBlock(node) ? node.statements.flatMap(declaredBy) : []),
      ...(ts.isForOfStatement(node) || ts.isForStatement(node) ? declaredBy(node.initializer) : []),
      ...(ts.isCatchClause(node) && node.variableDeclaration ? namesIn(node.variableDeclaration.name) : [])
    ]
    if (here.includes(identifier.text)) return true
  }
  return false
}

function isReference(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent) || ts.isEnumMember(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent))
    return parent.initializer === node
  return !(
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent)
  )
}

/** The expression whose value a line's comment speaks of. */
function spokenOf(statement) {
  if (ts.isExpressionStatement(statement)) {
    const { expression } = statement
    const isLog = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log'
    return isLog ? expression.arguments[0] : expression
  }
  if (!ts.isVariableStatement(statement)) return undefined
  const [declaration, ...rest] = statement.declarationList.declarations
  return rest.length === 0 && ts.isIdentifier(declaration.name) ? declaration.initializer : undefined
}

/** The block as the body of a function: imports as calls, and the values that are compared given to `__compare`. */
export function prepare(code) {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)
  const edits = []
  const said = []
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const names = statement.importClause?.namedBindings
      const from = statement.moduleSpecifier.getText()
      const bound =
        names && ts.isNamedImports(names)
          ? `{ ${names.elements
              .filter(each => !each.isTypeOnly)
              .map(each => (each.propertyName ? `${each.propertyName.text}: ${each.name.text}` : each.name.text))
              .join(', ')} }`
          : `{ default: ${statement.importClause?.name?.text} }`
      edits.push([statement.getStart(), statement.end, `const ${bound} = await __import(${from})`])
      continue
    }
    for (const modifier of statement.modifiers ?? [])
      if (modifier.kind === ts.SyntaxKind.ExportKeyword) edits.push([modifier.getStart(), modifier.end, ''])
    const [range] = ts.getTrailingCommentRanges(code, statement.end) ?? []
    const value = range === undefined ? undefined : saidValue(code.slice(range.pos + 2, range.end).trim())
    const expression = spokenOf(statement)
    if (value === undefined || expression === undefined) continue
    edits.push([expression.getStart(), expression.getStart(), '__compare('])
    edits.push([expression.end, expression.end, `, ${said.length})`])
    said.push(value)
  }
  const last = source.statements.at(-1)
  const throws = last !== undefined && ts.isThrowStatement(last)
  let text = code
  for (const [start, end, put] of edits.sort((a, b) => b[0] - a[0] || b[1] - a[1]))
    text = text.slice(0, start) + put + text.slice(end)
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
  })
  return { body: outputText.replace(/^export \{\};?$/m, ''), free: freeNames(source), said, throws }
}

const shown = value => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))

/** What is wrong with a value, by what its line says of it; undefined when nothing is. */
function valueProblem(said, value, isEqual) {
  switch (said.kind) {
    case 'length':
      return value?.length === said.length ? undefined : `has a length of ${value?.length}, and not ${said.length}`
    case 'pattern': {
      const pattern = new RegExp(
        `^${said.parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`,
        's'
      )
      return pattern.test(String(value)) ? undefined : `is ${shown(value)}, and not ${said.parts.join('…')}`
    }
    case 'value':
      return isEqual(value, said.value) ? undefined : `is ${shown(value)}, and not ${shown(said.value)}`
  }
}

/**
 * Runs a prepared block. `standIn` gives what a free name stands for.
 * @returns what is wrong; undefined when nothing is
 */
export async function runPrepared({ body, free, said, throws }, { standIn, load, isEqual }) {
  const problems = []
  const compare = (value, at) => {
    const problem = valueProblem(said[at], value, isEqual)
    if (problem !== undefined) problems.push(problem)
    return value
  }
  const silent = { ...console, log: () => {}, warn: () => {}, error: () => {} }
  const names = free.filter(name => name !== 'console')
  const values = []
  for (const name of names) values.push(await standIn(name))
  const run = new AsyncFunction('__import', '__compare', 'console', ...names, body)
  let thrown
  try {
    await run(load, compare, silent, ...values)
  } catch (error) {
    thrown = error
  }
  if (throws && thrown === undefined) problems.push('throws nothing')
  if (!throws && thrown !== undefined) problems.push(`throws ${thrown?.stack ?? thrown}`)
  return problems.length === 0 ? undefined : problems.join('\n')
}
