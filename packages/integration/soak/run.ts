// A mesh of relays and people who talk, for as long as it is told to, with churn, slow and hostile peers: `pnpm soak [--minutes N] [--rate N]
// [--clients N] [--full] [--write]`. The exit code says whether anything was lost or shown twice. The relays are in one process and the people
// in another, with links over loopback.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { dialDoors } from '../fairness/processes/doors.ts'
import { startProcess } from '../fairness/processes/start.ts'
import type { PeopleProcess } from './people-process.ts'
import type { RelaysProcess } from './relays-process.ts'
import { pause } from './steps.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '500' },
    clients: { type: 'string', default: '20' },
    // People take every envelope instead of what their filters admit.
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false }
  }
})
const { minutes, rate, clients, full } = values
const here = (file: string): string => new URL(file, import.meta.url).href

const mesh = await startProcess(here('relays-process.ts'), [minutes, rate])
const town = await startProcess(here('people-process.ts'), [
  ...[minutes, clients, `${mesh.port}`],
  ...(full ? ['full'] : [])
])
const relays = await dialDoors<RelaysProcess>(mesh.port)
const people = await dialDoors<PeopleProcess>(town.port)
await Promise.all([relays.begin(), people.begin()])
await pause(Number(minutes) * 60_000)
const [traffic, talk] = await Promise.all([relays.finish(), people.finish()])
town.stop()
mesh.stop()

const facts = {
  ...{ minutes: Number(minutes), rate: Number(rate), clients: Number(clients), full },
  relays: traffic,
  people: talk
}
console.log(JSON.stringify(facts, undefined, 2))
if (values.write) writeFileSync(new URL('summary.json', import.meta.url), `${JSON.stringify(facts, undefined, 2)}\n`)
process.exit(traffic.envelopesLost + talk.messagesLost + talk.messagesRepeated === 0 ? 0 : 1)
