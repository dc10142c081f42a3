import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { serveHttp, serveWebSocket } from '../../src/server/index.node.ts'
import { addressOf, link, onStop, startApi, startWhisper, stopAll, until } from '../support/node.ts'

/** What `web3-shh` 1.x offers, as far as it is used here. */
interface Web3Subscription extends EventEmitter {
  readonly id: string
  readonly unsubscribe: (callback: (error: unknown, done: boolean) => void) => void
}

type Options = Record<string, unknown>
type Message = Record<string, unknown>

interface Web3Shh {
  readonly currentProvider: { readonly disconnect?: () => void; readonly connected?: boolean }
  readonly net: {
    readonly getId: () => Promise<number>
    readonly isListening: () => Promise<boolean>
    readonly getPeerCount: () => Promise<number>
  }
  readonly getVersion: () => Promise<string>
  readonly getInfo: () => Promise<Options>
  readonly setMaxMessageSize: (size: number) => Promise<boolean>
  readonly setMinPoW: (pow: number) => Promise<boolean>
  readonly markTrustedPeer: (enode: string) => Promise<boolean>
  readonly newKeyPair: () => Promise<string>
  readonly addPrivateKey: (key: string) => Promise<string>
  readonly deleteKeyPair: (id: string) => Promise<boolean>
  readonly hasKeyPair: (id: string) => Promise<boolean>
  readonly getPublicKey: (id: string) => Promise<string>
  readonly getPrivateKey: (id: string) => Promise<string>
  readonly newSymKey: () => Promise<string>
  readonly addSymKey: (key: string) => Promise<string>
  readonly generateSymKeyFromPassword: (password: string) => Promise<string>
  readonly hasSymKey: (id: string) => Promise<boolean>
  readonly getSymKey: (id: string) => Promise<string>
  readonly deleteSymKey: (id: string) => Promise<boolean>
  readonly newMessageFilter: (criteria: Options) => Promise<string>
  readonly getFilterMessages: (id: string) => Promise<Message[]>
  readonly deleteMessageFilter: (id: string) => Promise<boolean>
  readonly post: (message: Options) => Promise<string>
  readonly subscribe: (name: string, criteria: Options) => Web3Subscription
  readonly clearSubscriptions: () => void
}

const Shh = createRequire(import.meta.url)('web3-shh') as new (url: string) => Web3Shh

afterEach(stopAll)

async function serve(kind: 'http' | 'ws') {
  const api = await startApi()
  const server = await (kind === 'http' ? serveHttp : serveWebSocket)(api.rpc, { port: 0 })
  onStop(() => server.close())
  const shh = new Shh(server.url)
  onStop(async () => shh.currentProvider.disconnect?.())
  return { ...api, shh }
}

const topic = '0xffaadd11'
const easy = { ttl: 10, powTarget: 0.0001, powTime: 3 }

describe.each(['http', 'ws'] as const)('R-23 web3-shh 1.10, unmodified, over %s', kind => {
  test('R-23 version, info and settings', async () => {
    const { shh, whisper } = await serve(kind)
    expect(await shh.getVersion()).toBe('6.0')
    expect(await shh.setMaxMessageSize(999_999)).toBe(true)
    expect(await shh.setMinPoW(0.00001)).toBe(true)
    expect(await shh.getInfo()).toEqual({ memory: 0, messages: 0, minPow: 0.00001, maxMessageSize: 999_999 })
    await link(whisper, await startWhisper())
    expect(await shh.markTrustedPeer(addressOf(0x62).enode)).toBe(true)
    expect([await shh.net.getId(), await shh.net.isListening(), await shh.net.getPeerCount()]).toEqual([1, true, 1])
  })

  test('R-23 keys', async () => {
    const { shh } = await serve(kind)
    const privateKey = '0x8bda3abeb454847b515fa9b404cede50b1cc63cfdeddd4999d074284b4c21e15'
    const pair = await shh.addPrivateKey(privateKey)
    expect(await shh.getPrivateKey(pair)).toBe(privateKey)
    expect(await shh.getPublicKey(pair)).toMatch(/^0x04[0-9a-f]{128}$/)
    expect([await shh.hasKeyPair(pair), await shh.deleteKeyPair(pair), await shh.hasKeyPair(pair)]).toEqual([
      true,
      true,
      false
    ])
    expect(await shh.newKeyPair()).toMatch(/^[0-9a-f]{64}$/)
    const password = await shh.generateSymKeyFromPassword('status-offline-inbox')
    expect(await shh.getSymKey(password)).toBe('0x765df27c0765526f920ba742ff4b9452bb0064e016435ffccd81186aa6feaae8')
    const added = await shh.addSymKey(`0x${'5a'.repeat(32)}`)
    expect([await shh.hasSymKey(added), await shh.deleteSymKey(added), await shh.deleteSymKey(added)]).toEqual([
      true,
      true,
      false
    ])
    expect(await shh.newSymKey()).toMatch(/^[0-9a-f]{64}$/)
  })

  test('R-23 filter, post, poll, and errors with their texts', async () => {
    const { shh } = await serve(kind)
    const [symKeyID, sig] = [await shh.newSymKey(), await shh.newKeyPair()]
    const filter = await shh.newMessageFilter({ symKeyID, topics: [topic] })
    const hash = await shh.post({ symKeyID, sig, topic, payload: '0xffffffdddddd1122', padding: '0xab', ...easy })
    expect(await shh.getFilterMessages(filter)).toMatchObject([
      { hash, payload: '0xffffffdddddd1122', padding: '0xab', ttl: 10, topic, sig: await shh.getPublicKey(sig) }
    ])
    expect(await shh.getFilterMessages(filter)).toEqual([])
    expect(await shh.deleteMessageFilter(filter)).toBe(true)
    await expect(shh.getFilterMessages(filter)).rejects.toThrow('filter not found')
    await expect(shh.getPublicKey('nothing')).rejects.toThrow('invalid id')
    await expect(shh.post({ topic, ...easy })).rejects.toThrow('specify either a symmetric or an asymmetric key')
  })
})

describe('R-23 subscriptions of web3-shh', () => {
  test('R-23 subscribe, data, unsubscribe', async () => {
    const { shh } = await serve('ws')
    const pair = await shh.newKeyPair()
    const got: Message[] = []
    const subscription = shh.subscribe('messages', { privateKeyID: pair })
    subscription.on('data', (message: Message) => void got.push(message))
    await new Promise(resolve => subscription.once('connected', resolve))
    const message = { pubKey: await shh.getPublicKey(pair), payload: '0x68656c6c6f', ...easy }
    const hash = await shh.post(message)
    expect(await until(() => got[0])).toMatchObject({
      hash,
      payload: '0x68656c6c6f',
      recipientPublicKey: message.pubKey
    })
    expect(await new Promise(resolve => subscription.unsubscribe((_error, done) => resolve(done)))).toBe(true)
    await shh.post(message)
    expect(await shh.getVersion()).toBe('6.0')
    expect(got).toHaveLength(1)
  })

  test('R-23 a subscription without topics reports the error', async () => {
    const { shh } = await serve('ws')
    const subscription = shh.subscribe('messages', { symKeyID: await shh.newSymKey() })
    const error = await new Promise<Error>(resolve => subscription.on('error', resolve))
    expect(error.message).toContain('missing topic(s)')
    shh.clearSubscriptions()
  })
})
