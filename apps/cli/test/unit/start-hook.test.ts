import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from '@status-stack/account-rpc'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import { afterAll, expect, test } from 'vitest'
import { createOutput } from '../../src/output.ts'
import { startHook } from '../../src/start-hook.ts'

const folder = mkdtempSync(join(tmpdir(), 'status-stack-hook-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a message that arrives is one versioned line of JSON, and nothing of it acts on a terminal', async () => {
  const out = join(folder, 'out')
  let arrived = (_: MessageFact): void => {}
  const account = {
    on: (_: string, handler: typeof arrived) => {
      arrived = handler
      return () => undefined
    }
  } as Pick<Account, 'on'>
  const { stdout, stderr } = process
  const output = createOutput({ json: false, verbose: false, stdout, stderr })
  const end = await startHook({ onMessage: `cat > '${out}.part'; mv '${out}.part' '${out}'` }, account, output)
  const message = { event: 'message', kind: 'text', outgoing: false, text: '\u001b[31m\nx' } as MessageFact
  // What we have sent ourselves, and what the program says, is not run for.
  arrived({ ...message, outgoing: true })
  arrived({ ...message, kind: 'system' })
  arrived(message)
  while (!existsSync(out)) await new Promise(resolve => setTimeout(resolve, 20))
  await end()
  const line = readFileSync(out, 'utf8')
  expect(JSON.parse(line)).toMatchObject({ format: 1, event: 'message', text: '\u001b[31m\nx' })
  expect(line.trimEnd()).toMatch(/^\P{Cc}*$/u)
})
