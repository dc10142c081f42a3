import { statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'
import { startMail } from './mail.ts'
import { connectDaemon, type Program } from './program.ts'

let sandbox: Sandbox
const programs: Program[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  for (const program of programs.splice(0)) program.close()
  await sandbox.dispose()
})

type Json = Record<string, unknown>

async function start(profile: string, args: string[] = []) {
  await sandbox.run(['--profile', profile, 'init', '--light-kdf'])
  const running = sandbox.start(['--profile', profile, 'daemon', ...args])
  await running.until(/serving; Ctrl-C/)
  const { path, api } = await connectDaemon(running)
  programs.push(api)
  return { running, path, api }
}

const keyOf = async (profile: string) => (await sandbox.run(['--profile', profile, 'whoami'])).stdout.trim()

describe('daemon', () => {
  test('fetches what a mailserver kept, reports it as an event, and refuses nonsense', async () => {
    const mail = await startMail(sandbox)
    await sandbox.run(['--profile', 'alice', 'init', '--light-kdf'])
    const sent = ['--profile', 'alice', 'send', '--to', '#cats', '--peer', mail.enode, '--wait', 'confirmed', 'meow']
    expect((await sandbox.run(sent)).code).toBe(0)
    await mail.restart()
    const bob = await start('bob', ['--mailserver', mail.enode])
    await bob.running.until(/connected to/)
    await bob.api.call('subscribe', { events: ['message', 'history'] })
    const { result } = await bob.api.call('fetch', { chats: ['#cats'], since: '1h' })
    expect(result).toMatchObject({ mailserver: expect.stringMatching(/^[0-9a-f]{64}$/), pages: 1 })
    const event = (fits: (params: Json) => boolean) =>
      bob.api.until(json => json['method'] === 'event' && fits(json['params'] as Json))
    await event(params => params['event'] === 'message' && params['text'] === 'meow')
    await event(params => params['event'] === 'history' && params['state'] === 'done')
    expect(await bob.api.call('fetch', { since: 'soon' })).toMatchObject({ error: { code: -32602 } })
    await mail.stop()
    await bob.running.until(/connection to \S+ lost/)
    expect(await bob.api.call('fetch')).toMatchObject({ error: { data: { code: 'mailserver-unreachable' } } })
  })

  test('two programs talk through two daemons', async () => {
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const [alice, bob] = [await start('alice', ['--peer', enode]), await start('bob', ['--peer', enode])]
    expect(statSync(alice.path).mode & 0o077).toBe(0)
    expect(await bob.api.call('subscribe', { events: ['message', 'delivery'] })).toMatchObject({
      result: { events: ['message', 'delivery'] }
    })
    const sent = (await alice.api.call('send', { chat: await keyOf('bob'), text: 'from a program', clientTag: 't1' }))[
      'result'
    ] as Json
    const arrived = await bob.api.until(
      json => json['method'] === 'event' && (json['params'] as Json)['event'] === 'message'
    )
    expect(arrived['params']).toMatchObject({
      text: 'from a program',
      messageId: sent['messageId'],
      protection: 'static-key'
    })
    const again = (await alice.api.call('send', { chat: await keyOf('bob'), text: 'from a program', clientTag: 't1' }))[
      'result'
    ] as Json
    expect(again['messageId']).toBe(sent['messageId'])
    const history = (await bob.api.call('history', { chat: await keyOf('alice') }))['result'] as Json[]
    expect(history.map(message => message['text'])).toEqual(['from a program'])
    alice.running.child.kill('SIGTERM')
    expect((await alice.running.ended).code).toBe(0)
  })

  test('answers what is wrong, and goes on', async () => {
    const { api } = await start('alice')
    expect(await api.call('nothing')).toMatchObject({ error: { code: -32601 } })
    expect(await api.call('history', { chat: 'nobody' })).toMatchObject({
      error: { code: -32000, data: { code: 'public-key' } }
    })
    expect(await api.call('history', { chat: '#x', limit: 0 })).toMatchObject({ error: { code: -32602 } })
    expect(await api.call('history', { char: '#x' })).toMatchObject({ error: { code: -32602 } })
    expect(await api.call('subscribe', { events: ['everything'] })).toMatchObject({ error: { code: -32602 } })
    api.write('[]')
    await api.until(json => (json['error'] as Json | undefined)?.['code'] === -32600)
    expect(await api.call('chats')).toMatchObject({ result: [] })
  })

  test('a WebSocket needs a secret, and a secret needs length', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const open = await sandbox.run(['daemon', '--ws', '127.0.0.1:0'])
    expect(open.code).toBe(2)
    expect(open.stderr).toContain('--ws needs --secret-file')
    const short = join(sandbox.folder, 'short.hex')
    writeFileSync(short, 'abcd')
    const refused = await sandbox.run(['--json', 'daemon', '--ws', '127.0.0.1:0', '--secret-file', short])
    expect(refused.code).toBe(2)
    expect(jsonLines(refused.stdout).at(-1)).toMatchObject({ event: 'error', code: 'secret-file' })
  })
})

const upgrading = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64')
}

/** The status of the answer to a request with these headers, Host among them. */
function statusOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  rest: { readonly method?: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {}
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url.replace(/^ws/, 'http'), { method: rest.method, headers: { ...rest.headers, ...headers } })
    asked.on('response', response => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end(rest.body)
  })
}

describe('node', () => {
  test('serves the shh API over HTTP, on loopback only without a secret', async () => {
    const running = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0', '--shh-http', '127.0.0.1:0'])
    const url = (await running.until(/API at (http:\/\/\S+)/))[1] ?? ''
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"shh_version"}'
    })
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 1, result: '6.0' })
    const open = await sandbox.run(['node', '--ephemeral', '--listen', '127.0.0.1:0', '--shh-http', '0.0.0.0:0'])
    expect(open.code).toBe(1)
    expect(open.stderr).toContain('not loopback')
  })

  test('serves the shh API to the web origins and host names that were named, and to no others', async () => {
    const running = sandbox.start(
      ['node', '--ephemeral', '--listen', '127.0.0.1:0', '--shh-http', '127.0.0.1:0', '--shh-ws', '127.0.0.1:0'].concat(
        ['--shh-http-origin', 'https://app.example', '--shh-host', 'node.internal']
      ),
      { STATUS_STACK_SHH_WS_ORIGINS: 'https://chat.example' }
    )
    const http = (await running.until(/API at (http:\/\/\S+)/))[1] ?? ''
    const webSocket = (await running.until(/API at (ws:\/\/\S+)/))[1] ?? ''
    const body = '{"jsonrpc":"2.0","id":1,"method":"shh_version"}'
    const call = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    const statuses = await Promise.all([
      statusOf(http, {}, call),
      statusOf(http, { origin: 'https://app.example', host: 'node.internal' }, call),
      statusOf(http, { origin: 'https://chat.example' }, call),
      statusOf(http, { origin: 'http://localhost' }, call),
      statusOf(http, { host: 'rebound.example' }, call),
      statusOf(webSocket, upgrading),
      statusOf(webSocket, { ...upgrading, origin: 'https://chat.example', host: 'node.internal' }),
      statusOf(webSocket, { ...upgrading, origin: 'http://localhost' })
    ])
    expect(statuses).toEqual([200, 200, 403, 403, 403, 101, 101, 403])
  })

  test.each(['https://app.example/', 'app.example:8080', 'two words', ''])(
    'a text that names no web origin is refused: "%s"',
    async origin => {
      const flag = await sandbox.run(['node', '--ephemeral', '--shh-http-origin', origin])
      expect([flag.code, flag.stderr]).toEqual([2, expect.stringContaining('expected an origin')])
    }
  )
})
