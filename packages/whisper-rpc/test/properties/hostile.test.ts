import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseNode } from '../../src/enode.ts'
import { RpcError } from '../../src/index.ts'
import { createJsonStream } from '../../src/server/json-stream.ts'
import { type Api, startApi, stopAll } from '../support/node.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ limits: { maxKeys: 20, maxFilters: 20, maxSubscriptions: 5, maxPowSeconds: 1 } })
})
afterAll(stopAll)

const methods = [
  ...['version', 'info', 'setMaxMessageSize', 'setMinPoW', 'setBloomFilter', 'markTrustedPeer', 'newKeyPair'],
  ...['addPrivateKey', 'deleteKeyPair', 'hasKeyPair', 'getPublicKey', 'getPrivateKey', 'newSymKey', 'addSymKey'],
  ...['generateSymKeyFromPassword', 'hasSymKey', 'getSymKey', 'deleteSymKey', 'post', 'newMessageFilter'],
  ...['getFilterMessages', 'deleteMessageFilter', 'subscribe', 'unsubscribe', 'makeLightClient', 'toString']
].map(name => `shh_${name}`)
const mail = ['requestMessages', 'requestMessagesSync', 'updateMailservers', 'echo'].map(name => `shhext_${name}`)
const codes = new Set([-32700, -32600, -32601, -32602, -32000])

/** JSON that looks like what the methods take, and JSON that does not. */
const param = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.uint8Array({ maxLength: 70 }).map(bytes => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.record(
    {
      symKeyID: fc.string(),
      privateKeyID: fc.string(),
      pubKey: fc.string(),
      sig: fc.constantFrom('', '0x', '0x04', 'x'),
      topic: fc.constantFrom('0x01020304', '0x', 1, null),
      topics: fc.jsonValue({ maxDepth: 1 }),
      ttl: fc.oneof(fc.integer(), fc.double()),
      powTarget: fc.double(),
      powTime: fc.integer(),
      payload: fc.string(),
      cursor: fc.string(),
      from: fc.integer(),
      mailServerPeer: fc.string()
    },
    { requiredKeys: [] }
  )
)

function expectAnswer(json: string | undefined): void {
  if (json === undefined) return
  const answers = [JSON.parse(json)].flat() as { jsonrpc: string; error?: { code: number; message: string } }[]
  for (const answer of answers) {
    expect(answer.jsonrpc).toBe('2.0')
    expect('result' in answer).toBe(answer.error === undefined)
    if (answer.error !== undefined) {
      expect(codes).toContain(answer.error.code)
      expect(answer.error.message).not.toBe('internal error')
    }
  }
}

describe('whatever a client sends, it gets an answer of the protocol', () => {
  test('any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async text => {
        expectAnswer(await api.rpc.call(text))
      }),
      { numRuns: 500 }
    )
  })

  test('any parameters of any method', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods, ...mail),
        fc.array(param, { maxLength: 3 }),
        async (name, params) => {
          expectAnswer(await api.rpc.call(JSON.stringify({ id: 1, method: name, params })))
        }
      ),
      { numRuns: 1500 }
    )
  })

  test('any parameters over a connection', async () => {
    const connection = api.rpc.connect(expectAnswer)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), fc.array(param, { maxLength: 3 }), async (name, params) => {
        await connection.receive(JSON.stringify({ id: 1, method: name, params }))
      }),
      { numRuns: 300 }
    )
    connection.close()
  })
})

test('any node address is read or refused by an error of ours', () => {
  const piece = fc.constantFrom(
    'enode://',
    'enr:',
    '@',
    ':',
    '1',
    '127.0.0.1',
    '[::1]',
    'ab'.repeat(64),
    'AAAA',
    '?',
    'é'
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map(parts => parts.join(''))
      ),
      url => {
        try {
          expect(parseNode(url).peerId).toMatch(/^[0-9a-f]{64}$/)
        } catch (error) {
          if (!RpcError.is(error)) throw error
        }
      }
    ),
    { numRuns: 2000 }
  )
})

test('any bytes are split into texts or refused, and refused for good', () => {
  const bytes = fc
    .array(fc.constantFrom(...Buffer.from('{}[]"\\ a\n')), { maxLength: 60 })
    .map(Uint8Array.from.bind(Uint8Array))
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), chunks => {
      const stream = createJsonStream(100)
      let over = false
      for (const chunk of chunks) {
        const { texts, broken } = stream.push(chunk)
        if (over) expect([texts, broken]).toEqual([[], true])
        over ||= broken
        for (const text of texts) expect(text).toMatch(/^(?:[{[][\s\S]*[}\]]|"[\s\S]*")$/)
      }
    }),
    { numRuns: 1000 }
  )
})

test('deep nesting and long numbers are no trouble', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  expectAnswer(await api.rpc.call(`{"id":1,"method":"shhext_echo","params":${deep}}`))
  expectAnswer(await api.rpc.call(deep))
  expectAnswer(await api.rpc.call(`{"id":${'9'.repeat(100_000)},"method":"shh_version"}`))
  expectAnswer(await api.rpc.call(`{"id":1,"method":"${'x'.repeat(1_000_000)}"}`))
})
