import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../packed.mjs'
import { runTests } from '../run-tests.mjs'

const vitest = [process.execPath, [join(root, 'node_modules/vitest/vitest.mjs')]]
let folder = ''

beforeEach(() => {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'run-tests-'))
  const config = { test: { globals: true, include: ['*.test.mjs'], isolate: false, maxWorkers: 1 } }
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}\n`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name, text) => writeFileSync(join(folder, `${name}.test.mjs`), text)
/** What the inner runner says of errors is not to be taken for what the outer one says. */
const quiet = () => undefined
const run = (more = {}) => runTests({ root: folder, vitest, options: [], print: quiet, ...more })
const passes = "test('works', () => expect(1).toBe(1))\n"
/** Its process is gone before it could say anything. */
const dies = "process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => {})\n"

test('what passed, failed, was skipped and could not be loaded is told apart', async () => {
  write('good', `${passes}test.skip('later', () => {})\n`)
  write('bad', "test('fails', () => expect(1).toBe(2))\n")
  write('broken', "throw new Error('no such thing')\n")
  write('slow', "test('takes a second', () => new Promise(resolve => setTimeout(resolve, 1_000)))\n")
  const report = join(folder, 'report.json')
  let printed = ''
  const print = text => {
    printed += text
  }
  const { passed, failed, failures, skipped, broken, lost, longest } = await run({ report, print })
  expect(printed).toContain('no such thing')
  expect([passed, failed, failures]).toEqual([2, 1, ['bad.test.mjs: fails']])
  expect(skipped).toMatchObject([{ place: 'good.test.mjs', name: 'later' }])
  expect(broken).toEqual(['broken.test.mjs: no such thing'])
  expect(lost).toEqual([])
  expect(longest.find(({ place }) => place === 'slow.test.mjs')?.seconds).toBeGreaterThanOrEqual(1)
  expect(JSON.parse(readFileSync(report, 'utf8')).testResults).toHaveLength(4)
})

test('files that a dead worker took along are run again, once', async () => {
  const mark = JSON.stringify(join(folder, 'mark'))
  for (const name of ['a', 'b', 'c']) write(name, passes)
  // Dies when it is run for the first time.
  write(
    'b',
    `import { existsSync, writeFileSync } from 'node:fs'\nif (!existsSync(${mark})) {\nwriteFileSync(${mark}, '')\n${dies}}\n${passes}`
  )
  const { passed, failed, broken, lost } = await run()
  expect({ passed, failed, broken, lost }).toEqual({ passed: 3, failed: 0, broken: [], lost: [] })
})

test('a file that kills its worker each time, in the middle or at once, is told as not run, and takes no other along', async () => {
  write('a', passes)
  write('b', `${passes}test('dies', async () => {\n${dies}})\n`)
  write('c', dies)
  // Tests before its end are not counted as passed.
  expect(await run()).toMatchObject({ passed: 1, failed: 0, lost: ['b.test.mjs', 'c.test.mjs'], broken: [] })
})

test('an error outside of tests is a failure', async () => {
  write('a', `Promise.reject(new Error('nobody handles this'))\n${passes}`)
  expect(await run()).toMatchObject({ passed: 1, failed: 0, broken: ['the runner saw errors outside of tests'] })
})

test('a test that fails is not run again, and no test at all is a failure', async () => {
  const mark = JSON.stringify(join(folder, 'mark'))
  write(
    'once',
    `import { existsSync, writeFileSync } from 'node:fs'\ntest('works the second time', () => {\nconst was = existsSync(${mark})\nwriteFileSync(${mark}, '')\nexpect(was).toBe(true)\n})\n`
  )
  expect(await run()).toMatchObject({ passed: 0, failed: 1, failures: ['once.test.mjs: works the second time'] })
  rmSync(join(folder, 'once.test.mjs'))
  expect((await run()).broken).toEqual(['the runner found no test files'])
})

test('npm test refuses an option that it does not know before it builds anything, and names those that it does', () => {
  const ask = word => spawnSync(process.execPath, ['tools/test.mjs', word], { cwd: root, encoding: 'utf8' })
  const refused = ask('--with-sote')
  expect([refused.status, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toMatch(/--with-sote[\s\S]+--with-site/)
  expect(ask('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--no-skips-except PATTERN') })
})
