import { hexToBytes } from '@status-stack/crypto'
import { afterEach, expect, test } from 'vitest'
import { createRpc, type RpcOptions } from '../../src/index.ts'
import { callerOf } from '../../src/testing/index.ts'
import { addressOf, easy, nodeKey, onStop, refusal, startWhisper, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const topic = '0x01020304'
type Json = Record<string, unknown>

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}

/** A node of the relay that both protocols share stands for a Waku node here; a real one is driven in the integration tests. */
async function startWaku(options: RpcOptions = {}) {
  const waku = await startWhisper()
  const rpc = createRpc({ waku, nodeKey }, options)
  onStop(() => rpc.stop())
  return { waku, rpc, call: callerOf(rpc) }
}

test('K-25 the methods of a node have the prefix waku: keys, filters, posting, settings, in hex', async () => {
  const { call, waku } = await startWaku()
  const symKeyID = await call('waku_newSymKey')
  const pair = (await call('waku_newKeyPair')) as string
  const pubKey = (await call('waku_getPublicKey', pair)) as string
  const bySymKey = await call('waku_newMessageFilter', { symKeyID, topics: [topic] })
  const signed = await call('waku_newMessageFilter', { privateKeyID: pair, topics: [topic], sig: pubKey })
  const hash = await call('waku_post', { ...easy, symKeyID, topic, payload: '0x6869', padding: '0x01', sig: pair })
  await call('waku_post', { ...easy, pubKey, topic, payload: '0x01', sig: pair })
  expect(await call('waku_getFilterMessages', bySymKey)).toMatchObject([
    { hash, payload: '0x6869', padding: '0x01', sig: pubKey, topic }
  ])
  expect(await call('waku_getFilterMessages', signed)).toMatchObject([{ payload: '0x01', recipientPublicKey: pubKey }])
  expect(await call('waku_deleteMessageFilter', bySymKey)).toBe(true)
  // The habits of status-go: key pair ids follow from the key, and this method exists.
  expect(await call('waku_uninstallFilter', signed)).toBeNull()
  expect(await call('waku_hasKeyPair', pair)).toBe(true)
  expect(await call('waku_setMaxMessageSize', 1000)).toBe(true)
  expect(await call('waku_setMinPoW', 0.5)).toBe(true)
  expect(await call('waku_info')).toEqual({ messages: 0, minPow: 0.5, maxMessageSize: 1000 })
  expect(await call('waku_setBloomFilter', `0x${'00'.repeat(64)}`)).toBe(true)
  expect(waku.info().bloomFilter).toEqual(new Uint8Array(64))
  expect([await call('waku_makeLightClient'), await call('waku_cancelLightClient')]).toEqual([true, true])
  const { enode, peerId } = addressOf(0x62)
  expect(await refusal(call('waku_markTrustedPeer', enode))).toEqual([-32000, `could not find peer with ID: ${peerId}`])
  expect(await refusal(call('waku_post', { symKeyID, topic, powTarget: 1, powTime: 1, targetPeer: enode }))).toEqual([
    -32000,
    `could not find peer with ID: ${peerId}`
  ])
})

test('K-25 there is no waku_version, nothing of Whisper, and the modules say so', async () => {
  const { call } = await startWaku()
  for (const name of ['waku_version', 'shh_version', 'shh_info', 'shhext_requestMessages', 'wakuext_syncMessages']) {
    expect(await refusal(call(name))).toEqual([-32601, `the method ${name} does not exist/is not available`])
  }
  expect(await call('rpc_modules')).toEqual({ net: '1.0', rpc: '1.0', waku: '1.0', wakuext: '1.0' })
})

test('K-25 wakuext asks mailservers', async () => {
  const { call } = await startWaku()
  const { enode } = addressOf(0x62)
  expect(await refusal(call('wakuext_requestMessages', { mailServerPeer: 'x' }))).toEqual([
    -32000,
    expect.stringContaining('invalid mailServerPeer value')
  ])
  const symKeyID = await call('waku_newSymKey')
  expect(await refusal(call('wakuext_requestMessages', { mailServerPeer: enode, symKeyID, topics: [topic] }))).toEqual([
    -32000,
    expect.stringContaining('could not find peer')
  ])
  expect(await call('wakuext_updateMailservers', [enode])).toBeNull()
})

test('K-25 with the switch byte strings are base64, as status-go has them; topics and keys stay hex', async () => {
  const { call } = await startWaku({ wakuBytes: 'base64' })
  const symKeyID = await call('waku_newSymKey')
  const pair = (await call('waku_newKeyPair')) as string
  const pubKey = (await call('waku_getPublicKey', pair)) as string
  expect(pubKey).toMatch(/^0x04/)
  const inBase64 = base64Of(hexToBytes(pubKey.slice(2)))
  const id = await call('waku_newMessageFilter', { privateKeyID: pair, topics: [topic], sig: inBase64 })
  const hash = (await call('waku_post', {
    ...easy,
    pubKey: inBase64,
    sig: pair,
    topic,
    payload: 'aGk=',
    padding: 'AQ=='
  })) as string
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
  expect(await call('waku_getFilterMessages', id)).toMatchObject([
    {
      payload: 'aGk=',
      padding: 'AQ==',
      sig: inBase64,
      recipientPublicKey: inBase64,
      topic,
      hash: base64Of(hexToBytes(hash.slice(2)))
    }
  ])
  for (const payload of ['0x6869', 'aGk', 'aGk==', 'a', 'aG k', 5]) {
    expect((await refusal(call('waku_post', { ...easy, symKeyID, topic, payload })))[0]).toBe(-32602)
  }
  const long = base64Of(new Uint8Array(100_000).fill(7))
  const all = await call('waku_newMessageFilter', { symKeyID, topics: [topic] })
  await call('waku_post', { ...easy, symKeyID, topic, payload: long })
  expect(await call('waku_getFilterMessages', all)).toMatchObject([{ payload: long }])
  expect(() => createRpc({ waku: {} as never }, { wakuBytes: 'octal' as never })).toThrow(/wakuBytes/)
})

test('K-25 one server answers for both nodes: keys, filters and subscriptions of each are its own', async () => {
  const [whisper, waku] = [await startWhisper(), await startWhisper()]
  const rpc = createRpc({ whisper, waku, nodeKey })
  onStop(() => rpc.stop())
  const call = callerOf(rpc)
  const key = `0x${'11'.repeat(32)}`
  const [shhKey, wakuKey] = [await call('shh_addSymKey', key), await call('waku_addSymKey', key)]
  expect([await call('shh_hasSymKey', wakuKey), await call('waku_hasSymKey', wakuKey)]).toEqual([false, true])
  const filter = await call('waku_newMessageFilter', { symKeyID: wakuKey, topics: [topic] })
  expect(await refusal(call('shh_getFilterMessages', filter))).toEqual([-32000, 'filter not found'])
  await call('shh_post', { ...easy, symKeyID: shhKey, topic, payload: '0x01' })
  expect(await call('waku_getFilterMessages', filter)).toEqual([])
  expect(await call('shh_version')).toBe('6.0')
  expect(await call('rpc_modules')).toEqual({
    net: '1.0',
    rpc: '1.0',
    shh: '1.0',
    shhext: '1.0',
    waku: '1.0',
    wakuext: '1.0'
  })
  expect(await call('net_peerCount')).toBe('0x0')

  const out: Json[] = []
  const connection = rpc.connect(json => out.push(JSON.parse(json) as Json))
  const ask = (id: number, method: string, ...params: unknown[]) =>
    connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
  await ask(1, 'waku_subscribe', 'messages', { symKeyID: wakuKey, topics: [topic] })
  await ask(2, 'other_subscribe', 'messages', { symKeyID: wakuKey, topics: [topic] })
  await call('waku_post', { ...easy, symKeyID: wakuKey, topic, payload: '0x02' })
  const note = await until(() => out.find(({ method }) => method === 'waku_subscription'))
  expect(note).toMatchObject({ params: { result: { payload: '0x02' } } })
  expect(out.find(({ id }) => id === 2)).toMatchObject({ error: { code: -32601 } })
  const subscription = out.find(({ id }) => id === 1)?.['result']
  await ask(3, 'waku_unsubscribe', subscription)
  expect(out.find(({ id }) => id === 3)).toMatchObject({ result: true })
  connection.close()
  await rpc.stop()
  expect(waku.filters.has(filter as string)).toBe(false)
})

test('an API without a node is refused', () => {
  expect(() => createRpc({})).toThrow(/whisper/)
})
