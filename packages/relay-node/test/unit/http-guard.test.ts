import { connect, Server } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { limits, type RelayFacts, serveMetrics } from '../../src/index.ts'

const facts = (): RelayFacts => {
  throw new Error('not asked for here')
}
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

async function serve(host: string, names: readonly string[] = []): Promise<number> {
  const server = await serveMetrics({ host, port: 0 }, facts, names)
  closes.push(server.close)
  return Number(new URL(server.url).port)
}

/** The status of a request whose header lines are these. */
function statusOf(port: number, headers: readonly string[], line = 'GET /healthz HTTP/1.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`)
    })
    let text = ''
    socket.setEncoding('latin1').on('data', chunk => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])))
  })
}

describe('a connection to the metrics', () => {
  test('that cannot be accepted for want of files ends no process', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen')
    const port = await serve('127.0.0.1')
    const [listening] = listen.mock.contexts as Server[]
    listen.mockRestore()
    for (let i = 0; i < 3; i++) listening?.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))
    expect(await statusOf(port, ['Host: evil.example'])).toBe(403)
  })

  test('has as many requests as it may, and is told how long it stays open between them', async () => {
    const port = await serve('127.0.0.1')
    const request = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const asked = limits.metricsRequestsPerConnection + 1
    const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request.repeat(asked)))
      let got = ''
      socket.setEncoding('latin1').on('data', chunk => {
        got += chunk
        if (statuses(got).length < asked) return
        socket.destroy()
        resolve(got)
      })
      socket.on('error', reject)
    })
    expect(new Set(statuses(text).slice(0, -1))).toEqual(new Set(['200']))
    expect(statuses(text).at(-1)).toBe('503')
    expect(text).toContain(`Keep-Alive: timeout=${limits.metricsKeepAliveMs / 1000}`)
  })
})

describe('the metrics answer', () => {
  test.each([
    'localhost',
    'LOCALHOST:9303',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:9303',
    '127.9.9.9',
    '[::1]',
    '[::1]:9303'
  ])('on loopback to %s', async host => {
    expect(await statusOf(await serve('127.0.0.1'), [`Host: ${host}`])).toBe(200)
  })

  test.each([
    ['rebound.example', 403],
    ['127.0.0.1.example', 403],
    ['localhost.example', 403],
    ['192.0.2.1', 403],
    ['[2001:db8::1]', 403],
    ['0', 403],
    ['2130706433', 403],
    ['', 400],
    ['localhost:port', 400],
    ['localhost, rebound.example', 400],
    ['user@localhost', 400],
    ['[localhost]', 400],
    ['::1', 400],
    ['[127.0.0.1]', 400]
  ])('on loopback not to "%s"', async (host, status) => {
    expect(await statusOf(await serve('127.0.0.1'), [`Host: ${host}`])).toBe(status)
  })

  test('one Host header, no more and no less, in every version of HTTP', async () => {
    const port = await serve('127.0.0.1')
    expect(await statusOf(port, [])).toBe(400)
    expect(await statusOf(port, [], 'GET /healthz HTTP/1.0')).toBe(400)
    expect(await statusOf(port, ['Host: localhost', 'Host: localhost'])).toBe(400)
    expect(await statusOf(port, ['Host: localhost', 'host: rebound.example'])).toBe(400)
    expect(await statusOf(port, ['Host: rebound.example', 'Host: localhost'])).toBe(400)
  })

  test('to no page of another site', async () => {
    const port = await serve('127.0.0.1')
    const from = (origin: string) => statusOf(port, ['Host: localhost', `Origin: ${origin}`])
    expect(await from('http://localhost:3000')).toBe(200)
    for (const origin of ['https://elsewhere.example', 'null', 'http://localhost.elsewhere.example', ''])
      expect(await from(origin), origin).toBe(403)
  })

  test('to names that were configured, and on all addresses to any address', async () => {
    const named = await serve('127.0.0.1', ['Node.internal', 'my_node'])
    for (const host of ['node.internal:9303', 'my_node', 'localhost'])
      expect(await statusOf(named, [`Host: ${host}`])).toBe(200)
    const open = await serve('0.0.0.0')
    expect(await statusOf(open, ['Host: 192.0.2.1:9303'])).toBe(200)
    expect(await statusOf(open, ['Host: rebound.example'])).toBe(403)
  })
})
