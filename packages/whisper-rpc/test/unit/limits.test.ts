import { afterEach, expect, test } from 'vitest'
import { addressOf, easy, refusal, startApi, stopAll } from '../support/node.ts'

afterEach(stopAll)

const topic = '0x01020304'

test('maxBatch: a longer batch is refused whole', async () => {
  const { rpc } = await startApi({ limits: { maxBatch: 3 } })
  const batch = (length: number) => JSON.stringify(Array.from({ length }, (_, id) => ({ id, method: 'shh_newSymKey' })))
  expect(JSON.parse((await rpc.call(batch(3))) ?? '')).toHaveLength(3)
  expect(JSON.parse((await rpc.call(batch(4))) ?? '')).toMatchObject({
    error: { code: -32600, message: 'batch too large, at most 3 calls' }
  })
})

test('maxKeys: further keys are refused, of each kind by itself', async () => {
  const { call } = await startApi({ limits: { maxKeys: 2 } })
  const full = [-32000, 'too many keys, at most 2']
  for (const name of ['shh_newSymKey', 'shh_newKeyPair']) {
    await call(name)
    await call(name)
    expect(await refusal(call(name))).toEqual(full)
  }
  expect(await refusal(call('shh_generateSymKeyFromPassword', 'x'))).toEqual(full)
  const flavoured = await startApi({ flavour: 'status-go', limits: { maxKeys: 1 } })
  const one = `0x${'11'.repeat(32)}`
  await flavoured.call('shh_addPrivateKey', one)
  await flavoured.call('shh_addPrivateKey', one)
  expect(await refusal(flavoured.call('shh_newKeyPair'))).toEqual([-32000, 'too many keys, at most 1'])
})

test('maxFilters: further filters are refused until one is deleted', async () => {
  const { call } = await startApi({ limits: { maxFilters: 2 } })
  const symKeyID = await call('shh_newSymKey')
  const ids = [await call('shh_newMessageFilter', { symKeyID }), await call('shh_newMessageFilter', { symKeyID })]
  expect(await refusal(call('shh_newMessageFilter', { symKeyID }))).toEqual([-32000, 'too many filters, at most 2'])
  await call('shh_deleteMessageFilter', ids[0])
  await call('shh_newMessageFilter', { symKeyID })
})

test('maxFilters of the node itself: its refusal is passed on', async () => {
  const { call } = await startApi({}, {}, { maxFilters: 1 })
  const symKeyID = await call('shh_newSymKey')
  await call('shh_newMessageFilter', { symKeyID })
  expect(await refusal(call('shh_newMessageFilter', { symKeyID }))).toEqual([-32000, 'filters: at most 1'])
})

test('maxTopics: of a filter, a subscription and a request', async () => {
  const { rpc, call } = await startApi({ flavour: 'status-go', limits: { maxTopics: 3 } })
  const symKeyID = await call('shh_newSymKey')
  const topics = (length: number) => Array.from({ length }, () => topic)
  const full = 'too many topics, at most 3'
  await call('shh_newMessageFilter', { symKeyID, topics: topics(3) })
  expect(await refusal(call('shh_newMessageFilter', { symKeyID, topics: topics(4) }))).toEqual([-32000, full])
  expect(await refusal(call('shhext_requestMessages', { topics: topics(4) }))).toEqual([-32000, full])
  const answers: string[] = []
  const connection = rpc.connect(json => void answers.push(json))
  const params = ['messages', { symKeyID, topics: topics(4) }]
  await connection.receive(JSON.stringify({ id: 1, method: 'shh_subscribe', params }))
  expect(answers.join()).toContain(full)
})

test('maxSubscriptions: per connection', async () => {
  const { rpc, call } = await startApi({ limits: { maxSubscriptions: 1 } })
  const criteria = { symKeyID: await call('shh_newSymKey'), topics: [topic] }
  const request = JSON.stringify({ id: 1, method: 'shh_subscribe', params: ['messages', criteria] })
  const outcomes: string[] = []
  const connect = () => rpc.connect(json => void outcomes.push(json.includes('too many') ? 'refused' : 'made'))
  const [one, two] = [connect(), connect()]
  for (const connection of [one, one, two]) await connection.receive(request)
  expect(outcomes).toEqual(['made', 'refused', 'made'])
})

test('maxPosts and maxPowSeconds: work that may be asked for', async () => {
  const { call, rpc } = await startApi({ limits: { maxPosts: 1, maxPowSeconds: 60 } })
  const symKeyID = await call('shh_newSymKey')
  expect(await refusal(call('shh_post', { symKeyID, topic, powTime: 61, powTarget: 1 }))).toEqual([
    -32000,
    'powTime too long [61>60]'
  ])
  const gone = new AbortController()
  const params = [{ symKeyID, topic, ttl: 1000, powTime: 60, powTarget: 1e9 }]
  const long = rpc.call(JSON.stringify({ id: 1, method: 'shh_post', params }), { signal: gone.signal })
  await new Promise(resolve => setTimeout(resolve, 0))
  expect(await refusal(call('shh_post', { ...easy, symKeyID, topic }))).toEqual([
    -32000,
    'too many messages are being sealed, at most 1, half of them of one client'
  ])
  gone.abort()
  await long
  expect(await call('shh_post', { ...easy, symKeyID, topic })).toMatch(/^0x/)
})

test('maxMailservers: a longer list is refused', async () => {
  const { call } = await startApi({ limits: { maxMailservers: 2 } })
  const { enode } = addressOf(0x62)
  expect(await call('shhext_updateMailservers', [enode, enode])).toBeNull()
  expect(await refusal(call('shhext_updateMailservers', [enode, enode, enode]))).toEqual([
    -32000,
    'too many mailservers, at most 2'
  ])
})
