import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { serveIpc } from '../../src/server/index.node.ts'
import { createJsonStream } from '../../src/server/json-stream.ts'
import { easy, onStop, startApi, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

type Json = Record<string, unknown>

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'whisper-rpc-'))
  onStop(async () => rmSync(path, { recursive: true, force: true }))
  return path
}

async function serve(path = join(folder(), 'geth.ipc'), options = {}) {
  const api = await startApi()
  const server = await serveIpc(api.rpc, { path, ...options })
  onStop(() => server.close())
  return { ...api, server, path }
}

async function client(path: string) {
  const socket = connect(path)
  await new Promise(resolve => socket.on('connect', resolve))
  const got: Json[] = []
  const stream = createJsonStream(1_000_000)
  socket.on('data', chunk => {
    for (const text of stream.push(chunk).texts) got.push(JSON.parse(text))
  })
  const closed = new Promise(resolve => socket.on('close', resolve))
  return { socket, got, closed }
}

test('texts follow each other without lines, split anywhere, and are all answered', async () => {
  const { path } = await serve()
  const { socket, got } = await client(path)
  const texts = [
    '{"id":1,"method":"shh_version"}',
    '[{"id":2,"method":"net_version"}]',
    '\n {"id":3,"method":"shhext_echo","params":["a \\"}]{ b é"]}'
  ]
  for (const byte of Buffer.from(texts.join(''))) socket.write(Uint8Array.of(byte))
  await until(() => (got.length === 3 ? true : undefined))
  expect(got).toContainEqual({ jsonrpc: '2.0', id: 1, result: '6.0' })
  expect(got).toContainEqual([{ jsonrpc: '2.0', id: 2, result: '1' }])
  expect(got).toContainEqual({ jsonrpc: '2.0', id: 3, result: 'a "}]{ b é' })
  socket.destroy()
})

test('R-20 subscriptions work over the socket, and end with it', async () => {
  const { path, call } = await serve()
  const { socket, got, closed } = await client(path)
  const symKeyID = await call('shh_newSymKey')
  const params = ['messages', { symKeyID, topics: ['0x01020304'] }]
  socket.write(JSON.stringify({ id: 1, method: 'shh_subscribe', params }))
  await until(() => got[0])
  await call('shh_post', { ...easy, symKeyID, topic: '0x01020304', payload: '0x05' })
  expect(await until(() => got[1])).toMatchObject({
    method: 'shh_subscription',
    params: { result: { payload: '0x05' } }
  })
  socket.destroy()
  await closed
})

test('the socket is for its owner alone, and gone after close', async () => {
  const { path, server } = await serve()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(path, '..'))).toEqual(['geth.ipc'])
  await server.close()
  await server.close()
  expect(readdirSync(join(path, '..'))).toEqual([])
})

test('a socket that was left behind is replaced, one in use and a file are not', async () => {
  const path = join(folder(), 'left.ipc')
  // A process that is killed leaves its socket: made here by moving it away from the server that would remove it.
  const { renameSync } = await import('node:fs')
  const dead = createServer()
  await new Promise<void>(resolve => dead.listen(`${path}.old`, resolve))
  renameSync(`${path}.old`, path)
  await new Promise(resolve => dead.close(resolve))
  const { server, rpc } = await serve(path)
  await expect(serveIpc(rpc, { path })).rejects.toMatchObject({ code: 'address-in-use' })
  await server.close()
  writeFileSync(path, 'precious')
  await expect(serveIpc(rpc, { path })).rejects.toMatchObject({ code: 'address-in-use' })
  expect(statSync(path).size).toBe(8)
  await expect(serveIpc(rpc, { path: join(path, 'below') })).rejects.toThrow()
})

test('the socket of a process that is too busy to answer is in use', async () => {
  const path = join(folder(), 'busy.ipc')
  // Stands still with its queue full, as a machine that is busy may for a while.
  const program = `require('net').createServer().listen({ path: ${JSON.stringify(path)}, backlog: 1 }, () => process.kill(process.pid, 'SIGSTOP'))`
  const busy = spawn(process.execPath, ['-e', program])
  onStop(async () => void busy.kill('SIGKILL'))
  await until(() => existsSync(path) || undefined)
  const waiting = (): Promise<boolean> =>
    new Promise(resolve => {
      const socket = connect(path, () => resolve(true))
      socket.on('error', () => resolve(false))
      onStop(async () => void socket.destroy())
    })
  // Connections that are queued are made for the one who connects.
  while (await waiting());
  const { rpc } = await startApi()
  await expect(serveIpc(rpc, { path })).rejects.toMatchObject({ code: 'address-in-use' })
  expect(existsSync(path)).toBe(true)
})

test.each([
  ['what is no JSON', 'hello'],
  ['a word cut short', 'nul '],
  ['a number that is none', '0123 '],
  ['a text over the limit', `{"id":1,"method":"${'x'.repeat(200)}`],
  ['a number over the limit', '1'.repeat(200)]
])('%s is answered with a parse error and ends the connection', async (_name, text) => {
  const { path } = await serve(undefined, { maxBodyBytes: 100 })
  const { socket, got, closed } = await client(path)
  socket.write(text)
  await closed
  expect(got).toEqual([{ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'parse error' } }])
})

test('texts come out of any division of the stream', () => {
  const value = fc.jsonValue()
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), fc.array(fc.nat({ max: 40 })), (values, cuts) => {
      const bytes = Buffer.from(`${values.map(one => JSON.stringify(one)).join(' ')} `)
      const stream = createJsonStream(1_000_000)
      const texts: string[] = []
      let at = 0
      for (const cut of [...cuts, bytes.length]) {
        texts.push(...stream.push(Uint8Array.from(bytes.subarray(at, at + cut))).texts)
        at += cut
      }
      expect(texts.map(text => JSON.parse(text))).toEqual(values.map(one => JSON.parse(JSON.stringify(one))))
    })
  )
})

test('splitting takes time that grows with the bytes alone', () => {
  // A megabyte byte by byte would be quadratic if each push looked at all that came before.
  const stream = createJsonStream(2_000_000)
  const text = Buffer.from(`{"a":"${'x'.repeat(1_000_000)}"}`)
  let steps = 0
  const texts: string[] = []
  for (let at = 0; at < text.length; at += 1000) {
    texts.push(...stream.push(text.subarray(at, at + 1000)).texts)
    steps++
  }
  expect([steps, texts.length, texts[0]?.length]).toEqual([1001, 1, 1_000_008])
})

test.each(['1 ', 'null', 'true', '"a text"', '-1.5e3\n', '[]', '[1]', '1null'])(
  'J-1 a bare %j is no call: -32600, and the connection stays',
  async text => {
    const { path } = await serve()
    const { socket, got } = await client(path)
    socket.write(text)
    const answer = [await until(() => got[0])].flat()[0]
    expect(answer).toMatchObject({ id: null, error: { code: -32600 } })
    const before = text === '1null' ? 2 : 1
    await until(() => (got.length === before ? true : undefined))
    socket.write('{"id":1,"method":"shh_version"}')
    expect(await until(() => got[before])).toEqual({ jsonrpc: '2.0', id: 1, result: '6.0' })
    socket.destroy()
  }
)
