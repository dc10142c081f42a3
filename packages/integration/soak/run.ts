// A mesh of relays and people who talk, for as long as it is told to, with churn, slow and hostile peers: `pnpm soak [--minutes N] [--rate N]
// [--clients N] [--write]`. The exit code says whether anything was lost or shown twice. Everything is in this process, over links in memory.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { createMesh } from './mesh.ts'
import { createPeople } from './people.ts'
import { createSampler } from './sampler.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '500' },
    clients: { type: 'string', default: '20' },
    write: { type: 'boolean', default: false }
  }
})
const [minutes, rate, clients] = [Number(values.minutes), Number(values.rate), Number(values.clients)]
const endMs = Date.now() + minutes * 60_000
const delay = monitorEventLoopDelay({ resolution: 10 })
const mesh = await createMesh({ rate })
const people = await createPeople(mesh, clients)
const sampler = createSampler(minutes)
delay.enable()
while (Date.now() < endMs) {
  mesh.step()
  people.step()
  sampler.step()
  await new Promise(resolve => setTimeout(resolve, 20))
}
delay.disable()
const traffic = await mesh.finish()
const talk = await people.finish()
const facts = {
  minutes,
  rate,
  clients,
  ...traffic,
  ...talk,
  ...sampler.finish(),
  eventLoopDelayP99Ms: Math.round(delay.percentile(99) / 1e6)
}
await mesh.stop()
console.log(JSON.stringify(facts, undefined, 2))
if (values.write) writeFileSync(new URL('summary.json', import.meta.url), `${JSON.stringify(facts, undefined, 2)}\n`)
process.exit(traffic.envelopesLost + talk.messagesLost + talk.messagesRepeated === 0 ? 0 : 1)
