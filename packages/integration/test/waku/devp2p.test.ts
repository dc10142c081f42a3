import { generatePrivateKey, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { type Capability, createHost, type Host } from '@status-stack/devp2p-transport'
import { createRelay } from '@status-stack/relay-node'
import { capability, createBridge, createWaku, type Waku } from '@status-stack/waku'
import { planInterest, planRoute } from '@status-stack/waku/status'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { createTestKey } from '@status-stack/whisper/testing'
import { createRpc } from '@status-stack/whisper-rpc'
import { callerOf } from '@status-stack/whisper-rpc/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { next, patience, until } from '../support/until.ts'

vi.setConfig({ testTimeout: 2 * patience })

const running: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop()
})

async function startHost(capabilities: readonly Capability[], listen = true): Promise<Host> {
  const privateKey = generatePrivateKey({ bytes: randomBytes })
  const host = createHost({ privateKey, capabilities }, listen ? {} : { listen: false })
  await host.start()
  running.push(() => host.stop())
  return host
}

async function started<Node extends Whisper>(node: Node): Promise<Node> {
  await node.start()
  running.push(() => node.stop())
  return node
}

const wakuNode = (): Promise<Waku> => started(createWaku({}, { powWorkers: 0, interest: 'topics' }))
const whisperNode = (): Promise<Whisper> => started(createWhisper({}, { powWorkers: 0 }))
const capabilityOf = (node: Whisper): Capability => ({ ...node.capability, run: node.attach })
const me = createTestKey(new Uint8Array(32).fill(9))
const place = { kind: 'public', name: 'both on one connection' } as const

/** The first message of the place at a node. */
async function listen(node: Whisper) {
  const subscription = node.subscribe(await planInterest(me, place))
  await subscription.ready
  return subscription[Symbol.asyncIterator]()
}

test('K-1 a peer that has waku/0 and waku/1 is met on waku/1', async () => {
  const used: number[] = []
  const version = (number: number): Capability => ({
    ...capability,
    version: number,
    run: async link => {
      used.push(number)
      await link.send(0, Uint8Array.of(0xc0))
      for await (const packet of link.packets()) if (packet.code === 22) break
    }
  })
  const other = await startHost([version(0), version(1)])
  const waku = await wakuNode()
  const host = await startHost([capabilityOf(waku)], false)
  await host.dial(other.enode())
  await until('the handshake', () => waku.connected())
  expect(used).toEqual([1])
})

test('both protocols run on one connection, and a relay of both carries between peers of one', async () => {
  const relay = { whisper: await whisperNode(), waku: await wakuNode() }
  const bridge = createBridge(relay)
  const host = await startHost([capabilityOf(relay.whisper), capabilityOf(relay.waku)])
  const both = { whisper: await whisperNode(), waku: await wakuNode() }
  const bothHost = await startHost([capabilityOf(both.whisper), capabilityOf(both.waku)], false)
  await bothHost.dial(host.enode())
  await until('both handshakes', () => both.whisper.connected() && both.waku.connected())
  const alone = await wakuNode()
  const aloneHost = await startHost([capabilityOf(alone)], false)
  await aloneHost.dial(host.enode())
  await until('the third handshake', () => alone.connected())

  const [onWaku, byBridge] = [await listen(both.waku), await listen(alone)]
  const route = await planRoute(place)
  const posted = await both.whisper.post({ route, payload: utf8Bytes('sent on Whisper'), signer: me })
  for (const heard of [onWaku, byBridge]) {
    expect(await next('the message', heard)).toMatchObject({ payload: utf8Bytes('sent on Whisper'), hash: posted.hash })
  }
  expect(bridge.counters().toWaku).toMatchObject({ offered: 1, accepted: 1 })
  bridge.stop()
})

test('the relay node speaks both protocols on one port, and a bridge joins them', async () => {
  const relay = createRelay(
    { privateKey: generatePrivateKey({ bytes: randomBytes }) },
    { privacy: 'both', listen: { host: '127.0.0.1', port: 0 } }
  )
  await relay.start()
  running.push(() => relay.stop())
  const [onWhisper, onWaku] = [await whisperNode(), await wakuNode()]
  for (const node of [onWhisper, onWaku]) {
    const host = await startHost([capabilityOf(node)], false)
    await host.dial(relay.host.enode())
  }
  await until('both handshakes', () => onWhisper.connected() && onWaku.connected())
  const heard = await listen(onWaku)
  const route = await planRoute(place)
  await onWhisper.post({ route, payload: utf8Bytes('through the relay'), signer: me })
  expect(await next('the message', heard)).toMatchObject({ payload: utf8Bytes('through the relay') })
})

test('K-25 the methods waku_* drive a node of Waku, and its peer hears', async () => {
  const [left, right] = [await wakuNode(), await wakuNode()]
  const host = await startHost([capabilityOf(left)])
  const other = await startHost([capabilityOf(right)], false)
  await other.dial(host.enode())
  await until('the handshake', () => left.connected() && right.connected())
  const [post, poll] = [left, right].map(waku => {
    const rpc = createRpc({ waku })
    running.push(() => rpc.stop())
    return callerOf(rpc)
  }) as [ReturnType<typeof callerOf>, ReturnType<typeof callerOf>]
  const key = `0x${'11'.repeat(32)}`
  const topic = '0x0a0b0c0d'
  const filter = await poll('waku_newMessageFilter', { symKeyID: await poll('waku_addSymKey', key), topics: [topic] })
  await until('the interest to arrive', () => left.peers()[0]?.fullNode === false)
  const symKeyID = await post('waku_addSymKey', key)
  const hash = await post('waku_post', { symKeyID, topic, payload: '0x6869', ttl: 20, powTarget: 0.001, powTime: 5 })
  let got: unknown
  await until('the message', async () => {
    const messages = (await poll('waku_getFilterMessages', filter)) as readonly unknown[]
    got = messages[0]
    return got !== undefined
  })
  expect(got).toMatchObject({ hash, payload: '0x6869', topic })
  expect(right.topicInterest()).toEqual([Uint8Array.of(0x0a, 0x0b, 0x0c, 0x0d)])
})
