import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, makeIdentity, type Sandbox } from './cli.ts'
import { startOther } from './peers.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test('a one-shot command that ends says goodbye once, and dials no more', async () => {
  await makeIdentity(sandbox, 'default')
  const other = await startOther({ host: { listen: { port: 0 } } })
  const seen: string[] = []
  other.host.on('peerconnected', () => seen.push('added'))
  other.host.on('peerdisconnected', fact => seen.push(`removed by ${fact.ending.by}`))
  other.host.on('refused', fact => seen.push(`refused: ${fact.reason} at ${fact.stage}`))
  const commands = [
    ['send', '--to', '#cats', 'hi'],
    // Long enough for the peer to be dialed anew as soon as its connection ends.
    ['listen', '--for', '3'],
    ['retry']
  ]
  for (const command of commands) {
    const { code, stderr } = await sandbox.run([...command, '--peer', other.host.enode()])
    expect(code, stderr).toBe(0)
  }
  await other.stop()
  expect(seen).toEqual(commands.flatMap(() => ['added', 'removed by peer']))
})
