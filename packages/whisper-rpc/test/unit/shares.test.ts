import { afterEach, expect, test } from 'vitest'
import { clientOf } from '../../src/server/client.node.ts'
import { createShares } from '../../src/shares.ts'
import { easy, onStop, refusal, startApi, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const topic = '0x01020304'

/** How many places each client gets who asks for more than there are. */
function greedy(places: number, clients: number): number[] {
  const shares = createShares(places)
  return Array.from({ length: clients }, (_, client) => {
    let got = 0
    while (shares.take(client) !== undefined) got++
    return got
  })
}

test('one client gets half of the places at most, and every further one finds some', () => {
  expect(greedy(16, 6)).toEqual([8, 4, 2, 1, 1, 0])
  expect(greedy(1, 2)).toEqual([1, 0])
})

test('what is given back is free again, once', () => {
  const shares = createShares(4)
  const first = shares.take('one')
  shares.take('one')
  expect(shares.take('one')).toBeUndefined()
  first?.()
  first?.()
  expect(shares.take('one')).toBeDefined()
  expect(shares.take('one')).toBeUndefined()
  expect(shares.take('two')).toBeDefined()
  expect(shares.take('two')).toBeUndefined()
})

test('maxPosts: a client that posts as much as it may leaves places for others', async () => {
  const { call, rpc } = await startApi({ limits: { maxPosts: 3 } })
  const symKeyID = await call('shh_newSymKey')
  const gone = new AbortController()
  onStop(async () => gone.abort())
  const long = { symKeyID, topic, ttl: 1000, powTime: 60, powTarget: 1e9 }
  const post = (message: object) => JSON.stringify({ id: 1, method: 'shh_post', params: [message] })
  const answers: string[] = []
  const greedy = rpc.connect(json => void answers.push(json))
  onStop(async () => greedy.close())
  for (let n = 0; n < 4; n++) void greedy.receive(post({ ...long, payload: `0x0${n}` }))
  await until(() => (answers.length === 2 ? true : undefined))
  expect(answers.map(json => JSON.parse(json).error.message)).toEqual(
    Array(2).fill('too many messages are being sealed, at most 3, half of them of one client')
  )
  // Another connection, and calls by name.
  const other = await rpc.call(post({ ...easy, symKeyID, topic }), { client: 'other' })
  expect(other).toContain('"result":"0x')
  void rpc.call(post(long), { client: 'other', signal: gone.signal })
  const third = () => rpc.call(post({ ...easy, symKeyID, topic }), { client: 'third' })
  await until(async () => ((await third())?.includes('too many messages') ? true : undefined))
  greedy.close()
  await until(async () => ((await third())?.includes('"result":"0x') ? true : undefined))
})

test('several places are taken together or not at all', () => {
  const shares = createShares(10)
  const five = shares.take('one', 5)
  expect(five).toBeDefined()
  expect(shares.take('one')).toBeUndefined()
  expect(shares.take('two', 6)).toBeUndefined()
  expect(shares.take('two', 5)).toBeDefined()
  five?.()
  expect(shares.take('three', 5)).toBeDefined()
})

test('maxAllTopics: filters and subscriptions of all clients, given back with them', async () => {
  const { call, rpc } = await startApi({ limits: { maxAllTopics: 8, maxTopics: 4 } })
  const symKeyID = await call('shh_newSymKey')
  const criteria = { symKeyID, topics: Array(4).fill(topic) }
  const full = 'too many topics in all filters, at most 8, half of them of one client'
  const id = await call('shh_newMessageFilter', criteria)
  expect(await refusal(call('shh_newMessageFilter', { ...criteria, topics: [topic] }))).toEqual([-32000, full])
  const answers: { result?: string; error?: { message: string } }[] = []
  const connection = rpc.connect(json => void answers.push(JSON.parse(json)))
  const subscribe = () =>
    connection.receive(JSON.stringify({ id: 1, method: 'shh_subscribe', params: ['messages', criteria] }))
  await subscribe()
  await subscribe()
  expect(answers.map(({ result, error }) => error?.message ?? typeof result)).toEqual(['string', full])
  const unsubscribe = { id: 1, method: 'shh_unsubscribe', params: [answers[0]?.result] }
  await connection.receive(JSON.stringify(unsubscribe))
  await subscribe()
  expect(typeof answers.at(-1)?.result).toBe('string')
  connection.close()
  expect(await call('shh_deleteMessageFilter', id)).toBe(true)
  expect(await call('shh_newMessageFilter', criteria)).toMatch(/^[0-9a-f]{64}$/)
})

test('connections of one client share its places', async () => {
  const { call, rpc } = await startApi({ limits: { maxPosts: 3 } })
  const symKeyID = await call('shh_newSymKey')
  const params = [{ symKeyID, topic, ttl: 1000, powTime: 60, powTarget: 1e9 }]
  const refused: string[] = []
  for (let n = 0; n < 4; n++) {
    const connection = rpc.connect(json => void refused.push(json), { client: 'address' })
    onStop(async () => connection.close())
    void connection.receive(JSON.stringify({ id: 1, method: 'shh_post', params }))
  }
  await until(() => (refused.length === 2 ? true : undefined))
  expect(await call('shh_post', { ...easy, symKeyID, topic })).toMatch(/^0x/)
})

test('a client is an address; where many share one, a connection', () => {
  const socket = (remoteAddress: string | undefined) => ({ remoteAddress })
  expect(clientOf(socket('203.0.113.7'))).toBe(clientOf(socket('203.0.113.7')))
  expect(clientOf(socket('2001:db8:1:2::9'))).toBe(clientOf(socket('2001:db8:1:2::1')))
  for (const address of ['127.0.0.1', '192.168.0.4', undefined]) {
    const one = socket(address)
    expect(clientOf(one)).toBe(clientOf(one))
    expect(clientOf(one)).not.toBe(clientOf(socket(address)))
  }
})
