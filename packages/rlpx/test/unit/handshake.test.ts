import {
  concatBytes,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  eciesOverhead,
  generatePrivateKey,
  publicKeyOf
} from '@status-stack/crypto'
import { decodeRlpPrefix, rlpList } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { createHandshakeReader, plainLength } from '../../src/handshake/packet.ts'
import { answerAuth, createInitiator, drawHandshakeRandomness } from '../../src/handshake/roles.ts'
import { systemRandom } from '../../src/system.ts'
import { target } from '../helpers/target.ts'

const keyA = generatePrivateKey()
const keyB = generatePrivateKey()
const start = (form: 'eip8' | 'plain') =>
  createInitiator({ privateKey: keyA, remotePublicKey: publicKeyOf(keyB) }, drawHandshakeRandomness(systemRandom), form)

test('T-2 an ECDH secret that begins with zero bytes keeps its 32 bytes', () => {
  const fixed = generatePrivateKey()
  let found = 0
  for (let i = 1; found < 1 && i < 4000; i++) {
    const other = new Uint8Array(32)
    new DataView(other.buffer).setUint32(28, i)
    const secret = ecdhX(fixed, publicKeyOf(other))
    expect(secret.length).toBe(32)
    expect(ecdhX(other, publicKeyOf(fixed))).toEqual(secret)
    if (secret[0] === 0) found++
  }
  expect(found).toBe(1)
})

test('T-3 ECIES refuses short, wrong-prefix, off-curve and tampered input with an error of its own', () => {
  const message = eciesEncrypt(publicKeyOf(keyB), Uint8Array.of(1, 2, 3))
  expect(message.length).toBe(3 + eciesOverhead)
  const changed = (at: number, value: number): Uint8Array => message.with(at, value)
  const bad = [
    message.subarray(0, eciesOverhead - 1),
    message.subarray(0, 98),
    new Uint8Array(0),
    changed(0, 2),
    changed(0, 3),
    concatBytes(Uint8Array.of(4), new Uint8Array(64).fill(1), message.subarray(65)),
    changed(message.length - 1, (message.at(-1) ?? 0) ^ 1),
    changed(70, (message[70] ?? 0) ^ 1)
  ]
  for (const input of bad) expect(() => eciesDecrypt(keyB, input)).toThrow('decryption failed')
})

test('T-5 our auth is EIP-8 with 100 to 299 bytes of zero padding and an authenticated size', async () => {
  const lengths = new Set<number>()
  for (let i = 0; i < 20; i++) {
    const { auth } = start('eip8')
    const size = (auth[0] ?? 0) * 256 + (auth[1] ?? 0)
    expect(size).toBe(auth.length - 2)
    const body = eciesDecrypt(keyB, auth.subarray(2), auth.subarray(0, 2))
    const { item, length } = decodeRlpPrefix(body)
    expect(rlpList('auth', item)).toHaveLength(4)
    const padding = body.subarray(length)
    expect(padding.length).toBeGreaterThanOrEqual(100)
    expect(padding.length).toBeLessThanOrEqual(299)
    expect(padding.every(byte => byte === 0)).toBe(true)
    lengths.add(padding.length)
    expect(() => eciesDecrypt(keyB, auth.subarray(2), Uint8Array.of(0, 0))).toThrow('decryption failed')
  }
  expect(lengths.size).toBeGreaterThan(5)
})

test('T-6 a legacy auth of 307 bytes is answered by a legacy ack of 210 bytes', () => {
  const initiator = start('plain')
  expect(initiator.auth).toHaveLength(plainLength.auth)
  const read = createHandshakeReader(keyB, 'auth').push(initiator.auth)
  if (read === undefined) throw new Error('incomplete')
  const { ack, secrets, remotePublicKey } = answerAuth(keyB, read.opened, drawHandshakeRandomness(systemRandom))
  expect(ack).toHaveLength(210)
  expect(remotePublicKey).toEqual(publicKeyOf(keyA))
  const acked = createHandshakeReader(keyA, 'ack').push(ack)
  if (acked === undefined) throw new Error('incomplete')
  expect(acked.opened.form).toBe('plain')
  const ours = initiator.finish(acked.opened)
  expect(ours.aes).toEqual(secrets.aes)
  expect(ours.egress.digest()).toEqual(secrets.ingress.digest())
  expect(ours.ingress.digest()).toEqual(secrets.egress.digest())
})

test('T-4 a packet may arrive in any pieces, with the next frame behind it', () => {
  const { auth } = start('eip8')
  for (const cut of [1, 2, 306, 307, 308, auth.length - 1]) {
    const reader = createHandshakeReader(keyB, 'auth')
    expect(reader.push(auth.subarray(0, cut))).toBeUndefined()
    const read = reader.push(concatBytes(auth.subarray(cut), Uint8Array.of(1, 2, 3)))
    expect(read?.opened.packet).toEqual(auth)
    expect(read?.rest).toEqual(Uint8Array.of(1, 2, 3))
  }
  const bytewise = createHandshakeReader(keyB, 'auth')
  const results = Array.from(auth, byte => bytewise.push(Uint8Array.of(byte)))
  expect(results.at(-1)?.opened.form).toBe('eip8')
  expect(results.filter(result => result !== undefined)).toHaveLength(1)
})

test('T-24 a handshake that is not finished in 5 s is aborted, on both sides', async () => {
  const { host, stranger, time, refused, network } = await target()
  const silent = await stranger()
  await time.advance(4_999)
  expect(silent.isClosed()).toBe(false)
  await time.advance(1)
  await time.settle()
  expect(silent.isClosed()).toBe(true)
  expect(refused).toMatchObject([{ reason: 'handshake-timeout', stage: 'handshake', direction: 'inbound' }])
  // And as the dialer: a listener that says nothing.
  await network.carrier('10.9.9.9').listen({ host: '10.9.9.9', port: 7 }, stream => {
    stream.start({ data: () => undefined, drain: () => undefined, closed: () => undefined })
  })
  const key = Buffer.from(publicKeyOf(keyB).subarray(1)).toString('hex')
  const dial = host.dial(`enode://${key}@10.9.9.9:7`)
  const outcome = expect(dial).rejects.toMatchObject({ code: 'timeout' })
  await time.advance(5_000)
  await outcome
  expect(host.metrics().pendingOutbound).toBe(0)
})

test('T-3 an auth for another node, cut short or with a flipped size byte closes with nothing sent', async () => {
  const { stranger, refused } = await target()
  const spoiled = [
    (auth: Uint8Array) => auth.with(1, (auth[1] ?? 0) ^ 1),
    (auth: Uint8Array) => auth.with(100, (auth[100] ?? 0) ^ 1),
    () => start('eip8').auth,
    () => start('plain').auth
  ]
  for (const spoil of spoiled) {
    const x = await stranger()
    x.raw(concatBytes(spoil(x.auth), new Uint8Array(2048)))
    await x.closed
    expect(x.received).toEqual([])
  }
  expect(refused.map(({ reason }) => reason)).toEqual(spoiled.map(() => 'bad-handshake'))
})
