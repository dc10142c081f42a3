// The process of the people: `people-process.ts MINUTES COUNT PORT [full]`. Whole clients in pairs who write to each other every few seconds.
import { generateIdentity } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { MemoryLevel } from 'memory-level'
import { dialLink, serveDoors } from '../fairness/processes/doors.ts'
import { socketLink } from '../fairness/processes/socket-link.ts'
import { createSampler, type Sampler } from './sampler.ts'
import { pause, stepEveryMs } from './steps.ts'

const everyMs = 3000
/** How long what is under way at the end may take: two retries. */
const restMs = 90_000
/** The databases are in memory: what people keep may not grow for as long as they talk. */
const messagesPerChat = 50

const [, , minutesText, countText, port, interest] = process.argv
const [minutes, count] = [Number(minutesText), Number(countText)]
// One byte for each text, made before the first is sent: the judge's own memory is no growth. Nobody writes more often than twice in `everyMs`.
const shown = new Uint8Array(Math.ceil((count * minutes * 60_000 * 2) / everyMs) + count)
let sent = 0
let failures = 0

async function join(at: number): Promise<Client> {
  const client = await createClient(
    {
      identity: generateIdentity().identity,
      database: new MemoryLevel(),
      storageKey: crypto.getRandomValues(new Uint8Array(32)),
      whisper: { powWorkers: 0, minPow: 0, ...(interest === 'full' ? {} : { bloom: 'interests', light: true }) }
    },
    { lockAccount: false, contactCodeDelayMs: 86_400_000, messagesPerChat }
  )
  client.on('message', ({ outgoing, text }) => {
    const number = Number(text)
    if (!outgoing) shown[number] = (shown[number] ?? 0) + 1
  })
  await client.start()
  const socket = await dialLink(Number(port), { id: `5${at.toString(16)}`.padStart(64, '0'), address: '127.0.0.1' })
  client.attach(socketLink(socket, '1'.padStart(64, '0'))).catch(() => undefined)
  return client
}

const clients: Client[] = []
for (let at = 0; at < count; at++) clients.push(await join(at))
const next: number[] = []
let sampler: Sampler | undefined
let steps: NodeJS.Timeout | undefined

function step(): void {
  sampler?.step()
  for (const [at, client] of clients.entries()) {
    const other = clients[at ^ 1]
    if (other === undefined || Date.now() < (next[at] ?? 0)) continue
    next[at] = Date.now() + everyMs * (0.5 + Math.random())
    client.send({ kind: 'one-to-one', publicKey: other.publicKey }, { text: `${sent++}` }).catch(() => {
      failures += 1
    })
  }
}
const missing = (): number => shown.subarray(0, sent).filter(times => times === 0).length

const doors = {
  begin: (): void => {
    for (const at of clients.keys()) next[at] = Date.now() + Math.random() * everyMs
    sampler = createSampler(minutes)
    steps = setInterval(step, stepEveryMs)
  },
  finish: async () => {
    clearInterval(steps)
    const sampled = sampler?.finish()
    const end = Date.now() + restMs
    while (missing() > 0 && Date.now() < end) await pause(500)
    await Promise.all(clients.map(client => client.stop()))
    const repeated = shown.filter(times => times > 1).length
    return { messages: sent, messagesLost: missing(), messagesRepeated: repeated, sendFailures: failures, ...sampled }
  }
}
export type PeopleProcess = typeof doors

serveDoors(doors)
