import { defineConfig } from 'vitest/config'

const conditions = ['status-stack-source']

/** `pnpm fairness`: one process, one file, nothing beside it that would spoil the measurement. */
export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    root: './packages/integration',
    include: ['fairness/**/*.fairness.ts'],
    testTimeout: 1_800_000,
    maxWorkers: 1,
    pool: 'forks',
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
