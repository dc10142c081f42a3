import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { type Client, ClientError, createClient, importAccount, safetyText } from '../../src/index.ts'
import { identityOf, person, storageKey } from '../support/world.ts'

/** What programs without types pass by mistake. */
const nonsense: readonly unknown[] = [undefined, null, 0, Number.NaN, 'text', [], {}, new Uint8Array(3), () => {}, true]

/** Methods that need no argument, or whose arguments may all be absent. */
const free: readonly (keyof Client)[] = [
  'start',
  'stop',
  'peers',
  'connected',
  'places',
  'idle',
  'holdQueue',
  'tick',
  'clockReport',
  'chats',
  'contacts',
  'profile',
  'devices',
  'syncDevices',
  'publishContactCode',
  'wipe'
]

/** Arguments that fit, so that each one can be made wrong in its turn. */
const person_ = identityOf('bob').publicKey
const chat = { kind: 'one-to-one', publicKey: person_ }
const id = `0x${'ab'.repeat(32)}`
const fitting: Partial<Record<keyof Client, readonly unknown[]>> = {
  on: ['message', () => {}],
  attach: [{ peerId: 'ab', flags: {}, packets: () => {}, send: () => {}, close: () => {} }],
  messages: [chat, { limit: 1 }],
  search: [chat, 'text', {}],
  message: [id],
  joinPublic: ['room'],
  leavePublic: ['room'],
  send: [chat, { text: 'hello' }, {}],
  react: [id, 'love', true],
  edit: [id, 'text'],
  deleteMessage: [id],
  pin: [id, true],
  pinned: [chat],
  sendCommand: [chat, { kind: 'request-address', value: '1', contract: '' }],
  markSeen: [chat, id],
  clearChat: [chat],
  acceptRequest: [chat],
  setMuted: [chat, true],
  attachmentLimit: [chat],
  draft: [chat],
  setDraft: [chat, 'text'],
  ledger: [id],
  retry: [person_],
  cancel: [id],
  contact: [person_],
  addContact: [person_],
  removeContact: [person_],
  block: [person_],
  unblock: [person_],
  setName: [person_, 'name'],
  setPolicy: [person_, { minimum: 'auto' }],
  setProfile: [{ ensName: '' }],
  createGroup: ['name', [person_]],
  joinGroup: ['id'],
  inviteToGroup: ['id', [person_]],
  renameGroup: ['id', 'name'],
  promoteInGroup: ['id', [person_]],
  removeFromGroup: ['id', person_],
  stepDownInGroup: ['id'],
  leaveGroup: ['id'],
  devicesOf: [person_],
  pair: ['name', 'phone'],
  enableDevice: ['id'],
  disableDevice: ['id'],
  fetchHistory: [{ toSeconds: 1 }],
  exportAccount: ['password']
}

const fits = (value: unknown, model: unknown): boolean =>
  value === undefined ||
  (typeof value === typeof model && !(typeof value === 'object' && Array.isArray(value) !== Array.isArray(model)))

async function outcomeOf(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

test('every method of a client refuses arguments of the wrong type with its own error', async () => {
  const { client } = await person('alice')
  const names = Object.keys(client).filter(name => typeof client[name as keyof Client] === 'function')
  const missing = names.filter(name => !free.includes(name as keyof Client) && !(name in fitting))
  expect(missing).toEqual([])
  for (const [name, model] of Object.entries(fitting)) {
    const method = client[name as keyof Client] as unknown as (...given: readonly unknown[]) => unknown
    for (const [position, right] of model.entries()) {
      for (const wrong of nonsense) {
        if (fits(wrong, right)) continue
        // A password may be bytes as well.
        if (name === 'exportAccount' && wrong instanceof Uint8Array) continue
        const given = model.map((value, index) => (index === position ? wrong : value))
        const outcome = await outcomeOf(() => method(...given))
        const what = `${name}, argument ${position + 1}: ${String(wrong)}`
        expect(ClientError.is(outcome), `${what}: ${String(outcome)}`).toBe(true)
        expect(outcome, what).toMatchObject({ code: 'invalid-argument', origin: 'caller' })
      }
    }
    const first = await outcomeOf(() => method())
    if (name !== 'fetchHistory' && name !== 'retry')
      expect(first, name).toMatchObject({ code: 'invalid-argument', origin: 'caller' })
  }
  await client.stop()
})

test('texts do not pass as bytes, wherever bytes are meant', async () => {
  const { client } = await person('alice')
  const key = '04'.padEnd(65, 'a')
  const text = key as unknown as Uint8Array
  const invalid = { code: 'invalid-argument', origin: 'caller' }
  const calls: readonly (() => Promise<unknown>)[] = [
    () => client.addContact(text),
    () => client.createGroup('friends', [text]),
    () => client.send({ kind: 'one-to-one', publicKey: text }, { text: 'x' }),
    () => client.send({ kind: 'one-to-one', publicKey: person_ }, { image: text }),
    () => client.send({ kind: 'one-to-one', publicKey: person_ }, { audio: text, durationMs: 1 }),
    () =>
      client.sendCommand(
        { kind: 'one-to-one', publicKey: person_ },
        { kind: 'send-transaction', id: '', transactionHash: '0x', signature: text }
      ),
    () => client.addContact(new Uint8Array(65)),
    async () => safetyText(text, person_)
  ]
  for (const call of calls) expect(await outcomeOf(call)).toMatchObject(invalid)
  await client.stop()
})

test('collaborators are checked before anything is opened', async () => {
  const identity = identityOf('alice')
  const database = new MemoryLevel()
  const deps = { identity, database, storageKey }
  const wrong: readonly unknown[] = [
    undefined,
    {},
    { ...deps, storageKey: 'ab'.repeat(32) },
    { ...deps, storageKey: new Uint8Array(31) },
    { ...deps, identity: undefined },
    { ...deps, identity: { ...identity, publicKey: new Uint8Array(64) } },
    { ...deps, database: undefined },
    { ...deps, clock: Date.now },
    { ...deps, random: {} },
    { ...deps, nodeKey: {} }
  ]
  for (const given of wrong) {
    const invalid = { code: 'invalid-argument', origin: 'caller' }
    await expect(createClient(given as typeof deps)).rejects.toMatchObject(invalid)
  }
  expect(database.status).not.toBe('closed')
  await expect(importAccount(deps, 'bytes' as unknown as Uint8Array, 'x')).rejects.toMatchObject({
    code: 'invalid-argument'
  })
  await expect(importAccount(deps, new Uint8Array(3), undefined as unknown as string)).rejects.toMatchObject({
    code: 'invalid-argument'
  })
})
