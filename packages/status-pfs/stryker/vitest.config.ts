import { defineConfig } from 'vitest/config'

// The tests that judge a mutant: fast ones that reach the mutated files. STRYKER_TESTS names them, separated by commas.
const conditions = ['status-stack-source']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    include: (process.env['STRYKER_TESTS'] ?? 'test/unit/**/*.test.ts').split(','),
    exclude: ['**/node_modules/**'],
    testTimeout: 30_000,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
