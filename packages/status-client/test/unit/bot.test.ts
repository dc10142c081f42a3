import { readFile } from 'node:fs/promises'
import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createWhisper } from '@status-stack/whisper'
import { expect, test } from 'vitest'
import type { Client } from '../../src/index.ts'
import { person, until } from '../support/world.ts'

interface Bot {
  readonly client: Client
  readonly stop: () => Promise<void>
}

// @ts-expect-error the example is plain JavaScript, as a reader would write it
const { startBot } = (await import('../../examples/bot/bot.mjs')) as { startBot: (relay: string) => Promise<Bot> }

test('the bot of 25 lines answers over loopback TCP through a relay', async () => {
  const source = await readFile(new URL('../../examples/bot/bot.mjs', import.meta.url), 'utf8')
  expect(source.trim().split('\n').length).toBeLessThanOrEqual(25)
  const relay = createWhisper({}, { powWorkers: 0 })
  const run = (link: Parameters<typeof relay.attach>[0]) => relay.attach(link)
  const shh = { name: 'shh', version: 6, length: 128 }
  const server = createHost(
    { privateKey: generatePrivateKey(), capabilities: [{ ...shh, run }] },
    { listen: { host: '127.0.0.1', port: 0 } }
  )
  await relay.start()
  await server.start()
  const alice = await person('alice')
  const dialer = createHost(
    { privateKey: generatePrivateKey(), capabilities: [{ ...shh, run: alice.client.attach }] },
    { listen: false }
  )
  const bot = await startBot(server.enode())
  try {
    await alice.client.start()
    await dialer.start()
    dialer.addStatic(server.enode())
    await until('both are connected', () => alice.client.connected() && bot.client.connected())
    await alice.client.send({ kind: 'one-to-one', publicKey: bot.client.publicKey }, { text: 'ping' })
    await until('the bot answers', () => alice.texts().includes('you said: ping'))
  } finally {
    await bot.stop()
    await dialer.stop()
    await alice.client.stop()
    await server.stop()
    await relay.stop()
  }
})
