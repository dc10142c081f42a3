import type { WhisperOptions } from '@status-stack/whisper'
import { afterEach, describe, expect, test } from 'vitest'
import type { RpcOptions } from '../../src/index.ts'
import { easy, refusal, startApi, stopAll } from '../support/node.ts'

afterEach(stopAll)

const topic = '0x01020304'
type Json = Record<string, unknown>

/** A connected client and everything it was sent. */
async function setUp(options: RpcOptions = {}, whisperOptions: WhisperOptions = {}) {
  const api = await startApi(options, {}, whisperOptions)
  const symKeyID = (await api.call('shh_newSymKey')) as string
  const sent: Json[] = []
  const connection = api.rpc.connect(json => void sent.push(JSON.parse(json)))
  const ask = async (method: string, ...params: unknown[]) => {
    const id = `${method} ${sent.length}`
    await connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return sent.find(answer => answer['id'] === id) ?? {}
  }
  const subscribe = async (criteria: Json = { symKeyID, topics: [topic] }) => {
    const { result } = await ask('shh_subscribe', 'messages', criteria)
    return result as string
  }
  const post = (payload = '0x01') => api.call('shh_post', { ...easy, symKeyID, topic, payload })
  const notified = () => sent.filter(({ method }) => method === 'shh_subscription').map(({ params }) => params as Json)
  return { ...api, symKeyID, sent, connection, ask, subscribe, post, notified }
}

test('R-20 a subscription notifies of each message', async () => {
  const { subscribe, post, notified, sent } = await setUp()
  const subscription = await subscribe()
  expect(subscription).toMatch(/^0x[1-9a-f][0-9a-f]{0,31}$/)
  const hash = await post('0x6869')
  expect(notified()).toMatchObject([{ subscription, result: { hash, payload: '0x6869', topic } }])
  expect(Object.keys(sent.at(-1) ?? {})).toEqual(['jsonrpc', 'method', 'params'])
})

test('R-20 over a transport without notifications it is refused', async () => {
  const { call, symKeyID } = await setUp()
  const none = [-32000, 'notifications not supported']
  expect(await refusal(call('shh_subscribe', 'messages', { symKeyID, topics: [topic] }))).toEqual(none)
  expect(await refusal(call('shh_unsubscribe', '0x1'))).toEqual(none)
})

test('R-20 names and arguments are checked', async () => {
  const { ask, connection, sent } = await setUp()
  expect(await ask('shh_subscribe')).toMatchObject({
    error: { code: -32602, message: 'expected subscription name as first argument' }
  })
  expect(await ask('shh_subscribe', 1, {})).toMatchObject({
    error: { code: -32602, message: 'expected subscription name as first argument' }
  })
  expect(await ask('shh_subscribe', 'blocks', {})).toMatchObject({
    error: { code: -32601, message: 'no "blocks" subscription in shh namespace' }
  })
  expect(await ask('eth_subscribe', 'messages', {})).toMatchObject({
    error: { code: -32601, message: 'no "messages" subscription in eth namespace' }
  })
  await connection.receive('{"id":1,"method":"shh_subscribe"}')
  expect(sent.at(-1)).toMatchObject({ error: { code: -32602, message: 'non-array args' } })
})

test('R-21 the id precedes the first notification, also when live envelopes match at once', async () => {
  const { subscribe, post, sent, notified } = await setUp()
  await post('0x01')
  await post('0x02')
  const subscription = await subscribe()
  const first = sent.findIndex(({ result }) => result === subscription)
  const notification = sent.findIndex(({ method }) => method === 'shh_subscription')
  expect(notification).toBeGreaterThan(first)
  expect(
    notified()
      .map(({ result }) => (result as Json)['payload'])
      .sort()
  ).toEqual(['0x01', '0x02'])
})

test('R-21 in a batch, notifications begin after the answers of the whole batch', async () => {
  const { connection, symKeyID, sent } = await setUp()
  const criteria = { symKeyID, topics: [topic] }
  await connection.receive(
    JSON.stringify([
      { id: 1, method: 'shh_subscribe', params: ['messages', criteria] },
      { id: 2, method: 'shh_post', params: [{ ...easy, symKeyID, topic }] }
    ])
  )
  expect(sent).toHaveLength(2)
  expect(sent[0]).toMatchObject([{ id: 1 }, { id: 2 }])
  expect(sent[1]).toMatchObject({ method: 'shh_subscription' })
})

test('R-22 unsubscribe is true, then not found', async () => {
  const { ask, subscribe, post, notified } = await setUp()
  const id = await subscribe()
  expect(await ask('shh_unsubscribe', id)).toMatchObject({ result: true })
  expect(await ask('shh_unsubscribe', id)).toMatchObject({
    error: { code: -32000, message: 'subscription not found' }
  })
  await post()
  expect(notified()).toEqual([])
})

test('R-22 a client cannot end the subscription of another', async () => {
  const { rpc, subscribe, post, notified } = await setUp()
  const id = await subscribe()
  const answers: Json[] = []
  const other = rpc.connect(json => void answers.push(JSON.parse(json)))
  await other.receive(JSON.stringify({ id: 1, method: 'shh_unsubscribe', params: [id] }))
  expect(answers).toMatchObject([{ error: { message: 'subscription not found' } }])
  await post()
  expect(notified()).toHaveLength(1)
})

describe('R-22 closing the connection', () => {
  test('R-22 frees its filters', async () => {
    const { subscribe, post, notified, connection, whisper } = await setUp({}, { maxFilters: 2 })
    await subscribe()
    await subscribe()
    connection.close()
    connection.close()
    await post()
    expect(notified()).toEqual([])
    // The node admits two: they are free again.
    const filter = { key: { kind: 'symmetric' as const, key: new Uint8Array(32).fill(1) } }
    expect([whisper.filters.add(filter), whisper.filters.add(filter)]).toHaveLength(2)
  })

  test('R-22 ends a call that is under way, and nothing is answered any more', async () => {
    const { connection, sent, symKeyID } = await setUp()
    const before = sent.length
    const params = [{ symKeyID, topic, ttl: 1000, powTime: 300, powTarget: 1e9 }]
    const call = connection.receive(JSON.stringify({ id: 1, method: 'shh_post', params }))
    connection.close()
    await call
    expect(sent).toHaveLength(before)
  })
})
