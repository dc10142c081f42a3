import { generateIdentity } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { MemoryLevel } from 'memory-level'
import { type Mesh, pause } from './mesh.ts'

const everyMs = 3000
/** How long what is under way at the end may take: two retries. */
const restMs = 90_000

/** People in pairs who write to each other every few seconds. */
export async function createPeople(mesh: Mesh, count: number) {
  const clients: Client[] = []
  const shown = new Map<string, number>()
  for (let at = 0; at < count; at++) {
    const client = await createClient(
      {
        identity: generateIdentity().identity,
        database: new MemoryLevel(),
        storageKey: crypto.getRandomValues(new Uint8Array(32)),
        whisper: { powWorkers: 0, minPow: 0 }
      },
      { lockAccount: false, contactCodeDelayMs: 86_400_000 }
    )
    client.on('message', ({ outgoing, text }) => {
      if (!outgoing) shown.set(text, (shown.get(text) ?? 0) + 1)
    })
    await client.start()
    mesh.link(at, client.attach)
    clients.push(client)
  }
  const sent = new Set<string>()
  const failures: unknown[] = []
  const next = clients.map(() => Date.now() + Math.random() * everyMs)
  const write = (from: Client, to: Client): void => {
    const text = `message ${sent.size}`
    sent.add(text)
    from.send({ kind: 'one-to-one', publicKey: to.publicKey }, { text }).catch(error => failures.push(error))
  }
  const missing = (): number => [...sent].filter(text => !shown.has(text)).length
  return {
    step: (): void => {
      for (const [at, client] of clients.entries()) {
        const other = clients[at ^ 1]
        if (other === undefined || Date.now() < (next[at] ?? 0)) continue
        next[at] = Date.now() + everyMs * (0.5 + Math.random())
        write(client, other)
      }
    },
    finish: async () => {
      const end = Date.now() + restMs
      while (missing() > 0 && Date.now() < end) await pause(500)
      const facts = {
        messages: sent.size,
        messagesLost: missing(),
        messagesRepeated: [...shown.values()].filter(times => times > 1).length,
        sendFailures: failures.length
      }
      await Promise.all(clients.map(client => client.stop()))
      return facts
    }
  }
}
