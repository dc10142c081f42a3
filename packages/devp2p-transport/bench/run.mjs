#!/usr/bin/env node
// Stock @ethereumjs/devp2p beside ours, in turns, each as two processes over loopback TCP.
//   node bench/run.mjs [--json]
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build, median } from '../../../tools/bench-harness.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
const implementations = ['ours', 'stock']
const sizes = [200, 1_000, 100_000, 1_000_000]
/** What geth 1.9.5 reached on the machine of the study, messages or bytes a second. */
const geth = { 200: 41_300, 1000: 29_500, 100000: 174e6, 1000000: 170.5e6 }
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const forMs = 1_500

async function start(implementation, role) {
  const child = fork(join(folder, 'worker.mjs'), [implementation, role], { execArgv: ['--expose-gc'] })
  const [hello] = await once(child, 'message')
  const ask = async message => {
    child.send(message)
    const [answer] = await once(child, 'message')
    return answer
  }
  const end = async () => {
    child.send({ command: 'end' })
    await once(child, 'exit')
  }
  return { hello, ask, end }
}

async function pair(implementation, work) {
  const receiver = await start(implementation, 'receiver')
  const sender = await start(implementation, 'sender')
  try {
    return await work(receiver, sender)
  } finally {
    await Promise.all([receiver.end(), sender.end()])
  }
}

const cpuOf = async child => {
  const { cpu } = await child.ask({ command: 'cpu' })
  return (cpu.user + cpu.system) / 1e6
}

async function throughput(receiver, sender, size) {
  await receiver.ask({ command: 'reset' })
  const before = await Promise.all([receiver, sender].map(cpuOf))
  await sender.ask({ command: 'send', size, forMs })
  let result = await receiver.ask({ command: 'result' })
  for (let before = -1; before !== result.count; ) {
    before = result.count
    await delay(100)
    result = await receiver.ask({ command: 'result' })
  }
  const after = await Promise.all([receiver, sender].map(cpuOf))
  const messages = (result.count - 1) / result.seconds
  // The busier process sets the pace; its CPU says the same on a machine that does other things as well.
  const busier = Math.max(...after.map((used, i) => used - before[i]))
  return { messages, bytes: messages * size, cpuMicros: (busier / result.count) * 1e6 }
}

const round = value => Number(value.toPrecision(3))

build(join(folder, '..'))
const speeds = Object.fromEntries(
  implementations.map(name => [name, Object.fromEntries(sizes.map(size => [size, []]))])
)
for (let i = 0; i < rounds; i++) {
  for (const name of implementations) {
    await pair(name, async (receiver, sender) => {
      await sender.ask({ command: 'dial', ...receiver.hello })
      await sender.ask({ command: 'send', size: 200, forMs: 300 })
      for (const size of sizes) speeds[name][size].push(await throughput(receiver, sender, size))
    })
  }
}

const handshakes = {}
const idle = {}
for (const name of implementations) {
  handshakes[name] = await pair(name, async (receiver, sender) => {
    await sender.ask({ command: 'handshakes', count: 150, ...receiver.hello })
    const before = await receiver.ask({ command: 'cpu' })
    const count = 150
    await sender.ask({ command: 'handshakes', count, ...receiver.hello })
    const after = await receiver.ask({ command: 'cpu' })
    return (after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1000 / count
  })
  idle[name] = await pair(name, async (receiver, sender) => {
    await sender.ask({ command: 'idle', count: 20, ...receiver.hello })
    await receiver.ask({ command: 'memory' })
    await sender.ask({ command: 'idle', count: 200, ...receiver.hello })
    for (;;) {
      const { peers } = await receiver.ask({ command: 'peers' })
      if (peers === 220) break
      await delay(50)
    }
    const { memory, before } = await receiver.ask({ command: 'memory' })
    return (memory - before) / 200 / 1024
  })
}

const jobs = sizes.map(size => {
  const unit = size < 10_000 ? 'messages/s' : 'bytes/s'
  const value = name => median(speeds[name][size].map(({ messages, bytes }) => (size < 10_000 ? messages : bytes)))
  const [ours, stock] = implementations.map(value)
  const [ourCpu, stockCpu] = implementations.map(name => median(speeds[name][size].map(({ cpuMicros }) => cpuMicros)))
  return {
    job: `${size} B, one direction`,
    unit,
    ours: round(ours),
    stock: round(stock),
    ratio: round(ours / stock),
    cpuMicros: { ours: round(ourCpu), stock: round(stockCpu), ratio: round(stockCpu / ourCpu) },
    geth: geth[size]
  }
})
const handshake = JSON.parse(execFileSync(process.execPath, [join(folder, 'handshake.mjs')], { encoding: 'utf8' }))
jobs.push(
  {
    job: `CPU of an inbound handshake, ${handshake.backend} curve`,
    unit: 'ms',
    ours: round(handshake.ours),
    stock: round(handshake.stock),
    ratio: round(handshake.ours / handshake.stock)
  },
  {
    job: 'the same with TCP, Hello and goodbye',
    unit: 'ms',
    ours: round(handshakes.ours),
    stock: round(handshakes.stock),
    ratio: round(handshakes.ours / handshakes.stock)
  },
  {
    job: 'memory of an idle connection, 200 of them',
    unit: 'KiB',
    ours: round(idle.ours),
    stock: round(idle.stock),
    ratio: round(idle.ours / idle.stock)
  }
)
const { node, v8 } = process.versions
const document = {
  package: '@status-stack/devp2p-transport',
  node,
  v8,
  platform: `${process.platform}-${process.arch}`,
  jobs
}
if (process.argv.includes('--json')) console.log(JSON.stringify(document))
else
  for (const { job, unit, ours, stock, ratio, cpuMicros } of jobs) {
    const cpu =
      cpuMicros === undefined ? '' : `   CPU/message ${cpuMicros.ours} µs, ${cpuMicros.stock} µs: ${cpuMicros.ratio}`
    console.log(`${job.padEnd(44)} ours ${ours} ${unit}, stock ${stock}: ${ratio}${cpu}`)
  }
