// The code blocks of every text that users read, and what can be told of each without a person: that it runs, compiles, parses, or
// names commands, packages and files that exist. A block that none of this fits carries its reason in the line above it:
// `<!-- not run: REASON -->`, or `<!-- tried by: FILE -->` where a test of its own takes it out of the text.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import ts from 'typescript'
import { publicPackages, root, run } from './packed.mjs'

const block = /^(?:<!-- (not run|tried by): (.+) -->\n)?```(\w*)[^\n]*\n([\s\S]*?)^```/gm
/** Texts of changes and records, and what other programs write. */
const otherTexts = /(^|\/)(CHANGELOG\.md|\.changeset\/|decisions\/|node_modules\/)|\.api\.md$/

/** Every block of the repository's texts that says what language it is in. */
export function codeBlocks() {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8'
  })
  const files = stdout.split('\n').filter(file => file !== '' && !otherTexts.test(file) && existsSync(join(root, file)))
  return files.flatMap(file => blocksOf(readFileSync(join(root, file), 'utf8'), file))
}

/** The blocks of one text. */
export function blocksOf(text, file) {
  return [...text.matchAll(block)].map(([whole, mark, words, language = '', code = ''], at) => ({
    file,
    line: text.slice(0, text.indexOf(whole)).split('\n').length,
    at,
    mark,
    words,
    language,
    code
  }))
}

/** Whether the check of packed packages runs it: the first `js` block of a package's README. */
const runsPacked = ({ file, code }, blocks) =>
  /^packages\/[^/]+\/README\.md$/.test(file) &&
  blocks.find(other => other.file === file && other.language === 'js')?.code === code

/** What is wrong with a mark; undefined when nothing is. */
function markProblem({ mark, words, file }) {
  if (mark === 'not run') return words.length < 12 ? 'the reason says too little' : undefined
  const test = join(root, words)
  if (!existsSync(test)) return `${words} is not there`
  return readFileSync(test, 'utf8').includes(basename(file)) ? undefined : `${words} does not read ${basename(file)}`
}

async function javascriptProblem({ file, code }) {
  const ran = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: join(root, dirname(file)) })
  return ran.ok ? undefined : ran.output.trim()
}

function jsonProblem({ code }) {
  const parses = text => {
    try {
      return JSON.parse(text) !== undefined
    } catch {
      return false
    }
  }
  return parses(code) || code.trim().split('\n').every(parses) ? undefined : 'is no JSON'
}

/** Names that a fragment takes from its surroundings: not declared in it, as variable, or as property written short. */
const takenFromOutside = new Set([2304, 2552, 18004])

/** What the compiler says of fragments, by the paths that they would have. */
function compile(texts) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const given = { ...config.compilerOptions, noUnusedLocals: false, noUnusedParameters: false, noImplicitAny: false }
  const { options } = ts.convertCompilerOptionsFromJson(given, root)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = name => texts.has(name) || fileExists(name)
  host.readFile = name => texts.get(name) ?? readFile(name)
  host.getSourceFile = (name, ...rest) =>
    texts.has(name)
      ? ts.createSourceFile(name, texts.get(name), ts.ScriptTarget.Latest, true)
      : getSourceFile(name, ...rest)
  const program = ts.createProgram([...texts.keys()], options, host)
  const diagnostics = [...texts.keys()].map(name => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ code, messageText }) => ({ code, text: ts.flattenDiagnosticMessageText(messageText, ' ') })
    )
  })
  return { program, diagnostics }
}

/** What the compiler says of fragments of TypeScript, by block. They are read where every package can be imported. */
export function typescriptProblems(blocks) {
  const texts = new Map(
    blocks.map(each => [
      join(root, 'packages/integration', `${each.file.replaceAll('/', '-')}-${each.at}.ts`),
      `${each.code}\nexport {}\n`
    ])
  )
  return compile(texts).diagnostics.flatMap((found, at) =>
    found.filter(({ code }) => !takenFromOutside.has(code)).map(({ text }) => ({ block: blocks[at], problem: text }))
  )
}

/** What a declaration declares, as its users call it. */
const nameOf = node => (node.name ?? node.declarationList?.declarations[0]?.name)?.getText() ?? ''

/** The `@example` blocks of sources, with the name of what each is an example `of`. */
export function exampleBlocks(files) {
  return files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8')
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    const found = []
    const look = node => {
      for (const tag of ts.getJSDocTags(node)) {
        if (tag.tagName.text !== 'example' || tag.parent.parent !== node) continue
        const line = source.getLineAndCharacterOfPosition(tag.pos).line + 1
        for (const { language, code } of blocksOf(ts.getTextOfJSDocComment(tag.comment) ?? '', file))
          found.push({ file, line, at: found.length, language, code, of: nameOf(node) })
      }
      ts.forEachChild(node, look)
    }
    look(source)
    return found
  })
}

/** Where each name that public packages export can be had: the entry's file, and whether it is more than a type. */
function exportedNames(entries) {
  const { program } = compile(new Map(entries.map(({ file }) => [`${file}.all.ts`, `export * from '${file}'\n`])))
  const checker = program.getTypeChecker()
  return entries.flatMap(({ name, file }) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map(exported => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declaredIn = symbol.declarations?.[0].getSourceFile().fileName
      return {
        entry: name,
        file,
        declaredIn,
        name: exported.name,
        isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0
      }
    })
  )
}

/** Names that examples mean otherwise than the globals of a page of that name, and what a test runner has. */
const readersOwn = ['event', 'history', 'location', 'name', 'open', 'origin', 'scheduler', 'self', 'status', 'test']

/** Stands for those of them that a fragment does not declare. */
function standIns(code) {
  const used = readersOwn.filter(name => new RegExp(`(?<![.\\w])${name}\\b(?!\\s*:)`).test(code))
  const free = used.filter(name => !new RegExp(`^(?:const|let|import|function)[^=;]*\\b${name}\\b`, 'm').test(code))
  return free.map(name => `declare const ${name}: any\n`).join('')
}

/**
 * What the compiler says of `@example` blocks. A name that they take from their surroundings is the package's own export of that name
 * where there is one, else what another package exports, if they call it; all others stand for the reader's own values.
 */
export function exampleProblems(blocks, entries) {
  const exports = exportedNames(entries)
  const nameIn = text => /'([^']+)'/.exec(text)?.[1]
  const sourceOf = ({ file, code }, name) => {
    const named = exports.filter(each => each.name === name)
    const own =
      named.find(each => each.declaredIn === join(root, file)) ??
      named.find(each => each.file.startsWith(join(root, packageOf(file), '/')))
    const isCalled = new RegExp(`\\b${name}(?:<[^>]*>)?\\(`).test(code)
    return own ?? (isCalled ? named[0] : undefined)
  }
  const paths = blocks.map(({ file, at }) => join(root, `${file}.example-${at}.ts`))
  const codes = blocks.map(({ code }) => `${standIns(code)}${code}\nexport {}\n`)
  const first = compile(new Map(paths.map((path, at) => [path, codes[at]])))
  const texts = paths.map((path, at) => {
    const missing = first.diagnostics[at]
      .filter(({ code }) => takenFromOutside.has(code))
      .map(({ text }) => nameIn(text))
    const imports = [...new Set(missing)].flatMap(name => {
      const found = sourceOf(blocks[at], name)
      return found === undefined ? [] : `import { ${found.isValue ? '' : 'type '}${name} } from '${found.file}'\n`
    })
    return [path, `${imports.join('')}${codes[at]}`]
  })
  return compile(new Map(texts)).diagnostics.flatMap((found, at) =>
    found.filter(({ code }) => !takenFromOutside.has(code)).map(({ text }) => ({ block: blocks[at], problem: text }))
  )
}

const packageOf = file => file.split('/').slice(0, 2).join('/')

const systemPrograms = new Set(
  'cd createdb curl docker echo esbuild export git go kill nft python3 socat systemctl'.split(' ')
)
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
const ownNames = new Set(publicPackages().map(({ json }) => json.name))
const commands = new Set(readdirSync(join(root, 'apps/cli/src/commands')).map(name => name.replace(/\.ts$/, '')))

/** What is wrong with one command of a shell block; undefined when it names what exists. */
function commandProblem(words, file) {
  const [program = '', first = '', ...rest] = words
  if (/^[A-Z_]+=/.test(program))
    return commandProblem(
      [first, ...rest].filter(word => word !== ''),
      file
    )
  if (program === 'npm' && first === 'install') {
    const unknown = rest.filter(word => /^(@status-stack\/|status-stack$)/.test(word) && !ownNames.has(word))
    return unknown.length > 0 ? `there is no package ${unknown.join(', ')}` : undefined
  }
  if (program === 'npm') {
    const [dashes, command] = rest
    if (!['start', 'test', 'run', 'init', 'pkg'].includes(first)) return `npm ${first} is not known here`
    return dashes === '--' && command !== undefined ? programProblem(command) : undefined
  }
  if (program === 'status-stack') return programProblem(first)
  if (program === 'node') {
    const places = [join(root, dirname(file), first), join(root, first)]
    return first.startsWith('-') || places.some(path => existsSync(path)) ? undefined : `${first} is not there`
  }
  if (program === 'npx' && first === 'esbuild') return undefined
  if (program === 'npx' && first === 'status-stack') return programProblem(rest[0] ?? '')
  if (program === 'npx') return commandProblem(words.slice(first === '--yes' ? 2 : 1), file)
  if (/^pnpm(@|$)/.test(program))
    return ['install', 'exec', 'changeset'].includes(first) || scripts[first] !== undefined
      ? undefined
      : `pnpm ${first} is no script`
  const isInstalled = existsSync(join(root, 'node_modules/.bin', program))
  return isInstalled || systemPrograms.has(program) ? undefined : `${program} is not known here`
}

const programProblem = command =>
  command === '' || command.startsWith('-') || commands.has(command) || ['help', 'demo'].includes(command)
    ? undefined
    : `status-stack has no command ${command}`

function shellProblem({ code, file }) {
  const lines = code.replaceAll('\\\n', ' ').split('\n')
  for (const line of lines) {
    const bare = line.replace(/(^|\s)#.*$/, '').replace(/'[^']*'|"[^"]*"/g, "''")
    for (const command of bare.split(/&&|\|\||[;|]/)) {
      const words = command
        .trim()
        .split(/\s+/)
        .filter(word => word !== '')
      const problem = words.length === 0 ? undefined : commandProblem(words, file)
      if (problem !== undefined) return `${problem}: ${line}`
    }
  }
  return undefined
}

const checks = { js: javascriptProblem, json: jsonProblem, sh: shellProblem }
/** Not code, or pictures. */
const prose = new Set(['', 'text', 'mermaid'])

/** What is wrong with a block, but for TypeScript, which is compiled in one go; undefined when nothing is. */
export async function blockProblem(each, blocks) {
  if (each.mark !== undefined) return markProblem(each)
  if (prose.has(each.language) || each.language === 'ts' || runsPacked(each, blocks)) return undefined
  const check = checks[each.language]
  return check === undefined ? `nothing tries ${each.language}: it needs a mark` : await check(each)
}
