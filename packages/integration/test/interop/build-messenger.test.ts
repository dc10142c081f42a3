import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const builder = fileURLToPath(new URL('../../interop/build-messenger.mjs', import.meta.url))
const empty = mkdtempSync(join(tmpdir(), 'status-stack-empty-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

/** Builds with nothing kept and no modules at hand. */
function build(env: NodeJS.ProcessEnv) {
  const nothing = { HOME: empty, XDG_CACHE_HOME: empty, LOCALAPPDATA: empty, GOMODCACHE: join(empty, 'modules') }
  return spawnSync(process.execPath, [builder], {
    encoding: 'utf8',
    env: { ...process.env, ...nothing, ...env }
  })
}

const withoutGo = spawnSync('go', ['version']).status !== 0

test('where Go is missing, building the status-go messenger says so and fails', () => {
  const { status, stdout } = build({ PATH: empty })
  expect(stdout.trim()).toBe('Go is not installed')
  expect(status).toBe(1)
})

test.skipIf(withoutGo)('where a module is refused, it names the module and fails', () => {
  const { status, stdout, stderr } = build({ GOPROXY: 'off', GOFLAGS: '-modcacherw' })
  expect(stderr).toContain('building the status-go messenger')
  expect(stdout).toContain('a module cannot be had: "github.com/status-im/status-go/eth-node@v1.1.0: ')
  expect(status).toBe(1)
})
