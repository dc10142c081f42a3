import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** A word of the privacy layer in a module that must not know it. */
export interface Slip {
  readonly file: string
  readonly line: number
  readonly word: string
}

/** Words that mean where and how an envelope travels, as parts of names: `minPow`, `topics`, `ttlSeconds`, `bloomFilter`. */
const words = new Set(['topic', 'topics', 'pow', 'ttl', 'bloom', 'blooms', 'symkey'])

/** Types of Whisper keys and of what only Whisper may look into. */
const types = new Set(['RouteKey', 'InterestKey', 'PowWish', 'PostEnvelope', 'EnvelopeMessage', 'FilterOptions'])

/** The strings that topics are made of. */
const names = /contact-discovery|-contact-code$|-negotiated$|status-offline-inbox/

/** Names of a module that belong to the privacy layer: identifiers and strings, not comments. */
export function slipsOf(text: string, file: string): readonly Slip[] {
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  )
  const slips: Slip[] = []
  const note = (node: ts.Node, word: string): void => {
    slips.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, word })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const parts = node.text
        .replace('#', '')
        .split(/(?<=[a-z\d])(?=[A-Z])|_/)
        .map(part => part.toLowerCase())
      const pair = parts.some((part, index) => part === 'symmetric' && parts[index + 1] === 'key')
      if (types.has(node.text) || pair || parts.some(part => words.has(part))) note(node, node.text)
    }
    if (ts.isStringLiteralLike(node) && names.test(node.text)) note(node, node.text)
    if (ts.isTemplateLiteralToken(node) && names.test(node.text)) note(node, node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return slips
}

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** Every module of a package's sources, generated ones left out. */
export function* modulesOf(name: string): Generator<{ readonly file: string; readonly text: string }> {
  const source = join(packages, name, 'src')
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const file = relative(packages, path)
    if (entry.isFile() && /\.tsx?$/.test(entry.name) && !file.includes('/gen/'))
      yield { file, text: readFileSync(path, 'utf8') }
  }
}
