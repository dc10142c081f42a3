import { generatePrivateKey } from '@status-stack/crypto'
import type { PeerLink } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { parseEnode } from '../../src/enode.ts'
import type { Carrier } from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { echoCapability, host, once, record, sinkCapability, startedHost, until } from '../helpers/hosts.ts'

test('two hosts connect, exchange packets and say goodbye', async () => {
  const a = sinkCapability()
  const b = sinkCapability()
  const left = await startedHost({ capabilities: [a] })
  const right = await startedHost({ capabilities: [b] })
  const added = once(right, 'peerconnected')
  const info = await left.dial(right.enode())
  expect(info.peerId).toBe(right.peerId)
  expect((await added).peerId).toBe(left.peerId)
  await a.links[0]?.send(127, Uint8Array.of(1, 2, 3))
  await until(() => b.packets.length === 1)
  expect(b.packets[0]).toEqual({ code: 127, payload: Uint8Array.of(1, 2, 3) })
  const removed = once(right, 'peerdisconnected')
  await left.stop()
  expect((await removed).ending).toMatchObject({ by: 'peer', reason: 'client-quitting', reasonCode: 8 })
  expect(right.peers()).toEqual([])
})

test('a listener that throws is logged, and stops neither the host nor the others', async () => {
  const errors: unknown[] = []
  const silent = () => undefined
  const logger = { debug: silent, info: silent, warn: silent, error: (...said: unknown[]) => void errors.push(said) }
  const left = await startedHost({ logger })
  const right = await startedHost()
  left.on('peerconnected', () => {
    throw new Error('not now')
  })
  const connected = record(left, 'peerconnected')
  const { peerId } = await left.dial(right.enode())
  expect(connected.map(peer => peer.peerId)).toEqual([peerId])
  expect(errors).toEqual([['a listener failed', { event: 'peerconnected', error: 'Error: not now' }]])
})

test('what send has taken arrives before the farewell', async () => {
  const sink = sinkCapability()
  const right = await startedHost({ capabilities: [sink] })
  const talker = {
    ...sinkCapability(),
    run: async (link: PeerLink): Promise<void> => {
      for (let i = 0; i < 100; i++) await link.send(1, Uint8Array.of(i))
    }
  }
  const left = await startedHost({ capabilities: [talker] })
  const removed = once(right, 'peerdisconnected')
  await left.dial(right.enode())
  expect((await removed).ending).toMatchObject({ by: 'peer', reason: 'client-quitting' })
  await until(() => sink.packets.length === 100)
  expect(sink.packets.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('T-12 message ids of one, two and three bytes round-trip', async () => {
  const echo = echoCapability('echo', 1, 1000)
  const sink = sinkCapability('echo', 1, 1000)
  const left = await startedHost({ capabilities: [sink] })
  const right = await startedHost({ capabilities: [echo] })
  await left.dial(right.enode())
  const codes = [0, 111, 112, 126, 127, 239, 240, 255, 271 - 16, 256, 999]
  for (const code of codes) await sink.links[0]?.send(code, Uint8Array.of(code & 255))
  await until(() => sink.packets.length === codes.length)
  expect(sink.packets.map(({ code }) => code)).toEqual(codes)
})

test('a static peer that comes back is dialed again', async () => {
  const privateKey = generatePrivateKey()
  const left = await startedHost({}, { redialDelayLocalMs: 20 })
  const right = await startedHost({ privateKey })
  const url = right.enode()
  await left.dial(url, { static: true })
  const gone = once(left, 'dialfailed')
  await right.stop()
  const { tcpPort: port, host } = parseEnode(url)
  expect(await gone).toMatchObject({ peerId: right.peerId, code: 'network', host, port })
  const back = once(left, 'peerconnected')
  const again = await startedHost({ privateKey }, { listen: { port } })
  expect((await back).peerId).toBe(again.peerId)
  expect((await back).flags.static).toBe(true)
})

test('messages from 1 byte to 4 MiB pass, in order', async () => {
  const sink = sinkCapability()
  const source = sinkCapability()
  const left = await startedHost({ capabilities: [source] })
  const right = await startedHost({ capabilities: [sink] })
  await left.dial(right.enode())
  const sizes = [1, 15, 16, 17, 1000, 65_535, 65_536, 300_000, 4 << 20, 0, 3]
  for (const [i, size] of sizes.entries())
    await source.links[0]?.send(
      i,
      new Uint8Array(size).map((_, at) => (at * 31) ^ i)
    )
  await until(() => sink.packets.length === sizes.length)
  expect(sink.packets.map(({ payload }) => payload.length)).toEqual(sizes)
  expect(sink.packets[7]?.payload.every((byte, at) => byte === (((at * 31) ^ 7) & 255))).toBe(true)
})

test('dial rejects with the reason when the other side refuses', async () => {
  const left = await startedHost()
  const right = await startedHost({}, { maxPeers: 0 })
  const refusals = record(right, 'refused')
  await expect(left.dial(right.enode())).rejects.toMatchObject({ code: 'disconnected', details: { reason: 4 } })
  expect(refusals).toMatchObject([{ reason: 'too-many-peers', stage: 'handshake', peerId: left.peerId }])
})

test('nothing works before start, stop is idempotent', async () => {
  const idle = host()
  await idle.stop()
  await expect(idle.dial(`enode://${'11'.repeat(64)}@127.0.0.1:1`)).rejects.toMatchObject({ code: 'stopped' })
  await Promise.all([idle.start(), idle.start()])
  await Promise.all([idle.stop(), idle.stop()])
})

test('a host that has stopped dialing keeps what stands and makes nothing new, until it is started again', async () => {
  const capability = sinkCapability()
  const left = await startedHost({ capabilities: [capability] }, { redialDelayLocalMs: 1 })
  const right = await startedHost({ capabilities: [sinkCapability()] })
  const url = right.enode()
  await left.dial(url, { static: true })
  await until(() => right.peers().length === 1)
  left.stopDialing()
  expect(left.peers()).toHaveLength(1)
  await expect(left.dial((await startedHost({ capabilities: [sinkCapability()] })).enode())).rejects.toMatchObject({
    code: 'stopped',
    origin: 'caller'
  })
  const before = left.metrics().dialsStarted
  const removed = once(left, 'peerdisconnected')
  await capability.links[0]?.close('done')
  await removed
  // A dial that is due begins with the end of the connection.
  expect(left.metrics().dialsStarted).toBe(before)
  await left.stop()
  const back = once(left, 'peerconnected')
  await left.start()
  expect((await back).peerId).toBe(right.peerId)
})

test('a dial that is given up in the middle of the handshake makes no peer', async () => {
  const network = createMemoryNetwork()
  const [here, there] = ['10.0.0.1', '10.0.0.2']
  const carrier = network.carrier(here)
  const connectedAndCut: Carrier = {
    ...carrier,
    dial: async (to, options) => {
      const stream = await carrier.dial(to, options)
      network.cut(here, there, true)
      return stream
    }
  }
  const left = await startedHost({ carrier: connectedAndCut }, { listen: false })
  const right = await startedHost({ carrier: network.carrier(there) }, { listen: { port: 30_303 } })
  const ways = [(controller: AbortController) => controller.abort(), () => left.stopDialing()]
  for (const [at, giveUp] of ways.entries()) {
    const controller = new AbortController()
    const dialing = left.dial(right.enode(), { signal: controller.signal })
    await until(() => right.metrics().accepted === at + 1)
    giveUp(controller)
    await expect(dialing).rejects.toMatchObject({ code: ['aborted', 'stopped'][at] })
    network.cut(here, there, false)
    await until(() => right.metrics().pendingInbound === 0)
    expect([left.peers(), right.peers()]).toEqual([[], []])
  }
})

test('of starts and stops in a row the last one holds', async () => {
  const network = createMemoryNetwork()
  const at = { listen: { port: 30_303 } }
  const first = await startedHost({ carrier: network.carrier('10.0.0.1') }, at)
  await Promise.all([first.stop(), first.start(), first.stop()])
  await expect(first.dial(first.enode())).rejects.toMatchObject({ code: 'stopped' })
  const second = await startedHost({ carrier: network.carrier('10.0.0.2') }, at)
  await Promise.all([second.stop(), second.start()])
  const third = await startedHost({ carrier: network.carrier('10.0.0.3') }, at)
  expect(await third.dial(second.enode())).toMatchObject({ direction: 'outbound' })
})

test('a dial that is given up because its peer was added keeps that peer', async () => {
  const right = await startedHost({}, { listen: { port: 0 } })
  const left = await startedHost()
  const controller = new AbortController()
  left.on('peerconnected', () => controller.abort())
  await expect(left.dial(right.enode(), { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  expect(left.peers()).toMatchObject([{ peerId: right.peerId }])
})
