import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const workflows = readdirSync(`${root}/.github/workflows`).map(name => ({
  name,
  text: readFileSync(`${root}/.github/workflows/${name}`, 'utf8')
}))
const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? ''

/** actionlint, a Go program, pinned in tools/workflows; what it finds in a text, or undefined where it cannot be had. */
function lint(text) {
  const { status, stdout, error } = spawnSync('go', ['tool', 'actionlint', '-no-color', '-oneline', '-'], {
    cwd: `${root}/tools/workflows`,
    input: text,
    encoding: 'utf8'
  })
  // It ends with 1 for what it found; go itself does too when it cannot fetch or build.
  return error !== undefined || (status !== 0 && stdout === '') ? undefined : stdout
}
const works = lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n') !== undefined

test.skipIf(!works).each(workflows)('$name: nothing that the linter finds', ({ text }) => {
  expect(lint(text)).toBe('')
})

test.skipIf(!works)('the linter finds what is wrong', () => {
  expect(lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: x\n')).toMatch(
    /must run script/
  )
})

test.each(workflows)('$name: runs only scripts that there are', ({ text }) => {
  const own = [...text.matchAll(/(?:run|version|publish): pnpm ([\w:]+)/g)].map(([, script]) => script)
  expect(own.filter(script => script !== 'install' && !(script in scripts))).toEqual([])
})

test.each(workflows)('$name: says what it may do, and each action in a version', ({ text }) => {
  expect(text).toMatch(/^permissions:/m)
  for (const [, action] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/@v\d+$/)
})

test('a release is published by the identity of the run, with provenance, and no token is kept', () => {
  expect(release).toContain('id-token: write')
  expect(release).toMatch(/NPM_CONFIG_PROVENANCE: .true./)
  for (const { text } of workflows) expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN|_authToken/)
})
