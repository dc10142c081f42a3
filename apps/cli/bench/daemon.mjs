// `node bench/daemon.mjs`: a daemon that sends much, from the outside: its memory while it sends BENCH_SENDS (10 000) public messages, and
// how long it takes to end with 800 of them queued. The program must be built.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { main, nowNs, residentBytes, start, timedRun } from './processes.mjs'

const sends = Number(process.env.BENCH_SENDS ?? 10_000)
const queued = 800
const folder = mkdtempSync(join(tmpdir(), 'status-stack-bench-'))
writeFileSync(join(folder, 'password.txt'), 'bench')
const { execPath: node } = process
const of = (...args) => [
  main,
  '--data-dir',
  join(folder, 'data'),
  '--password-file',
  join(folder, 'password.txt'),
  ...args
]
const running = []
const keep = program => {
  running.push(program)
  return program
}

/** Calls of a daemon over its socket, a few at a time: `send` answers as soon as a message is stored. */
async function connect(path) {
  const socket = createConnection(path)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const waiting = new Map()
  createInterface({ input: socket }).on('line', line => {
    const { id, result } = JSON.parse(line)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let last = 0
  const call = (method, params) =>
    new Promise(resolve => {
      waiting.set(++last, resolve)
      socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`)
    })
  return { call, close: () => socket.destroy() }
}

async function startDaemon(enode) {
  const daemon = keep(start(node, of('daemon', '--peer', enode)))
  await daemon.until(/connected to/)
  const [path] = (await daemon.until(/^\/\S+socket$/m)).match
  return { daemon, ...(await connect(path)) }
}

const megabytes = daemon => Math.round(residentBytes(daemon.processId()) / 1e6)

try {
  timedRun(node, of('init', '--light-kdf'))
  const relay = keep(start(node, of('node', '--ephemeral', '--listen', '127.0.0.1:0')))
  const enode = (await relay.until(/enode:\/\/\S+/)).match[0]

  const first = await startDaemon(enode)
  const before = megabytes(first.daemon)
  const found = []
  const began = nowNs()
  let last
  for (let sent = 0; sent < sends; sent += 20) {
    const calls = Array.from({ length: 20 }, (_, n) =>
      first.call('send', { chat: '#bench', text: `number ${sent + n}` })
    )
    last = (await Promise.all(calls)).at(-1)
    if (sent % 1000 === 0) found.push(megabytes(first.daemon))
  }
  const queuedAt = (nowNs() - began) / 1e9
  for (;;) {
    const { mark } = await first.call('ledger', { messageId: last.messageId })
    if (mark.sign === '✓') break
    found.push(megabytes(first.daemon))
    await delay(2000)
  }
  const seconds = (nowNs() - began) / 1e9
  console.log(
    `memory while sending ${sends}: ${before} MB before, ${found.join(', ')} MB, ${megabytes(first.daemon)} MB after`
  )
  console.log(`${Math.round(sends / queuedAt)} queued and ${Math.round(sends / seconds)} confirmed a second`)
  first.close()
  await first.daemon.stop()

  const second = await startDaemon(enode)
  await Promise.all(
    Array.from({ length: queued }, (_, n) => second.call('send', { chat: '#bench', text: `last ${n}` }))
  )
  const told = nowNs()
  await second.daemon.stop()
  console.log(`SIGTERM to the end with ${queued} queued: ${((nowNs() - told) / 1e9).toFixed(2)} s`)
} finally {
  for (const program of running) await program.stop()
  rmSync(folder, { recursive: true, force: true })
}
