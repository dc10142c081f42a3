import { defineConfig } from 'vitest/config'

// One package, as the root configuration has it: a mutation run reads no other.
const name = process.env['MUTATION_PACKAGE'] ?? ''
const conditions = ['status-stack-source']

export default defineConfig({
  root: new URL(`../../packages/${name}`, import.meta.url).pathname,
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    name,
    include: ['test/**/*.test.ts'],
    exclude: ['**/browser/**', '**/pages/**', '**/node_modules/**'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
