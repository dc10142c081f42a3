// A bot that answers every message with its own words.   node bot.mjs enode://…@127.0.0.1:30303
import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { createClient } from '@status-stack/status-client'
import { MemoryLevel } from 'memory-level'

export async function startBot(relay, identityKey = generatePrivateKey()) {
  const identity = createIdentityKey(identityKey)
  const client = await createClient({ identity, database: new MemoryLevel(), storageKey: randomBytes(32) })
  client.on('message', async ({ chat, text, outgoing }) => {
    if (!outgoing && text !== '') await client.send(chat, { text: `you said: ${text}` })
  })
  const shh = { name: 'shh', version: 6, length: 128, run: client.attach }
  const host = createHost({ privateKey: generatePrivateKey(), capabilities: [shh] }, { listen: false })
  await client.start()
  await host.start()
  host.addStatic(relay)
  return { client, stop: () => host.stop().then(client.stop) }
}

if (process.argv[2]?.startsWith('enode:')) await startBot(process.argv[2])
