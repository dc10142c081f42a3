// A node of the process test: answers what it is sent, and does what standard input says, one JSON object a line.
import { createInterface } from 'node:readline'
import { hexToBytes } from '@status-stack/crypto'
import { createHost, type PeerLink } from '../../src/index.ts'

const [keyHex = '', port = '0'] = process.argv.slice(2)
const print = (event: string, facts: object = {}): void => {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`)
}
const links = new Map<string, PeerLink>()
let reading = true
let echoes = 0

const block = new Uint8Array(1 << 20)
for (let i = 0, state = 1; i < block.length; i++) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  block[i] = state >>> 16
}

/** Code 0: please answer with code 1. Code 2: please send as much as you can. */
async function run(link: PeerLink): Promise<void> {
  links.set(link.peerId, link)
  try {
    while (!reading) await new Promise<void>(resolve => setTimeout(resolve, 50).unref())
    for await (const { code, payload } of link.packets()) {
      if (code === 0) await link.send(1, payload).catch(() => undefined)
      else if (code === 1) echoes++
      else if (code === 2) void flood(link)
    }
  } finally {
    links.delete(link.peerId)
  }
}

async function flood(link: PeerLink): Promise<void> {
  try {
    for (;;) await link.send(3, block)
  } catch {
    print('flood-ended')
  }
}

const host = createHost(
  { privateKey: hexToBytes(keyHex), capabilities: [{ name: 'talk', version: 1, length: 4, run }] },
  {
    listen: { port: Number(port) },
    redialDelayLocalMs: 100,
    writeTimeoutMs: 1_000,
    idleTimeoutMs: 3_000,
    pingIntervalMs: 1_000
  }
)
host.on('peerconnected', fact => print('added', { peer: fact.peerId }))
host.on('peerdisconnected', fact => print('removed', { peer: fact.peerId, ending: fact.ending }))
await host.start()
print('ready', { enode: host.enode(), peer: host.peerId })

setInterval(() => {
  for (const link of links.values()) link.send(0, Uint8Array.of(echoes & 255)).catch(() => undefined)
}, 20)

for await (const text of createInterface({ input: process.stdin })) {
  const { command, enode } = JSON.parse(text) as { command: string; enode?: string }
  if (command === 'static' && enode !== undefined) host.addStatic(enode)
  else if (command === 'flood-me') {
    reading = false
    for (const link of links.values()) await link.send(2, new Uint8Array(1))
  } else if (command === 'deaf') {
    reading = false
    print('deaf')
  } else if (command === 'status') {
    const { rss } = process.memoryUsage()
    print('status', { echoes, rss, metrics: host.metrics() })
  } else if (command === 'stop') break
}
await host.stop()
print('stopped')
process.exit(0)
