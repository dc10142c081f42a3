import { publicKeyOf } from '@status-stack/crypto'
import type { Chat, Client, ClientEvents, Contact, Message } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { AccountError, createAccount, limits, serveAccount } from '../../src/index.ts'
import { type EventName, eventNames } from '../../src/methods.ts'

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
  lastClock: 5,
  muted: false
}
const contact: Contact = {
  publicKey: key,
  added: true,
  requestReceived: false,
  blocked: false,
  name: '',
  ensName: '',
  ensVerified: false,
  picture: 'data:image/png;base64,AAAA',
  minimum: 'auto',
  pfs: 'on',
  safetyText: '1 2 3'
}

type Sample<K extends EventName> = readonly [
  fact: K extends keyof ClientEvents ? ClientEvents[K] : object,
  event: object
]

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
  contact: [contact, { event: 'contact', added: true, safetyText: '1 2 3', picture: 'data:image/png;base64,AAAA' }],
  profile: [
    { ensName: 'alice.eth', picture: '' },
    { event: 'profile', ensName: 'alice.eth', picture: '' }
  ],
  device: [
    { device: { installationId: 'i', own: true, enabled: false, name: 'n', deviceType: 't' }, change: 'found' },
    { event: 'device', installationId: 'i', change: 'found' }
  ],
  peer: [
    { peer: { peerId: 'ab', remoteAddress: '127.0.0.1' }, state: 'disconnected', reason: 'bye' },
    { event: 'peer', state: 'disconnected', peerId: 'ab', address: '127.0.0.1', reason: 'bye' }
  ],
  history: [
    { mailserver: 'ab', interests: 1, pages: 2, deliveries: 3, state: 'done', fromSeconds: 4, toSeconds: 5 },
    { event: 'history', state: 'done', mailserver: 'ab', places: 1, pages: 2, envelopes: 3 }
  ],
  // A warning comes at once to those who subscribe later, too: that has a test of its own.
  skew: [
    { cause: 'contacts', estimateMs: 7, direction: 'none', warning: false },
    { event: 'skew', cause: 'contacts', estimateMs: 7, direction: 'none', warning: false }
  ],
  notice: [
    { kind: 'clock-fallback', chat: chatRef, lastClock: 200_000, clock: 100_000 },
    {
      event: 'notice',
      kind: 'clock-fallback',
      chat: { kind: 'public', name: 'status' },
      lastClock: 200_000,
      clock: 100_000
    }
  ]
}

function daemon(send: (json: string) => void = () => {}) {
  const handlers = new Map<string, Set<(fact: unknown) => void>>()
  let held: Promise<void> = Promise.resolve()
  const client = {
    peers: () => [],
    fetchHistory: async () => {
      await held
      return { mailserver: 'ab', pages: 0, deliveries: 0 }
    },
    on: (name: string, handler: (fact: unknown) => void) => {
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(handler))
      return () => set.delete(handler)
    }
  } as unknown as Client
  const account = createAccount(client)
  const rpc = serveAccount(account)
  const connection = rpc.connect(send)
  return {
    account,
    rpc,
    connection,
    emit: (name: string, fact: unknown) => {
      for (const handler of handlers.get(name) ?? []) handler(fact)
    },
    /** Requests for history are not answered until the returned function is called. */
    holdHistory: () => {
      let release = (): void => {}
      held = new Promise(resolve => {
        release = resolve
      })
      return () => release()
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

test('a closed connection hears nothing more, and a stopped account listens to nothing', async () => {
  const got: string[] = []
  const { emit, ask, connection, account, listeners } = daemon(json => got.push(json))
  await ask('subscribe', ['chat'])
  connection.close()
  emit('chat', chat)
  expect(got).toHaveLength(1)
  expect(listeners()).toBeGreaterThan(0)
  account.stop()
  expect(listeners()).toBe(0)
})

const wrongCalls: readonly (readonly [json: string, code: number])[] = [
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
  [`{"id":1,"method":"chats","params":{"a":[${'[],'.repeat(limits.callValues)}1]}}`, -32602],
  [`{"id":1,"method":"chats","params":${'['.repeat(limits.callDepth)}${']'.repeat(limits.callDepth)}}`, -32602],
  [`[${'{},'.repeat(limits.batchCalls)}{}]`, -32600]
]

test.each(wrongCalls.map(([json, code]) => [json.slice(0, 60), code, json] as const))(
  '%s is answered with %i',
  async (_, code, json) => {
    const { rpc } = daemon()
    const answer = JSON.parse((await rpc.call(json)) ?? 'null')
    const [first] = Array.isArray(answer) ? answer : [answer]
    expect(first).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.any(String) } })
    expect(JSON.stringify(answer).length).toBeLessThan(1000)
  }
)

test('a call without an id is not answered, alone or in a batch', async () => {
  const { rpc } = daemon()
  expect(await rpc.call('{"method":"nothing"}')).toBe(undefined)
  expect(await rpc.call('[{"method":"nothing"},{"method":"subscribe"}]')).toBe(undefined)
})

test('an id comes back as it was written', async () => {
  const { rpc } = daemon()
  expect(await rpc.call('{"id":9007199254740993,"method":"peers"}')).toContain('"id":9007199254740993,')
  expect(await rpc.call('{"method":"nothing","id":12345678901234567890}')).toContain('"id":12345678901234567890,')
  const batch = await rpc.call(
    '[{"id":1e400,"method":"peers"},5,{"id":1.0,"method":"nothing"},{"id":"x","method":"peers"}]'
  )
  expect(batch?.match(/"id":[^,]+/g)).toEqual(['"id":1e400', '"id":null', '"id":1.0', '"id":"x"'])
})

test('who calls with too much is told so under the id of the call', async () => {
  const { rpc } = daemon()
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`
  for (const id of ['"x"', '9007199254740993', 'null'])
    for (const json of [`{"id":${id},"params":${deep}}`, `{"params":${deep},"id":${id}}`])
      expect(await rpc.call(json)).toContain(`"id":${id},"error":{"code":-32602`)
  expect(JSON.parse((await rpc.call(`{"params":${deep},"id":1e5e5}`)) ?? '')).toMatchObject({ id: null })
})

test('what one connection may have under way is bounded in bytes, and calls are answered again afterwards', async () => {
  const { rpc, holdHistory } = daemon()
  const got: string[] = []
  const connection = rpc.connect(text => got.push(text))
  const release = holdHistory()
  const big = (id: number) =>
    JSON.stringify({ id, method: 'fetch', params: { mailserver: 'x'.repeat(3 * 1024 * 1024) } })
  const running = [connection.receive(big(1)), connection.receive(big(2))]
  await connection.receive(big(3))
  expect(got.map(text => JSON.parse(text))).toMatchObject([{ id: 3, error: { code: -32600 } }])
  release()
  await Promise.all(running)
  await connection.receive(big(4))
  expect(got.map(text => JSON.parse(text).id)).toEqual([3, 1, 2, 4])
})

test('a program that subscribes while the clock is wrong is told so at once', async () => {
  const got: unknown[] = []
  const { ask, emit } = daemon(text => got.push(JSON.parse(text)))
  const heard = () => got.filter(line => (line as { method?: string }).method === 'event')
  emit('skew', { cause: 'envelopes', direction: 'behind', warning: true })
  await ask('subscribe', ['message'])
  expect(heard()).toEqual([])
  await ask('subscribe', ['skew'])
  expect(heard()).toMatchObject([{ params: { event: 'skew', direction: 'behind', warning: true } }])
  emit('skew', { cause: 'envelopes', direction: 'none', warning: false })
  await ask('unsubscribe', ['skew'])
  await ask('subscribe', ['skew'])
  expect(heard()).toHaveLength(2)
})

test('what a caller is told of an error is a code and a sentence, and nothing that was not meant for it', async () => {
  const { account, rpc } = daemon()
  const told = async (error: unknown) => {
    const failing = serveAccount({ ...account, chats: () => Promise.reject(error) })
    return JSON.parse((await failing.call('{"id":1,"method":"chats"}')) ?? '').error
  }
  const full = new Error('put failed', { cause: Object.assign(new Error('write'), { code: 'ENOSPC' }) })
  expect(await told(full)).toMatchObject({ code: -32000, data: { code: 'disk-full', hint: expect.any(String) } })
  expect(await told(new Error('/home/alice/secret: no'))).toEqual({
    code: -32000,
    message: 'something unexpected failed',
    data: { code: 'unexpected' }
  })
  expect(await told(new AccountError('blocked', 'not so', 'ask'))).toEqual({
    code: -32000,
    message: 'not so',
    data: { code: 'blocked', hint: 'ask' }
  })
  await rpc.stop()
})
