import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/rlpx'
import { createMemoryNetwork, once, record, sinkCapability, until } from '@status-stack/rlpx/testing'
import { expect, test } from 'vitest'
import { createWebSocketHost, formatWebSocketUrl, webSocketCarrier } from '../../src/index.ts'
import { listenWebSocket, webSocketServerCarrier, webSocketUpgrade } from '../../src/server/index.node.ts'
import { dialingHost, listeningHost } from '../helpers/hosts.ts'

test('two hosts connect, exchange packets and say goodbye', async () => {
  const a = sinkCapability()
  const b = sinkCapability()
  const left = await dialingHost({ capabilities: [a] })
  const right = await listeningHost({ capabilities: [b] })
  expect(right.enode()).toMatch(/^ws:\/\/[0-9a-f]{128}@127\.0\.0\.1:[0-9]+\/$/)
  const info = await left.dial(right.enode())
  expect(info).toMatchObject({ peerId: right.peerId, remoteAddress: '127.0.0.1', direction: 'outbound' })
  await a.links[0]?.send(127, Uint8Array.of(1, 2, 3))
  await until(() => b.packets.length === 1)
  expect(b.packets[0]).toEqual({ code: 127, payload: Uint8Array.of(1, 2, 3) })
  const removed = once(right, 'peerdisconnected')
  await left.stop()
  expect((await removed).ending).toMatchObject({ by: 'peer', reason: 'client-quitting', reasonCode: 8 })
})

test('a node that listens elsewhere takes WebSockets beside it: one set of peers, one answer to a second connection', async () => {
  const network = createMemoryNetwork()
  const relay = createHost(
    { privateKey: generatePrivateKey(), capabilities: [sinkCapability()], carrier: network.carrier('192.0.2.1') },
    { listen: { port: 30_303 } }
  )
  await relay.start()
  const listener = await listenWebSocket({ path: '/rlpx' }, relay.accept)
  const url = formatWebSocketUrl(relay.publicKey, `ws://127.0.0.1:${listener.port}/rlpx`)
  const page = await dialingHost()
  await page.dial(url)
  const privateKey = generatePrivateKey()
  const wired = createHost(
    { privateKey, capabilities: [sinkCapability()], carrier: network.carrier('192.0.2.2') },
    { listen: false }
  )
  await wired.start()
  await wired.dial(relay.enode())
  await until(() => relay.peers().length === 2)
  expect(
    relay
      .peers()
      .map(({ remoteAddress }) => remoteAddress)
      .sort()
  ).toEqual(['127.0.0.1', '192.0.2.2'])
  const twice = await dialingHost({ privateKey })
  await expect(twice.dial(url)).rejects.toMatchObject({ code: 'disconnected', details: { reason: 5 } })
  await Promise.all([relay.stop(), listener.close(), wired.stop()])
  expect(page.peers()).toEqual([])
})

test('a name that leads outside the allowed networks is not connected to', async () => {
  const listening = await listeningHost()
  const url = listening.enode().replace('127.0.0.1', 'localhost')
  const refused = await dialingHost({}, { netRestrict: '10.0.0.0/8' })
  await expect(refused.dial(url)).rejects.toMatchObject({ code: 'refused', details: { why: 'not-allowed' } })
  const allowed = await dialingHost({}, { netRestrict: '127.0.0.0/8' })
  expect(await allowed.dial(url)).toMatchObject({ remoteAddress: '127.0.0.1' })
})

test('an HTTP server of one’s own can hand its upgrades over', async () => {
  const { createServer } = await import('node:http')
  const network = createMemoryNetwork()
  const relay = createHost(
    { privateKey: generatePrivateKey(), capabilities: [sinkCapability()], carrier: network.carrier('192.0.2.1') },
    { listen: false }
  )
  await relay.start()
  const server = createServer((_, response) => response.end('a page'))
  server.on('upgrade', webSocketUpgrade({ path: '/rlpx' }, relay.accept))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('a page')
  const page = await dialingHost()
  await page.dial(formatWebSocketUrl(relay.publicKey, `ws://127.0.0.1:${port}/rlpx`))
  await until(() => relay.peers().length === 1)
  await relay.stop()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

test('a node that is not there, is another, or refuses rejects the dial with the reason', async () => {
  const left = await dialingHost()
  const right = await listeningHost({}, { maxPeers: 0 })
  const refusals = record(right, 'refused')
  await expect(left.dial(right.enode())).rejects.toMatchObject({ code: 'disconnected', details: { reason: 4 } })
  expect(refusals).toMatchObject([{ reason: 'too-many-peers', stage: 'handshake', peerId: left.peerId }])
  const { port } = new URL(right.enode())
  const other = formatWebSocketUrl(left.publicKey, `ws://127.0.0.1:${port}/`)
  const third = await dialingHost()
  await expect(third.dial(other)).rejects.toMatchObject({ code: 'network' })
  await right.stop()
  await expect(left.dial(right.enode().replace(':0/', `:${port}/`))).rejects.toMatchObject({ code: 'network' })
  await expect(left.dial(`enode://${'ab'.repeat(64)}@127.0.0.1:1`)).rejects.toMatchObject({ code: 'invalid-text' })
})

test('a dial that takes too long ends at its limit, and one that is given up at once', async () => {
  const { createServer } = await import('node:net')
  const sockets: { destroy: () => void }[] = []
  const mute = createServer(socket => sockets.push(socket.on('error', () => undefined)))
  await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
  const { port } = mute.address() as { port: number }
  const left = await dialingHost({}, { dialTimeoutMs: 100 })
  const other = await dialingHost()
  const url = formatWebSocketUrl(other.publicKey, `ws://127.0.0.1:${port}/`)
  await expect(left.dial(url)).rejects.toMatchObject({ code: 'timeout' })
  const patient = await dialingHost()
  const controller = new AbortController()
  const dialing = patient.dial(url, { signal: controller.signal })
  await until(() => sockets.length === 2)
  controller.abort()
  await expect(dialing).rejects.toMatchObject({ code: 'aborted' })
  for (const socket of sockets) socket.destroy()
  await new Promise(resolve => mute.close(resolve))
})

test('the public URL is what others are told, with our key', () => {
  const privateKey = generatePrivateKey()
  const carrier = webSocketServerCarrier({ publicUrl: 'wss://node.example.org/rlpx' })
  const host = createHost({ privateKey, capabilities: [], carrier })
  expect(host.enode()).toBe(formatWebSocketUrl(host.publicKey, 'wss://node.example.org/rlpx'))
})

test('what listens only in Node says so, and options are refused by name', async () => {
  const listening = createHost({ privateKey: generatePrivateKey(), capabilities: [], carrier: webSocketCarrier() })
  await expect(listening.start()).rejects.toMatchObject({ code: 'unavailable' })
  const refuses = (call: () => unknown, name: string): void => {
    expect(call, name).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(name) })
    )
  }
  refuses(() => webSocketCarrier({ flowControl: 1 as never }), 'flowControl')
  refuses(() => webSocketCarrier({ origin: 7 as never }), 'origin')
  refuses(() => createWebSocketHost({ privateKey: new Uint8Array(31), capabilities: [] }), 'privateKey')
  refuses(() => createWebSocketHost(undefined as never), 'deps')
  refuses(() => webSocketUpgrade({}, undefined as never), 'accept')
  await expect(listenWebSocket({ port: 70_000 }, () => undefined)).rejects.toMatchObject({ code: 'invalid-argument' })
  const taken = await listenWebSocket({}, () => undefined)
  await expect(listenWebSocket({ port: taken.port }, () => undefined)).rejects.toMatchObject({ code: 'network' })
  await taken.close()
})
