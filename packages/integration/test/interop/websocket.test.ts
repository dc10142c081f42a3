import { connect } from 'node:net'
import { equalBytes, generatePrivateKey } from '@status-stack/crypto'
import { parseCompleteEnode } from '@status-stack/rlpx'
import { openCapability, until } from '@status-stack/rlpx/testing'
import { createWebSocketHost, formatWebSocketUrl } from '@status-stack/websocket-transport'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { buildGo, startGo } from '../support/go-program.ts'
import { next, patience } from '../support/until.ts'

const build = buildGo('go-latest', 'discovery-latest')
if ('missing' in build) console.warn(`RLPx over WebSocket to go-ethereum is skipped: ${build.missing}`)

const running: { readonly stop: () => Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(one => one.stop()))
})

/** What websockify is: each message goes on as bytes over TCP, and what comes back as messages. */
async function gateway(port: number): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await new Promise(resolve => server.once('listening', resolve))
  server.on('connection', socket => {
    const line = connect({ host: '127.0.0.1', port })
    line.on('data', bytes => socket.send(bytes))
    line.on('close', () => socket.close())
    line.on('error', () => socket.close())
    socket.on('message', bytes => line.write(bytes as Buffer))
    socket.on('close', () => line.destroy())
  })
  running.push({
    stop: () => {
      for (const socket of server.clients) socket.terminate()
      return new Promise(resolve => server.close(resolve))
    }
  })
  return (server.address() as { port: number }).port
}

describe.skipIf('missing' in build)('go-ethereum 1.17.10 behind a gateway', { timeout: 5 * patience }, () => {
  test('its p2p.Server takes a session over WebSocket and sends 300 kB back', async () => {
    if ('missing' in build) throw new Error(build.missing)
    const go = await startGo(build.program, ['-mode', 'peer'])
    running.push(go)
    const { publicKey, tcpPort } = parseCompleteEnode(go.enode.replace('?discport=0', ''))
    const echo = openCapability('echo', 1, 4)
    const host = createWebSocketHost(
      { privateKey: generatePrivateKey(), capabilities: [echo.capability] },
      { flowControl: false }
    )
    await host.start()
    running.push(host)
    const peer = await host.dial(formatWebSocketUrl(publicKey, `ws://127.0.0.1:${await gateway(tcpPort)}/`))
    expect(peer).toMatchObject({ peerId: go.peerId, clientName: 'interop', protocolVersion: 5 })
    await until(() => echo.links.length === 1)
    const [opened] = echo.links
    if (opened === undefined) throw new Error('no link')
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff)
    await opened.link.send(2, large)
    const answer = await next('the same bytes', opened.link.packets()[Symbol.asyncIterator]())
    expect(answer.code).toBe(2)
    expect(equalBytes(answer.payload, large)).toBe(true)
    opened.finish()
  })
})
