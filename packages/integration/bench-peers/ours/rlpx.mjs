// One side of a throughput measurement between two hosts of ours, as ../rlpx.   node rlpx.mjs serve | send <enode> <size> <ms>
import { randomBytes } from 'node:crypto'
import { ours } from './packages.mjs'

const [mode, enode, size, length] = process.argv.slice(2)
const { createHost } = await ours('devp2p-transport')
const say = facts => console.log(JSON.stringify(facts))
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function receive(link) {
  let count = 0
  let bytes = 0
  let first = 0
  let before = 0
  for await (const { code, payload } of link.packets()) {
    if (count === 0) {
      first = performance.now()
      before = cpu()
    }
    if (code === 2) {
      say({ count, bytes, seconds: (performance.now() - first) / 1000, cpu: cpu() - before })
      setTimeout(() => process.exit(0), 100)
      return
    }
    count++
    bytes += payload.length
  }
}

async function send(link) {
  const payload = new Uint8Array(randomBytes(Number(size)))
  await new Promise(resolve => setTimeout(resolve, 300))
  const before = cpu()
  for (const end = performance.now() + Number(length); performance.now() < end; ) {
    for (let i = 0; i < 16; i++) await link.send(1, payload)
  }
  const used = cpu() - before
  await link.send(2, Uint8Array.of(1))
  say({ cpu: used })
  for await (const _ of link.packets());
  process.exit(0)
}

const host = createHost(
  {
    privateKey: randomBytes(32),
    capabilities: [{ name: 'shh', version: 6, length: 128, run: mode === 'serve' ? receive : send }]
  },
  mode === 'serve' ? {} : { listen: false }
)
await host.start()
if (mode === 'serve') say({ enode: host.enode() })
else await host.dial(enode)
