import { once } from 'node:events'
import { connect } from 'node:net'
import { createVirtualTime } from '@status-stack/interface/testing'
import type { ByteStream, StreamListener } from '@status-stack/rlpx'
import { createStranger, record, until } from '@status-stack/rlpx/testing'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { flowProtocol, parseWebSocketUrl } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { listen } from '../../src/server/listen.node.ts'
import { resolveServerOptions, type WebSocketServerOptions } from '../../src/server/options.ts'
import { closeCodes } from '../../src/socket.ts'
import { webSocketStream } from '../../src/stream.ts'
import { LibrarySocket } from '../../src/ws-socket.node.ts'
import { listeningHost } from '../helpers/hosts.ts'
import { rawClient, statusOf, strangeClient, upgradeRequest } from '../helpers/raw.ts'

const listeners: StreamListener[] = []
const streams: ByteStream[] = []
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.destroy()
  await Promise.all(listeners.splice(0).map(listener => listener.close()))
})

/** A listener with time that the test moves, and the streams that it accepted. */
async function listening(options: WebSocketServerOptions = {}) {
  const time = createVirtualTime()
  const accepted: ByteStream[] = []
  const listener = await listen(
    { host: '127.0.0.1', port: 0 },
    resolveServerOptions(options),
    stream => {
      stream.start({ data: () => undefined, drain: () => undefined, closed: () => undefined })
      accepted.push(stream)
      streams.push(stream)
    },
    time.scheduler
  )
  listeners.push(listener)
  return { time, accepted, listener, port: listener.port, url: `ws://127.0.0.1:${listener.port}/` }
}

describe('before a WebSocket is open', () => {
  test('H-7 half a request is closed at the deadline, and so is a connection without one', async () => {
    const { port, time, accepted } = await listening()
    const silent = await rawClient(port)
    const half = await rawClient(port)
    half.socket.write(upgradeRequest().slice(0, 60))
    await until(() => time.pendingTimers() === 2)
    await time.advance(limits.upgradeMs)
    await Promise.all([silent.closed, half.closed])
    expect(accepted).toEqual([])
    expect(time.pendingTimers()).toBe(0)
  })

  test('H-7 connections without a request are bounded: the oldest makes room', async () => {
    const { port, time } = await listening()
    const first = await rawClient(port)
    const others = await Promise.all(Array.from({ length: limits.pendingUpgrades }, () => rawClient(port)))
    await first.closed
    await until(() => time.pendingTimers() === limits.pendingUpgrades)
    for (const { socket } of others) socket.destroy()
  })

  test('H-7 one address that opens connections without end displaces its own', async () => {
    const { port, accepted } = await listening()
    const honest = await rawClient(port, '127.0.0.2')
    const others = await Promise.all(Array.from({ length: limits.pendingUpgrades }, () => rawClient(port)))
    await others[0]?.closed
    honest.socket.write(upgradeRequest())
    await until(() => honest.text().includes('101 Switching Protocols'))
    expect(accepted.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.2'])
    for (const { socket } of others) socket.destroy()
    honest.socket.destroy()
  })

  test('H-7 a header over its size is refused', async () => {
    const { port, accepted } = await listening()
    const client = await rawClient(port)
    client.socket.write(upgradeRequest({ 'x-long': 'a'.repeat(limits.headerBytes) }))
    await client.closed
    expect(client.text()).toContain('431')
    expect(accepted).toEqual([])
  })

  test('a request for a page is told what is spoken here', async () => {
    const { port } = await listening()
    const client = await rawClient(port)
    client.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.closed
    expect(client.text()).toMatch(/^HTTP\/1\.1 426 /)
  })

  test('H-5 H-6 a wrong origin, another path and a proxy that names no client are refused with a status', async () => {
    const { url, accepted } = await listening({ origins: ['https://app.example.org'] })
    expect(await statusOf(url, { origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf(`${url}other`)).toBe(404)
    expect(await statusOf(url, { origin: 'https://app.example.org' })).toBe(101)
    expect(accepted).toHaveLength(1)
    const proxied = await listening({ trustedProxies: '127.0.0.0/8' })
    expect(await statusOf(proxied.url)).toBe(400)
    expect(await statusOf(proxied.url, { headers: { 'x-forwarded-for': '8.8.8.8' } })).toBe(101)
    expect(proxied.accepted.map(({ remoteAddress }) => remoteAddress)).toEqual(['8.8.8.8'])
  })

  test('H-7 a refused request holds no connection, whether its client closes or not', async () => {
    const { url, port, listener } = await listening({ origins: ['https://app.example.org'] })
    expect(await statusOf(url, { origin: 'https://evil.example' })).toBe(403)
    const stubborn = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    onTestFinished(() => void stubborn.destroy())
    stubborn.on('error', () => undefined)
    stubborn.write(upgradeRequest({}, '/elsewhere'))
    const [answer] = await once(stubborn, 'data')
    expect(String(answer)).toContain('404')
    // Waits for every connection that there is.
    await listener.close()
  })

  test('H-5 compression is never agreed on, and of subprotocols only ours', async () => {
    const { url } = await listening()
    const strange = await strangeClient(url, { perMessageDeflate: true })
    expect(strange.socket.extensions).toBe('')
    const flowing = await strangeClient(url, {}, ['other', flowProtocol])
    expect(flowing.socket.protocol).toBe(flowProtocol)
    strange.socket.terminate()
    flowing.socket.terminate()
  })
})

describe('on an open WebSocket', () => {
  test.each([
    ['text', closeCodes.textReceived, 'hello'],
    ['an empty message', closeCodes.brokenRule, new Uint8Array(0)],
    ['a message over the limit', closeCodes.tooLarge, new Uint8Array(limits.messageBytes + 1)]
  ])('H-3 %s closes', async (_, code, message) => {
    const { url } = await listening()
    const { socket, closed } = await strangeClient(url)
    socket.send(message)
    expect((await closed).code).toBe(code)
  })

  test('H-3 a message over the limit is closed before it is whole, in fragments too', async () => {
    const { url } = await listening()
    const { socket, closed } = await strangeClient(url)
    for (let sent = 0; sent <= limits.messageBytes; sent += 32_768) socket.send(new Uint8Array(32_768), { fin: false })
    expect((await closed).code).toBe(closeCodes.tooLarge)
  })

  test('H-3 a message in too many fragments closes', async () => {
    const { url } = await listening()
    const { socket, closed } = await strangeClient(url)
    for (let i = 0; i <= limits.messageFragments; i++) socket.send(Uint8Array.of(i), { fin: false })
    expect((await closed).code).not.toBe(1000)
  })

  test('a handshake in fragments of one message opens a session', async () => {
    const host = await listeningHost()
    const { url = '', host: address, port } = parseWebSocketUrl(host.enode())
    const { socket } = await strangeClient(url)
    const x = createStranger(webSocketStream(new LibrarySocket(socket, { address, port })), host.publicKey)
    const thirds = [x.auth.subarray(0, 100), x.auth.subarray(100, 101), x.auth.subarray(101)]
    for (const [i, part] of thirds.entries()) socket.send(part, { fin: i === 2 })
    await x.acked
    x.hello()
    await until(() => host.peers().length === 1)
  })

  test('H-8 a peer that answers no Ping is cut; one that does stays', async () => {
    const { url, time, accepted } = await listening({ pingIntervalMs: 1_000 })
    const dead = await strangeClient(url, { autoPong: false })
    const alive = await strangeClient(url)
    let pings = 0
    alive.socket.on('ping', () => pings++)
    await until(() => accepted.length === 2)
    await time.advance(1_000)
    await until(() => pings === 1)
    // The Pong is on its way; what the other side sent before it has to be read first.
    const answered = new Promise<void>(resolve => alive.socket.once('pong', () => resolve()))
    alive.socket.ping()
    await answered
    await time.advance(1_000)
    expect((await dead.closed).code).toBe(1006)
    await until(() => pings === 2)
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
    alive.socket.terminate()
  })

  test('H-8 a flood of Pings from a peer that reads nothing is cut', async () => {
    const { url, accepted } = await listening()
    const { socket, closed } = await strangeClient(url)
    await until(() => accepted.length === 1)
    socket.pause()
    const payload = new Uint8Array(125)
    const pump = setInterval(() => {
      for (let i = 0; i < 5_000 && socket.readyState === socket.OPEN; i++) socket.ping(payload)
    }, 1)
    await until(() => {
      const pending = accepted[0]?.pendingBytes() ?? 0
      // Never more than the kernel's own buffers and a few Pongs.
      expect(pending).toBeLessThan(1 << 20)
      return socket.readyState !== socket.OPEN || socket.bufferedAmount > 8 << 20
    })
    clearInterval(pump)
    socket.terminate()
    await closed
  })

  test('H-6 limits by address count the client behind a trusted proxy, and the close says why', async () => {
    const host = await listeningHost({}, {}, { trustedProxies: '127.0.0.1/32' })
    const refused = record(host, 'refused')
    const { url = '' } = parseWebSocketUrl(host.enode())
    const from = (address: string) => strangeClient(url, { headers: { 'x-forwarded-for': address } })
    const first = await from('8.8.8.8')
    const again = await from('8.8.8.8')
    expect(await again.closed).toEqual({ code: closeCodes.session, reason: 'throttled' })
    const other = await from('1.1.1.1, 9.9.9.9')
    expect(first.socket.readyState).toBe(first.socket.OPEN)
    expect(other.socket.readyState).toBe(other.socket.OPEN)
    expect(refused).toMatchObject([{ reason: 'throttled', stage: 'accept', remoteAddress: '8.8.8.8' }])
    host.ban({ address: '9.9.9.9' })
    expect((await other.closed).code).not.toBe(1006)
  })
})
