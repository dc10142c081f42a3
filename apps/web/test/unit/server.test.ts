import { request } from 'node:http'
import { connect, Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { securityHeaders } from '../../src/headers.ts'
import { originsOf, type PageFile, type PageServer, readPageFiles, servePage, serverLimits } from '../../src/server.ts'

const page: PageFile = {
  bytes: new TextEncoder().encode('<p>page</p>'),
  type: 'text/html; charset=utf-8',
  lasting: false
}
const script: PageFile = { bytes: new TextEncoder().encode('1'), type: 'text/javascript; charset=utf-8', lasting: true }
let server: PageServer
let upgrades: string[]

beforeAll(async () => {
  upgrades = []
  server = await servePage(
    {
      files: new Map([
        ['/', page],
        ['/index.html', page],
        ['/assets/a.js', script]
      ]),
      nodeFile: () => '{"url":"ws://x","mailserver":true}',
      upgrade: port => (asked, socket) => {
        upgrades.push(`${port} ${asked.url}`)
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')
      }
    },
    0
  )
})

afterAll(() => server.close())

function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}
) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: string }>(
    (resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port: server.port, path, method, headers }, response => {
        let body = ''
        response.setEncoding('utf8').on('data', text => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      })
      asking.on('error', reject).end()
    }
  )
}

test('answers to names of this machine alone, to GET and HEAD, from its own list', async () => {
  expect((await ask('/', { headers: { host: `rebound.example:${server.port}` } })).status).toBe(403)
  expect((await ask('/', { headers: { host: `localhost:${server.port}` } })).status).toBe(200)
  expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({
    status: 200,
    headers: { 'content-length': String(page.bytes.length) },
    body: ''
  })
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/../../index.js', '//index.html', '/sw.js/'])
    expect((await ask(path)).status, path).toBe(404)
})

test('every answer has the headers of the page; what never changes is kept, the node is asked for each time', async () => {
  expect(await ask('/?a#b')).toMatchObject({ headers: { ...securityHeaders, 'cache-control': 'no-cache' } })
  expect(await ask('/none')).toMatchObject({ status: 404, headers: securityHeaders })
  expect((await ask('/assets/a.js')).headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'max-age=31536000, immutable'
  })
  expect(await ask('/node.json')).toMatchObject({
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"url":"ws://x","mailserver":true}'
  })
})

test('a WebSocket is asked for under a name of this machine alone', async () => {
  const open = (host: string) =>
    new Promise<number>(resolve => {
      const headers = { connection: 'upgrade', upgrade: 'websocket', host }
      const asking = request({ host: '127.0.0.1', port: server.port, path: '/rlpx', headers })
      asking.once('upgrade', (_, socket) => {
        socket.destroy()
        resolve(101)
      })
      asking.once('error', () => resolve(0)).end()
    })
  expect(await open(`127.0.0.1:${server.port}`)).toBe(101)
  expect(await open('rebound.example')).toBe(0)
  expect(upgrades).toEqual([`${server.port} /rlpx`])
  expect(originsOf(server.port)).toEqual([`http://127.0.0.1:${server.port}`, `http://localhost:${server.port}`])
})

test('a port that is taken is said by the system; so is a page that is not there', async () => {
  const content = { files: new Map(), nodeFile: () => '', upgrade: () => () => {} }
  await expect(servePage(content, server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(readPageFiles(new URL('./nothing/', import.meta.url))).rejects.toMatchObject({ code: 'ENOENT' })
  // A folder without an index is no page.
  await expect(readPageFiles(new URL('./', import.meta.url))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an accept that fails for want of files ends no process', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen')
  const other = await servePage({ files: new Map([['/', page]]), nodeFile: () => '', upgrade: () => () => {} }, 0)
  const [listening] = listen.mock.contexts as Server[]
  listen.mockRestore()
  for (let i = 0; i < 3; i++) listening?.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))
  expect((await fetch(`http://127.0.0.1:${other.port}/`)).status).toBe(200)
  await other.close()
})

test('headerBytes: longer headers are refused', async () => {
  expect((await ask('/', { headers: { 'x-long': 'x'.repeat(serverLimits.headerBytes + 1024) } })).status).toBe(431)
})

test('connections, requestMs: further connections are closed, and so are those that send no whole request', async () => {
  const half = (): { readonly socket: Socket; readonly closed: Promise<unknown> } => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n'))
    socket.on('error', () => undefined).resume()
    return { socket, closed: new Promise(resolve => socket.once('close', resolve)) }
  }
  const halves = Array.from({ length: serverLimits.connections + 1 }, half)
  const [first] = await Promise.all([
    Promise.race(halves.map(({ socket, closed }) => closed.then(() => socket))),
    ...halves.map(({ closed }) => closed)
  ])
  // One was too many: it was closed before anything was asked or answered.
  expect(first.bytesRead).toBe(0)
  expect((await ask('/')).status).toBe(200)
})
