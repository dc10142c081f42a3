import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { formatEnode } from '@status-stack/rlpx'
import { expect, test } from 'vitest'
import { probeClock } from '../../src/discovery/clock-probe.ts'
import { createDiscovery } from '../../src/discovery/discv4.ts'
import { udpCarrier } from '../../src/discovery/udp.node.ts'
import { codec } from '../helpers/discovery.ts'

const loopback = { host: '127.0.0.1', port: 0 }

async function nodeWhoseClockIs(offsetMs: number) {
  const privateKey = generatePrivateKey()
  const discovery = createDiscovery({ privateKey, clock: { nowMs: () => Date.now() + offsetMs } }, { listen: loopback })
  await discovery.start()
  const port = discovery.endpoint()?.port ?? 0
  const enode = formatEnode({ publicKey: publicKeyOf(privateKey), host: '127.0.0.1', tcpPort: port })
  return { discovery, enode, port }
}

test.each([0, 90_000, -90_000, 3_600_000])('the clock of a node that is off by %d ms is read', async offsetMs => {
  const { discovery, enode } = await nodeWhoseClockIs(offsetMs)
  const { aheadMs, roundTripMs, seenAs } = await probeClock(enode)
  expect(Math.abs(aheadMs - offsetMs)).toBeLessThan(2_000 + roundTripMs)
  expect(seenAs).toBe('127.0.0.1')
  await discovery.stop()
})

test('silence, an answer of another key and an answer to another Ping are no answer', async () => {
  const [mine, other] = [generatePrivateKey(), generatePrivateKey()]
  const socket = await udpCarrier.bind(loopback)
  const expiration = Math.floor(Date.now() / 1000) + 1_000
  let answered = 0
  socket.receive((bytes, from) => {
    const { hash } = codec.decode(bytes)
    const to = { address: from.address, udpPort: from.port, tcpPort: 0 }
    const pong = (pingHash: Uint8Array, key: Uint8Array) =>
      socket.send(codec.encode({ kind: 'pong', to, pingHash, expiration }, key).bytes, from)
    socket.send(new Uint8Array(1400), from)
    socket.send(new TextEncoder().encode('not a packet'), from)
    pong(hash, other)
    pong(new Uint8Array(32), mine)
    answered++
  })
  const enode = formatEnode({ publicKey: publicKeyOf(mine), host: '127.0.0.1', tcpPort: socket.port })
  await expect(probeClock(enode, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout', origin: 'environment' })
  expect(answered).toBe(1)
  await socket.close()
})

test('it can be ended, and wants an IP address', async () => {
  const enode = formatEnode({ publicKey: publicKeyOf(generatePrivateKey()), host: '127.0.0.1', tcpPort: 9 })
  await expect(probeClock(enode, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  const controller = new AbortController()
  const probing = probeClock(enode, { signal: controller.signal })
  setImmediate(() => controller.abort())
  await expect(probing).rejects.toMatchObject({ code: 'aborted' })
  await expect(probeClock(enode.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject({ code: 'invalid-text' })
})
