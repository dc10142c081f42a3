import { utf8Bytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { type ChatRef, importAccount } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { chatWith, connect, during, identityOf, person, storageKey, until } from '../support/world.ts'

const carol = identityOf('carol').publicKey
const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const

test('what we call a person stays over restarts and in a backup, is told to nobody, and can be forgotten', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const alice = await person('alice', { database })
  const bob = await person('bob')
  let backup = new Uint8Array()
  await during([alice, bob], async () => {
    connect(alice, bob)
    await alice.client.setName(bob.client.publicKey, 'Bob from work')
    await alice.client.setName(carol, 'Carol, of whom nothing else is known')
    await until('the change is told', () => alice.events.contact.some(({ name }) => name === 'Bob from work'))
    await alice.client.addContact(bob.client.publicKey)
    await until('bob hears of her', async () => (await bob.client.contact(alice.client.publicKey)).requestReceived)
    expect(await bob.client.contact(alice.client.publicKey)).toMatchObject({ name: '', ensName: '' })
    backup = new Uint8Array(await alice.client.exportAccount('a password'))
  })
  const again = await person('alice', { database })
  expect(await again.client.contact(bob.client.publicKey)).toMatchObject({ name: 'Bob from work', added: true })
  await again.client.setName(bob.client.publicKey, '')
  expect(await again.client.contact(bob.client.publicKey)).toMatchObject({ name: '', added: true })
  await again.client.stop()
  for await (const [key, value] of database.iterator<string, Uint8Array>(encodings))
    expect(Buffer.concat([utf8Bytes(key), value]).includes('from work')).toBe(false)

  const restored = new MemoryLevel<string, Uint8Array>()
  await importAccount({ identity: identityOf('alice'), database: restored, storageKey }, backup, 'a password')
  const third = await person('alice', { database: restored })
  expect(await third.client.contact(carol)).toMatchObject({
    name: 'Carol, of whom nothing else is known',
    added: false
  })
  await third.client.stop()
})

test('a name that is longer than a line is refused, and the one before stays', async () => {
  const alice = await person('alice')
  await alice.client.setName(carol, 'Carol')
  const most = 'x'.repeat(limits.petNameCharacters)
  await expect(alice.client.setName(carol, `${most}x`)).rejects.toMatchObject({ code: 'too-large', origin: 'caller' })
  expect(await alice.client.contact(carol)).toMatchObject({ name: 'Carol' })
  await alice.client.setName(carol, most)
  expect(await alice.client.contact(carol)).toMatchObject({ name: most })
  await alice.client.stop()
})

test('a muted chat says so over restarts, and counts what arrives as before', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const alice = await person('alice', { database })
  const bob = await person('bob')
  const withBob: ChatRef = chatWith(bob)
  await expect(alice.client.setMuted(withBob, true)).rejects.toMatchObject({ code: 'unknown-chat' })
  await during([alice, bob], async () => {
    connect(alice, bob)
    await bob.client.send(chatWith(alice), { text: 'one' })
    await until('it came', () => alice.texts().includes('one'))
    expect(await alice.client.chats()).toMatchObject([{ muted: false, unread: 1 }])
    await alice.client.setMuted(withBob, true)
    await until('it is told', () => alice.events.chat.at(-1)?.muted === true)
    await bob.client.send(chatWith(alice), { text: 'two' })
    await until('the next came', () => alice.texts().includes('two'))
    expect(await alice.client.chats()).toMatchObject([{ muted: true, unread: 2 }])
  })
  const again = await person('alice', { database })
  expect(await again.client.chats()).toMatchObject([{ muted: true }])
  await again.client.setMuted(withBob, false)
  expect(await again.client.chats()).toMatchObject([{ muted: false, unread: 2 }])
  await again.client.stop()
})
