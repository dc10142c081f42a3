import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { record, until } from '@status-stack/rlpx/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatWebSocketUrl, parseWebSocketUrl } from '../../src/index.ts'
import { dialingHost, listeningHost } from '../helpers/hosts.ts'
import { statusOf, strangeClient } from '../helpers/raw.ts'

/** A program on the path, or where daemons are on Debian. */
function find(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return folders.map(folder => join(folder, name)).find(path => existsSync(path))
}

const nginx = find('nginx')
const openssl = find('openssl')

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

const cleanups: (() => Promise<void>)[] = []
const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env
beforeEach(() => {
  // The certificate is made here and signed by nobody.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
  if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
})

/** The README's configuration with this machine's port, certificate and node. */
function configuration(folder: string, port: number, target: string): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const block = /^```nginx\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? ''
  const replaced: readonly (readonly [string, string])[] = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/ssl/node.example.org.pem', join(folder, 'cert.pem')],
    ['/etc/ssl/node.example.org.key', join(folder, 'key.pem')],
    ['http://127.0.0.1:8546', target]
  ]
  const server = replaced.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, block)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `  ${name}_temp_path ${join(folder, name)};`)
    .join('\n')
  return `daemon off;\nmaster_process off;\npid ${join(folder, 'nginx.pid')};\nerror_log ${join(folder, 'error.log')} notice;
events {}\nhttp {\n  access_log off;\n${temporary}\n${server}}\n`
}

/** nginx in front of a node; answers where it listens. */
async function proxied(target: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-nginx-'))
  const port = await freePort()
  const subject = ['-subj', '/CN=node.example.org', '-days', '2', '-nodes', '-newkey', 'rsa:2048']
  const out = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  execFileSync(openssl ?? '', ['req', '-x509', ...subject, ...out], { stdio: 'ignore' })
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, target))
  const child = spawn(nginx ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  cleanups.push(async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  })
  let ended = false
  void exited.then(() => {
    ended = true
  })
  const url = `wss://127.0.0.1:${port}/rlpx`
  for (;;) {
    if (ended) throw new Error(`nginx ended: ${readFileSync(join(folder, 'error.log'), 'utf8')}`)
    const status = await statusOf(url).catch(() => undefined)
    if (status !== undefined) return url
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

test.skipIf(nginx === undefined || openssl === undefined)(
  'H-9 sessions through nginx over wss: the client is named, a forged header is not believed (needs nginx, openssl)',
  async () => {
    const host = await listeningHost({}, {}, { path: '/rlpx', trustedProxies: '127.0.0.1/32' })
    const { host: address, port } = parseWebSocketUrl(host.enode())
    const url = await proxied(`http://${address}:${port}`)
    const page = await dialingHost()
    const peer = await page.dial(formatWebSocketUrl(host.publicKey, url))
    expect(peer.peerId).toBe(host.peerId)
    await until(() => host.peers().length === 1)
    expect(host.peers()[0]?.remoteAddress).toBe('127.0.0.1')

    const refused = record(host, 'refused')
    const forger = await strangeClient(url, { localAddress: '127.0.0.2', headers: { 'x-forwarded-for': '8.8.8.8' } })
    forger.socket.send(new Uint8Array(400))
    await forger.closed
    await until(() => refused.some(({ reason }) => reason === 'bad-handshake'))
    expect(refused.at(-1)?.remoteAddress).toBe('127.0.0.2')
    expect(await statusOf(url.replace('/rlpx', '/other'))).toBe(404)
  }
)
