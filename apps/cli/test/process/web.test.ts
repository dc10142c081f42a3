import { request } from 'node:http'
import { join } from 'node:path'
import { securityHeaders } from '@status-stack/web'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Running, type Sandbox } from './cli.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

describe('the served page', () => {
  let sandbox: Sandbox
  let server: Running
  let port: number

  beforeAll(async () => {
    sandbox = createSandbox()
    server = sandbox.start(['--json', 'web', '--http', '0', '--archive', join(sandbox.folder, 'archive')])
    await server.until(/"event":"ready"/)
    const line = jsonLines(server.stdout().slice(0, server.stdout().lastIndexOf('\n'))).find(
      one => one['what'] === 'page'
    )
    port = Number(new URL(String(line?.['url'])).port)
  })
  afterAll(() => sandbox?.dispose())

  const ask = (path: string, { method = 'GET', headers = {} }: { method?: string; headers?: object } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, response => {
        let body = ''
        response.setEncoding('utf8').on('data', chunk => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      })
      asking.once('error', reject)
      asking.end()
    })

  test('comes with every strict header, whatever is asked', async () => {
    for (const path of ['/', '/index.html', '/sw.js', '/node.json', '/nothing', '/assets/']) {
      const { headers } = await ask(path)
      for (const [name, value] of Object.entries(securityHeaders)) expect(headers[name], `${path} ${name}`).toBe(value)
    }
    const { status, headers, body } = await ask('/')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('<title>Status Stack</title>')
    const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? ''
    expect((await ask(script)).headers['cache-control']).toContain('immutable')
    expect((await ask('/sw.js')).headers['cache-control']).toBe('no-cache')
  })

  test('names its node, and lets its own pages in by WebSocket, no others', async () => {
    const { url, mailserver } = JSON.parse((await ask('/node.json')).body)
    expect(url).toMatch(new RegExp(`^ws://[0-9a-f]{128}@127\\.0\\.0\\.1:${port}/rlpx$`))
    expect(mailserver).toBe(true)
    const open = (origin: string, host = `127.0.0.1:${port}`) =>
      new Promise<number>(resolve => {
        const upgrade = {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA=='
        }
        const asking = request({ host: '127.0.0.1', port, path: '/rlpx', headers: { ...upgrade, origin, host } })
        asking.once('upgrade', (_, socket) => {
          socket.destroy()
          resolve(101)
        })
        asking.once('response', response => resolve(response.statusCode ?? 0))
        asking.once('error', () => resolve(0))
        asking.end()
      })
    expect(await open(`http://127.0.0.1:${port}`)).toBe(101)
    expect(await open(`http://localhost:${port}`)).toBe(101)
    expect(await open('https://evil.example')).toBe(403)
    expect(await open(`http://127.0.0.1:${port}`, 'rebound.example')).toBe(0)
  })

  test('is not served to other machines', async () => {
    const { code, stdout, stderr } = await sandbox.run(['web', '--http', '0.0.0.0:8580'])
    expect(code).toBe(2)
    expect(stdout + stderr).toContain('on this machine only')
  })

  test('a port that is taken is said, and nothing stays behind', async () => {
    const archive = join(sandbox.folder, 'second')
    const { code, stderr } = await sandbox.run(['web', '--http', String(port), '--archive', archive])
    expect(code).toBe(1)
    expect(stderr).toContain('choose another port with --http')
  })

  test('ends when it is told to', async () => {
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })
})
