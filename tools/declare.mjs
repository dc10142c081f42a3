// The first step of a package's build, run in its folder: TypeScript 7 checks the sources and writes a declaration of each, in a tenth of the
// time that bundling them from the sources takes (decision 0072). tsup joins them into one for each entry.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the declarations of single sources stand, in the folder of the package. */
export const declarations = '.declarations'

/** The conditions by which the package of a folder is read: its own `imports` lead to sources, as nothing is built yet. */
export function conditionsOf(folder) {
  const { imports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  return imports === undefined ? [] : ['status-stack-source']
}

function declare() {
  rmSync(declarations, { recursive: true, force: true })
  mkdirSync(declarations)
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    rootDir: '../src',
    outDir: '.',
    customConditions: conditionsOf('.')
  }
  const project = { extends: '../tsconfig.json', compilerOptions, include: ['../src'], exclude: [] }
  writeFileSync(`${declarations}/tsconfig.json`, JSON.stringify(project))
  // Declarations that are generated, or written by hand, are sources themselves.
  cpSync('src', declarations, {
    recursive: true,
    filter: path => path.endsWith('.d.ts') || statSync(path).isDirectory()
  })
  const compiler = fileURLToPath(new URL('../node_modules/typescript-7/bin/tsc', import.meta.url))
  return spawnSync(process.execPath, [compiler, '--project', declarations], { stdio: 'inherit' }).status ?? 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = declare()
