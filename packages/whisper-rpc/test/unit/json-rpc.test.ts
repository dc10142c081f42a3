import { afterEach, describe, expect, test } from 'vitest'
import { createRpc, RpcError } from '../../src/index.ts'
import { refusal, startApi, startWhisper, stopAll } from '../support/node.ts'

afterEach(stopAll)

const parsed = (json: string | undefined): unknown => (json === undefined ? undefined : JSON.parse(json))

test('R-1 shh_version is 6.0 and shh_info has exactly the four keys', async () => {
  const { call } = await startApi({}, {}, { minPow: 0.25, maxMessageSize: 12_345 })
  expect(await call('shh_version')).toBe('6.0')
  const info = (await call('shh_info')) as Record<string, unknown>
  expect(Object.keys(info)).toEqual(['memory', 'messages', 'minPow', 'maxMessageSize'])
  expect(info).toEqual({ memory: 0, messages: 0, minPow: 0.25, maxMessageSize: 12_345 })
})

const arities: Readonly<Record<string, readonly unknown[]>> = {
  shh_version: [],
  shh_info: [],
  shh_setMaxMessageSize: [1_000_000],
  shh_setMinPoW: [0],
  shh_setBloomFilter: ['0x'],
  shh_markTrustedPeer: [''],
  shh_newKeyPair: [],
  shh_addPrivateKey: ['0x'],
  shh_deleteKeyPair: [''],
  shh_hasKeyPair: [''],
  shh_getPublicKey: [''],
  shh_getPrivateKey: [''],
  shh_newSymKey: [],
  shh_addSymKey: ['0x'],
  shh_generateSymKeyFromPassword: ['x'],
  shh_hasSymKey: [''],
  shh_getSymKey: [''],
  shh_deleteSymKey: [''],
  shh_makeLightClient: [],
  shh_cancelLightClient: [],
  shh_post: [{}],
  shh_newMessageFilter: [{}],
  shh_getFilterMessages: [''],
  shh_deleteMessageFilter: [''],
  shhext_requestMessages: [{}],
  shhext_requestMessagesSync: [{}, {}],
  shhext_updateMailservers: [[]],
  shhext_echo: ['x'],
  net_version: [],
  net_listening: [],
  net_peerCount: [],
  rpc_modules: []
}

describe('every method exists with its number of arguments', () => {
  test.each(Object.entries(arities))('R-2 %s', async (name, params) => {
    const { call } = await startApi()
    const outcome = await refusal(call(name, ...params)).catch(() => [0, ''] as const)
    expect([0, -32000]).toContain(outcome[0])
    expect(await refusal(call(name, ...params, 1))).toEqual([
      -32602,
      `too many arguments, want at most ${params.length}`
    ])
    if (params.length === 0) return
    expect(await refusal(call(name, ...params.slice(1)))).toEqual(
      params.length === 1 ? [-32602, 'missing value for required argument 0'] : [-32602, expect.any(String)]
    )
  })
})

test('R-2 the subscription methods exist over a connection', async () => {
  const { rpc } = await startApi()
  const answers: unknown[] = []
  const connection = rpc.connect(json => void answers.push(JSON.parse(json)))
  await connection.receive('{"id":1,"method":"shh_unsubscribe","params":[]}')
  await connection.receive('{"id":2,"method":"shh_unsubscribe","params":["0x1","0x2"]}')
  await connection.receive('{"id":3,"method":"shh_subscribe","params":["messages"]}')
  await connection.receive('{"id":4,"method":"shh_subscribe","params":["messages",{},1]}')
  expect(answers).toMatchObject([
    { error: { code: -32602, message: 'missing value for required argument 0' } },
    { error: { code: -32602, message: 'too many arguments, want at most 1' } },
    { error: { code: -32602, message: 'missing value for required argument 1' } },
    { error: { code: -32602, message: 'too many arguments, want at most 2' } }
  ])
  connection.close()
})

test('R-3 an unknown method is named, -32601', async () => {
  const { call } = await startApi()
  for (const name of ['shh_uninstallFilter', 'shh_nothing', 'constructor', '__proto__', 'eth_call']) {
    expect(await refusal(call(name))).toEqual([-32601, `the method ${name} does not exist/is not available`])
  }
})

describe('R-4 messages and batches', () => {
  test('R-4 malformed JSON is -32700, an empty batch -32600', async () => {
    const { rpc } = await startApi()
    expect(parsed(await rpc.call('{"id":1,'))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32700, message: 'parse error' }
    })
    expect(parsed(await rpc.call('[]'))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32600, message: 'empty batch' }
    })
  })

  test('R-4 a batch is answered in order, without its notifications', async () => {
    const { rpc } = await startApi()
    const batch = [
      { jsonrpc: '2.0', id: 'a', method: 'shh_version' },
      { jsonrpc: '2.0', method: 'shh_newSymKey' },
      { jsonrpc: '2.0', id: null, method: 'net_version', params: null },
      { jsonrpc: '2.0', id: 3, method: 'shh_nothing' },
      7,
      { jsonrpc: '2.0', id: { deep: 1 }, method: 'shh_version' }
    ]
    expect(parsed(await rpc.call(JSON.stringify(batch)))).toEqual([
      { jsonrpc: '2.0', id: 'a', result: '6.0' },
      { jsonrpc: '2.0', id: null, result: '1' },
      { jsonrpc: '2.0', id: 3, error: { code: -32601, message: expect.any(String) } },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'invalid request' } },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'invalid request' } }
    ])
  })

  test('R-4 a notification is carried out and not answered', async () => {
    const { rpc, call } = await startApi()
    expect(await rpc.call('{"method":"shh_setMinPoW","params":[3]}')).toBeUndefined()
    expect(await rpc.call('[{"method":"shh_setMinPoW","params":[4]},{"method":"shh_nothing"}]')).toBeUndefined()
    expect(await call('shh_info')).toMatchObject({ minPow: 4 })
  })

  test.each([
    ['a message without a method', '{"id":1}', 1],
    ['a number', '5', null],
    ['a string', '"x"', null],
    ['null', 'null', null],
    ['a method that is no string', '{"id":2,"method":3}', 2]
  ])('R-4 %s is an invalid request', async (_name, json, id) => {
    const { rpc } = await startApi()
    expect(parsed(await rpc.call(json))).toEqual({
      jsonrpc: '2.0',
      id,
      error: { code: -32600, message: 'invalid request' }
    })
  })

  test('R-4 parameters by name are refused', async () => {
    const { rpc } = await startApi()
    expect(parsed(await rpc.call('{"id":1,"method":"shh_hasSymKey","params":{"id":"x"}}'))).toMatchObject({
      error: { code: -32602, message: 'non-array args' }
    })
  })
})

describe('the argument texts of Go', () => {
  test.each([
    [
      'shh_addSymKey',
      ['11'],
      'json: cannot unmarshal hex string without 0x prefix into Go value of type hexutil.Bytes'
    ],
    ['shh_addSymKey', ['0x1'], 'json: cannot unmarshal hex string of odd length into Go value of type hexutil.Bytes'],
    ['shh_addSymKey', ['0xzz'], 'json: cannot unmarshal invalid hex string into Go value of type hexutil.Bytes'],
    ['shh_addSymKey', [1], 'json: cannot unmarshal non-string into Go value of type hexutil.Bytes'],
    ['shh_hasSymKey', [1], 'json: cannot unmarshal number into Go value of type string'],
    ['shh_setMinPoW', ['1'], 'json: cannot unmarshal string into Go value of type float64'],
    ['shh_setMaxMessageSize', [-1], 'json: cannot unmarshal number -1 into Go value of type uint32'],
    ['shh_setMaxMessageSize', [1.5], 'json: cannot unmarshal number 1.5 into Go value of type uint32'],
    [
      'shh_post',
      [{ payload: '0x1' }],
      'json: cannot unmarshal hex string of odd length into Go struct field NewMessage.payload of type hexutil.Bytes'
    ],
    ['shh_post', [{ topic: '0x010203' }], 'hex string has length 6, want 8 for Topic'],
    ['shh_post', [{ topic: '' }], 'hex string has length 0, want 8 for Topic'],
    ['shh_post', [{ topic: '01020304' }], 'hex string without 0x prefix'],
    ['shh_post', [{ topic: '0x0102030g' }], 'invalid hex string'],
    ['shh_post', [[]], 'json: cannot unmarshal array into Go value of type whisperv6.NewMessage'],
    [
      'shh_post',
      [{ ttl: 2 ** 32 }],
      'json: cannot unmarshal number 4294967296 into Go struct field NewMessage.ttl of type uint32'
    ],
    ['shh_newMessageFilter', [{ topics: ['0x01'] }], 'hex string has length 2, want 8 for Topic'],
    [
      'shh_newMessageFilter',
      [{ allowP2P: 'yes' }],
      'json: cannot unmarshal string into Go struct field Criteria.allowP2P of type bool'
    ],
    ['shhext_updateMailservers', ['x'], 'json: cannot unmarshal string into Go value of type []string']
  ])('R-5 %s %j', async (name, params, text) => {
    const { call } = await startApi()
    expect(await refusal(call(name, ...params))).toEqual([-32602, `invalid argument 0: ${text}`])
  })

  test('R-5 field names match in any case, an exact one wins, null is absent', async () => {
    const { call } = await startApi()
    const id = await call('shh_newSymKey')
    expect(await call('shh_newMessageFilter', { SYMKEYID: id, privateKeyId: null })).toMatch(/^[0-9a-f]{64}$/)
    expect(await call('shh_newMessageFilter', { SymKeyId: 'wrong', symKeyID: id, unknown: 1 })).toMatch(
      /^[0-9a-f]{64}$/
    )
  })
})

describe('net', () => {
  test('R-23 net_version, net_listening and net_peerCount answer as web3 reads them', async () => {
    const { call } = await startApi({ networkId: '42' })
    expect([await call('net_version'), await call('net_listening'), await call('net_peerCount')]).toEqual([
      '42',
      true,
      '0x0'
    ])
    const whisper = await startWhisper()
    const network = { listening: () => false, peerCount: () => 26 }
    const other = createRpc({ whisper, network })
    expect(
      parsed(await other.call('[{"id":1,"method":"net_listening"},{"id":2,"method":"net_peerCount"}]'))
    ).toMatchObject([{ result: false }, { result: '0x1a' }])
  })
})

test('an error that is not ours is an internal error without details, and is logged', async () => {
  const whisper = await startWhisper()
  const logged: unknown[] = []
  const rpc = createRpc({
    whisper: {
      ...whisper,
      info: () => {
        throw new Error('secret path /home/x')
      }
    },
    logger: { warn: () => {}, error: (message, facts) => void logged.push([message, facts]) }
  })
  expect(parsed(await rpc.call('{"id":1,"method":"shh_info"}'))).toEqual({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32000, message: 'internal error' }
  })
  expect(logged).toEqual([['a call failed unexpectedly', { method: 'shh_info' }]])
})

test('options out of range are refused', async () => {
  const whisper = await startWhisper()
  for (const options of [
    { networkId: 'main' },
    { limits: { maxKeys: 0 } },
    { limits: { maxBatch: 1.5 } },
    { flavour: 'parity' as 'geth' }
  ]) {
    expect(() => createRpc({ whisper }, options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  }
  expect(RpcError.is(new Error('x'))).toBe(false)
})

test('after stop calls are refused, and keys and filters are gone', async () => {
  const { rpc, call, whisper } = await startApi()
  const id = await call('shh_newSymKey')
  const filter = (await call('shh_newMessageFilter', { symKeyID: id })) as string
  expect(whisper.filters.has(filter)).toBe(true)
  await rpc.stop()
  expect(whisper.filters.has(filter)).toBe(false)
  expect(await refusal(call('shh_hasSymKey', id))).toEqual([-32000, 'the API was stopped'])
})
