import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { longTests } from './tools/long-tests.mjs'
import { folders, resolution, testsOf } from './vitest.config.ts'

// The tests of all folders as `npm test` runs them: the same files as in vitest.config.ts, in two projects in place of forty, since each
// project transforms every module that it meets for itself (decision 0057).

/** Files that wait for others the longest: a run that began with them last would wait for them alone. */
const longest = [
  'test/process/doctor',
  'test/process/examples',
  'test/process/account',
  'test/web/messenger',
  'unit/presets',
  'test/process/tui-',
  'unit/crash-',
  'model/schedules'
]
const isLong = ({ moduleId }: TestSpecification): boolean => longest.some(part => moduleId.includes(part))

/**
 * The long ones begin, and those of each project stay together: vitest ends a worker that others could share as soon as the next file is of
 * another project.
 */
class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const programs = sorted.filter(({ project }) => project.name !== 'libraries')
    const libraries = sorted.filter(({ project }) => project.name === 'libraries')
    return [programs, libraries].flatMap(all => [...all.filter(isLong), ...all.filter(file => !isLong(file))])
  }
}

function testsIn(all: typeof folders) {
  const tests = testsOf(all.map(({ root }) => root))
  return { ...tests, exclude: [...tests.exclude, ...longTests] }
}

// No `maxWorkers` here: projects inherit it, and what they inherit wins over the command line.
export default defineConfig({
  ...resolution,
  test: {
    sequence: { sequencer: LongOnesFirst },
    projects: [
      { name: 'libraries', isolate: false, ...testsIn(folders.filter(folder => !folder.isolate)) },
      { name: 'programs', isolate: true, ...testsIn(folders.filter(folder => folder.isolate)) },
      { name: 'long', isolate: true, ...testsOf([]), include: longTests }
    ].map(test => ({ extends: true as const, test }))
  }
})
