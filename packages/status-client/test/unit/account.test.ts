import { bytesToHex, utf8Bytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { createClient, importAccount, webLocks } from '../../src/index.ts'
import { fakeLocks } from '../support/locks.ts'
import { mailserver } from '../support/mailserver.ts'
import {
  chatWith,
  connect,
  during,
  identityOf,
  movableClock,
  type Person,
  person,
  storageKey,
  until
} from '../support/world.ts'

async function rawBytes(database: MemoryLevel): Promise<string> {
  let all = ''
  const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
  for await (const [key, value] of database.iterator<string, Uint8Array>(encodings)) {
    all += `${key} ${bytesToHex(value)} ${new TextDecoder('latin1').decode(value)}\n`
  }
  return all
}

async function filled(disk: MemoryLevel): Promise<{ alice: Person; bob: Person; messageId: string }> {
  const alice = await person('alice', { database: disk })
  const bob = await person('bob')
  await alice.client.start()
  await bob.client.start()
  connect(alice, bob)
  await alice.client.joinPublic('a-room-nobody-should-see')
  await alice.client.addContact(bob.client.publicKey)
  const png = new Uint8Array(500).fill(9)
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const { messageId } = await alice.client.send(chatWith(bob), { text: 'the secret text', image: png })
  await until('arrived', () => bob.texts().length === 1)
  await bob.client.react(messageId, 'love')
  await until('reaction', async () => (await alice.client.message(messageId))?.reactions.length === 1)
  await bob.client.send(chatWith(alice), { text: 'an answer' })
  await until('answer', () => alice.texts().length === 1)
  return { alice, bob, messageId }
}

test('nothing on the disk shows a text, a name, a key or an id', async () => {
  const disk = new MemoryLevel()
  const { alice, bob, messageId } = await filled(disk)
  await alice.client.stop()
  await bob.client.stop()
  const raw = await rawBytes(disk)
  expect(raw.length).toBeGreaterThan(5000)
  const secrets = [
    'the secret text',
    'an answer',
    'a-room-nobody-should-see',
    bytesToHex(bob.client.publicKey),
    bytesToHex(alice.client.publicKey),
    bytesToHex(bob.client.publicKey).slice(2, 40),
    messageId.slice(2),
    alice.client.installationId,
    bob.client.installationId,
    bytesToHex(utf8Bytes('the secret text'))
  ]
  for (const secret of secrets) expect(raw.includes(secret), secret).toBe(false)
})

test('another storage key is refused, and the store of a later release too', async () => {
  const disk = new MemoryLevel()
  const alice = await person('alice', { database: disk })
  await alice.client.stop()
  const open = (key: Uint8Array) => createClient({ identity: identityOf('alice'), database: disk, storageKey: key })
  await expect(open(new Uint8Array(32).fill(1))).rejects.toMatchObject({ code: 'wrong-storage-key' })
  await expect(open(new Uint8Array(31))).rejects.toMatchObject({ code: 'invalid-argument' })
  await disk.put('!schema', '99')
  await expect(open(storageKey)).rejects.toMatchObject({ code: 'store-newer', details: { stored: 99 } })
})

test('an exported account comes back with its history on a new device, with a new installation id and no sessions', async () => {
  const { alice, bob, messageId } = await filled(new MemoryLevel())
  const backup = await alice.client.exportAccount('correct horse')
  expect(new TextDecoder('latin1').decode(backup)).not.toContain('the secret text')
  await alice.client.stop()
  const disk = new MemoryLevel()
  const deps = { identity: identityOf('alice'), database: disk, storageKey: new Uint8Array(32).fill(5) }
  await expect(importAccount(deps, backup, 'wrong')).rejects.toMatchObject({ code: 'backup-invalid' })
  await expect(importAccount({ ...deps, identity: identityOf('bob') }, backup, 'correct horse')).rejects.toMatchObject({
    code: 'backup-invalid'
  })
  await expect(importAccount(deps, utf8Bytes('something else'), 'correct horse')).rejects.toMatchObject({
    code: 'backup-invalid'
  })
  await importAccount(deps, backup, 'correct horse')
  const again = await createClient({ ...deps, whisper: { powWorkers: 0 } }, { lockAccount: false })
  try {
    expect(again.installationId).not.toBe(alice.client.installationId)
    expect(await again.devicesOf(bob.client.publicKey)).toEqual([])
    expect((await again.messages(chatWith(bob))).map(message => message.text)).toEqual(['an answer', 'the secret text'])
    const message = await again.message(messageId)
    expect(message).toMatchObject({ outgoing: true, content: { kind: 'image' }, reactions: [{ emoji: 'love' }] })
    expect((await again.ledger(messageId))?.complete).toBe(true)
    expect((await again.contact(bob.client.publicKey)).added).toBe(true)
    expect((await again.chats()).map(chat => chat.id)).toContain('a-room-nobody-should-see')
  } finally {
    await again.stop()
    await bob.client.stop()
  }
})

test('a wiped account leaves an empty database', async () => {
  const disk = new MemoryLevel()
  const { alice, bob } = await filled(disk)
  await alice.client.wipe()
  expect(await disk.keys().all()).toEqual([])
  await bob.client.stop()
})

test('an account is wiped also where the client could not stop in good order', async () => {
  const disk = new MemoryLevel<string, Uint8Array>()
  const lock = { acquire: async () => () => Promise.reject(new Error('the lock is gone')) }
  const alice = await person('alice', { database: disk, lock, lockAccount: true })
  await alice.client.joinPublic('a-room-nobody-should-see')
  await expect(alice.client.stop()).rejects.toThrow('the lock is gone')
  expect(await disk.keys().all()).not.toEqual([])
  await alice.client.wipe()
  expect(await disk.keys().all()).toEqual([])
})

test('the account lock keeps a second client out until the first has stopped', async () => {
  const held = new Set<string>()
  const lock = {
    acquire: async (name: string) => {
      if (held.has(name)) return undefined
      held.add(name)
      return () => {
        held.delete(name)
      }
    }
  }
  const deps = { identity: identityOf('alice'), database: new MemoryLevel(), storageKey, lock }
  const first = await createClient(deps)
  await expect(createClient(deps)).rejects.toMatchObject({ code: 'account-in-use' })
  await first.stop()
  const second = await createClient(deps)
  await second.stop()
  expect(held.size).toBe(0)
})

test('a failed opening gives the lock back', async () => {
  let free = true
  const lock = {
    acquire: async () => {
      free = false
      return () => {
        free = true
      }
    }
  }
  const deps = { identity: identityOf('alice'), database: new MemoryLevel(), storageKey: new Uint8Array(1), lock }
  await expect(createClient(deps)).rejects.toMatchObject({ code: 'invalid-argument' })
  expect(free).toBe(true)
})

test('options out of range are refused by name', async () => {
  const deps = { identity: identityOf('alice'), database: new MemoryLevel(), storageKey }
  for (const options of [
    { syncTickMs: 1 },
    { historyPageLimit: 0 },
    { mailservers: ['not hex'] },
    { mailserverPasswords: { ['ab'.repeat(32)]: 'of nobody' } },
    { pfs: 'maybe' as 'on' },
    { timers: 'yes' as unknown as boolean }
  ]) {
    const [name] = Object.keys(options)
    await expect(createClient(deps, options)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(name ?? '')
    })
  }
})

test('a stopped client does not start again', async () => {
  const alice = await person('alice')
  await alice.client.stop()
  await alice.client.stop()
  await expect(alice.client.start()).rejects.toMatchObject({ code: 'stopped' })
})

test('of many messages that are sent when a client stops, those not begun are refused and nothing of them is kept', async () => {
  const alice = await person('alice')
  const chat = { kind: 'public', name: 'flood' } as const
  await alice.client.joinPublic('flood')
  const sending = Array.from({ length: 200 }, (_, n) => alice.client.send(chat, { text: `number ${n}` }))
  await sending[0]
  const stopped = alice.client.stop()
  const sent = await Promise.allSettled(sending)
  await stopped
  const codes = sent.flatMap(one => (one.status === 'rejected' ? [one.reason.code] : []))
  expect(new Set(codes)).toEqual(new Set(['stopped']))
  expect(codes.length).toBeGreaterThan(100)
  const again = await person('alice', { database: alice.database })
  expect(await again.client.messages(chat, { limit: 200 })).toHaveLength(200 - codes.length)
  await again.client.stop()
})

test('a client whose disk is full ends its links and frees its account all the same when it stops', async () => {
  const clock = movableClock()
  const mail = await mailserver('mail', { clock })
  const disk = new MemoryLevel<string, Uint8Array>()
  let full = false
  const database = new Proxy(disk, {
    get: (target, property) => {
      if (full && property === 'batch') return async () => Promise.reject(new Error('disk full'))
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  const lock = webLocks(fakeLocks())
  const options = { database, clock, lock, lockAccount: true, mailservers: [mail.peerId] }
  const alice = await person('alice', { clock })
  const bob = await person('bob', options)
  try {
    await during([alice], async () => {
      await bob.client.start()
      connect(alice, bob)
      mail.link(bob)
      await until('fetched', () => bob.events.history.some(({ state }) => state === 'done'))
      await until('linked', () => alice.client.connected())
      clock.forward(60_000)
      full = true
      await expect(bob.client.stop()).rejects.toMatchObject({ code: 'store-failed' })
      await until('alice hears of it', () => !alice.client.connected())
      full = false
      const again = await person('bob', options)
      await again.client.stop()
    })
  } finally {
    await mail.stop()
  }
})
