import { defineConfig } from 'vitest/config'
import { keepThread, ShortestFirst } from './tools/mutation-worker.mjs'

// One package, as the root configuration has it: a mutation run reads no other.
// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const name = process.env['MUTATION_PACKAGE'] ?? ''
// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const include: readonly string[] = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]')
// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const without: readonly string[] = JSON.parse(process.env['MUTATION_WITHOUT'] ?? '[]')
const conditions = ['status-stack-source']

export default defineConfig({
  plugins: [keepThread],
  root: new URL(`packages/${name}`, import.meta.url).pathname,
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    name,
    include: [...include],
    exclude: ['**/{browser,pages,node_modules}/**', ...without],
    setupFiles: [new URL('tools/mutation-setup.mjs', import.meta.url).pathname],
    // A mutant is switched on, not built in: the files of a run may share what they load, which is most of a run's time.
    isolate: false,
    sequence: { sequencer: ShortestFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
