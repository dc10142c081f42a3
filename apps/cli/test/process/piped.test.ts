import { bytesToHex, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const relay = async (listen = '127.0.0.1:0'): Promise<{ readonly enode: string; readonly text: () => string }> => {
  const running = sandbox.start(['node', '--ephemeral', '--listen', listen])
  return { enode: (await running.until(/enode:\/\/\S+/))[0], text: () => running.stdout() + running.stderr() }
}
const textsIn = async (chat: string): Promise<readonly unknown[]> =>
  jsonLines((await sandbox.run(['--json', 'history', chat])).stdout)
    .filter(({ event }) => event === 'message')
    .map(({ text }) => text)

test('the end of a pipe waits until what it has written has left', async () => {
  await makeIdentity(sandbox, 'default')
  await makeIdentity(sandbox, 'bob')
  const { enode } = await relay()
  const listening = sandbox.start([
    ...['--json', '--profile', 'bob', 'listen', '--join', '#cats', '--count', '2', '--peer', enode]
  ])
  await listening.until(/connected/)
  const { code, stderr } = await sandbox.run(
    ['chat', '--to', '#cats', '--peer', enode],
    'hi\n/join dogs\nwoof\n/to #cats\nbye'
  )
  expect(code, stderr).toBe(0)
  const texts = jsonLines((await listening.ended).stdout).filter(({ event }) => event === 'message')
  expect(texts.map(({ text }) => text)).toEqual(['hi', 'bye'])
  expect(await textsIn('#dogs')).toEqual(['woof'])
})

test('a pipe whose peer does not come ends with exit code 4, after the time asked for or at once', async () => {
  await makeIdentity(sandbox, 'default')
  const dead = `enode://${bytesToHex(publicKeyOf(generatePrivateKey())).slice(2)}@127.0.0.1:1`
  const late = await sandbox.run(['chat', '--to', '#cats', '--peer', dead, '--timeout', '0.5'], 'hi\n')
  expect(late.stderr).toContain('no peer could be reached in 0.5 s; what was written is kept')
  expect(late.code).toBe(4)
  const none = await sandbox.run(['chat', '--to', '#cats', '--timeout', '100000'], 'hi\n')
  expect(none.stderr).toContain('no peer is set, so none can be reached; what was written is kept')
  expect(none.code).toBe(4)
  // It is kept all the same, and goes out with the next run that has a peer.
  expect(await textsIn('#cats')).toEqual(['hi', 'hi'])
  // Who leaves before the end waits for nothing, and nothing was written here.
  expect((await sandbox.run(['chat', '--to', '#cats'], 'hi\n/quit\n')).code).toBe(0)
  expect((await sandbox.run(['chat', '--to', '#cats'], '')).code).toBe(0)
})

test('behind a chat that cannot be opened a pipe is sent nowhere, and says so with its exit code', async () => {
  await makeIdentity(sandbox, 'default')
  const { enode } = await relay()
  for (const wrong of ['/to zQ3nonsense', '/next', '/too #dogs']) {
    const piped = await sandbox.run(['chat', '--to', '#cats', '--peer', enode], `${wrong}\nsecret\n`)
    expect(piped.stdout + piped.stderr).toContain(`not sent: ${wrong.split(' ')[0]} has opened no chat`)
    expect(piped.stderr).toContain('2 lines were not sent')
    expect(piped.code).toBe(1)
  }
  const back = await sandbox.run(['chat', '--to', '#cats', '--peer', enode], '/to nonsense\nsecret\n/to #cats\nhello\n')
  expect(back.code).toBe(1)
  expect(await textsIn('#cats')).toEqual(['hello'])
})

test('a pipe whose text is held back although a peer is there ends with exit code 7', async () => {
  await makeIdentity(sandbox, 'default')
  const bob = await makeIdentity(sandbox, 'bob')
  const { enode } = await relay()
  // Nothing is known of bob's devices: no text to him can be forward secret yet.
  await sandbox.run(['contacts', 'policy', bob, '--minimum', 'forward-secret'])
  const held = await sandbox.run(['chat', '--to', bob, '--peer', enode, '--timeout', '1'], 'hi\n')
  expect(held.stderr).toContain('not sent within 1 s')
  expect(held.code).toBe(7)
  expect(await textsIn(bob)).toEqual(['hi'])
})
