// One side of a measurement in a process of its own: node worker.mjs <ours|stock> <receiver|sender>
import { setImmediate as turn } from 'node:timers/promises'

const [implementation, role] = process.argv.slice(2)
const { dial, listen } = await import(`./${implementation}.mjs`)

const seconds = () => Number(process.hrtime.bigint()) / 1e9
/** Bytes that do not compress, as encrypted traffic is. */
function noise(length) {
  const bytes = new Uint8Array(length)
  for (let i = 0, state = 1; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}
const memory = () => {
  for (let i = 0; i < 4; i++) globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

if (role === 'receiver') {
  let count = 0
  let bytes = 0
  let first = 0
  let last = 0
  const host = await listen((_code, length) => {
    last = seconds()
    if (count === 0) first = last
    count++
    bytes += length
  })
  let before
  process.on('message', async ({ command }) => {
    if (command === 'reset') {
      count = 0
      bytes = 0
      process.send({ done: true })
    } else if (command === 'result') process.send({ count, bytes, seconds: last - first })
    else if (command === 'cpu') process.send({ cpu: process.cpuUsage(), opened: host.opened() })
    else if (command === 'peers') process.send({ peers: host.peers() })
    else if (command === 'memory') {
      for (let i = 0; i < 20; i++) await turn()
      const now = memory()
      process.send({ memory: now, before })
      before = now
    } else process.exit(0)
  })
  process.send({ port: host.port, publicKey: [...host.publicKey] })
} else {
  const open = []
  let link
  process.on('message', async ({ command, port, publicKey, size, forMs, count }) => {
    const key = publicKey === undefined ? undefined : Uint8Array.from(publicKey)
    if (command === 'dial') {
      link = await dial(port, key)
      process.send({ done: true })
    } else if (command === 'send') {
      const payload = noise(size)
      const end = seconds() + forMs / 1000
      let sent = 0
      while (seconds() < end) {
        for (let i = 0; i < 16; i++) {
          const wait = link.send(payload)
          sent++
          if (wait !== undefined) await wait
        }
      }
      process.send({ sent })
    } else if (command === 'cpu') process.send({ cpu: process.cpuUsage() })
    else if (command === 'handshakes') {
      for (let i = 0; i < count; i++) await (await dial(port, key)).close()
      process.send({ done: true })
    } else if (command === 'idle') {
      for (let i = 0; i < count; i++) open.push(await dial(port, key))
      process.send({ done: true })
    } else process.exit(0)
  })
  process.send({ done: true })
}
