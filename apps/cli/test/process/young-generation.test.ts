import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createSandbox } from './cli.ts'

const sandbox = createSandbox()
afterAll(() => sandbox.dispose())

const hook = pathToFileURL(new URL('young-hook.mjs', import.meta.url).pathname).href

// Windows has no such signal.
test.skipIf(process.platform === 'win32')(
  'the young generation of a relay stays small under a flood of objects',
  async () => {
    const relay = sandbox.start(['node', '--ephemeral', '--no-discovery', '--listen', '127.0.0.1:0'], {
      NODE_OPTIONS: `--import ${hook}`
    })
    await relay.until(/relaying/)
    relay.child.kill('SIGUSR2')
    const [, bytes] = await relay.until(/young (\d+)/)
    // V8 goes up to 32 MiB where nothing keeps it; the bound is 8, seen after the collection that grows it.
    expect(Number(bytes)).toBeLessThanOrEqual(16 * 2 ** 20)
    relay.child.kill('SIGTERM')
    expect((await relay.ended).code).toBe(0)
  }
)
