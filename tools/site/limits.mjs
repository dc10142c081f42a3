// Reads every limits.ts: name, value and reason of each bound, as they stand in the source.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const operators = {
  [ts.SyntaxKind.AsteriskToken]: (a, b) => a * b,
  [ts.SyntaxKind.SlashToken]: (a, b) => a / b,
  [ts.SyntaxKind.PlusToken]: (a, b) => a + b,
  [ts.SyntaxKind.MinusToken]: (a, b) => a - b,
  [ts.SyntaxKind.AsteriskAsteriskToken]: (a, b) => a ** b,
  [ts.SyntaxKind.LessThanLessThanToken]: (a, b) => a * 2 ** b
}

/** The number that an expression of literals and known names gives; undefined for anything else. */
function numberOf(node, known) {
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (ts.isParenthesizedExpression(node)) return numberOf(node.expression, known)
  if (ts.isIdentifier(node)) return known.get(node.text)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = numberOf(node.operand, known)
    return value === undefined ? undefined : -value
  }
  if (!ts.isBinaryExpression(node)) return undefined
  const [left, right] = [numberOf(node.left, known), numberOf(node.right, known)]
  const apply = operators[node.operatorToken.kind]
  return left === undefined || right === undefined || apply === undefined ? undefined : apply(left, right)
}

const documented = node =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(doc => ts.getTextOfJSDocComment(doc.comment) ?? '')

/** Line comments above a property: reasons of a value, where its meaning stands in an interface. */
const remarked = (node, source) =>
  (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [])
    .filter(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia)
    .map(({ pos, end }) => source.text.slice(pos + 2, end))

const joined = texts => texts.join(' ').replace(/\s+/g, ' ').trim()

/** Meanings that interfaces of the file give to the properties of their values. */
const meaningsOf = source =>
  new Map(
    source.statements
      .filter(ts.isInterfaceDeclaration)
      .map(({ name, members }) => [
        name.text,
        new Map(members.map(member => [member.name?.getText(source), joined(documented(member))]))
      ])
  )

const literalOf = node => {
  const inner = ts.isCallExpression(node) && node.arguments.length === 1 ? node.arguments[0] : node
  const bare = ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) ? inner.expression : inner
  return ts.isObjectLiteralExpression(bare) ? bare : undefined
}

/** The properties of an object of limits, nested ones by their path. */
function propertiesOf(object, source, known, meanings, path = '') {
  let shared = ''
  return object.properties.flatMap(property => {
    if (!ts.isPropertyAssignment(property)) return []
    const name = `${path}${property.name.getText(source)}`
    const meaning = meanings.get(property.name.getText(source)) ?? ''
    const own = joined([meaning, ...documented(property), ...remarked(property, source)])
    // A reason above several lines is theirs together.
    if (own !== '') shared = own
    const inner = literalOf(property.initializer)
    if (inner !== undefined)
      return propertiesOf(inner, source, known, new Map(), `${name}.`).map(row => ({
        ...row,
        reason: row.reason || shared
      }))
    const value = numberOf(property.initializer, known)
    if (value !== undefined) known.set(property.name.getText(source), value)
    return [{ name, value: value ?? property.initializer.getText(source), reason: own || shared }]
  })
}

/** The bounds of one `limits.ts`. */
export function limitsOf(text, fileName = 'limits.ts') {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true)
  const known = new Map()
  const meanings = meaningsOf(source)
  return source.statements.filter(ts.isVariableStatement).flatMap(statement => {
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    return statement.declarationList.declarations.flatMap(({ name, type, initializer }) => {
      if (initializer === undefined) return []
      const object = literalOf(initializer)
      if (object !== undefined) {
        const of = type !== undefined && ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : ''
        return isExported ? propertiesOf(object, source, known, meanings.get(of) ?? new Map()) : []
      }
      const value = numberOf(initializer, known)
      if (value !== undefined) known.set(name.getText(source), value)
      return isExported
        ? [
            {
              name: name.getText(source),
              value: value ?? initializer.getText(source),
              reason: joined([...documented(statement), ...remarked(statement, source)])
            }
          ]
        : []
    })
  })
}

const shown = value => (typeof value === 'number' ? value.toLocaleString('en-US').replaceAll(',', ' ') : `\`${value}\``)
const cell = text =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\{@link (\S+)\}/g, '$1')

/** The page of all bounds, and those that no sentence explains. */
export function limitsPage(packages) {
  const unexplained = []
  const sections = packages.flatMap(({ name, folder }) => {
    const file = join(folder, 'src/limits.ts')
    if (!existsSync(file)) return []
    const rows = limitsOf(readFileSync(file, 'utf8'))
    unexplained.push(...rows.filter(({ reason }) => reason === '').map(row => `${name}: ${row.name}`))
    const table = rows.map(row => `| \`${row.name}\` | ${shown(row.value)} | ${cell(row.reason)} |`)
    return [`## ${name}`, '', '| bound | value | meaning and reason |', '| --- | --- | --- |', ...table, '']
  })
  const text = [
    '# Limits',
    '',
    'Every bound on what a remote peer can make this software hold or compute, as it stands in the `limits.ts` of each package. Each has a test that',
    'overruns it. What can be chosen is in the options of the packages, with its default.',
    '',
    ...sections
  ].join('\n')
  return { text, unexplained }
}
