import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test('chats clear deletes nothing unless it is told so', async () => {
  await makeIdentity(sandbox, 'default')
  await sandbox.run(['chat', '--to', '#cats'], 'kept\n/quit\n')
  const stored = async () =>
    jsonLines((await sandbox.run(['--json', 'history', '#cats'])).stdout).filter(({ event }) => event === 'message')
      .length
  const asked = await sandbox.run(['chats', 'clear', '#cats'])
  expect(asked.code).toBe(2)
  expect(asked.stderr).toContain('there is no terminal to ask on')
  expect(asked.stderr).toContain('--yes')
  expect(await stored()).toBe(1)
  expect((await sandbox.run(['--profile', 'absent', 'chats', 'clear', '#cats'])).code).toBe(6)
  expect((await sandbox.run(['chats', 'clear', '#cats', '--yes'])).code).toBe(0)
  expect(await stored()).toBe(0)
})
