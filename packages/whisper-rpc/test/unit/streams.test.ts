import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Rpc } from '../../src/index.ts'
import { serverLimits } from '../../src/limits.ts'
import { type DropReason, serveHttp, serveIpc, serveStreams, serveWebSocket } from '../../src/server/index.node.ts'
import { onStop, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'rpc-'))
  onStop(async () => rmSync(path, { recursive: true, force: true }))
  return path
}

/** An API whose calls are answered when the test says so; a call named `flood` is answered with a megabyte at once. */
function heldRpc() {
  const held: (() => void)[] = []
  const open = new Set<(json: string) => void>()
  const rpc: Rpc = {
    limits: { maxCalls: 4 },
    call: async () => undefined,
    connect: send => {
      open.add(send)
      return {
        receive: json => {
          if (json.includes('flood')) {
            send(JSON.stringify('x'.repeat(1_000_000)))
            return Promise.resolve()
          }
          return new Promise<void>(resolve =>
            held.push(() => {
              send(json)
              resolve()
            })
          )
        },
        close: () => void open.delete(send)
      }
    },
    stop: async () => undefined
  }
  return { rpc, held, open }
}

async function client(path: string, allowHalfOpen = false) {
  const socket: Socket = connect({ path, allowHalfOpen })
  let text = ''
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  socket.on('error', () => undefined)
  const closed = new Promise<void>(resolve => socket.on('close', () => resolve()))
  await new Promise(resolve => socket.on('connect', resolve))
  return { socket, text: () => text, closed }
}

async function webClient(url: string) {
  const socket = new WebSocket(url)
  let text = ''
  socket.on('message', data => {
    text += `${data}\n`
  })
  const closed = new Promise<void>(resolve => socket.on('close', () => resolve()))
  await new Promise(resolve => socket.on('open', resolve))
  return { send: (json: string) => socket.send(json), text: () => text, closed }
}

test.each(['IPC', 'WebSocket'])(
  'what clients do not read over %s is bounded over all of them: who has held much for longest is closed',
  async kind => {
    const { rpc, open } = heldRpc()
    const maxBufferedBytes = serverLimits.heldAnswerBytes
    const path = join(place(), 'socket')
    const server = await (kind === 'IPC'
      ? serveIpc(rpc, { path, maxBufferedBytes })
      : serveWebSocket(rpc, { port: 0, maxBufferedBytes }))
    onStop(() => server.close())
    /** A client that reads nothing. */
    const deaf = async (): Promise<(json: string) => void> => {
      if (kind === 'IPC') {
        const { socket } = await client(path)
        socket.pause()
        onStop(async () => void socket.destroy())
        return json => socket.write(json)
      }
      const socket = new WebSocket(server.url)
      await new Promise(resolve => socket.on('open', resolve))
      socket.pause()
      onStop(async () => socket.terminate())
      return json => socket.send(json)
    }
    for (let clients = 1; clients <= 5; clients++) {
      const send = await deaf()
      await until(() => (open.size === clients ? true : undefined))
      for (let sent = 0; sent < serverLimits.heldAnswerBytes / 4.5; sent += 1_000_000) send('{"flood":1}')
    }
    const [first] = open
    await until(() => (open.size === 4 ? true : undefined))
    expect(first === undefined || open.has(first)).toBe(false)
  }
)

test.each(['IPC', 'WebSocket'])(
  'what running calls hold over %s is bounded over all connections: the one is closed that has held much for longest',
  async kind => {
    const { rpc, held, open } = heldRpc()
    const path = join(place(), 'socket')
    const drops: DropReason[] = []
    const onDrop = (reason: DropReason): void => void drops.push(reason)
    const server = await (kind === 'IPC' ? serveIpc(rpc, { path, onDrop }) : serveWebSocket(rpc, { port: 0, onDrop }))
    onStop(() => server.close())
    const connect = async () => {
      if (kind === 'WebSocket') return webClient(server.url)
      const { socket, closed } = await client(path)
      return { send: (json: string) => socket.write(json), closed }
    }
    const ask = async (length: number) => {
      const peer = await connect()
      const [before, { size }] = [held.length, open]
      expect(drops).toEqual([])
      peer.send(JSON.stringify('x'.repeat(length)))
      await until(() => (held.length > before || open.size < size ? true : undefined))
      return peer
    }
    const bytes = 4_900_000
    await ask(10)
    const first = await ask(bytes)
    for (let n = 2; (n - 1) * bytes < serverLimits.heldCallBytes; n++) await ask(bytes)
    await first.closed
    expect(drops).toEqual(['large-calls'])
    // The small one is still served, and so is the latest.
    const { size } = open
    held[0]?.()
    held.at(-1)?.()
    expect(open.size).toBe(size)
  }
)

test('a client that ends its direction still gets its answers, then the end', async () => {
  const { rpc, held, open } = heldRpc()
  const path = join(place(), 'socket')
  const server = await serveIpc(rpc, { path })
  onStop(() => server.close())
  const { socket, text, closed } = await client(path, true)
  socket.end('{"a":1}{"b":2}')
  await until(() => (held.length === 2 ? true : undefined))
  for (const answer of held) answer()
  await closed
  expect(text()).toBe('{"a":1}\n{"b":2}\n')
  expect(open.size).toBe(0)
})

test('close with a grace answers what runs, reads nothing further, and gives up what does not end', async () => {
  const { rpc, held } = heldRpc()
  const path = join(place(), 'socket')
  const server = await serveIpc(rpc, { path })
  const [answered, stuck] = [await client(path), await client(path)]
  answered.socket.write('{"a":1}')
  await until(() => held[0])
  stuck.socket.write('{"never":1}')
  await until(() => held[1])
  const done = server.close(300)
  answered.socket.write('{"late":1}')
  held[0]?.()
  await Promise.all([done, answered.closed, stuck.closed])
  expect(answered.text()).toBe('{"a":1}\n')
  expect(stuck.text()).toBe('')
  expect(held.length).toBe(2)
})

test.each(['socket', 'websocket'])('calls that wait for their turn when a %s closes are not begun', async way => {
  const { rpc, held } = heldRpc()
  const path = join(place(), 'socket')
  const asked = Array.from({ length: 10 }, (_, n) => `{"a":${n}}`)
  const server = way === 'socket' ? await serveIpc(rpc, { path }) : await serveWebSocket(rpc, { port: 0 })
  const peer = way === 'socket' ? await client(path) : await webClient(server.url)
  if ('socket' in peer) peer.socket.write(asked.join(''))
  else for (const text of asked) peer.send(text)
  await until(() => (held.length === rpc.limits.maxCalls ? true : undefined))
  const done = server.close(60_000)
  for (const answer of held) answer()
  await Promise.all([done, peer.closed])
  expect(held.length).toBe(rpc.limits.maxCalls)
  expect(peer.text()).toBe(`${asked.slice(0, rpc.limits.maxCalls).join('\n')}\n`)
})

test('a WebSocket is given the same grace', async () => {
  const { rpc, held } = heldRpc()
  const server = await serveWebSocket(rpc, { port: 0 })
  const socket = new WebSocket(server.url)
  const got: string[] = []
  socket.on('message', data => got.push(String(data)))
  const closed = new Promise(resolve => socket.on('close', resolve))
  await new Promise(resolve => socket.on('open', resolve))
  socket.send('{"a":1}')
  await until(() => held[0])
  const done = server.close(10_000)
  held[0]?.()
  await Promise.all([done, closed])
  expect(got).toEqual(['{"a":1}'])
})

test('maxBufferedBytes: a socket that does not read is closed and named as slow', async () => {
  const { rpc, open } = heldRpc()
  const drops: DropReason[] = []
  const path = join(place(), 'socket')
  const server = await serveIpc(rpc, { path, maxBufferedBytes: 1000, onDrop: reason => drops.push(reason) })
  onStop(() => server.close())
  const { socket } = await client(path)
  socket.pause()
  for (let n = 0; n < 40; n++) socket.write('{"flood":1}')
  await until(() => drops[0])
  expect(drops).toEqual(['slow-reader'])
  expect(open.size).toBe(0)
  socket.destroy()
})

test('maxConnections: of a thousand clients the first are served, the others closed', async () => {
  const { rpc, held } = heldRpc()
  const drops: DropReason[] = []
  const path = join(place(), 'socket')
  const server = await serveIpc(rpc, { path, maxConnections: 8, onDrop: reason => drops.push(reason) })
  onStop(() => server.close())
  const first = await client(path)
  const others = Array.from({ length: 1000 }, () => connect(path))
  let closed = 0
  for (const other of others) other.on('error', () => undefined).on('close', () => closed++)
  await until(() => (closed >= 993 ? true : undefined))
  // The system turns away by itself what does not fit its own queue.
  expect(drops.filter(reason => reason === 'too-many').length).toBeGreaterThan(100)
  first.socket.write('{"a":1}')
  await until(() => held[0])
  for (const other of others) other.destroy()
  first.socket.destroy()
})

test('a path that no socket can have is refused before anything is made', async () => {
  const { rpc } = heldRpc()
  const folder = place()
  const path = join(folder, 'x'.repeat(120))
  await expect(serveIpc(rpc, { path })).rejects.toMatchObject({ code: 'invalid-argument', origin: 'caller' })
  const longest = join(folder, 's'.repeat(107 - 9 - folder.length - 1 + 8))
  const server = await serveIpc(rpc, { path: longest })
  expect(statSync(longest).isSocket()).toBe(true)
  await server.close()
})

test('what somebody else put in the place of the socket stays when the server closes', async () => {
  const { rpc } = heldRpc()
  const path = join(place(), 'socket')
  const server = await serveIpc(rpc, { path })
  rmSync(path)
  writeFileSync(path, 'precious')
  await server.close()
  expect(statSync(path).size).toBe(8)
})

test('a pair of streams is one client: its end is the end, after the last answer', async () => {
  const { rpc, held, open } = heldRpc()
  const [input, output] = [new PassThrough(), new PassThrough()]
  const server = serveStreams(rpc, { input, output })
  input.end('{"a":1} {"b":2}\n')
  await until(() => held[1])
  for (const answer of held) answer()
  await server.ended
  expect(output.read().toString()).toBe('{"a":1}\n{"b":2}\n')
  expect([open.size, output.destroyed]).toEqual([0, false])
  await server.close()
})

test('J-2 what was asked before the stream broke is answered before it ends', async () => {
  const { rpc, held } = heldRpc()
  const [input, output] = [new PassThrough(), new PassThrough()]
  const server = serveStreams(rpc, { input, output })
  input.write('{"a":1}{"b":2}{"c":3}{"d":4}{"e":5} oops {"never":1}')
  for (let answered = 0; answered < 5; answered++) (await until(() => held[answered]))()
  await server.ended
  const lines = output.read().toString().trim().split('\n')
  expect(lines.slice(0, 5)).toEqual(['{"a":1}', '{"b":2}', '{"c":3}', '{"d":4}', '{"e":5}'])
  expect(JSON.parse(lines[5])).toMatchObject({ id: null, error: { code: -32700 } })
  expect(held).toHaveLength(5)
})

test('J-2 a number at the end of a stream is a text of its own', async () => {
  const { rpc, held } = heldRpc()
  const [input, output] = [new PassThrough(), new PassThrough()]
  const server = serveStreams(rpc, { input, output })
  input.end('{"a":1}17')
  for (let answered = 0; answered < 2; answered++) (await until(() => held[answered]))()
  await server.ended
  expect(output.read().toString()).toBe('{"a":1}\n17\n')
})

test('J-2 an HTTP client that ends its direction still gets its answer', async () => {
  const held: (() => void)[] = []
  const rpc: Rpc = {
    ...heldRpc().rpc,
    call: json => new Promise(resolve => held.push(() => resolve(json)))
  }
  const server = await serveHttp(rpc, { port: 0 })
  onStop(() => server.close())
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const closed = new Promise<void>(resolve => socket.on('end', () => resolve()))
  socket.end('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}')
  ;(await until(() => held[0]))()
  await closed
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"a":1\}/)
  socket.destroy()
})

test('what is no JSON on a stream is answered once, and ends it', async () => {
  const { rpc } = heldRpc()
  const drops: DropReason[] = []
  const [input, output] = [new PassThrough(), new PassThrough()]
  const server = serveStreams(rpc, { input, output, onDrop: reason => drops.push(reason) })
  input.write('hello')
  await server.ended
  expect(JSON.parse(output.read().toString())).toMatchObject({ error: { code: -32700 } })
  expect(drops).toEqual(['not-json'])
})
