import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { RpcOptions } from '../../src/index.ts'
import { addressOf, easy, link, refusal, startApi, startWhisper, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const topic = '0x01020304'
type Json = Record<string, unknown>

async function setUp(options: RpcOptions = {}) {
  const api = await startApi(options)
  const symKeyID = (await api.call('shh_newSymKey')) as string
  const pair = (await api.call('shh_newKeyPair')) as string
  const pubKey = (await api.call('shh_getPublicKey', pair)) as string
  const filter = async (criteria: Json) => (await api.call('shh_newMessageFilter', criteria)) as string
  const poll = async (id: string) => (await api.call('shh_getFilterMessages', id)) as Json[]
  return { ...api, symKeyID, pair, pubKey, filter, poll }
}

describe('R-12 post: the checks in their order', () => {
  const zeroKey = `0x${'00'.repeat(32)}`
  const unknown = 'ab'.repeat(32)

  test('R-12 each check has its text, and an earlier one wins', async () => {
    const { call, symKeyID, pubKey } = await setUp()
    const zero = await call('shh_addSymKey', zeroKey)
    const post = (message: Json) => refusal(call('shh_post', { ...easy, topic, ...message }))
    const keys = 'specify either a symmetric or an asymmetric key'
    const pow = 'failed to reach the PoW target, specified pow time (0 seconds) was insufficient'
    expect(await post({})).toEqual([-32000, keys])
    expect(await post({ symKeyID, pubKey, sig: unknown })).toEqual([-32000, keys])
    expect(await post({ symKeyID, sig: unknown, topic: '0x00000000' })).toEqual([-32000, 'invalid id'])
    expect(await post({ symKeyID: unknown, topic: '0x00000000' })).toEqual([-32000, 'missing topic(s)'])
    expect(await post({ symKeyID: unknown, powTarget: 1 })).toEqual([-32000, 'non-existent key ID'])
    expect(await post({ symKeyID: zero, powTarget: 1 })).toEqual([-32000, 'invalid symmetric key'])
    expect(await post({ pubKey: '0x0401', powTarget: 1 })).toEqual([-32000, 'invalid public key'])
    expect(await post({ pubKey: `0x04${'11'.repeat(64)}`, powTarget: 1 })).toEqual([-32000, 'invalid public key'])
    expect(await post({ symKeyID, powTarget: 1, targetPeer: 'x' })).toEqual([-32000, pow])
    expect(await post({ symKeyID, targetPeer: 'x' })).toEqual([
      -32000,
      "failed to parse target peer: missing 'enr:' prefix for base64-encoded record"
    ])
    const { enode, peerId } = addressOf(0x62)
    expect(await post({ symKeyID, targetPeer: enode, powTarget: -1 })).toEqual([
      -32000,
      `Could not find peer with ID: ${peerId}`
    ])
    await call('shh_setMinPoW', 0.1)
    expect(await post({ symKeyID, powTarget: 0.01, powTime: 5 })).toEqual([-32000, 'message rejected, PoW too low'])
  })

  test('R-12 what the node itself does not take is refused', async () => {
    const { call, symKeyID } = await setUp()
    await call('shh_setMaxMessageSize', 1000)
    expect(await refusal(call('shh_post', { ...easy, topic, symKeyID, payload: `0x${'11'.repeat(1000)}` }))).toEqual([
      -32000,
      expect.stringMatching(/^huge messages are not allowed \[\d+>1000\]$/)
    ])
  })

  test('R-12 a target that cannot be reached in time', async () => {
    const { call, symKeyID } = await setUp()
    const message = { topic, symKeyID, ttl: 1000, powTime: 1, powTarget: 1e9 }
    expect(await refusal(call('shh_post', message))).toEqual([
      -32000,
      'failed to reach the PoW target, specified pow time (1 seconds) was insufficient'
    ])
  })
})

test('R-13 the result of post is the hash of the received message', async () => {
  const { call, symKeyID, filter, poll } = await setUp()
  const id = await filter({ symKeyID, topics: [topic] })
  const hash = await call('shh_post', { ...easy, symKeyID, topic, payload: '0x6869' })
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
  expect(await poll(id)).toMatchObject([{ hash, payload: '0x6869', topic }])
})

test('R-14 ttl 0 or none becomes 50', async () => {
  const { call, symKeyID, filter, poll } = await setUp()
  const id = await filter({ symKeyID, topics: [topic] })
  await call('shh_post', { powTime: 0, powTarget: 0, ttl: 0, symKeyID, topic })
  await call('shh_post', { symKeyID, topic })
  expect((await poll(id)).map(({ ttl }) => ttl)).toEqual([50, 50])
})

test('R-14 a target below the minimum is refused, also a negative one without a target peer', async () => {
  const { call, symKeyID } = await setUp()
  await call('shh_setMinPoW', 0.2)
  for (const powTarget of [0, 0.1, -1]) {
    expect(await refusal(call('shh_post', { symKeyID, topic, powTime: 1, powTarget }))).toEqual([
      -32000,
      'message rejected, PoW too low'
    ])
  }
  expect(await call('shh_post', { symKeyID, topic, ttl: 1, powTime: 5, powTarget: 0.3 })).toMatch(/^0x/)
})

test('R-15 a symmetric message with the zero topic, or none, is refused; an asymmetric one is not', async () => {
  const { call, symKeyID, pubKey } = await setUp()
  for (const message of [{ topic: '0x00000000' }, {}]) {
    expect(await refusal(call('shh_post', { ...easy, symKeyID, ...message }))).toEqual([-32000, 'missing topic(s)'])
    expect(await call('shh_post', { ...easy, pubKey, ...message })).toMatch(/^0x/)
  }
})

test('R-16 a poll drains, a second one is empty, an unknown filter is an error', async () => {
  const { call, symKeyID, filter, poll } = await setUp()
  const id = await filter({ symKeyID, topics: [topic] })
  for (const payload of ['0x01', '0x02']) await call('shh_post', { ...easy, symKeyID, topic, payload })
  expect((await poll(id)).map(({ payload }) => payload).sort()).toEqual(['0x01', '0x02'])
  expect(await poll(id)).toEqual([])
  expect(await refusal(poll('cd'.repeat(32)))).toEqual([-32000, 'filter not found'])
  expect(await call('shh_deleteMessageFilter', id)).toBe(true)
  expect(await refusal(poll(id))).toEqual([-32000, 'filter not found'])
  expect(await refusal(call('shh_deleteMessageFilter', id))).toEqual([-32000, 'Unsubscribe: Invalid ID'])
})

test('R-16 filters that the node has for others are not reachable', async () => {
  const { call, whisper } = await setUp()
  const theirs = whisper.filters.add({ key: { kind: 'symmetric', key: new Uint8Array(32).fill(1) } })
  expect(await refusal(call('shh_getFilterMessages', theirs))).toEqual([-32000, 'filter not found'])
  expect(await refusal(call('shh_deleteMessageFilter', theirs))).toEqual([-32000, 'Unsubscribe: Invalid ID'])
  expect(whisper.filters.has(theirs)).toBe(true)
})

describe('R-17 criteria', () => {
  test('R-17 a polled filter may have a symmetric key without topics, a subscription not', async () => {
    const { call, rpc, symKeyID, filter, poll } = await setUp()
    const id = await filter({ symKeyID })
    await call('shh_post', { ...easy, symKeyID, topic })
    expect(await poll(id)).toHaveLength(1)
    const answers: Json[] = []
    const connection = rpc.connect(json => void answers.push(JSON.parse(json)))
    const params = ['messages', { symKeyID }]
    await connection.receive(JSON.stringify({ id: 1, method: 'shh_subscribe', params }))
    expect(answers).toMatchObject([{ id: 1, error: { code: -32000, message: 'missing topic(s)' } }])
    connection.close()
  })

  test('R-17 each check has its text', async () => {
    const { call, rpc, symKeyID, pair } = await setUp()
    const zero = await call('shh_addSymKey', `0x${'00'.repeat(32)}`)
    const unknown = 'ab'.repeat(32)
    const subscribe = async (criteria: Json) => {
      const answers: Json[] = []
      const connection = rpc.connect(json => void answers.push(JSON.parse(json)))
      await connection.receive(JSON.stringify({ id: 1, method: 'shh_subscribe', params: ['messages', criteria] }))
      connection.close()
      const error = answers[0]?.['error'] as Json | undefined
      return error?.['message']
    }
    const cases: readonly (readonly [Json, string, string?])[] = [
      [{}, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID, privateKeyID: pair }, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID: unknown, sig: '0x0102', topics: [topic] }, 'invalid signing public key'],
      [{ symKeyID: unknown, topics: [topic] }, 'non-existent key ID'],
      [{ symKeyID: zero, topics: [topic] }, 'invalid symmetric key'],
      [{ privateKeyID: unknown, topics: [topic] }, 'invalid id', 'invalid public key']
    ]
    for (const [criteria, polled, subscribed = polled] of cases) {
      expect(await refusal(call('shh_newMessageFilter', criteria))).toEqual([-32000, polled])
      expect(await subscribe(criteria)).toBe(subscribed)
    }
  })

  test('R-17 signer, minimum PoW and topics select', async () => {
    const { call, symKeyID, pair, pubKey, filter, poll } = await setUp()
    const ids = await Promise.all([
      filter({ symKeyID, topics: [topic, '0x0a0b0c0d'] }),
      filter({ symKeyID, topics: [topic], sig: pubKey }),
      filter({ symKeyID, topics: [topic], minPow: 1e6 }),
      filter({ symKeyID, topics: ['0x0a0b0c0d'] }),
      filter({ symKeyID, topics: [topic], minPow: -1 })
    ])
    await call('shh_post', { ...easy, symKeyID, topic, payload: '0x01' })
    await call('shh_post', { ...easy, symKeyID, topic, payload: '0x02', sig: pair })
    const found = await Promise.all(ids.map(async id => (await poll(id)).map(({ payload }) => payload).sort()))
    expect(found).toEqual([['0x01', '0x02'], ['0x02'], [], [], ['0x01', '0x02']])
  })

  test('a deleted key still serves the filters that were made with it', async () => {
    const { call, symKeyID, pair, pubKey, filter, poll } = await setUp()
    const symmetric = await filter({ symKeyID, topics: [topic] })
    const asymmetric = await filter({ privateKeyID: pair })
    const key = await call('shh_addSymKey', await call('shh_getSymKey', symKeyID))
    await call('shh_deleteSymKey', symKeyID)
    await call('shh_deleteKeyPair', pair)
    await call('shh_post', { ...easy, symKeyID: key, topic })
    await call('shh_post', { ...easy, pubKey, topic })
    expect([(await poll(symmetric)).length, (await poll(asymmetric)).length]).toEqual([1, 1])
  })
})

test('R-18 an unsigned symmetric message has neither sig nor recipientPublicKey', async () => {
  const { call, symKeyID, filter, poll } = await setUp()
  const id = await filter({ symKeyID, topics: [topic] })
  await call('shh_post', { ...easy, symKeyID, topic, padding: '0x0a0b' })
  const [message] = await poll(id)
  expect(Object.keys(message ?? {})).toEqual(['ttl', 'timestamp', 'topic', 'payload', 'padding', 'pow', 'hash'])
  expect(message).toMatchObject({ payload: '0x', padding: '0x0a0b', ttl: 20 })
  expect(Math.abs(Number(message?.['timestamp']) - Date.now() / 1000)).toBeLessThan(60)
})

test('R-19 a signed asymmetric message has both, 65 bytes each', async () => {
  const { call, pair, pubKey, filter, poll } = await setUp()
  const signer = await call('shh_newKeyPair')
  const id = await filter({ privateKeyID: pair })
  await call('shh_post', { ...easy, pubKey, sig: signer, payload: '0x01' })
  const [message] = await poll(id)
  expect(message).toMatchObject({ sig: await call('shh_getPublicKey', signer), recipientPublicKey: pubKey })
  expect([message?.['sig'], message?.['recipientPublicKey']]).toEqual([
    expect.stringMatching(/^0x04[0-9a-f]{128}$/),
    expect.stringMatching(/^0x04[0-9a-f]{128}$/)
  ])
  expect(Object.keys(message ?? {})[0]).toBe('sig')
})

test('R-24 filters survive long idle times, and stored messages are capped', async () => {
  let now = Date.now()
  const clock = { nowMs: () => now }
  const { call, whisper } = await startApi({}, { clock }, { maxQueuedMessages: 3 })
  const symKeyID = await call('shh_newSymKey')
  const id = (await call('shh_newMessageFilter', { symKeyID, topics: [topic] })) as string
  now += 30 * 86_400_000
  for (let n = 0; n < 8; n++) await call('shh_post', { ...easy, symKeyID, topic, payload: `0x0${n}` })
  const messages = (await call('shh_getFilterMessages', id)) as Json[]
  expect(messages.map(({ payload }) => payload).sort()).toEqual(['0x05', '0x06', '0x07'])
  expect(whisper.filters.has(id)).toBe(true)
})

test('R-25 targetPeer sends code 127 to that peer only', async () => {
  const { call, whisper, symKeyID } = await setUp()
  const [near, far] = [await startWhisper(), await startWhisper()]
  await link(whisper, near, 0x61, 0x62)
  await link(whisper, far, 0x61, 0x63)
  near.trustPeer(addressOf(0x61).peerId)
  far.trustPeer(addressOf(0x61).peerId)
  const key = hexToBytes((await call('shh_getSymKey', symKeyID)) as string)
  const wanted = { key: { kind: 'symmetric' as const, key }, topics: [Uint8Array.of(1, 2, 3, 4)], allowP2P: true }
  const [atNear, atFar] = [near.filters.add(wanted), far.filters.add(wanted)]
  const own = await call('shh_newMessageFilter', { symKeyID, topics: [topic] })
  const { enode } = addressOf(0x62)
  await call('shh_setMinPoW', 1)
  const hash = await call('shh_post', { ...easy, symKeyID, topic, payload: '0x01', targetPeer: enode })
  const [message] = await until(() => {
    const found = near.filters.messages(atNear) ?? []
    return found.length > 0 ? found : undefined
  })
  expect([message?.p2p, `0x${bytesToHex(message?.hash ?? new Uint8Array())}`]).toEqual([true, hash])
  await call('shh_setMinPoW', 0)
  await call('shh_post', { ...easy, symKeyID, topic, payload: '0x02' })
  const seen = await until(() => {
    const found = far.filters.messages(atFar) ?? []
    return found.length > 0 ? found : undefined
  })
  expect(seen.map(({ payload }) => [...payload])).toEqual([[2]])
  expect(((await call('shh_getFilterMessages', own)) as Json[]).map(({ payload }) => payload)).toEqual(['0x02'])
})
