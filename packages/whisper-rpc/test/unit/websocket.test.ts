import { once } from 'node:events'
import { connect } from 'node:net'
import { hmacSha256, utf8Bytes } from '@status-stack/crypto'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createCalls } from '../../src/server/calls.ts'
import { type ServerOptions, serveWebSocket } from '../../src/server/index.node.ts'
import { http } from '../support/http.ts'
import { easy, onStop, startApi, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

type Json = Record<string, unknown>
const topic = '0x01020304'

async function serve(options: ServerOptions = {}, limits = {}) {
  const api = await startApi({ limits })
  const server = await serveWebSocket(api.rpc, { port: 0, ...options })
  onStop(() => server.close())
  return { ...api, url: server.url, server }
}

/** A client that keeps what it got. */
async function client(url: string, headers: Record<string, string> = {}, autoPong = true) {
  const socket = new WebSocket(url, { headers, autoPong })
  const got: Json[] = []
  const closed = new Promise<number>(resolve => socket.on('close', resolve))
  socket.on('message', data => void got.push(JSON.parse(data.toString())))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  const ask = async (method: string, ...params: unknown[]): Promise<Json> => {
    const id = `${method}-${got.length}-${Math.random()}`
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return until(() => got.find(answer => answer['id'] === id))
  }
  return { socket, got, ask, closed }
}

/** How an upgrade is refused. */
function refused(url: string, headers: Record<string, string>): Promise<string> {
  return client(url, headers).then(
    () => 'open',
    error => String(error.message)
  )
}

test('R-20 subscribe over WebSocket notifies, and R-21 its id comes first', async () => {
  const { url, call } = await serve()
  const { ask, got, socket } = await client(url)
  const symKeyID = (await ask('shh_newSymKey'))['result']
  await call('shh_post', { ...easy, symKeyID, topic, payload: '0x01' })
  const { result } = await ask('shh_subscribe', 'messages', { symKeyID, topics: [topic] })
  await call('shh_post', { ...easy, symKeyID, topic, payload: '0x02' })
  const notified = await until(() => {
    const all = got.filter(({ method }) => method === 'shh_subscription').map(({ params }) => params as Json)
    return all.length === 2 ? all : undefined
  })
  expect(notified.map(({ subscription }) => subscription)).toEqual([result, result])
  const answer = got.findIndex(message => message['result'] === result)
  const first = got.findIndex(({ method }) => method === 'shh_subscription')
  expect(first).toBeGreaterThan(answer)
  socket.close()
})

test('R-22 closing the socket frees the filter', async () => {
  const { url, whisper } = await serve({}, { maxSubscriptions: 1 })
  const { ask, socket, closed } = await client(url)
  const symKeyID = (await ask('shh_newSymKey'))['result']
  const removed: string[] = []
  const { remove } = whisper.filters
  Object.assign(whisper.filters, {
    remove: (id: string) => {
      removed.push(id)
      return remove(id)
    }
  })
  await ask('shh_subscribe', 'messages', { symKeyID, topics: [topic] })
  socket.close()
  await closed
  expect(await until(() => removed[0])).toMatch(/^[0-9a-f]{64}$/)
})

test('an upgrade that is refused holds no connection, and the server none that wait for it', async () => {
  const { url, server } = await serve()
  expect(await refused(url, { origin: 'https://evil.example' })).toContain('403')
  const stubborn = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true })
  onTestFinished(() => void stubborn.destroy())
  stubborn.on('error', () => undefined)
  const head = ['host: evil.example', 'connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
  stubborn.write(`GET / HTTP/1.1\r\n${head.join('\r\n')}\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`)
  const [answer] = await once(stubborn, 'data')
  expect(String(answer)).toContain('403')
  await server.close()
})

test('hosts, origins and tokens are checked before the upgrade', async () => {
  const { url } = await serve()
  expect(await refused(url, { host: 'evil.example' })).toContain('403')
  expect(await refused(url, { origin: 'https://evil.example' })).toContain('403')
  expect(await refused(url, { origin: 'http://localhost:3000' })).toContain('403')
  expect(await refused(url, { origin: 'http://localhost' })).toBe('open')
  const tokenSecret = new Uint8Array(32).fill(3)
  const secured = await serve({ tokenSecret })
  expect(await refused(secured.url, {})).toContain('401')
  const signed = [{ alg: 'HS256' }, { iat: Math.floor(Date.now() / 1000) }]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const token = `${signed}.${Buffer.from(hmacSha256(tokenSecret, utf8Bytes(signed))).toString('base64url')}`
  expect(await refused(secured.url, { authorization: `Bearer ${token}` })).toBe('open')
})

test('a plain HTTP request is told what to do', async () => {
  const { url } = await serve()
  expect((await http(url.replace('ws:', 'http:'))).status).toBe(426)
})

test('a message over the limit closes the connection', async () => {
  const { url } = await serve({ maxBodyBytes: 100 })
  const { socket, closed } = await client(url)
  socket.send('x'.repeat(101))
  expect(await closed).toBe(1009)
})

test('idleTimeoutMs: a client that does not answer pings is closed, one that does is not', async () => {
  const { url } = await serve({ idleTimeoutMs: 300 })
  const dead = await client(url, {}, false)
  const alive = await client(url)
  expect(await dead.closed).toBe(1006)
  expect((await alive.ask('shh_version'))['result']).toBe('6.0')
})

test('maxBufferedBytes: a client that does not read is closed', async () => {
  const { rpc } = await startApi()
  let ended = false
  const connect: typeof rpc.connect = send => {
    const connection = rpc.connect(send)
    const close = (): void => {
      ended = true
      connection.close()
    }
    return { ...connection, close }
  }
  const server = await serveWebSocket({ ...rpc, connect }, { port: 0, maxBufferedBytes: 1000 })
  onStop(() => server.close())
  const { socket, closed, got } = await client(server.url)
  socket.pause()
  // Whatever the system buffers, 40 MB are more.
  const echo = JSON.stringify({ id: 1, method: 'shhext_echo', params: ['x'.repeat(1_000_000)] })
  for (let n = 0; n < 40; n++) socket.send(echo, () => undefined)
  await until(() => (ended ? true : undefined))
  socket.resume()
  expect(await closed).toBe(1006)
  expect(got.length).toBeLessThan(40)
})

test('maxCalls: a client that asks faster than it is answered is not read meanwhile', async () => {
  const events: string[] = []
  const answers: (() => void)[] = []
  const connection = {
    receive: (json: string) =>
      new Promise<void>(resolve => {
        events.push(json)
        answers.push(resolve)
      }),
    close: () => undefined
  }
  const reading = { pause: () => void events.push('pause'), resume: () => void events.push('resume') }
  const { receive } = createCalls(connection, { maxCalls: 2, maxBytes: 100 }, reading)
  for (const name of ['a', 'b', 'c']) receive(name)
  expect(events).toEqual(['a', 'b', 'pause'])
  answers.shift()?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(events).toEqual(['a', 'b', 'pause', 'c'])
  answers.shift()?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(events.at(-1)).toBe('resume')
})

test('maxBodyBytes: a client whose calls hold as much is not read meanwhile', async () => {
  const events: string[] = []
  const answers: (() => void)[] = []
  const connection = {
    receive: (json: string) =>
      new Promise<void>(resolve => {
        events.push(json)
        answers.push(resolve)
      }),
    close: () => undefined
  }
  const reading = { pause: () => void events.push('pause'), resume: () => void events.push('resume') }
  const { receive } = createCalls(connection, { maxCalls: 10, maxBytes: 5 }, reading)
  for (const text of ['aa', 'bbb', 'c']) receive(text)
  expect(events).toEqual(['aa', 'bbb', 'pause'])
  answers.shift()?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(events).toEqual(['aa', 'bbb', 'pause', 'c', 'resume'])
  for (const answer of answers) answer()
  await new Promise(resolve => setImmediate(resolve))
  receive('dddddd')
  expect(events.slice(5)).toEqual(['dddddd', 'pause'])
})

test('close ends every connection and frees the port', async () => {
  const { url, server, rpc } = await serve()
  const { closed } = await client(url)
  await server.close()
  await server.close()
  await closed
  const again = await serveWebSocket(rpc, { port: Number(new URL(url).port) })
  await again.close()
})

test('a client whose calls keep us from reading it is not taken for a dead one', async () => {
  const { url } = await serve({ idleTimeoutMs: 50 }, { maxCalls: 1 })
  const { ask } = await client(url)
  const symKeyID = (await ask('shh_newSymKey'))['result']
  const post = { symKeyID, topic, payload: '0x01', ttl: 20, powTime: 1, powTarget: 1e9 }
  expect(await ask('shh_post', post)).toMatchObject({ error: { message: expect.stringContaining('failed to reach') } })
})
