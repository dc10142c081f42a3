import { defineConfig } from 'vitest/config'

// `pnpm screenshots`: opens the built page in a browser and writes the pictures of docs/web. Not among the tests: fonts differ between machines.
const conditions = ['status-stack-source']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    root: './apps/cli',
    include: ['test/web/*.screenshots.ts'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
