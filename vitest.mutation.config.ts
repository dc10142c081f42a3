import { defineConfig } from 'vitest/config'

// One package, as the root configuration has it: a mutation run reads no other.
// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const name = process.env['MUTATION_PACKAGE'] ?? ''
// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const include: readonly string[] = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]')
const conditions = ['status-stack-source']

export default defineConfig({
  root: new URL(`packages/${name}`, import.meta.url).pathname,
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    name,
    include: [...include],
    // Each mutant costs the tests that reach it: those that draw at random or measure work take seconds, and reach everything.
    exclude: ['browser', 'pages', 'properties', 'model', 'node_modules']
      .map(folder => `**/${folder}/**`)
      .concat('**/{slices,costs,loss,crash,crash-features}.test.ts'),
    testTimeout: 300_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
