import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// One project per package and app, all of the same shape; `status-stack-source` makes packages see each other's sources.
const folders = ['packages', 'apps', 'examples'].flatMap(group => {
  try {
    return readdirSync(new URL(group, import.meta.url), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => ({ name: entry.name, root: `./${group}/${entry.name}` }))
  } catch {
    return []
  }
})

const conditions = ['status-stack-source']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: {
    // Many tests mostly wait for the processes they started: vitest's one worker on two cores would leave both idle.
    maxWorkers: availableParallelism() + 1,
    projects: [...folders, { name: 'tools', root: './tools' }].map(({ name, root }) => ({
      extends: true as const,
      root,
      test: {
        name,
        include: ['test/**/*.test.ts', 'test/**/*.test.{js,mjs}', 'test/**/*.test.tsx'],
        exclude: ['**/browser/**', '**/node_modules/**'],
        // Tests of libraries share what a worker has loaded, which is most of their time (decision 0056). Tests of programs have
        // signals, exits and environments of their own.
        isolate: !root.startsWith('./packages/') || name === 'integration',
        // A watchdog for what hangs, not a measure: the suite also runs beside busy processes.
        testTimeout: 300_000,
        hookTimeout: 300_000,
        server: { deps: { inline: [/@status-stack\//] } }
      }
    }))
  }
})
