// The process of the people: `people-process.ts MINUTES COUNT EVERY PORTS [full]`, the ports of the relays with commas between. Whole clients in
// pairs who write to each other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { generateIdentity } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { ClassicLevel } from 'classic-level'
import { dialLink, serveDoors } from '../fairness/processes/doors.ts'
import { socketLink } from '../fairness/processes/socket-link.ts'
import { createLayout, idOf, relayCount, relayId } from './layout.ts'
import { createSampler, memoryNow, type Sampler } from './sampler.ts'
import { pause, stepEveryMs } from './steps.ts'

/** How long what is under way at the end may take: two retries. */
const restMs = 90_000
const messagesPerChat = 50
/** Bytes that each of the databases has for itself. They are on the disk, as people's are: what a person keeps is not the memory of a client. */
const databaseBytes = 256 * 1024

const [, , minutesText, countText, everyText, portsText = '', interest] = process.argv
const ports = portsText.split(',').map(Number)
const { processOf } = createLayout(ports.length)
const [minutes, count, everyMs] = [Number(minutesText), Number(countText), Number(everyText)]
// One byte for each text, made before the first is sent: the judge's own memory is no growth. Nobody writes more often than twice in `everyMs`.
const shown = new Uint8Array(Math.ceil((count * minutes * 60_000 * 2) / everyMs) + count)
let sent = 0
let failures = 0
let linksLost = 0

const folder = mkdtempSync(joinPath(tmpdir(), 'soak-'))

async function join(at: number): Promise<Client> {
  const client = await createClient(
    {
      identity: generateIdentity().identity,
      database: new ClassicLevel(joinPath(folder, `${at}`), {
        cacheSize: databaseBytes,
        writeBufferSize: databaseBytes
      }),
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
  const relay = at % relayCount
  const socket = await dialLink(ports[processOf(relay)] ?? 0, { id: idOf(5, at), address: '127.0.0.1', node: relay })
  client.attach(socketLink(socket, relayId(relay))).catch(() => {
    linksLost += 1
  })
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
const missing = (): number => {
  let missed = 0
  for (const times of shown.subarray(0, sent)) if (times === 0) missed += 1
  return missed
}

const doors = {
  begin: (): void => {
    for (const at of clients.keys()) next[at] = Date.now() + Math.random() * everyMs
    sampler = createSampler(minutes, missing)
    steps = setInterval(step, stepEveryMs)
  },
  finish: async () => {
    clearInterval(steps)
    const sampled = sampler?.finish()
    const end = Date.now() + restMs
    while (missing() > 0 && Date.now() < end) await pause(500)
    return { messages: sent, messagesLost: missing(), sendFailures: failures, linksLost, ...sampled }
  },
  /** Goes home. Until now a text could be shown once more. */
  leave: async () => {
    const messagesRepeated = shown.filter(times => times > 1).length
    const memoryAfter = memoryNow()
    await Promise.all(clients.map(client => client.stop()))
    rmSync(folder, { recursive: true, force: true })
    return { messagesRepeated, memoryAfter }
  }
}
export type PeopleProcess = typeof doors

serveDoors(doors)
