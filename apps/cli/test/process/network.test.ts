import { randomBytes } from 'node:crypto'
import { createConnection } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Running, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const identity = (profile: string): Promise<string> => makeIdentity(sandbox, profile)

/** A relay with a key that stays, so that its enode URL is the same after a restart. */
async function relay(listen = '127.0.0.1:0'): Promise<{ running: Running; enode: string; address: string }> {
  const running = sandbox.start(['--profile', 'relay', 'node', '--listen', listen])
  const enode = (await running.until(/enode:\/\/\S+/))[0]
  return { running, enode, address: enode.slice(enode.indexOf('@') + 1) }
}

describe('two people and a relay', () => {
  test('send and listen, one-shot: sessions are kept between the commands', async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const { enode } = await relay()
    const exchange = async (from: string, to: string, toKey: string, text: string) => {
      const listening = sandbox.start([
        '--json',
        '--profile',
        to,
        'listen',
        '--peer',
        enode,
        '--count',
        '1',
        '--for',
        '40'
      ])
      await listening.until(/"state":"connected"/)
      const sent = await sandbox.run([
        '--json',
        '--profile',
        from,
        'send',
        '--to',
        toKey,
        '--peer',
        enode,
        '--wait',
        'acknowledged',
        text
      ])
      expect(sent.code, sent.stdout + sent.stderr).toBe(0)
      const heard = await listening.ended
      const message = jsonLines(heard.stdout).find(line => line['event'] === 'message')
      expect(message).toMatchObject({ text, outgoing: false })
      return message?.['protection']
    }
    expect(await exchange('alice', 'bob', bobKey, 'first')).toBe('static-key')
    expect(await exchange('bob', 'alice', aliceKey, 'second')).toBe('forward-secret')
    expect(await exchange('alice', 'bob', bobKey, 'third')).toBe('forward-secret')
  })

  test('what is piped into chat before it is ready is sent, all of it', async () => {
    await identity('alice')
    const { enode } = await relay()
    const args = ['--json', '--profile', 'alice', 'chat', '--to', '#cats', '--peer', enode]
    const { code, stdout } = await sandbox.run(args, 'one\ntwo\nthree\n')
    expect(code, stdout).toBe(0)
    const messages = jsonLines(stdout).filter(line => line['event'] === 'message')
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  test('killing the relay during chat says so, and the chat goes on when it is back', async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const first = await relay()
    const alice = sandbox.start(['--profile', 'alice', 'chat', '--to', bobKey, '--peer', first.enode])
    const bob = sandbox.start(['--profile', 'bob', 'chat', '--to', aliceKey, '--peer', first.enode])
    await Promise.all([alice.until(/connected to/), bob.until(/connected to/)])
    alice.type('before')
    await bob.until(/before {2}\[/)
    first.running.child.kill('SIGKILL')
    await Promise.all([alice.until(/connection to \S+ lost: .*trying again/), bob.until(/connection to \S+ lost/)])
    alice.type('meanwhile')
    await alice.until(/no peer is connected/)
    const second = await relay(first.address)
    expect(second.enode).toBe(first.enode)
    await Promise.all([alice.until(/lost[\s\S]*connected to/), bob.until(/lost[\s\S]*connected to/)])
    await bob.until(/meanwhile {2}\[/)
    alice.type('/quit')
    bob.type('/quit')
    expect((await alice.ended).code).toBe(0)
    expect((await bob.ended).code).toBe(0)
  })

  test('garbage sent to a listening node closes that connection and nothing else', async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const { running, enode, address } = await relay()
    const alice = sandbox.start(['--profile', 'alice', 'chat', '--to', bobKey, '--peer', enode])
    const bob = sandbox.start(['--profile', 'bob', 'chat', '--to', aliceKey, '--peer', enode])
    await Promise.all([alice.until(/connected to/), bob.until(/connected to/)])
    const [host = '', port = ''] = address.split(':')
    for (const garbage of [
      randomBytes(600),
      Buffer.alloc(307),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(40)),
      Buffer.from([0xff, 0xff])
    ]) {
      await new Promise<void>(resolve => {
        const socket = createConnection({ host, port: Number(port) }, () => socket.end(garbage))
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    await running.until(/connection from 127\.0\.0\.1 closed/)
    alice.type('still here')
    await bob.until(/still here {2}\[/)
    expect(running.child.exitCode).toBeNull()
    expect(alice.stderr()).not.toContain('lost')
  })
})
