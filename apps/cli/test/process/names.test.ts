import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

test('what was given a name is named by it: people, joined groups, in every command and without a daemon or with one', async () => {
  const bob = await makeIdentity(sandbox, 'bob')
  await makeIdentity(sandbox, 'alice')
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const alice = async (...args: string[]) => {
    const { code, stdout, stderr } = await sandbox.run(['--profile', 'alice', ...args])
    return { code, stdout, stderr }
  }
  const peer = ['--peer', enode]
  const bobHears = sandbox.start(['--json', '--profile', 'bob', 'listen', ...peer])
  await bobHears.until(/"state":"connected"/)

  expect(await alice('send', '--to', 'Bob', ...peer, 'too early')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nobody is called Bob in this profile')
  })
  expect(await alice('contacts', 'add', bob, '--name', 'Bob', ...peer)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^zQ3sh\S+ {2}Bob {2}added$/m)
  })
  expect(await alice('send', '--to', 'bob', ...peer, 'hello')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sent to Bob/)
  })
  await bobHears.until(/"text":"hello"/)
  expect((await alice('history', '@Bob')).stdout).toContain('me: hello')
  expect((await alice('seen', 'Bob')).stdout).toContain('in Bob')
  expect((await alice('verify', 'Bob')).stdout).toContain(bob)
  expect((await alice('chats', 'mute', 'Bob')).stdout).toBe('muted Bob\n')
  expect((await alice('contacts', 'policy', 'Bob', '--minimum', 'forward-secret')).code).toBe(0)

  const made = await alice('group', 'create', 'Hikers on Tour', 'Bob', ...peer)
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('Hikers on Tour') })
  expect(await alice('send', '--to', 'hikers-on-tour', ...peer, 'all of you')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sent to Hikers on Tour/)
  })
  // Bob was invited: the name is Alice's choice until he has joined.
  await bobHears.until(/"text":"all of you"|"kind":"system"/)
  bobHears.child.kill('SIGTERM')
  await bobHears.ended
  const asBob = await sandbox.run(['--profile', 'bob', 'send', '--to', 'Hikers on Tour', ...peer, 'who are you?'])
  expect([asBob.code, asBob.stderr]).toEqual([2, expect.stringContaining('nobody is called Hikers on Tour')])

  // A second one of the name: nothing is guessed.
  const carol = await makeIdentity(sandbox, 'carol')
  expect((await alice('contacts', 'name', carol, 'Bob')).code).toBe(0)
  expect(await alice('send', '--to', 'Bob', ...peer, 'which one?')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Bob is the name of several')
  })
  expect((await alice('contacts', 'name', carol, 'Carol')).code).toBe(0)

  const daemon = sandbox.start(['--profile', 'alice', 'daemon', ...peer])
  await daemon.until(/serving; Ctrl-C/)
  const through = await sandbox.run(['--json', '--profile', 'alice', 'send', '--to', 'Carol', 'through the daemon'])
  expect([through.code, jsonLines(through.stdout).map(({ event }) => event)]).toEqual([
    0,
    expect.arrayContaining(['sent'])
  ])
  const wrong = await sandbox.run(['--json', '--profile', 'alice', 'history', 'Dave'])
  expect([wrong.code, jsonLines(wrong.stdout).at(-1)]).toMatchObject([2, { event: 'error', code: 'unknown-name' }])
})
