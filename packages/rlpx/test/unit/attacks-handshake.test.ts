import { concatBytes, eciesEncrypt, generatePrivateKey } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { nest, rlp } from '../../src/testing/index.ts'
import { target } from '../helpers/target.ts'

const wireAuth = (publicKey: Uint8Array, body: Uint8Array): Uint8Array => {
  const length = body.length + 113
  const size = Uint8Array.of(length >> 8, length & 255)
  return concatBytes(size, eciesEncrypt(publicKey, body, size))
}

test('X01 auth and 32 zero bytes in one write: closed at once, nothing is left', async () => {
  const { host, stranger, refused, settle } = await target()
  const x = await stranger()
  x.raw(concatBytes(x.auth, new Uint8Array(32)))
  await x.closed
  await settle()
  expect(refused).toMatchObject([{ reason: 'bad-hello', direction: 'inbound' }])
  expect(host.metrics()).toMatchObject({ pendingInbound: 0, peersInbound: 0, framesIn: 0 })
})

test('X06 an auth of 65 117 nested bytes is refused by its size: at most 2048 bytes are taken', async () => {
  const { host, stranger, refused } = await target()
  const x = await stranger()
  const body = nest(65_000)
  const packet = wireAuth(host.publicKey, body)
  x.raw(packet.subarray(0, 400))
  await x.closed
  x.raw(packet.subarray(400))
  expect(refused).toMatchObject([{ reason: 'bad-handshake' }])
  expect(host.metrics().bytesIn).toBeLessThanOrEqual(limits.handshakePacketBytes)
  // Within the size limit the nesting limit holds.
  const y = await stranger()
  y.raw(wireAuth(host.publicKey, nest(1800)))
  await y.closed
  expect(refused).toHaveLength(2)
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X10 500 silent connections: never more than 50 pending, none after the deadline', async () => {
  const { host, stranger, refused, time } = await target({ maxPendingInbound: 50 })
  for (let i = 0; i < 500; i++) {
    await stranger()
    expect(host.metrics().pendingInbound).toBeLessThanOrEqual(50)
  }
  expect(refused.filter(({ reason }) => reason === 'pending-limit')).toHaveLength(450)
  await time.advance(4_999)
  expect(host.metrics().pendingInbound).toBe(50)
  await time.advance(1)
  expect(host.metrics().pendingInbound).toBe(0)
  expect(refused.filter(({ reason }) => reason === 'handshake-timeout')).toHaveLength(50)
})

test('X11 an auth that cannot be decrypted closes the connection', async () => {
  const { host, stranger, refused } = await target()
  const x = await stranger()
  x.raw(concatBytes(Uint8Array.of(1, 0x31), new Uint8Array(400).fill(7)))
  await x.closed
  expect(refused).toMatchObject([{ reason: 'bad-handshake' }])
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X12 after one failed decryption nothing more is read, however many bytes follow', async () => {
  const { host, stranger, refused } = await target()
  const x = await stranger()
  const packet = wireAuth(host.publicKey, new Uint8Array(250).fill(1))
  packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1
  x.raw(packet)
  await x.closed
  const { bytesIn } = host.metrics()
  for (let i = 0; i < 300; i++) x.raw(Uint8Array.of(i & 255))
  expect(host.metrics().bytesIn).toBe(bytesIn)
  expect(bytesIn).toBe(packet.length)
  expect(refused).toHaveLength(1)
})

test('X13 a size prefix of 0 closes the connection', async () => {
  const { host, stranger, refused } = await target()
  const x = await stranger()
  x.raw(new Uint8Array(307).fill(9, 2))
  await x.closed
  expect(refused).toMatchObject([{ reason: 'bad-handshake' }])
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X14 a handshake without Hello is closed at the deadline of 5 s', async () => {
  const { host, stranger, refused, time } = await target()
  const x = await stranger()
  await x.handshake()
  expect(host.metrics().pendingInbound).toBe(1)
  await time.advance(4_999)
  expect(x.isClosed()).toBe(false)
  await time.advance(2)
  expect(x.isClosed()).toBe(true)
  expect(refused).toMatchObject([{ reason: 'handshake-timeout', stage: 'hello' }])
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X31 malformed auths close in every case: lists or short fields for signature, key and nonce', async () => {
  const { host, stranger, refused } = await target()
  const field = (length: number): Uint8Array => new Uint8Array(length).fill(3)
  const bodies = [
    [[], field(64), field(32), 4],
    [field(65), [field(64)], field(32), 4],
    [field(65), field(64), [], 4],
    [field(64), field(64), field(32), 4],
    [field(65), field(63), field(32), 4],
    [field(65), field(64), field(31), 4],
    [field(65), field(64)],
    [field(65), field(64), field(32), 4],
    []
  ]
  for (const body of bodies) {
    const x = await stranger()
    x.raw(wireAuth(host.publicKey, concatBytes(rlp(body), new Uint8Array(200))))
    await x.closed
  }
  expect(refused).toHaveLength(bodies.length)
  expect(refused.every(({ reason }) => reason === 'bad-handshake')).toBe(true)
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X31 garbage behind the handshake, a zero-length frame and empty capabilities close', async () => {
  const { host, stranger, refused } = await target()
  const garbage = await stranger()
  await garbage.handshake()
  garbage.raw(generatePrivateKey())
  await garbage.closed
  const empty = await stranger()
  await empty.session({ capabilities: [] })
  await empty.closed
  expect(empty.reason()).toBe(3)
  expect(refused.map(({ reason }) => reason)).toEqual(['bad-hello', 'useless-peer'])
  expect(host.peers()).toEqual([])
})
