import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'
import { undocumented } from './world/documentation.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test.each([
  ['waku', 'ws'],
  ['both', 'tcp']
])('the demo works over %s and %s', async (privacy, carrier) => {
  const { code, stdout, stderr } = await sandbox.run(['demo', '--json', '--privacy', privacy, '--carrier', carrier])
  expect(code, stdout.slice(-3000) + stderr).toBe(0)
  const lines = jsonLines(stdout)
  expect(undocumented(lines)).toEqual([])
  expect(lines[0]).toMatchObject({ event: 'start', privacy, carrier })
  expect(lines.at(-1)).toMatchObject({ event: 'summary', ok: true })
  const archived = lines.find(line => line['event'] === 'delivered-from-archive')
  expect(archived).toMatchObject({ source: { mailserver: expect.any(String) } })
})
