import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomBytes } from '@status-stack/crypto'
import { messagePortLink } from '@status-stack/messageport-transport'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { createClient, webLocks } from '../../src/index.ts'
import { bundleForBrowser, importsOf } from '../support/browser-bundle.ts'
import { fakeLocks } from '../support/locks.ts'
import { chatWith, connect, identityOf, type Person, peerIdOf, person, storageKey, until } from '../support/world.ts'

test('the bundle for browsers is whole: nothing of Node is left to import', { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'status-client-bundle-'))
  try {
    await bundleForBrowser({ index: fileURLToPath(new URL('../../src/index.ts', import.meta.url)) }, folder)
    const source = await readFile(join(folder, 'index.js'), 'utf8')
    expect(source.length).toBeGreaterThan(200_000)
    expect(importsOf(source)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('two clients talk over a MessagePort', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  const { port1, port2 } = new MessageChannel()
  try {
    await Promise.all([alice.client.start(), bob.client.start()])
    const ended = alice.client.attach(messagePortLink(port1, { peerId: peerIdOf('bob') })).catch(() => undefined)
    bob.client.attach(messagePortLink(port2, { peerId: peerIdOf('alice') })).catch(() => undefined)
    await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('arrived', () => bob.texts().includes('hello'))
    await bob.client.send(chatWith(alice), { text: 'hello yourself' })
    await until('answered', () => alice.texts().includes('hello yourself'))
    await bob.client.stop()
    await ended
    await until('the other end is gone', () => !alice.client.connected())
  } finally {
    await alice.client.stop()
    await bob.client.stop()
  }
})

test('Web Locks keep a second tab off the account until the first one closes', async () => {
  const lock = webLocks(fakeLocks())
  const open = () => createClient({ identity: identityOf('alice'), database: new MemoryLevel(), storageKey, lock })
  const first = await open()
  await expect(open()).rejects.toMatchObject({ code: 'account-in-use' })
  await first.stop()
  const second = await open()
  await second.stop()
})

test('one-shot commands on classic-level keep their sessions: open, send, close, again and again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'status-client-oneshot-'))
  const bob = await person('bob')
  await bob.client.start()
  const command = async (text: string, alsoOpen = false): Promise<void> => {
    const database = new ClassicLevel<string, Uint8Array>(join(folder, 'db'))
    const alice: Person = await person('alice', { database })
    try {
      if (alsoOpen) {
        const again = new ClassicLevel(join(folder, 'db'))
        await expect(
          createClient({ identity: identityOf('alice'), database: again, storageKey })
        ).rejects.toMatchObject({
          code: 'account-in-use'
        })
      }
      await alice.client.start()
      const link = connect(alice, bob)
      const { messageId } = await alice.client.send(chatWith(bob), { text })
      await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
      link.cut()
    } finally {
      await alice.client.stop()
      await database.close()
    }
    await until('gone', () => !bob.client.connected())
  }
  try {
    await command('one', true)
    await command('two')
    await command('three')
    const alice = { kind: 'one-to-one', publicKey: identityOf('alice').publicKey } as const
    const shown = await bob.client.messages(alice)
    expect(shown.map(message => message.text)).toEqual(['three', 'two', 'one'])
    expect(shown.map(message => message.protection)).toEqual(['forward-secret', 'forward-secret', 'static-key'])
    expect(await bob.client.devicesOf(alice.publicKey)).toHaveLength(1)
  } finally {
    await bob.client.stop()
    await rm(folder, { recursive: true })
  }
})

test('the platform’s own clock, randomness and silence are the defaults', async () => {
  const client = await createClient({
    identity: identityOf('carol'),
    database: new MemoryLevel(),
    storageKey: randomBytes(32)
  })
  await client.start()
  await client.joinPublic('status')
  const before = Date.now()
  const { clock } = await client.send({ kind: 'public', name: 'status' }, { text: 'now' })
  expect(clock).toBeGreaterThanOrEqual(before)
  await client[Symbol.asyncDispose]()
})
