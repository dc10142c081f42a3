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
const otherTexts = /(^|\/)(CHANGELOG\.md|\.changeset\/|decisions\/|node_modules\/)/

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

/** What the compiler says of fragments of TypeScript, by block. They are read where every package can be imported. */
export function typescriptProblems(blocks) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const given = { ...config.compilerOptions, noUnusedLocals: false, noUnusedParameters: false, noImplicitAny: false }
  const { options } = ts.convertCompilerOptionsFromJson(given, root)
  const texts = new Map(
    blocks.map(each => [
      join(root, 'packages/integration', `${each.file.replaceAll('/', '-')}-${each.at}.ts`),
      `${each.code}\nexport {}\n`
    ])
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = name => texts.has(name) || fileExists(name)
  host.readFile = name => texts.get(name) ?? readFile(name)
  host.getSourceFile = (name, ...rest) =>
    texts.has(name)
      ? ts.createSourceFile(name, texts.get(name), ts.ScriptTarget.Latest, true)
      : getSourceFile(name, ...rest)
  const program = ts.createProgram([...texts.keys()], options, host)
  return [...texts.keys()].flatMap((name, at) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => !takenFromOutside.has(code))
      .map(({ messageText }) => ({ block: blocks[at], problem: ts.flattenDiagnosticMessageText(messageText, ' ') }))
  })
}

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
