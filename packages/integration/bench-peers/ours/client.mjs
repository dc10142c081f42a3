// Two messengers of ours, each a process with a database on disk, over the relay that is given: how long from send() to the other's
// event, and how many a second, from one caller who waits for each and from several.   node client.mjs <enode> [messages]
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { checkout, ours } from './packages.mjs'

const [relay, count = '200'] = process.argv.slice(2)
const crypto = await ours('crypto')
const { createIdentityKey } = await ours('status-accounts')
const { createClient } = await ours('status-client')
const { createHost } = await ours('devp2p-transport')
const { capability } = await ours('whisper')
const { ClassicLevel } = createRequire(join(checkout, 'apps/cli/package.json'))('classic-level')

const folder = mkdtempSync(join(tmpdir(), 'client-'))
const nodeKey = crypto.generatePrivateKey()
const client = await createClient({
  identity: createIdentityKey(crypto.generatePrivateKey()),
  database: new ClassicLevel(join(folder, 'db')),
  storageKey: randomBytes(32),
  node: createIdentityKey(nodeKey)
})
const host = createHost(
  { privateKey: nodeKey, capabilities: [{ ...capability, run: link => client.attach(link) }] },
  { listen: false }
)
await client.start()
await host.start()
host.addStatic(relay)
while (!client.connected()) await delay(20)
const now = () => performance.timeOrigin + performance.now()
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

if (process.send !== undefined) {
  client.on('message', ({ text, outgoing }) => outgoing || process.send({ text, at: now() }))
  process.on('message', async ({ command, to }) => {
    if (command === 'cpu') process.send({ cpu: cpu(), rss: process.memoryUsage.rss() / 2 ** 20 })
    else if (command === 'hello')
      await client.send({ kind: 'one-to-one', publicKey: Uint8Array.from(to) }, { text: 'hello' })
    else {
      rmSync(folder, { recursive: true, force: true })
      process.exit(0)
    }
  })
  process.send({ publicKey: [...client.publicKey] })
} else {
  const bob = fork(fileURLToPath(import.meta.url), [relay])
  const [{ publicKey }] = await once(bob, 'message')
  const to = { kind: 'one-to-one', publicKey: Uint8Array.from(publicKey) }
  const arrived = new Map()
  let facts
  bob.on('message', message => {
    if (message.text !== undefined) arrived.set(message.text, message.at)
    else facts = message
  })
  const ask = async command => {
    facts = undefined
    bob.send({ command })
    while (facts === undefined) await delay(5)
    return facts
  }
  const until = async (done, ms) => {
    for (const end = now() + ms; now() < end && !done(); ) await delay(2)
  }
  // Both know each other's devices, and everything is compiled, before a clock starts.
  const heard = new Promise(resolve => client.on('message', ({ outgoing }) => outgoing || resolve()))
  bob.send({ command: 'hello', to: [...client.publicKey] })
  await heard
  for (let i = 0; i < 40; i++) await client.send(to, { text: `warm ${i}` })
  await until(() => arrived.size >= 40, 20_000)
  await delay(500)

  const took = []
  const sending = []
  for (let i = 0; i < 60; i++) {
    const start = now()
    await client.send(to, { text: `single ${i}` })
    sending.push(now() - start)
    await until(() => arrived.has(`single ${i}`), 10_000)
    if (arrived.has(`single ${i}`)) took.push(arrived.get(`single ${i}`) - start)
    // At all phases of whatever clock the messenger sends by.
    await delay(20 + Math.random() * 300)
  }
  // A flood of so many callers, each of whom waits until what he sent is stored.
  const flood = async (name, callers) => {
    const before = [cpu(), (await ask('cpu')).cpu]
    const all = arrived.size + Number(count)
    const start = now()
    let sent = 0
    const call = async () => {
      while (sent < Number(count)) await client.send(to, { text: `${name} ${sent++}` })
    }
    await Promise.all(Array.from({ length: callers }, call))
    const accepted = now()
    await until(() => arrived.size >= all, 60_000)
    // What was acknowledged, and what is stored of that, belongs to it.
    await delay(500)
    const { cpu: bobCpu, rss } = await ask('cpu')
    const [sender, receiver] = [cpu() - before[0], bobCpu - before[1]]
    const times = [...arrived].filter(([text]) => text.startsWith(`${name} `)).map(([, at]) => at)
    return {
      lost: Number(count) - times.length,
      sentPerSecond: (Number(count) * 1000) / (accepted - start),
      arrivedPerSecond: (times.length * 1000) / (Math.max(...times) - start),
      senderCpuMs: sender / Number(count),
      receiverCpuMs: receiver / Number(count),
      perCpuSecond: (Number(count) * 1000) / (sender + receiver),
      rss
    }
  }
  // Not counted: what is compiled for a flood is compiled by it.
  await flood('first', 16)
  const one = await flood('one', 1)
  const many = await flood('many', 16)
  took.sort((x, y) => x - y)
  sending.sort((x, y) => x - y)
  const at = (list, q) => list[Math.round(q * (list.length - 1))]
  console.log(
    JSON.stringify({
      latencyP50: at(took, 0.5),
      latencyP95: at(took, 0.95),
      sendP50: at(sending, 0.5),
      ...one,
      lost: one.lost + many.lost,
      ...Object.fromEntries(Object.entries(many).map(([name, value]) => [`${name}Of16`, value]))
    })
  )
  bob.send({ command: 'end' })
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}
