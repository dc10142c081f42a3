import { defineConfig } from 'vitest/config'

const conditions = ['status-stack-source']

/** `pnpm interop`: scenarios with a live status-go messenger and live Whisper nodes. */
export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    root: './packages/integration',
    include: ['test/interop/messenger/run/*.interop.ts'],
    globalSetup: ['test/interop/messenger/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxConcurrency: 3,
    // Two programs, two clocks and lost packets: a scenario that fails is played once more. What is wrong fails twice.
    retry: 1,
    server: { deps: { inline: [/@status-stack\//] } }
  }
})
