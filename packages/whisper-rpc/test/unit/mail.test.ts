import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import type { HistoryRequest, MailPeer, Whisper } from '@status-stack/whisper'
import { createTestKey } from '@status-stack/whisper/testing'
import { openMessage } from '@status-stack/whisper/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { addressOf, key, link, nodeKey, refusal, startApi, startWhisper, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const topics = ['0x01020304']
const { enode } = addressOf(0x62)
const cursor = 'ab'.repeat(36)
const second = 1e9

type Answer = (request: HistoryRequest & { kind: 'envelope' }, peer: MailPeer, count: number) => Promise<void>

const doneWith = (request: { hash: Uint8Array }, peer: MailPeer, next: Uint8Array): Promise<void> =>
  peer.sendCompletion({ kind: 'done', requestId: request.hash, lastHash: new Uint8Array(32), cursor: next })
const done: Answer = (request, peer) => doneWith(request, peer, new Uint8Array())

/** An API that is linked to a mailserver which answers as the test says. */
async function setUp(answer: Answer, deps = {}, limits = {}) {
  const api = await startApi({ limits }, deps)
  const server = await startWhisper()
  const requests: (HistoryRequest & { kind: 'envelope' })[] = []
  server.serve({
    request: async (request, peer) => {
      if (request.kind !== 'envelope') throw new Error('expected the envelope form')
      requests.push(request)
      await answer(request, peer, requests.length)
    }
  })
  await link(api.whisper, server)
  return { ...api, server, requests }
}

function completions(whisper: Whisper): { requestId: string; cursor: string; error?: string }[] {
  const seen: { requestId: string; cursor: string; error?: string }[] = []
  whisper.on('mailserverrequestcompleted', fact => void seen.push(fact))
  return seen
}

test('R-27 requestMessages returns the id that is found in the completion', async () => {
  const { call, whisper, requests } = await setUp((request, peer) => doneWith(request, peer, hexToBytes(cursor)))
  const seen = completions(whisper)
  const id = await call('shhext_requestMessages', { mailServerPeer: enode, topics })
  expect(id).toMatch(/^0x[0-9a-f]{64}$/)
  const completion = await until(() => seen[0])
  expect([`0x${completion.requestId}`, completion.cursor]).toEqual([id, cursor])
  expect(requests).toHaveLength(1)
})

test('R-27 the request is signed by the node key, closed for the server, with the defaults of status-go', async () => {
  const { call, requests } = await setUp(request => Promise.resolve(void request))
  await call('shhext_requestMessages', { mailServerPeer: enode, topics })
  const request = await until(() => requests[0])
  const identity = createTestKey(key(0x62))
  const opened = openMessage(request.envelope.data, { kind: 'asymmetric', identity })
  if (typeof opened === 'string') throw new Error(opened)
  expect(opened.signer).toEqual(nodeKey.publicKey)
  const { decodeRlp } = await import('@status-stack/rlp')
  const fields = decodeRlp(opened.payload)
  if (fields instanceof Uint8Array) throw new Error('expected a list')
  const number = (bytes: unknown): number => Number.parseInt(bytesToHex(bytes as Uint8Array), 16)
  const now = Date.now() / 1000
  expect(Math.abs(number(fields[1]) - now)).toBeLessThan(60)
  expect(number(fields[1]) - number(fields[0])).toBe(86_400)
  expect(number(fields[4])).toBe(1000)
})

test('R-27 with a symmetric key the request is closed with it; the deprecated topic is used alone', async () => {
  const { call, requests } = await setUp(request => Promise.resolve(void request))
  const symKeyID = await call('shh_addSymKey', `0x${'07'.repeat(32)}`)
  await call('shhext_requestMessages', { mailServerPeer: enode, topic: '0x0a0b0c0d', symKeyID, from: 5, to: 9, cursor })
  const request = await until(() => requests[0])
  const opened = openMessage(request.envelope.data, { kind: 'symmetric', key: new Uint8Array(32).fill(7) })
  expect(typeof opened === 'string' ? opened : bytesToHex(opened.payload)).toContain(cursor)
})

test('maxRequests: further requests are refused until one was answered or its time is over', async () => {
  const full = 'too many requests wait for their answer, at most 3, half of them of one client'
  const answers: (() => Promise<void>)[] = []
  const { call } = await setUp(
    async (request, peer) => void answers.push(() => done(request, peer, 0)),
    {},
    { maxRequests: 3 }
  )
  const ask = (timeout: number) =>
    call('shhext_requestMessages', { mailServerPeer: enode, topics, force: true, timeout })
  await ask(60)
  await ask(1)
  expect(await refusal(ask(60))).toEqual([-32000, full])
  await until(() => answers[0])
  await answers[0]?.()
  await until(async () => ((await ask(60).catch(() => undefined)) === undefined ? undefined : true))
  expect(await refusal(ask(60))).toEqual([-32000, full])
  await until(async () => ((await ask(60).catch(() => undefined)) === undefined ? undefined : true))
})

test('R-27 without a peer the first connected known mailserver is asked', async () => {
  const other = addressOf(0x70).enode
  const { call, requests } = await setUp(done, { mailservers: [other, enode] })
  await call('shhext_requestMessages', { topics })
  await until(() => requests[0])
  expect(await call('shhext_updateMailservers', [other])).toBeNull()
  expect(await refusal(call('shhext_requestMessages', { topics, force: true }))).toEqual([
    -32000,
    'invalid mailServerPeer value: no connected mailserver is known'
  ])
  expect(await call('shhext_updateMailservers', [other, enode])).toBeNull()
  await call('shhext_requestMessages', { topics, force: true })
  await until(() => requests[1])
})

test('R-28 the same topics within 3 s are refused, unless forced', async () => {
  const { call, requests } = await setUp(done)
  await call('shhext_requestMessages', { mailServerPeer: enode, topics })
  expect(await refusal(call('shhext_requestMessages', { mailServerPeer: enode, topics }))).toEqual([
    -32000,
    'another request with the same topics was sent less than 3s ago. Please wait for a bit longer, or set `force` to true in request parameters'
  ])
  await call('shhext_requestMessages', { mailServerPeer: enode, topics, force: true })
  await call('shhext_requestMessages', { mailServerPeer: enode, topics: ['0x0a0b0c0d'] })
  await until(() => requests[2])
})

test('R-29 a cursor of a wrong size is refused by the client call', async () => {
  const { call, requests } = await setUp(done)
  for (const size of [1, 35, 37, 40]) {
    const wrong = { mailServerPeer: enode, topics, cursor: 'ab'.repeat(size) }
    expect(await refusal(call('shhext_requestMessages', wrong))).toEqual([
      -32000,
      `invalid cursor size: expected 36 but got ${size}`
    ])
  }
  expect(requests).toHaveLength(0)
})

describe('what is refused before anything is sent', () => {
  test.each([
    ['a cursor with 0x', { cursor: `0x${cursor}` }, expect.stringMatching(/^invalid cursor: /)],
    ['a cursor of odd length', { cursor: 'abc' }, 'invalid cursor: encoding/hex: odd length hex string'],
    ['a range that ends before it begins', { from: 9, to: 5 }, 'Query range is invalid: from > to (9 > 5)'],
    [
      'a mailserver that is none',
      { mailServerPeer: 'enode://ab' },
      'invalid mailServerPeer value: invalid public key (wrong length, want 128 hex chars)'
    ],
    ['an unknown key', { symKeyID: 'ab' }, 'invalid symKeyID value: non-existent key ID'],
    [
      'a mailserver that is not connected',
      { mailServerPeer: addressOf(0x70).enode },
      `Could not find peer with ID: ${addressOf(0x70).peerId}`
    ]
  ])('%s', async (_name, fields, text) => {
    const { call, requests } = await setUp(done)
    expect(await refusal(call('shhext_requestMessages', { mailServerPeer: enode, topics, ...fields }))).toEqual([
      -32000,
      text
    ])
    expect(requests).toHaveLength(0)
  })

  test('a request without a node key', async () => {
    const { call } = await setUp(done, { nodeKey: undefined })
    expect(await refusal(call('shhext_requestMessages', { mailServerPeer: enode, topics }))).toEqual([
      -32000,
      'no node key to sign the request with'
    ])
  })
})

describe('requestMessagesSync', () => {
  const request = { mailServerPeer: enode, topics }

  test('answers with the cursor, or with an error that is an empty object', async () => {
    const { call } = await setUp((request, peer, count) =>
      count === 1
        ? doneWith(request, peer, hexToBytes(cursor))
        : peer.sendCompletion({ kind: 'failed', requestId: request.hash, error: 'no' })
    )
    const config = { BaseTimeout: 10 * second, StepTimeout: 0, MaxRetries: 0 }
    expect(await call('shhext_requestMessagesSync', config, request)).toEqual({ cursor, error: null })
    expect(await call('shhext_requestMessagesSync', config, { ...request, force: true })).toEqual({
      cursor: '',
      error: {}
    })
  })

  test('tries again with a longer timeout, and says after how many tries it gave up', async () => {
    const { call, requests } = await setUp((request, peer, count) =>
      count === 3 ? done(request, peer, count) : Promise.resolve()
    )
    const config = { BaseTimeout: 0.05 * second, StepTimeout: 0.2 * second, MaxRetries: 1 }
    expect(await refusal(call('shhext_requestMessagesSync', config, request))).toEqual([
      -32000,
      'failed to request messages after 2 retries'
    ])
    expect(requests).toHaveLength(2)
    const answered = { ...config, BaseTimeout: 10 * second }
    expect(await call('shhext_requestMessagesSync', answered, { ...request, force: true })).toEqual({
      cursor: '',
      error: null
    })
  })

  test('maxRetries: however many tries are asked for, there are so many', async () => {
    const { call, requests } = await setUp(() => Promise.resolve(), {}, { maxRetries: 2 })
    const config = { BaseTimeout: 0.02 * second, StepTimeout: 0, MaxRetries: Number.MAX_SAFE_INTEGER }
    expect(await refusal(call('shhext_requestMessagesSync', config, request))).toEqual([
      -32000,
      'failed to request messages after 3 retries'
    ])
    expect(requests).toHaveLength(3)
  })

  test('a client that goes away ends it', async () => {
    const { rpc, requests } = await setUp(() => Promise.resolve())
    const gone = new AbortController()
    const config = { BaseTimeout: 3600 * second, StepTimeout: 0, MaxRetries: 5 }
    const call = rpc.call(JSON.stringify({ id: 1, method: 'shhext_requestMessagesSync', params: [config, request] }), {
      signal: gone.signal
    })
    await until(() => requests[0])
    gone.abort()
    expect(JSON.parse((await call) ?? '{}')).toMatchObject({ error: { code: -32000 } })
  })
})

test('echo gives back what it got', async () => {
  const { call } = await startApi()
  expect(await call('shhext_echo', 'hello "you"')).toBe('hello "you"')
})

test('a mailserver list with something else in it is refused whole', async () => {
  const { call } = await startApi()
  expect(await refusal(call('shhext_updateMailservers', [enode, 'enode://ab']))).toEqual([
    -32000,
    'invalid public key (wrong length, want 128 hex chars)'
  ])
})
