import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
const sockets: Socket[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await sandbox.dispose()
})

type Json = Record<string, unknown>

const init = (name: string) => sandbox.run(['--profile', name, 'init', '--light-kdf'])

/** One connection, what it got so far, and its end. */
function dial(path: string, allowHalfOpen = false) {
  const socket = createConnection({ path, allowHalfOpen })
  sockets.push(socket)
  let text = ''
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  socket.on('error', () => {})
  const closed = new Promise<string>(resolve => socket.on('close', () => resolve(text)))
  return { socket, closed, text: () => text }
}

async function ask(path: string, text: string): Promise<Json> {
  const { socket, closed } = dial(path, true)
  socket.end(text)
  return JSON.parse(await closed) as Json
}

const alive = async (path: string): Promise<void> => {
  expect(await ask(path, '{"jsonrpc":"2.0","id":7,"method":"chats"}')).toMatchObject({ id: 7, result: [] })
}

function token(header: object, claims: object, secret: Buffer): string {
  const signed = [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const alg = (header as { alg: string }).alg
  const mac = alg === 'none' ? '' : createHmac('sha256', secret).update(signed).digest('base64url')
  return `${signed}.${mac}`
}

/** What the program in docs/daemon.md makes. */
async function documentedToken(secretHex: string): Promise<string> {
  const docs = readFileSync(new URL('../../../../docs/daemon.md', import.meta.url), 'utf8')
  const program = /```js\n(import \{ createHmac[\s\S]*?)```/.exec(docs)?.[1] ?? ''
  const module = `data:text/javascript,${encodeURIComponent(`${program}\nexport { makeToken }`)}`
  const { makeToken } = (await import(/* @vite-ignore */ module)) as { makeToken: (secret: string) => string }
  return makeToken(secretHex)
}

/** The status of an upgrade: 101 when it was admitted. */
function upgrade(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url.replace('ws:', 'http:'), {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
        ...headers
      }
    })
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode)
    })
    outgoing.on('response', response => {
      response.resume()
      resolve(response.statusCode)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

test('a daemon survives what programs do to it, and says why it closed a connection', async () => {
  await init('alice')
  const secret = Buffer.alloc(32, 9)
  const secretFile = join(sandbox.folder, 'secret.hex')
  writeFileSync(secretFile, secret.toString('hex'))
  const daemon = sandbox.start([
    '--json',
    '--profile',
    'alice',
    'daemon',
    '--ws',
    '127.0.0.1:0',
    '--secret-file',
    secretFile,
    '--ws-host',
    'bot.example',
    '--ws-origin',
    'https://app.example'
  ])
  await daemon.until(/"event":"ready"/)
  const [path = '', url = ''] = jsonLines(daemon.stdout())
    .filter(line => line['event'] === 'serving')
    .map(line => String(line['url']))

  // What is no JSON ends the connection with an answer; what is no call does not.
  for (const text of ['hello', '}', '\0\0\0']) {
    const { socket, closed } = dial(path)
    socket.write(text)
    expect(JSON.parse(await closed)).toMatchObject({ error: { code: -32700 } })
  }
  // A text with an end is answered for itself, and what follows it is heard.
  const broken = dial(path, true)
  broken.socket.end('{a}\n{"id":1,"method":"peers"}')
  const answered = (await broken.closed)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Json)
  expect(answered).toMatchObject([
    { id: null, error: { code: -32700 } },
    { id: 1, result: [] }
  ])
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  expect(await ask(path, deep)).toMatchObject([{ error: { code: -32600 } }])
  await daemon.until(/"reason":"not-json"/)

  // A call that never ends is cut off at its limit.
  const endless = dial(path)
  const filler = 'x'.repeat(1024 * 1024)
  endless.socket.write('{"method":"')
  for (let n = 0; n < 6; n++) endless.socket.write(filler)
  await endless.closed

  // A program that does not read what it asked for.
  const slow = dial(path)
  slow.socket.pause()
  const big = JSON.stringify({ id: 'y'.repeat(900_000), method: 'chats' })
  const closed = new Promise<void>(resolve => slow.socket.once('close', () => resolve()))
  for (let n = 0; n < 40; n++) slow.socket.write(big)
  await daemon.until(/"reason":"slow-reader"/)
  slow.socket.resume()
  await closed

  // A flood is answered, in whatever order, and so are those who end their direction at once.
  const flood = dial(path, true)
  flood.socket.end(Array.from({ length: 2000 }, (_, id) => JSON.stringify({ id, method: 'peers' })).join(''))
  expect(new Set((await flood.closed).trim().split('\n')).size).toBe(2000)

  const many = Array.from({ length: 1000 }, () => dial(path))
  await daemon.until(/"reason":"too-many"/)
  for (const { socket } of many) socket.destroy()
  await Promise.all(many.map(one => one.closed))

  const now = Math.floor(Date.now() / 1000)
  const hs256 = { alg: 'HS256', typ: 'JWT' }
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  const good = bearer(token(hs256, { iat: now, exp: now + 60 }, secret))
  const statuses = await Promise.all([
    upgrade(url, good),
    upgrade(url, bearer(await documentedToken(secret.toString('hex')))),
    upgrade(url, {}),
    upgrade(url, bearer(token(hs256, { iat: now }, Buffer.alloc(32, 8)))),
    upgrade(url, bearer(token(hs256, { exp: now - 3600 }, secret))),
    upgrade(url, bearer(token(hs256, { nbf: now + 3600 }, secret))),
    upgrade(url, bearer(token({ alg: 'none' }, { iat: now }, secret))),
    upgrade(url, bearer(token({ alg: 'HS512' }, { iat: now }, secret))),
    upgrade(url, { ...good, origin: 'https://elsewhere.example' }),
    upgrade(url, { ...good, origin: 'http://localhost' }),
    upgrade(url, { ...good, host: 'rebound.example' }),
    upgrade(url, bearer(token(hs256, { iat: now - 3600, exp: now + 60 }, secret))),
    upgrade(url, bearer(token(hs256, { exp: now + 60 }, secret))),
    upgrade(url, { origin: 'https://app.example' }),
    upgrade(url, { ...good, origin: 'https://app.example', host: 'bot.example' })
  ])
  expect(statuses).toEqual([101, 101, 401, 401, 401, 401, 401, 401, 403, 403, 403, 401, 401, 401, 101])

  await alive(path)
  expect(daemon.stdout()).not.toContain('"event":"error"')
  daemon.child.kill('SIGTERM')
  expect((await daemon.ended).code).toBe(0)
  expect([existsSync(path), existsSync(join(path, '..', 'holder.json'))]).toEqual([false, false])
})

test('where the socket is: never over a file, not over another daemon, again after a kill, for its owner alone', async () => {
  await Promise.all([init('alice'), init('bob')])
  const refused = async (profile: string, path: string) => {
    const ended = await sandbox.run(['--json', '--profile', profile, 'daemon', '--socket', path])
    return [ended.code, jsonLines(ended.stdout).at(-1)?.['code']]
  }
  const file = join(sandbox.folder, 'precious')
  writeFileSync(file, 'precious')
  expect(await refused('alice', file)).toEqual([1, 'socket-in-use'])
  expect(readFileSync(file, 'utf8')).toBe('precious')
  expect(await refused('alice', join(sandbox.folder, 'x'.repeat(120)))).toEqual([2, 'socket'])
  expect(await refused('alice', join(sandbox.folder, 'nowhere', 'socket'))).toEqual([1, 'socket'])

  const path = join(sandbox.folder, 'shared')
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const open = spawn(
    'sh',
    ['-c', 'umask 000; exec "$0" "$@"', process.execPath, main].concat([
      '--data-dir',
      sandbox.dataFolder,
      '--password-file',
      join(sandbox.folder, 'password.txt'),
      '--profile',
      'alice',
      'daemon',
      '--socket',
      path
    ]),
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  try {
    await new Promise<void>(resolve => {
      let said = ''
      open.stderr.setEncoding('utf8').on('data', chunk => {
        said += chunk
        if (said.includes('serving')) resolve()
      })
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(sandbox.dataFolder, 'alice', 'holder.json')).mode & 0o077).toBe(0)
    expect(await refused('bob', path)).toEqual([1, 'socket-in-use'])
    expect(await refused('alice', path)).toEqual([5, 'profile-locked'])
    await alive(path)
  } finally {
    await new Promise(resolve => {
      open.once('close', resolve)
      open.kill('SIGKILL')
    })
  }
  // It left its socket and its note behind: neither keeps anybody out.
  expect(existsSync(path)).toBe(true)
  expect((await sandbox.run(['--profile', 'alice', 'chats'])).code).toBe(0)
  expect((await sandbox.run(['--profile', 'alice', 'call', 'chats'])).code).toBe(4)
  const again = sandbox.start(['--profile', 'alice', 'daemon', '--socket', path])
  await again.until(/serving; Ctrl-C/)
  await alive(path)
  const shared = await sandbox.run(['--json', '--profile', 'alice', 'call', 'identity'])
  expect(shared.code).toBe(0)
  again.child.kill('SIGTERM')
  expect([(await again.ended).code, existsSync(path)]).toEqual([0, false])
})
