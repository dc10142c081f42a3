// What a TypeScript user meets: every entry of every package imported, nothing of the declarations left unchecked.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../packed.mjs'
import { installed } from './cache.mjs'
import { needsNodeTypes } from './node-needs.mjs'

const nodeTypes = { '@types/node': '20.19.43', '@types/ws': '8.18.2' }

const modes = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' }
}

/** Every entry that has types. */
function entriesOf(packages) {
  return packages
    .filter(({ json }) => json.bin === undefined)
    .flatMap(({ json }) =>
      Object.entries(json.exports)
        .filter(([, target]) => typeof target === 'object' && target.types !== undefined)
        .map(([entry]) => `${json.name}${entry.slice(1)}`)
    )
}

const consumer = entries =>
  [
    ...entries.map((entry, i) => `import * as m${i} from '${entry}'`),
    `export const all = [${entries.map((_, i) => `m${i}`)}]`,
    ''
  ].join('\n')

/** Writes both users into the project: one without Node's types for what runs anywhere, one with them for everything. */
export async function prepareUsers(project, packages) {
  const entries = entriesOf(packages)
  const users = { portable: entries.filter(entry => !needsNodeTypes(entry)), everything: entries }
  for (const [user, used] of Object.entries(users)) {
    for (const [mode, settings] of Object.entries(modes)) {
      const folder = join(project, 'types', `${user}-${mode}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'consumer.ts'), consumer(used))
      const compilerOptions = {
        ...settings,
        target: 'es2022',
        lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
        types: user === 'everything' ? ['node'] : [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true
      }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    }
  }
  const types = Object.entries(nodeTypes).map(([name, version]) => `${name}@${version}`)
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']
  const { ok, output } = await run('npm', [...flags, ...types], { cwd: project, deadlineMs: 300_000 })
  if (!ok) throw new Error(`the types of Node cannot be installed\n${output}`)
}

/** Compiles both users in both modes with one version; an outcome is `passed` or the first errors. */
export async function checkTypes(project, version) {
  const folder = await installed('typescript', version)
  const outcomes = {}
  for (const mode of Object.keys(modes)) {
    for (const user of ['portable', 'everything']) {
      const config = join(project, 'types', `${user}-${mode}`)
      const compiler = join(folder, 'typescript', 'bin', 'tsc')
      const { ok, output } = await run(process.execPath, [compiler, '-p', config, '--pretty', 'false'], {
        cwd: project
      })
      outcomes[`${user}-${mode}`] = ok ? 'passed' : errorsOf(output)
    }
  }
  return outcomes
}

function errorsOf(output) {
  const lines = output.split('\n').filter(line => line.includes('error TS'))
  return `failed: ${lines.length} errors\n${lines.slice(0, 20).join('\n')}`
}
