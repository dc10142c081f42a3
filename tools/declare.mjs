// The first step of a package's build, run in its folder: TypeScript 7 checks the sources and writes a declaration of each, in a tenth of the
// time that bundling them from the sources takes (decision 0072). tsup joins them into one for each entry.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const declarations = '.declarations'
rmSync(declarations, { recursive: true, force: true })
mkdirSync(declarations)

// What the package's own `imports` lead to are sources here: nothing is built yet.
const { imports } = JSON.parse(readFileSync('package.json', 'utf8'))
const compilerOptions = {
  noEmit: false,
  emitDeclarationOnly: true,
  rootDir: '../src',
  outDir: '.',
  customConditions: imports === undefined ? [] : ['status-stack-source']
}
const project = { extends: '../tsconfig.json', compilerOptions, include: ['../src'], exclude: [] }
writeFileSync(`${declarations}/tsconfig.json`, JSON.stringify(project))

// Declarations that are generated, or written by hand, are sources themselves.
cpSync('src', declarations, { recursive: true, filter: path => path.endsWith('.d.ts') || statSync(path).isDirectory() })

const compiler = fileURLToPath(new URL('../node_modules/typescript-7/bin/tsc', import.meta.url))
process.exitCode = spawnSync(process.execPath, [compiler, '--project', declarations], { stdio: 'inherit' }).status ?? 1
