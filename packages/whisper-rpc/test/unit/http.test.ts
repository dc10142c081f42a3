import { createHmac } from 'node:crypto'
import { hmacSha256, utf8Bytes } from '@status-stack/crypto'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { serverLimits } from '../../src/limits.ts'
import { isHostAllowed, isLoopback, isOriginAllowed } from '../../src/server/guard.ts'
import { type ServerOptions, serveHttp, serveWebSocket } from '../../src/server/index.node.ts'
import { isTokenValid } from '../../src/server/token.ts'
import { http, json } from '../support/http.ts'
import { onStop, startApi, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const version = '{"jsonrpc":"2.0","id":1,"method":"shh_version"}'

async function serve(options: ServerOptions = {}, limits = {}) {
  const api = await startApi({ limits })
  const server = await serveHttp(api.rpc, { port: 0, ...options })
  onStop(() => server.close())
  const post = (body: string | undefined, headers: Record<string, string> = {}) =>
    http(server.url, { body, headers: { ...json, ...headers } })
  return { ...api, url: server.url, server, post }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** A JWT as any client makes it. */
function tokenOf(secret: Uint8Array, claims: object, alg = 'HS256'): string {
  const signed = [{ alg, typ: 'JWT' }, claims].map(part => base64(utf8Bytes(JSON.stringify(part)))).join('.')
  const signatures: Readonly<Record<string, () => Uint8Array>> = {
    none: () => new Uint8Array(),
    HS512: () => createHmac('sha512', secret).update(signed).digest()
  }
  return `${signed}.${base64(signatures[alg]?.() ?? hmacSha256(secret, utf8Bytes(signed)))}`
}

describe('R-26 statuses', () => {
  test('R-26 a call is answered with 200, a notification with an empty body', async () => {
    const { post } = await serve()
    const answer = await post(version)
    expect([answer.status, answer.headers['content-type'], JSON.parse(answer.body)]).toEqual([
      200,
      'application/json',
      { jsonrpc: '2.0', id: 1, result: '6.0' }
    ])
    expect(await post('{"method":"shh_version"}')).toMatchObject({ status: 200, body: '' })
    expect(JSON.parse((await post('{')).body)).toMatchObject({ error: { code: -32700 } })
  })

  test.each([
    ['R-26 no content type', { 'content-type': '' }, 415],
    ['R-26 another content type', { 'content-type': 'text/plain' }, 415],
    ['R-26 a parameter of the content type', { 'content-type': 'application/json; charset=utf-8' }, 200],
    ['R-26 json-rpc', { 'content-type': 'application/json-rpc' }, 200],
    ['R-26 jsonrequest', { 'content-type': 'application/jsonrequest' }, 200]
  ])('%s', async (_name, headers, status) => {
    const { post } = await serve()
    expect((await post(version, headers)).status).toBe(status)
  })

  test('R-26 PUT and DELETE are 405, an empty GET is 200, one with a query 415', async () => {
    const { url } = await serve()
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await http(url, { method, headers: json, body: version })).status).toBe(405)
    }
    expect(await http(url, { method: 'GET' })).toMatchObject({ status: 200, body: '' })
    expect((await http(`${url}/?a=1`, { method: 'GET' })).status).toBe(415)
  })

  test('R-26 a body over the limit is 413, announced or not', async () => {
    const { post, url } = await serve({ maxBodyBytes: 1000 })
    const padded = version + ' '.repeat(1001 - version.length)
    expect((await post(padded)).status).toBe(413)
    expect((await post(padded.slice(0, 1000))).status).toBe(200)
    const { request } = await import('node:http')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const chunked = request(url, { method: 'POST', headers: json, agent: false }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      chunked.on('error', reject)
      chunked.write(padded)
      chunked.write(padded)
      chunked.end()
    })
    expect(status).toBe(413)
  })

  test('R-26 the default limit is 5 MiB', async () => {
    const { post } = await serve()
    const size = 5 * 1024 * 1024
    expect((await post(version + ' '.repeat(size - version.length))).status).toBe(200)
    expect((await post(version + ' '.repeat(size + 1 - version.length))).status).toBe(413)
  })
})

describe('hosts and origins', () => {
  test('a Host that is neither an address nor allowed is 403', async () => {
    const { post } = await serve()
    expect((await post(version, { host: 'evil.example:8545' })).status).toBe(403)
    expect((await post(version, { host: 'localhost:1' })).status).toBe(200)
    const named = await serve({ allowedHosts: ['node.example'] })
    expect((await named.post(version, { host: 'Node.example' })).status).toBe(200)
    expect((await named.post(version, { host: 'localhost' })).status).toBe(403)
  })

  test('a web page is let in by its origin only', async () => {
    const { post, url } = await serve({ allowedOrigins: ['localhost'] })
    expect((await post(version, { origin: 'https://evil.example' })).status).toBe(403)
    const allowed = await post(version, { origin: 'http://localhost:3000' })
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, 'http://localhost:3000'])
    const preflight = await http(url, { method: 'OPTIONS', headers: { origin: 'http://localhost:3000' } })
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'content-type, authorization'
    ])
    const refused = await http(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, undefined])
  })

  test.each([
    ['localhost', ['localhost'], true],
    ['localhost:8545', ['localhost'], true],
    ['127.0.0.1:8545', [], true],
    ['[::1]:8545', [], true],
    ['127.0.0.1.evil.example', [], false],
    ['localhost.evil.example', ['localhost'], false],
    ['evil.example', ['*'], true],
    ['a:b:c', ['a'], false],
    ['', ['localhost'], false],
    [undefined, [], false]
  ])('Host %s with %j: %s', (host, allowed, expected) => {
    expect(isHostAllowed(host, allowed)).toBe(expected)
  })

  test.each([
    [undefined, [], true],
    ['http://localhost', ['localhost'], true],
    ['https://127.0.0.1:99', ['127.0.0.1'], true],
    ['http://[::1]:1', ['[::1]'], true],
    ['http://localhost.evil.example', ['localhost'], false],
    ['http://localhost:3000', ['http://localhost'], false],
    ['null', ['localhost'], false],
    ['http://app.example', ['http://app.example'], true],
    ['https://app.example', ['http://app.example'], false],
    ['https://app.example:8', ['app.example'], true],
    ['https://x.example', ['*'], true],
    ['http://localhost', [], false]
  ])('Origin %s with %j: %s', (origin, allowed, expected) => {
    expect(isOriginAllowed(origin, allowed)).toBe(expected)
  })
})

describe('tokens', () => {
  const secret = new Uint8Array(64).fill(9)
  const now = (): number => Math.floor(Date.now() / 1000)

  test('with a secret every request needs a token', async () => {
    const { post, url } = await serve({ tokenSecret: secret })
    expect((await post(version)).status).toBe(401)
    expect((await http(url, { method: 'GET' })).status).toBe(401)
    expect((await post(version, { authorization: `Bearer ${tokenOf(secret, { iat: now() })}` })).status).toBe(200)
    const other = tokenOf(new Uint8Array(32).fill(8), { iat: now() })
    expect((await post(version, { authorization: `Bearer ${other}` })).status).toBe(401)
  })

  test.each<[string, object, string | undefined, number, boolean]>([
    ['a token without times, whatever its age', {}, undefined, 0, false],
    ['one with an end', { exp: now() + 3600 }, undefined, 0, true],
    ['one with its time and no end, whatever its age', { iat: now() }, undefined, 0, false],
    ['one whose end is no number', { exp: '2100' }, undefined, 0, false],
    ['one from the future', { iat: now() + 120 }, undefined, 60, false],
    ['an expired one', { exp: now() - 60 }, undefined, 0, false],
    ['one that is not valid yet', { nbf: now() + 60 }, undefined, 0, false],
    ['an old one', { iat: now() - 120 }, undefined, 60, false],
    ['a fresh one', { iat: now() - 30 }, undefined, 60, true],
    ['one without its time where age counts', {}, undefined, 60, false],
    ['one that claims no signature', { iat: now() }, 'none', 0, false],
    ['one of another algorithm', { iat: now() }, 'HS512', 0, false]
  ])('%s', async (_name, claims, alg, tokenMaxAgeSeconds, valid) => {
    const authorization = `Bearer ${tokenOf(secret, claims, alg)}`
    expect(await isTokenValid(authorization, { tokenSecret: secret, tokenMaxAgeSeconds })).toBe(valid)
  })

  test('without a bearer token there is none', async () => {
    for (const header of [undefined, '', 'Basic abc', 'Bearer', `Bearer ${'.'.repeat(9)}`]) {
      expect(await isTokenValid(header, { tokenSecret: secret })).toBe(false)
    }
  })
})

describe('J-3 who asks, as the RFCs and go-ethereum say', () => {
  test('J-3 without a list no web page is let in, not even one of this machine', async () => {
    const { post } = await serve()
    for (const origin of ['http://localhost', 'http://localhost:3000', 'http://127.0.0.1:8545', 'null']) {
      expect((await post(version, { origin })).status).toBe(403)
    }
    expect((await post(version)).status).toBe(200)
  })

  test.each([
    ['two hosts', 'Host: localhost\r\nHost: localhost\r\n', '/', 400],
    ['two hosts in other cases', 'HOST: evil.example\r\nhost: localhost\r\n', '/', 400],
    ['no host', '', '/', 400],
    ['an empty host', 'Host:\r\n', '/', 403],
    ['two origins', 'Host: localhost\r\nOrigin: http://a\r\nOrigin: http://b\r\n', '/', 400],
    ['two tokens', 'Host: localhost\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n', '/', 400],
    ['a target with a host of its own', 'Host: localhost\r\n', 'http://evil.example/', 400],
    ['one host', 'Host: localhost\r\n', '/', 200]
  ])('J-3 %s, over HTTP and WebSocket', async (_, headers, target, status) => {
    const { connect } = await import('node:net')
    const { rpc, url } = await serve()
    const socketServer = await serveWebSocket(rpc, { port: 0 })
    onStop(() => socketServer.close())
    const first = (port: string, more: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1')
        socket.on('error', reject)
        socket.once('data', (chunk: Uint8Array) => {
          resolve(Buffer.from(chunk).toString().split('\r\n')[0] ?? '')
          socket.destroy()
        })
        socket.write(
          `${more === '' ? 'POST' : 'GET'} ${target} HTTP/1.1\r\n${headers}${more === '' ? `Content-Type: application/json\r\nContent-Length: ${version.length}\r\n\r\n${version}` : `${more}\r\n`}`
        )
      })
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
    expect(await first(new URL(url).port, '')).toContain(` ${status} `)
    expect(await first(new URL(socketServer.url).port, upgrade)).toContain(` ${status === 200 ? 101 : status} `)
  })

  test('J-3 a token is fresh or has an end, by default as at go-ethereum', async () => {
    const secret = new Uint8Array(32).fill(3)
    const now = Math.floor(Date.now() / 1000)
    const valid = (claims: object) => isTokenValid(`Bearer ${tokenOf(secret, claims)}`, { tokenSecret: secret })
    expect(await valid({ iat: now })).toBe(true)
    for (const claims of [{}, { exp: now + 3600 }, { iat: now - 120 }, { iat: now - 120, exp: now + 3600 }]) {
      expect(await valid(claims), JSON.stringify(claims)).toBe(false)
    }
  })

  test('J-3 a secret that is no bytes is refused', async () => {
    const { rpc } = await serve()
    const refused = { code: 'invalid-argument', origin: 'caller' }
    await expect(serveHttp(rpc, { port: 0, tokenSecret: 'x'.repeat(64) as never })).rejects.toMatchObject(refused)
    await expect(serveHttp(undefined as never)).rejects.toMatchObject(refused)
  })

  test('J-5 bodies that arrive hold a bounded number of bytes over all connections', async () => {
    const { connect } = await import('node:net')
    const maxBodyBytes = serverLimits.heldBodyBytes / 4
    const { url } = await serve({ maxBodyBytes })
    const port = Number(new URL(url).port)
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${maxBodyBytes}\r\n\r\n`
    const answers: string[] = []
    const open = async (at: number) => {
      const slow = connect(port, '127.0.0.1')
      slow.on('error', () => undefined)
      slow.on('data', (part: Uint8Array) => {
        answers[at] = Buffer.from(part).toString().split('\r\n')[0] ?? ''
      })
      onStop(async () => void slow.destroy())
      await new Promise(resolve => slow.write(`${head}${' '.repeat(maxBodyBytes - 1000)}`, resolve))
    }
    for (let at = 0; at < 4; at++) await open(at)
    await open(4)
    // The first one made room, and no small request is turned away.
    await until(() => (answers[0] === undefined ? undefined : true))
    expect(answers[0]).toContain('503')
    for (let i = 0; i < 20; i++) expect((await http(url, { body: version, headers: json })).status).toBe(200)
    expect(answers).toHaveLength(1)
  })
})

describe('where it listens', () => {
  test('loopback by default; beyond it only with a token or on purpose', async () => {
    const { url, rpc } = await serve()
    expect(new URL(url).hostname).toBe('127.0.0.1')
    await expect(serveHttp(rpc, { host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'invalid-argument' })
    const open = await serveHttp(rpc, { host: '0.0.0.0', port: 0, insecure: true })
    await open.close()
    await open.close()
    expect([isLoopback('127.8.9.1'), isLoopback('10.0.0.1'), isLoopback('127.0.0.1.example')]).toEqual([
      true,
      false,
      false
    ])
  })

  test('a port in use is an error, and so are bad options', async () => {
    const { url, rpc } = await serve()
    await expect(serveHttp(rpc, { port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'address-in-use' })
    await expect(serveHttp(rpc, { port: 70_000 })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(serveHttp(rpc, { port: 0, tokenSecret: new Uint8Array(8) })).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  })
})

test('a client that goes away ends its call', async () => {
  const { call, url } = await serve({}, { maxPosts: 1 })
  const symKeyID = await call('shh_newSymKey')
  const { request } = await import('node:http')
  const post = { symKeyID, topic: '0x01020304', ttl: 1000 }
  const params = [{ ...post, powTime: 300, powTarget: 1e9 }]
  const sent = request(url, { method: 'POST', headers: json, agent: false })
  sent.on('error', () => undefined)
  sent.end(JSON.stringify({ id: 1, method: 'shh_post', params }))
  const another = () => call('shh_post', post).catch(() => undefined)
  // One message at a time: while the long one is worked on, no other is taken.
  await until(async () => ((await another()) === undefined ? true : undefined))
  sent.destroy()
  await until(another)
})

/** A connection on which the test writes requests by hand. */
async function rawClient(url: string) {
  const { connect } = await import('node:net')
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let closed = false
  socket.on('error', () => undefined)
  socket.on('close', () => {
    closed = true
  })
  onStop(async () => void socket.destroy())
  const requestOf = (body: string): string =>
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  return { socket, isClosed: () => closed, requestOf }
}

test('a client that does not read its answer is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const drops: string[] = []
  const { url } = await serve({ maxBodyBytes: 64 << 20, onDrop: reason => drops.push(reason) })
  const { socket, requestOf } = await rawClient(url)
  socket.pause()
  const echo = `{"jsonrpc":"2.0","id":1,"method":"shhext_echo","params":["${'x'.repeat(16 << 20)}"]}`
  await new Promise<void>(resolve => socket.write(requestOf(echo), () => resolve()))
  for (let i = 0; i < 500; i++) await new Promise(resolve => setImmediate(resolve))
  vi.advanceTimersByTime(29_000)
  expect(drops).toEqual([])
  vi.advanceTimersByTime(130_000)
  expect(drops).toEqual(['slow-reader'])
})

test('maxCalls: requests that come on one connection without waiting for their answers are bounded', async () => {
  const { rpc } = await startApi()
  let calls = 0
  let open: () => void = () => undefined
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const call: typeof rpc.call = async () => {
    calls += 1
    await gate
    return '"answered"'
  }
  const server = await serveHttp({ ...rpc, call, limits: { maxCalls: 4 } }, { port: 0 })
  onStop(() => server.close())
  const { socket, isClosed, requestOf } = await rawClient(server.url)
  let text = ''
  socket.on('data', (part: Uint8Array) => {
    text += Buffer.from(part).toString('latin1')
  })
  socket.write(requestOf(version).repeat(7))
  await until(() => (calls >= 4 ? true : undefined))
  // Another connection has calls of its own.
  const other = await rawClient(server.url)
  other.socket.write(requestOf(version))
  await until(() => (calls >= 5 ? true : undefined))
  open()
  await until(() => (isClosed() ? true : undefined))
  expect(calls).toBe(5)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([...Array(4).fill('HTTP/1.1 200'), 'HTTP/1.1 503'])
})

test('maxBodyBytes: what the calls of one connection hold together', async () => {
  const { rpc } = await startApi()
  let calls = 0
  const call: typeof rpc.call = async () => {
    calls += 1
    return new Promise(() => undefined)
  }
  const server = await serveHttp({ ...rpc, call }, { port: 0, maxBodyBytes: 1000 })
  onStop(() => server.close())
  const { socket, requestOf } = await rawClient(server.url)
  const body = version + ' '.repeat(400 - version.length)
  socket.write(requestOf(body).repeat(3))
  await until(() => (calls === 2 ? true : undefined))
  for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve))
  expect(calls).toBe(2)
})

test('what running calls hold is bounded over all connections: the one gets 503 that has held much for longest', async () => {
  const { rpc } = await startApi()
  const clients: unknown[] = []
  const ended: number[] = []
  const call: typeof rpc.call = (_json, { client, signal } = {}) => {
    const at = clients.push(client) - 1
    return new Promise(resolve => {
      signal?.addEventListener('abort', () => {
        ended.push(at)
        resolve(undefined)
      })
    })
  }
  const server = await serveHttp({ ...rpc, call }, { port: 0 })
  onStop(() => server.close())
  const statuses: number[] = []
  const ask = async (body: string): Promise<void> => {
    const { length } = clients
    http(server.url, { headers: json, body }).then(
      ({ status }) => statuses.push(status),
      () => undefined
    )
    await until(() => (clients.length > length ? true : undefined))
  }
  const bytes = 4_900_000
  const large = ' '.repeat(bytes)
  await ask(version)
  for (let n = 1; (n - 1) * bytes < serverLimits.heldCallBytes; n++) {
    expect(statuses).toEqual([])
    await ask(large)
  }
  await until(() => (statuses.length > 0 ? true : undefined))
  expect(statuses).toEqual([503])
  expect(ended).toEqual([1])
  // Clients of this machine are one for each connection.
  expect(new Set(clients).size).toBe(clients.length)
})

test('maxBodyBytes: a larger one than all bodies together may else be is honoured', async () => {
  const { rpc } = await startApi()
  const maxBodyBytes = serverLimits.heldBodyBytes + 1_000_000
  const call: typeof rpc.call = async text => String(text.length)
  const server = await serveHttp({ ...rpc, call }, { port: 0, maxBodyBytes })
  onStop(() => server.close())
  const answer = await http(server.url, { headers: json, body: ' '.repeat(maxBodyBytes) })
  expect([answer.status, answer.body]).toEqual([200, String(maxBodyBytes)])
})

test('maxConnections: further connections are closed', async () => {
  const { url } = await serve({ maxConnections: 1 })
  const { connect } = await import('node:net')
  const { port } = new URL(url)
  const first = connect(Number(port), '127.0.0.1')
  await new Promise(resolve => first.on('connect', resolve))
  const second = connect(Number(port), '127.0.0.1')
  second.on('error', () => undefined)
  await new Promise(resolve => second.on('close', resolve))
  first.destroy()
})

test('requestTimeoutMs: a request that does not arrive is closed', async () => {
  const { url } = await serve({ requestTimeoutMs: 100 })
  const { connect } = await import('node:net')
  const slow = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  slow.on('data', (chunk: Uint8Array) => {
    answer += Buffer.from(chunk).toString()
  })
  slow.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{')
  await new Promise(resolve => slow.on('close', resolve))
  expect(answer).toContain('408')
})
