import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Where tests are: one folder per package, app and example, and the tools. */
export const folders = [
  ...['packages', 'apps', 'examples'].flatMap(group => {
    try {
      return readdirSync(new URL(group, import.meta.url), { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(entry => ({ name: entry.name, root: `${group}/${entry.name}` }))
    } catch {
      return []
    }
  }),
  { name: 'tools', root: 'tools' }
].map(folder => ({
  ...folder,
  // Tests of libraries share what a worker has loaded, which is most of their time (decision 0056). Tests of programs have
  // signals, exits and environments of their own, and a simulation stops the clock of its process and waits until nothing moves in it.
  isolate: !folder.root.startsWith('packages/') || folder.name === 'simulator'
}))

const conditions = ['status-stack-source']

/** `status-stack-source` makes packages see each other's sources. */
export const resolution = {
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] }
}

/** What is the same for the tests of all folders; the folders are relative to the root of the project. */
export const testsOf = (folders: readonly string[]) => ({
  include: folders.flatMap(folder =>
    ['test/**/*.test.ts', 'test/**/*.test.{js,mjs}', 'test/**/*.test.tsx'].map(files => `${folder}/${files}`)
  ),
  exclude: ['**/browser/**', '**/node_modules/**'],
  // A watchdog for what hangs, not a measure: the suite also runs beside busy processes.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  server: { deps: { inline: [/@status-stack\//] } }
})

// One project per folder: `vitest run --project whisper`. All of them at once: vitest.whole.config.ts.
export default defineConfig({
  ...resolution,
  test: {
    // Many tests mostly wait for the processes they started: vitest's one worker on two cores would leave both idle.
    maxWorkers: availableParallelism() + 1,
    projects: folders.map(({ name, root, isolate }) => ({
      extends: true as const,
      root: `./${root}`,
      test: { ...testsOf(['.']), name, isolate }
    }))
  }
})
