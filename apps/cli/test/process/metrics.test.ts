import { createConnection, type Socket } from 'node:net'
import { generatePrivateKey } from '@status-stack/crypto'
import { parseCompleteEnode } from '@status-stack/devp2p-transport'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Running, type Sandbox } from './cli.ts'
import { eventually, type OtherNode, startOther } from './peers.ts'

let sandbox: Sandbox
const others: OtherNode[] = []
const sockets: Socket[] = []
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await sandbox.dispose()
  await Promise.all(others.splice(0).map(({ stop }) => stop()))
})

const other = async (...options: Parameters<typeof startOther>): Promise<OtherNode> => {
  const made = await startOther(...options)
  others.push(made)
  return made
}

async function startNode(args: readonly string[] = []): Promise<{ running: Running; enode: string; url: URL }> {
  const running = sandbox.start([
    '--json',
    'node',
    '--ephemeral',
    '--listen',
    '127.0.0.1:0',
    '--metrics',
    '127.0.0.1:0',
    ...args
  ])
  const url = new URL((await running.until(/http:\/\/127\.0\.0\.1:\d+\/metrics/))[0])
  const [enode] = await running.until(/enode:\/\/[0-9a-f]+@[^"]+(?=","peerId")/)
  await running.until(/"event":"ready"/)
  return { running, enode, url }
}

/** Samples of the Prometheus text format; every line must be one, or a comment that announces its name. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>()
  const announced = new Set<string>()
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE ([a-z0-9_]+) (counter|gauge)$/.exec(line)
    if (type !== null) announced.add(type[1] ?? '')
    if (line.startsWith('# ')) continue
    const match =
      /^([a-zA-Z_][a-zA-Z0-9_]*)((?:\{[a-z]+="(?:[^"\\\n]|\\.)*"(?:,[a-z]+="(?:[^"\\\n]|\\.)*")*\})?) (\S+)$/.exec(line)
    if (match === null) throw new Error(`not a sample: ${line}`)
    expect(announced, line).toContain(match[1])
    expect(found.has(`${match[1]}${match[2]}`), line).toBe(false)
    found.set(`${match[1]}${match[2]}`, Number(match[3]))
  }
  return found
}

const scrape = async (url: URL): Promise<Map<string, number>> => samples(await (await fetch(url)).text())

/** Sends bytes and answers all that comes back until the other side closes. */
function raw(url: URL, bytes: string): Promise<string> {
  return new Promise(resolve => {
    const socket = createConnection(Number(url.port), url.hostname, () => socket.write(bytes))
    sockets.push(socket)
    let answer = ''
    socket.setEncoding('latin1').on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

describe('--metrics', () => {
  test('peers, envelopes, refusals and bytes are counted, in the format of Prometheus', async () => {
    const { url, enode, running } = await startNode(['--discovery'])
    const [from, to] = [await other(), await other()]
    await from.host.dial(enode)
    await to.host.dial(enode)
    await eventually('both peers', async () => (await scrape(url)).get('status_stack_whisper_peers') === 2)
    const message = {
      key: { kind: 'symmetric', key: new Uint8Array(32).fill(7) },
      payload: new Uint8Array(9)
    } as const
    await from.whisper.postEnvelope({
      ...message,
      topic: Uint8Array.of(1, 2, 3, 4),
      ttlSeconds: 60,
      pow: { target: 0.001, timeSeconds: 5 }
    })
    await eventually('the envelope at the other peer', () => to.whisper.info().messages === 1)
    const counted = await scrape(url)
    expect(counted.get('status_stack_envelopes_live{protocol="whisper"}')).toBe(1)
    expect(counted.get('status_stack_envelopes_new_total{protocol="whisper"}')).toBe(1)
    expect(counted.get('status_stack_envelopes_sent_total{protocol="whisper"}')).toBe(1)
    expect(counted.get('status_stack_envelopes_refused_total{protocol="whisper",reason="low-pow"}')).toBe(0)
    expect(counted.get('status_stack_whisper_packets_total{kind="messages",direction="in"}')).toBe(1)
    expect(counted.get('status_stack_p2p_peers_inbound')).toBe(2)
    expect(counted.get('status_stack_p2p_bytes_in_total')).toBeGreaterThan(500)
    expect(counted.get('status_stack_discovery_nodes')).toBe(0)
    expect(counted.get('process_resident_memory_bytes')).toBeGreaterThan(1e7)
    // Numbers only: no peer is named.
    const text = await (await fetch(url)).text()
    for (const { host } of [from, to]) expect(text).not.toContain(host.peerId.slice(0, 12))
    running.child.kill('SIGUSR2')
    await running.until(/"event":"status"/)
    expect(jsonLines(running.stdout()).find(line => line['event'] === 'status')).toMatchObject({
      state: 'running',
      peers: { inbound: 2, outbound: 0, whisper: 2, named: { wanted: 0, connected: 0 } },
      envelopes: { live: 1, received: 1, new: 1, sent: 1, expired: 0, refused: {} },
      discovery: { nodes: 0 },
      address: null
    })
  })

  test('a node is healthy at once, and ready when a peer that it was told of is there', async () => {
    const privateKey = generatePrivateKey()
    const peer = await startOther({ deps: { privateKey } })
    const enode = peer.host.enode()
    await peer.stop()
    const { url } = await startNode(['--peer', enode])
    const at = (path: string) => fetch(new URL(path, url))
    expect((await at('/healthz')).status).toBe(200)
    const early = await at('/readyz')
    expect([early.status, await early.text()]).toEqual([503, 'no peer is connected\n'])
    const lone = await startNode()
    expect((await fetch(new URL('/readyz', lone.url))).status).toBe(200)
    await other({ deps: { privateKey }, host: { listen: { port: parseCompleteEnode(enode).tcpPort } } })
    await eventually('ready', async () => (await at('/readyz')).status === 200)
  })

  test('hostile requests get a short answer or none, and the next scrape works', async () => {
    const { url, running } = await startNode()
    const post = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await fetch(new URL('/../etc/passwd', url))).status).toBe(404)
    expect((await fetch(`${url}?x=${'y'.repeat(1000)}`)).status).toBe(200)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000)
    const smuggled =
      'GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
    const answer = await raw(url, smuggled)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(await raw(url, `GET /metrics HTTP/1.1\r\nX: ${'y'.repeat(9000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    expect(await raw(url, '\x16\x03\x01\x02\x00\x01garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    // Connections that say nothing: those over the bound are closed at once, the others in a few seconds.
    const idle = Array.from({ length: 60 }, () => raw(url, 'GET /metr'))
    let closed = 0
    for (const each of idle) void each.then(() => closed++)
    await eventually('some are closed', () => closed >= 60 - 32)
    await Promise.all(idle)
    expect((await scrape(url)).get(`status_stack_info{version="0.0.0",node="${process.versions.node}"}`)).toBe(1)
    expect(running.child.exitCode).toBeNull()
  })

  test('an address that is taken ends the run with a sentence', async () => {
    const { url } = await startNode()
    const { code, stdout } = await sandbox.run([
      '--json',
      'node',
      '--ephemeral',
      '--listen',
      '127.0.0.1:0',
      '--metrics',
      url.host
    ])
    expect(code).toBe(1)
    expect(jsonLines(stdout).find(line => line['event'] === 'error')).toMatchObject({ code: 'metrics' })
    expect(stdout).toContain('EADDRINUSE')
  })
})

describe('the end of a node', () => {
  test('SIGTERM says goodbye to the peers, reports a last time and is exit code 0', async () => {
    const { running, enode } = await startNode(['--status-interval', '0.2'])
    await running.until(/"event":"status"[^\n]*\n[\s\S]*"event":"status"/)
    const peer = await other()
    await peer.host.dial(enode)
    const ended = new Promise<unknown>(resolve => {
      peer.host.on('peerdisconnected', fact => resolve(fact.ending))
    })
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    expect(await ended).toMatchObject({ by: 'peer', reason: 'client-quitting' })
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'status', state: 'stopping' })
  })

  test('a peer that never reads or closes does not hold it up', async () => {
    const { running, enode } = await startNode()
    const { tcpPort } = parseCompleteEnode(enode)
    for (let i = 0; i < 5; i++) {
      const socket = createConnection({ port: tcpPort, host: '127.0.0.1', allowHalfOpen: true })
      sockets.push(socket)
      socket.on('error', () => {})
      await new Promise(resolve => socket.once('connect', resolve))
      socket.pause()
    }
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })

  test('a port that is taken is one sentence', async () => {
    const { enode } = await startNode()
    const { code, stderr } = await sandbox.run(['node', '--ephemeral', '--listen', enode.slice(enode.indexOf('@') + 1)])
    expect(code).toBe(1)
    expect(stderr).toContain('another program has that port')
  })
})
