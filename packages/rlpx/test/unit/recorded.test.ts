import { concatBytes, publicKeyOf } from '@status-stack/crypto'
import { decodeRlpPrefix } from '@status-stack/rlp'
import { vectorBytes as bytes, loadVectors, type VectorCase } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { formatEnode } from '../../src/enode.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { sinkCapability, startedHost, until } from '../helpers/hosts.ts'

const { sections } = await loadVectors('rlpx')
const recorded = sections['handshake'] ?? []

/** Hands out the recorded random values in the order our handshake draws them. */
function scripted(c: VectorCase, side: 'initiator' | 'responder') {
  const packet = side === 'initiator' ? 'auth' : 'ack'
  const plaintext = bytes(c[`${packet}Plaintext`])
  const padding = c.name.startsWith('plain') ? 0 : plaintext.length - decodeRlpPrefix(plaintext).length - 100
  const values = [
    bytes(c[`${side}EphemeralPrivateKey`]),
    bytes(c[`${side}Nonce`]),
    bytes(c[`${packet}EciesEphemeralPrivateKey`]),
    bytes(c[`${packet}EciesIv`]),
    Uint8Array.of(padding >> 8, padding & 255)
  ]
  return {
    bytes: (length: number) => {
      const value = values.shift()
      expect(value?.length).toBe(length)
      return value ?? new Uint8Array(length)
    }
  }
}

const frames = (c: VectorCase, from: string): VectorCase[] =>
  (c['frames'] as VectorCase[]).filter(frame => (frame['from'] as string) === from)
const payloads = (c: VectorCase, from: string) =>
  frames(c, from)
    .filter(frame => frame['code'] >= 16)
    .map(frame => ({ code: frame['code'] - 16, payload: bytes(frame['payload']) }))
/** The recorded Hello: its client name, so that ours is the same byte for byte. */
const clientName = 'test/shared'

test('recorded go-ethereum sessions replay: we answer, in both forms of the handshake', async () => {
  expect(recorded.length).toBeGreaterThanOrEqual(4)
  for (const c of recorded) {
    const network = createMemoryNetwork()
    const sink = sinkCapability('shh', 6, 512)
    const host = await startedHost(
      {
        privateKey: bytes(c['responderPrivateKey']),
        capabilities: [sink],
        carrier: network.carrier('10.0.0.1'),
        random: scripted(c, 'responder')
      },
      { listen: { port: 1 }, clientName }
    )
    const stream = await network.connect('10.0.0.2', { host: '10.0.0.1', port: 1 })
    const answers: Uint8Array[] = []
    stream.start({ data: chunk => answers.push(chunk.slice()), drain: () => undefined, closed: () => undefined })
    stream.write(bytes(c['auth']))
    for (const frame of frames(c, 'initiator')) stream.write(bytes(frame['frame']))
    await until(() => sink.packets.length === payloads(c, 'initiator').length)
    expect(sink.packets).toEqual(payloads(c, 'initiator'))
    expect(host.peers()[0]).toMatchObject({
      publicKey: publicKeyOf(bytes(c['initiatorPrivateKey'])),
      direction: 'inbound'
    })
    const ack = bytes(c['ack'])
    await until(() => concatBytes(...answers).length > ack.length)
    const sent = concatBytes(...answers)
    expect(sent.subarray(0, ack.length)).toEqual(ack)
    expect(host.peers()).toHaveLength(1)
    await host.stop()
  }
})

test('recorded go-ethereum sessions replay: we dial, our auth and Hello are the recorded ones byte for byte', async () => {
  for (const c of recorded.filter(({ name }) => name.startsWith('eip8'))) {
    const network = createMemoryNetwork()
    const received: Uint8Array[] = []
    await network.carrier('10.0.0.1').listen({ host: '10.0.0.1', port: 1 }, stream => {
      stream.start({ data: chunk => received.push(chunk.slice()), drain: () => undefined, closed: () => undefined })
      stream.write(bytes(c['ack']))
      for (const frame of frames(c, 'responder')) stream.write(bytes(frame['frame']))
    })
    const host = await startedHost(
      {
        privateKey: bytes(c['initiatorPrivateKey']),
        carrier: network.carrier('10.0.0.2'),
        random: scripted(c, 'initiator')
      },
      { listen: false, clientName }
    )
    const url = formatEnode({ publicKey: bytes(c['responderPublicKey']), host: '10.0.0.1', tcpPort: 1 })
    // In the recording both sides send the same Hello, with the initiator's key: from the responder that is an impostor.
    await expect(host.dial(url)).rejects.toMatchObject({ details: { reason: 9 } })
    const hello = bytes(frames(c, 'initiator')[0]?.['frame'])
    await until(() => concatBytes(...received).length >= bytes(c['auth']).length + hello.length)
    // Auth and Hello exactly as the recorded side sent them.
    const expected = concatBytes(bytes(c['auth']), bytes(frames(c, 'initiator')[0]?.['frame']))
    expect(concatBytes(...received).subarray(0, expected.length)).toEqual(expected)
    await host.stop()
  }
})
