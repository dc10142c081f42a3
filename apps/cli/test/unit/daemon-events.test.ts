import { publicKeyOf } from '@status-stack/crypto'
import type { Chat, Client, ClientEvents, Contact, Message } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { createAccountRpc, daemonLimits } from '../../src/daemon/account-rpc.ts'
import { type EventName, eventNames } from '../../src/daemon/event-names.ts'

const key = publicKeyOf(new Uint8Array(32).fill(1))
const id = `0x${'ab'.repeat(32)}`
const chatRef = { kind: 'public', name: 'status' } as const

const message: Message = {
  messageId: id,
  chat: chatRef,
  author: key,
  outgoing: false,
  text: 'hello',
  content: { kind: 'image', type: 'png', bytes: new Uint8Array(3) },
  clock: 1,
  timestampMs: 2,
  storedMs: 3,
  protection: 'public',
  source: 'live',
  seen: false,
  mentions: [],
  deleted: false,
  reactions: [{ emoji: 'love', author: key }]
}
const chat: Chat = {
  chat: chatRef,
  id: 'status',
  active: true,
  request: false,
  unread: 2,
  unreadMentions: 1,
  lastClock: 5
}
const contact: Contact = {
  publicKey: key,
  added: true,
  requestReceived: false,
  blocked: false,
  ensName: '',
  ensVerified: false,
  picture: 'a secret picture',
  minimum: 'auto',
  pfs: 'on',
  safetyText: '1 2 3'
}

type Sample<K extends EventName> = readonly [fact: ClientEvents[K], event: object]

/** One fact for every event, and what a program gets of it. An event without a sample does not compile. */
const samples: { readonly [K in EventName]: Sample<K> } = {
  message: [
    message,
    { event: 'message', messageId: id, text: 'hello', attachment: { kind: 'image', type: 'png', bytes: 3 } }
  ],
  change: [
    { message, change: 'edited' },
    { event: 'change', change: 'edited', message: expect.objectContaining({ messageId: id }) }
  ],
  delivery: [
    { messageId: id, chat: chatRef, state: 'held', reason: 'offline' },
    { event: 'delivery', messageId: id, state: 'held', reason: 'offline' }
  ],
  refused: [
    { layer: 'policy', reason: 'downgrade', author: key, final: true, expected: false },
    { event: 'refused', layer: 'policy', reason: 'downgrade', final: true }
  ],
  chat: [chat, { event: 'chat', id: 'status', unread: 2 }],
  contact: [contact, { event: 'contact', added: true, safetyText: '1 2 3' }],
  device: [
    { device: { installationId: 'i', own: true, enabled: false, name: 'n', deviceType: 't' }, change: 'found' },
    { event: 'device', installationId: 'i', change: 'found' }
  ],
  peer: [
    { peer: { peerId: 'ab', remoteAddress: '127.0.0.1' }, state: 'detached', reason: 'bye' },
    { event: 'peer', state: 'disconnected', peerId: 'ab', address: '127.0.0.1', reason: 'bye' }
  ],
  history: [
    { mailserver: 'ab', interests: 1, pages: 2, deliveries: 3, state: 'done', fromSeconds: 4, toSeconds: 5 },
    { event: 'history', state: 'done', mailserver: 'ab', places: 1, pages: 2, envelopes: 3 }
  ],
  skew: [
    { cause: 'contacts', estimateMs: 7, direction: 'behind', warning: true },
    { event: 'skew', cause: 'contacts', estimateMs: 7, direction: 'behind', warning: true }
  ]
}

function daemon(send: (json: string) => void = () => {}) {
  const handlers = new Map<string, Set<(fact: unknown) => void>>()
  const client = {
    on: (name: string, handler: (fact: unknown) => void) => {
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(handler))
      return () => set.delete(handler)
    }
  } as unknown as Client
  const rpc = createAccountRpc(client)
  const connection = rpc.connect(send)
  return {
    rpc,
    connection,
    emit: (name: string, fact: unknown) => {
      for (const handler of handlers.get(name) ?? []) handler(fact)
    },
    listeners: () => [...handlers.values()].reduce((sum, set) => sum + set.size, 0),
    ask: (method: string, events: readonly string[]) =>
      connection.receive(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { events } }))
  }
}

test.each(eventNames)('%s comes to who subscribed to it, and to nobody else', async name => {
  const got: { method?: string; params?: Record<string, unknown> }[] = []
  const { emit, ask, rpc } = daemon(json => got.push(JSON.parse(json)))
  const others: string[] = []
  rpc.connect(json => others.push(json))
  const [fact, event] = samples[name]
  emit(name, fact)
  await ask('subscribe', [name])
  emit(name, fact)
  for (const other of eventNames) if (other !== name) emit(other, samples[other][0])
  await ask('unsubscribe', [name])
  emit(name, fact)
  const told = got.filter(({ method }) => method === 'event')
  expect(told).toHaveLength(1)
  expect(told[0]?.params).toMatchObject(event)
  expect(JSON.stringify(told)).not.toContain('a secret picture')
  expect(others).toEqual([])
})

test('the program’s own commands get facts as they are, bytes included', async () => {
  const got: string[] = []
  const { emit, ask } = daemon(json => got.push(json))
  await ask('clientEvents', ['message'])
  emit('message', message)
  expect(JSON.parse(got.at(-1) ?? '')).toMatchObject({
    method: 'clientEvent',
    params: {
      name: 'message',
      fact: { author: { $bytes: expect.any(String) }, content: { bytes: { $bytes: 'AAAA' } } }
    }
  })
})

test('a closed connection hears nothing more, and a stopped API listens to nothing', async () => {
  const got: string[] = []
  const { emit, ask, connection, rpc, listeners } = daemon(json => got.push(json))
  await ask('subscribe', ['chat'])
  connection.close()
  emit('chat', chat)
  expect(got).toHaveLength(1)
  expect(listeners()).toBeGreaterThan(0)
  await rpc.stop()
  expect(listeners()).toBe(0)
})

test.each([
  ['{', -32700],
  ['[]', -32600],
  ['5', -32600],
  ['null', -32600],
  ['{}', -32600],
  ['{"id":1}', -32600],
  ['{"id":{},"method":"chats"}', -32600],
  ['{"id":true,"method":"chats"}', -32600],
  ['{"id":1,"method":5}', -32600],
  ['{"id":1,"method":"toString"}', -32601],
  ['{"id":1,"method":"__proto__"}', -32601],
  ['{"id":1,"method":"subscribe"}', -32000],
  ['{"id":1,"method":"send","params":[]}', -32602],
  ['{"id":1,"method":"send","params":"x"}', -32602],
  ['{"id":1,"method":"send","params":{"chat":{"a":1}}}', -32602],
  [`{"id":1,"method":"send","params":{"__proto__":1}}`, -32602],
  [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, -32600],
  [`{"id":1,"method":"chats","params":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, -32602],
  [`[${'{},'.repeat(daemonLimits.maxBatch)}{}]`, -32600]
])('%.60s is answered with %i', async (json, code) => {
  const { rpc } = daemon()
  const answer = JSON.parse((await rpc.call(json)) ?? 'null')
  const [first] = Array.isArray(answer) ? answer : [answer]
  expect(first).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.any(String) } })
  expect(JSON.stringify(answer).length).toBeLessThan(1000)
})

test('a call without an id is not answered, alone or in a batch', async () => {
  const { rpc } = daemon()
  expect(await rpc.call('{"method":"nothing"}')).toBe(undefined)
  expect(await rpc.call('[{"method":"nothing"},{"method":"subscribe"}]')).toBe(undefined)
})
