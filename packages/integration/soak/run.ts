// A mesh of relays and people who talk, for as long as it is told to, with churn, slow and hostile peers: `pnpm soak [--minutes N] [--rate N]
// [--clients N] [--every MS] [--full] [--relay-processes N] [--write]`. The exit code says whether anything was lost or shown twice. The relays are in
// processes of their own and the people in another, with links over loopback.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { bytesToHex } from '@status-stack/crypto'
import { dialDoors } from '../fairness/processes/doors.ts'
import { startProcess } from '../fairness/processes/start.ts'
import { ttlSeconds } from './mesh.ts'
import type { PeopleProcess } from './people-process.ts'
import type { RelaysProcess } from './relays-process.ts'
import type { SampledFacts } from './sampler.ts'
import { pause } from './steps.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '500' },
    clients: { type: 'string', default: '20' },
    // Milliseconds between two messages of a person, on average.
    every: { type: 'string', default: '3000' },
    // People take every envelope instead of what their filters admit.
    full: { type: 'boolean', default: false },
    'relay-processes': { type: 'string', default: '2' },
    write: { type: 'boolean', default: false }
  }
})
const { minutes, rate, clients, every, full, 'relay-processes': processesText } = values
const processes = Number(processesText)
const here = (file: string): string => new URL(file, import.meta.url).href
const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(1))

const mark = bytesToHex(crypto.getRandomValues(new Uint8Array(16)))
const meshes = await Promise.all(
  Array.from({ length: processes }, (_, index) =>
    startProcess(here('relays-process.ts'), [`${index}`, `${processes}`, minutes, rate, mark])
  )
)
const ports = meshes.map(({ port }) => port)
const parts = await Promise.all(ports.map(port => dialDoors<RelaysProcess>(port)))
await Promise.all(parts.map(part => part.connect(ports)))
const town = await startProcess(here('people-process.ts'), [
  minutes,
  clients,
  every,
  ports.join(),
  ...(full ? ['full'] : [])
])
const people = await dialDoors<PeopleProcess>(town.port)

const load = { before: loadNow(), after: 0 }
await Promise.all([people.begin(), ...parts.map(part => part.begin())])
await pause(Number(minutes) * 60_000)
const talking = people.finish()
const traffic = await Promise.all(parts.map(part => part.finish()))
load.after = loadNow()

// What is under way gets as long as it lives.
const made = traffic.map(({ offered }) => offered)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
const restBegan = Date.now()
const restSeconds = (): number => Math.round((Date.now() - restBegan) / 1000)
const missingNow = async (): Promise<number> => sum(await Promise.all(parts.map(part => part.missing(made))))
let envelopesLost = await missingNow()
while (envelopesLost > 0 && restSeconds() < ttlSeconds) {
  await pause(500)
  envelopesLost = await missingNow()
}
const lastArrivedSeconds = restSeconds()
const talked = await talking
// And then pools are empty: what memory holds now is what stays.
await pause(Math.max(0, ttlSeconds + 2 - restSeconds()) * 1000)
const relays = await Promise.all(
  parts.map(async (part, at) => ({
    ...traffic[at],
    pooledAfter: await part.pooled(),
    memoryAfter: await part.memory()
  }))
)
const talk = { ...talked, ...(await people.leave()) }
town.stop()
for (const mesh of meshes) mesh.stop()

const envelopesPerSecond = Number(sum(traffic.map(({ perSecond }) => perSecond)).toFixed(1))
const watched: readonly Partial<SampledFacts>[] = [...relays, talk]
const facts = {
  ...{
    minutes: Number(minutes),
    rate: Number(rate),
    clients: Number(clients),
    every: Number(every),
    full,
    relayProcesses: processes
  },
  machine: { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version, load },
  traffic: { envelopes: sum(made), envelopesPerSecond, envelopesLost, lastArrivedSeconds },
  // What a run of the whole length has to show.
  aims: {
    rate: envelopesPerSecond >= 0.99 * Number(rate),
    nothingLost: envelopesLost + talk.messagesLost === 0,
    nothingTwice: talk.messagesRepeated === 0,
    memory: watched.every(({ memory }) => (memory?.growthPercentPerTenMinutes ?? 0) < 1),
    delay: watched.every(({ delayP99Ms = 0 }) => delayP99Ms < 50)
  },
  relays,
  people: talk
}
console.log(JSON.stringify(facts, undefined, 2))
if (values.write) writeFileSync(new URL('summary.json', import.meta.url), `${JSON.stringify(facts, undefined, 2)}\n`)
process.exit(envelopesLost + talk.messagesLost + talk.messagesRepeated === 0 ? 0 : 1)
