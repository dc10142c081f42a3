import { concatBytes, hexToBytes, publicKeyOf } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { loadVectors, vectorBytes } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { negotiate } from '../../src/capability.ts'
import { createFrameSealer } from '../../src/frame/frame.ts'
import { deriveSecrets } from '../../src/handshake/secrets.ts'
import type { Capability } from '../../src/index.ts'
import { decodeDisconnect, decodeHello } from '../../src/p2p/messages.ts'
import { disconnectReasons, reasonName } from '../../src/p2p/reasons.ts'
import { decompress } from '../../src/p2p/snappy.ts'
import { noise, snappy } from '../../src/testing/index.ts'
import { sinkCapability, until } from '../helpers/hosts.ts'
import { type Target, target } from '../helpers/target.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

async function peer(given?: Target, changes = {}) {
  const t = given ?? (await target())
  const x = await t.stranger()
  await x.session(changes)
  await until(() => t.host.peers().length > 0)
  return { ...t, x }
}

test('T-9 the four consecutive frames of the digest are reproduced byte for byte', async () => {
  const { sections } = await loadVectors('rlpx')
  const vector = sections['eip8_secrets']?.[0]
  if (vector === undefined) throw new Error('vector missing')
  const secrets = deriveSecrets({
    role: 'initiator',
    ephemeralPrivateKey: vectorBytes(vector['initiatorEphemeralPrivateKey']),
    remoteEphemeralPublicKey: publicKeyOf(vectorBytes(vector['responderEphemeralPrivateKey'])),
    initiatorNonce: vectorBytes(vector['initiatorNonce']),
    recipientNonce: vectorBytes(vector['responderNonce']),
    auth: vectorBytes(vector['auth']),
    ack: vectorBytes(vector['ack'])
  })
  const key = publicKeyOf(hexToBytes('49a7b37aa6f6645917e7b807e9d1c00d4fa71f18343b0d4122a4d2df64dd6fee')).subarray(1)
  const sealer = createFrameSealer(secrets)
  const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
  expect(hex(sealer.seal(0, encodeRlp([5, 'x', [['shh', 6]], 0, key])))).toBe(
    'f2596ff27a7e8fa7ba4cbb3756ff0ca1e00b7468b2e5611987da7742872db753bf4b9ed89428274b91cc6926f7335d8b677d65ddfc478dab8cb976f17b344303' +
      '7308ad8aea3ef875e304d8f2a89dc415418e1a3c3fd4ef223809a58a836a273b308de3040957dc38bc6d9df88cdd780a5c0d2bc3e430500967591435ef9761fc'
  )
  expect(hex(sealer.seal(2, hexToBytes('0100c0')))).toBe(
    'd4ce1d50128c1bd481e4c8ff53d29286ac976dfbcb6b5752ca30b67ae26d931b672ce18f5909aca3ccfce0cf9b9d90812fd578970cfe35fd172de3c934fdbd3f'
  )
  expect(hex(sealer.seal(142, hexToBytes('0614c50783616263')))).toBe(
    'a6b5a5cff780ba8d65a612a3835279aba68cd85934e83aa3adac5b5904b7ec6419166175d223778ccc56f2a5d448ab68f1e51e48daa1c4fcad448b8352b591dc'
  )
  expect(hex(sealer.seal(1, hexToBytes('0204c180')))).toBe(
    '1283e4e08a974be7a0c25da343c280a12be78d4fc0796df2310819b4f42e024d7537661d197a39ee048dd1633eb3f3e8dbdb196164a9a4b15a8f6b2bdebc0e5e'
  )
})

test('T-9 header data behind the size is ignored on receipt', async () => {
  const { x, sink } = await peer()
  x.raw(x.sealBody(concatBytes(bytes(17), snappy(bytes(1, 2))), bytes(0xc6, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
  x.raw(x.sealBody(concatBytes(bytes(18), snappy(bytes(3))), new Uint8Array(13)))
  await until(() => sink.packets.length === 2)
  expect(sink.packets).toEqual([
    { code: 1, payload: bytes(1, 2) },
    { code: 2, payload: bytes(3) }
  ])
})

test('T-11 a wrong header or body MAC closes without Disconnect', async () => {
  for (const at of [0, 20, 33, -1]) {
    const { x, removed } = await peer()
    const frame = x.sealFrame(17, snappy(bytes(1)))
    const index = at < 0 ? frame.length + at : at
    x.raw(frame.with(index, (frame[index] ?? 0) ^ 1))
    await x.closed
    expect(removed).toMatchObject([{ ending: { by: 'network', failure: 'bad-mac' } }])
    expect(x.reason()).toBeUndefined()
  }
})

test('T-11 a message id of 00, with a leading zero or beyond the ranges closes without Disconnect', async () => {
  for (const id of [
    bytes(0),
    bytes(0x82, 0, 0x8e),
    bytes(0x81, 0x05),
    bytes(0x81, 0x90),
    bytes(0x82, 0x01, 0x0f),
    bytes(0xb8, 0x38)
  ]) {
    const { x, removed } = await peer()
    x.raw(x.sealBody(concatBytes(id, snappy(bytes(1)))))
    await x.closed
    expect(['malformed', 'unexpected-message']).toContain(removed[0]?.ending.failure)
    expect(x.reason()).toBeUndefined()
  }
})

test('T-13 Snappy is on only when both speak version 5; version 4 gets plain payloads', async () => {
  for (const [ours, theirs, compresses] of [
    [5, 5, true],
    [5, 6, true],
    [5, 4, false],
    [4, 5, false]
  ] as const) {
    const t = await target({ protocolVersion: ours })
    const { x, sink } = await peer(t, { version: theirs })
    const payload = bytes(1, 2, 3, 4)
    await sink.links[0]?.send(3, payload)
    await until(() => x.received.some(({ id }) => id === 19))
    const wire = x.received.find(({ id }) => id === 19)?.payload ?? bytes()
    expect(compresses ? decompress(wire) : wire).toEqual(payload)
    x.frame(20, compresses ? snappy(payload) : payload)
    await until(() => sink.packets.length === 1)
    expect(sink.packets[0]).toEqual({ code: 4, payload })
  }
})

test('T-13 an empty compressed payload and corrupt Snappy close, an empty plain payload is a packet', async () => {
  for (const payload of [bytes(), bytes(5, 0x10, 0x41)]) {
    const { x, removed } = await peer()
    x.frame(17, payload)
    await x.closed
    expect(removed).toMatchObject([{ ending: { failure: 'bad-compression' } }])
  }
  const { x, sink } = await peer(undefined, { version: 4 })
  x.frame(17, bytes())
  await until(() => sink.packets.length === 1)
  expect(sink.packets[0]?.payload).toHaveLength(0)
})

test('T-14 Ping, Pong and Disconnect are compressed after Hello, a Disconnect before Hello is not', async () => {
  const { x, time, host } = await peer()
  x.frame(2, snappy(bytes(0xc0)))
  await until(() => x.received.some(({ id }) => id === 3))
  expect(x.received.find(({ id }) => id === 3)?.payload).toEqual(bytes(1, 0, 0xc0))
  await time.advance(15_000)
  expect(x.received.find(({ id }) => id === 2)?.payload).toEqual(bytes(1, 0, 0xc0))
  void host.removePeer(host.peers()[0]?.peerId ?? '')
  await x.closed
  expect(x.received.find(({ id }) => id === 1)?.payload).toEqual(bytes(2, 4, 0xc1, 0x80))
  const full = await target({ maxPeers: 0 })
  const early = await full.stranger()
  await early.handshake()
  await early.closed
  expect(early.received).toEqual([{ id: 1, payload: bytes(0xc1, 4) }])
})

test('T-16 a Hello over 2048 bytes is refused, extra fields are ignored', async () => {
  const { host, stranger, refused } = await target()
  const fat = await stranger()
  await fat.handshake()
  fat.frame(0, encodeRlp([5, 'x'.repeat(2048), [['shh', 6]], 0, fat.publicKey.subarray(1)]))
  await fat.closed
  expect(refused).toMatchObject([{ reason: 'bad-hello' }])
  const extra = await stranger()
  await extra.handshake()
  extra.frame(
    0,
    concatBytes(encodeRlp([55, 'x', [['shh', 6]], 0, extra.publicKey.subarray(1), [1, 2], 'more']), bytes(1, 2, 3))
  )
  await until(() => host.peers().length === 1)
  expect(host.peers()[0]).toMatchObject({ protocolVersion: 55, clientName: 'x' })
  const recorded =
    'f87137916b6e6574682f76302e39312f706c616e39cdc5836574683dc6846d6f726b1682270fb840fda1cff674c90c9a197539fe3dfb53086ace64f83ed7c6eabec741f7f381cc803e52ab2cd55d5569' +
    'bce4347107a310dfd5f88a010cd2ffd1005ca406f1842877c883666f6f836261720304'
  expect(decodeHello(hexToBytes(recorded))).toMatchObject({ version: 0x37, listenPort: 9999 })
})

test('T-17 a zero key is answered with 7, a mismatching one with 9', async () => {
  const { stranger } = await target()
  const zero = await stranger()
  await zero.session({ key: new Uint8Array(64) })
  await zero.closed
  expect(zero.reason()).toBe(7)
  const other = await stranger()
  await other.session({ key: new Uint8Array(64).fill(5) })
  await other.closed
  expect(other.reason()).toBe(9)
})

test('T-18 Disconnect is read as a list, an empty list and a bare integer, compressed or not', async () => {
  expect(decodeDisconnect(bytes(0xc1, 4))).toBe(4)
  expect(decodeDisconnect(bytes(0xc0))).toBe(0)
  expect(decodeDisconnect(bytes(4))).toBe(4)
  expect(decodeDisconnect(bytes(0xc2, 4, 5))).toBe(4)
  expect(decodeDisconnect(bytes())).toBe(0)
  expect(decodeDisconnect(bytes(0xc1, 0xc1))).toBe(0)
  for (const [payload, code] of [
    [snappy(bytes(0xc1, 4)), 4],
    [snappy(bytes(0xc0)), 0],
    [snappy(bytes(8)), 8],
    [bytes(0xc1, 16), 16]
  ] as const) {
    const { x, removed } = await peer()
    x.frame(1, payload)
    await x.closed
    expect(removed).toMatchObject([{ ending: { by: 'peer', reasonCode: code } }])
  }
})

test('T-19 reason 17 is never sent, unknown reasons are tolerated', async () => {
  expect(Object.values(disconnectReasons).every(code => code < 17)).toBe(true)
  expect(reasonName(17)).toBe('unknown')
  const { x, removed } = await peer()
  x.frame(1, snappy(encodeRlp([77])))
  await x.closed
  expect(removed).toMatchObject([{ ending: { by: 'peer', reason: 'unknown', reasonCode: 77 } }])
})

const capability = (name: string, version: number, length = 128): Capability => ({
  name,
  version,
  length,
  run: async () => undefined
})

test('T-20 shh starts at 16 and waku/1 at 144; waku/1 is preferred over waku/0', () => {
  const ours = [capability('waku', 0), capability('shh', 6), capability('waku', 1)]
  const offsets = (theirs: { name: string; version: number }[]): string[] =>
    negotiate(ours, theirs).map(({ capability: { name, version }, offset }) => `${name}/${version}@${offset}`)
  expect(offsets(ours)).toEqual(['shh/6@16', 'waku/1@144'])
  expect(offsets([{ name: 'waku', version: 1 }])).toEqual(['waku/1@16'])
  expect(
    offsets([
      { name: 'waku', version: 0 },
      { name: 'shh', version: 5 }
    ])
  ).toEqual(['waku/0@16'])
  expect(offsets([{ name: 'SHH', version: 6 }])).toEqual([])
})

test('T-20 two capabilities on one connection get their own packets, up to id 271', async () => {
  const shh = sinkCapability('shh', 6)
  const waku = sinkCapability('waku', 1)
  const t = await target({}, { capabilities: [waku, shh] })
  const { x } = await peer(t, {
    capabilities: [
      { name: 'waku', version: 1 },
      { name: 'shh', version: 6 }
    ]
  })
  x.frame(16 + 127, snappy(bytes(1)))
  x.frame(144, snappy(bytes(2)))
  x.frame(271, snappy(bytes(3)))
  await until(() => shh.packets.length + waku.packets.length === 3)
  expect(shh.packets).toEqual([{ code: 127, payload: bytes(1) }])
  expect(waku.packets).toEqual([
    { code: 0, payload: bytes(2) },
    { code: 127, payload: bytes(3) }
  ])
  await waku.links[0]?.send(127, bytes(9))
  await until(() => x.received.some(({ id }) => id === 271))
})

test('T-33 a failing capability sends 16, a normal end 8, an invalid message 2', async () => {
  const endings: [() => Promise<void>, number][] = [
    [() => Promise.reject(new Error('broken')), 16],
    [() => Promise.reject(Object.assign(new Error('bad'), { code: 'invalid-message' })), 2],
    [() => Promise.reject(Object.assign(new Error('bad'), { code: 'invalid-message-code' })), 2],
    [() => Promise.resolve(), 8]
  ]
  for (const [run, reason] of endings) {
    const t = await target({}, { capabilities: [{ name: 'shh', version: 6, length: 128, run }] })
    const x = await t.stranger()
    await x.session()
    await x.closed
    expect(x.reason()).toBe(reason)
  }
})

test('T-34 a received Disconnect is never answered with another protocol message', async () => {
  const { x, host } = await peer()
  const before = x.received.length
  x.raw(
    concatBytes(
      x.sealFrame(1, snappy(bytes(0xc1, 4))),
      x.sealFrame(2, snappy(bytes(0xc0))),
      x.sealFrame(17, snappy(bytes(1)))
    )
  )
  await x.closed
  expect(x.received.slice(before).filter(({ id }) => id !== 1)).toEqual([])
  expect(host.peers()).toEqual([])
})

test('a second Hello, an unasked Pong and ids 4 to 15 are ignored', async () => {
  const { x, sink, host } = await peer()
  x.frame(0, snappy(encodeRlp([5, 'again', [], 0, x.publicKey.subarray(1)])))
  x.frame(0, snappy(bytes(0xc0)))
  x.frame(3, snappy(bytes(0xc0)))
  for (let id = 4; id < 16; id++) x.frame(id, snappy(bytes(1, 2, 3)))
  x.frame(17, snappy(bytes(7)))
  await until(() => sink.packets.length === 1)
  expect(sink.packets).toEqual([{ code: 1, payload: bytes(7) }])
  expect(host.peers()).toHaveLength(1)
})

test('a capability that stops reading pauses the connection; packets wait, bounded, and none is lost', async () => {
  const release: (() => void)[] = []
  const got: number[] = []
  const t = await target(
    {},
    {
      capabilities: [
        {
          name: 'shh',
          version: 6,
          length: 128,
          run: async link => {
            await new Promise<void>(resolve => release.push(resolve))
            for await (const { payload } of link.packets()) got.push((payload[0] ?? 0) * 256 + (payload[1] ?? 0))
          }
        }
      ]
    }
  )
  const { x } = await peer(t)
  const block = noise(16_000)
  const count = 1000
  for (let i = 0; i < count; i++) x.frame(17, snappy(concatBytes(bytes(i >> 8, i & 255), block)))
  await t.time.settle()
  await t.time.settle()
  const held = t.host.metrics().framesIn
  expect(held).toBeLessThan(120)
  // Silence while we ourselves do not read is no reason to drop the peer.
  await t.time.advance(120_000)
  expect(t.host.peers()).toHaveLength(1)
  release[0]?.()
  await until(() => got.length === count)
  expect(got).toEqual(Array.from({ length: count }, (_, i) => i))
})

test('many small sends are coalesced into few writes', async () => {
  const { x, sink } = await peer()
  const before = x.chunks()
  const start = x.received.length
  await Promise.all(Array.from({ length: 200 }, (_, i) => sink.links[0]?.send(1, bytes(i))))
  await until(() => x.received.length - start >= 200)
  expect(x.chunks() - before).toBeLessThan(10)
})
