import { bytesToHex, concatBytes, eciesEncrypt, keccak256, utf8Bytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { encodeEnvelope, envelopeSize } from '../../src/envelope.ts'
import { openAsymmetric } from '../../src/message/asymmetric.ts'
import { decodePlaintext, encodeUnsigned, paddingLength } from '../../src/message/layout.ts'
import { openSymmetric, sealSymmetric, symmetricKeyFromPassword } from '../../src/message/symmetric.ts'
import { encodePlaintext, openEnvelope, openMessage, sealMessage } from '../../src/message/wrap.ts'
import { payloadLimitOf, sealEnvelope } from '../../src/posting.ts'
import { envelopePow, envelopePowBits, powTargetBits } from '../../src/pow.ts'
import { createInThreadSearcher } from '../../src/search/in-thread.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import { key, node, place, symmetricKey, time, topic } from '../support.ts'

const random = createSeededRandom('message')
const alice = key(1)
const symmetric = { kind: 'symmetric' as const, key: symmetricKey }

test('W-26 padding of payloads of 0, 189, 190 and 253 … 256 bytes, signed and unsigned', () => {
  const lengths = [0, 189, 190, 253, 254, 255, 256]
  const plaintexts = (signer: typeof alice | undefined) =>
    lengths.map(length => encodePlaintext({ payload: new Uint8Array(length), signer }, random).length)
  expect(plaintexts(undefined)).toEqual([256, 256, 256, 256, 512, 512, 512])
  expect(plaintexts(alice)).toEqual([256, 512, 512, 512, 512, 512, 512])
  expect(paddingLength(254, false)).toBe(256)
  expect(paddingLength(253, false)).toBe(1)
  for (let length = 0; length < 600; length++) {
    for (const signed of [true, false]) {
      const padding = paddingLength(length, signed)
      expect(padding).toBeGreaterThanOrEqual(1)
      expect(padding).toBeLessThanOrEqual(256)
    }
  }
})

test('W-27 custom padding is used verbatim', () => {
  const padding = Uint8Array.of(9, 8, 7)
  const plaintext = encodePlaintext({ payload: Uint8Array.of(1, 2), padding }, random)
  expect([...plaintext]).toEqual([1, 2, 1, 2, 9, 8, 7])
  expect(encodePlaintext({ payload: Uint8Array.of(1), padding: new Uint8Array(0) }, random)).toHaveLength(256)
})

test('W-28 the signature covers flags … padding with bit 2 set; v is 0 or 1, and 27 is refused', () => {
  const plaintext = encodePlaintext({ payload: Uint8Array.of(1), padding: Uint8Array.of(2), signer: alice }, random)
  expect([...plaintext.subarray(0, 4)]).toEqual([0b101, 1, 1, 2])
  const signature = plaintext.subarray(4)
  expect(signature).toEqual(alice.sign(keccak256(plaintext.subarray(0, 4))))
  expect(signature[64]).toBeLessThan(2)
  const data = sealSymmetric(symmetricKey, new Uint8Array(12), plaintext)
  expect(openMessage(data, symmetric)).toMatchObject({ signer: alice.publicKey, payload: Uint8Array.of(1) })
  const old = plaintext.slice()
  old[old.length - 1] = (old.at(-1) ?? 0) + 27
  expect(openMessage(sealSymmetric(symmetricKey, new Uint8Array(12), old), symmetric)).toBe('invalid-message')
})

test('W-29 the parser survives sizes beyond the end and one-byte signed messages', () => {
  const refused = [
    [],
    [0b100],
    [0b100, ...new Array(64).fill(0)],
    [0b100, ...new Array(65).fill(0)].slice(0, 66).slice(0, 65),
    [1],
    [2, 0],
    [3, 0, 0],
    [1, 5, 1, 2, 3, 4],
    [3, 255, 255, 255, 1]
  ]
  for (const bytes of refused) expect(decodePlaintext(Uint8Array.from(bytes))).toBeUndefined()
  expect(decodePlaintext(Uint8Array.of(0))?.payload).toHaveLength(0)
  expect(decodePlaintext(Uint8Array.of(1, 2, 7, 7))?.padding).toHaveLength(0)
  expect(decodePlaintext(Uint8Array.of(0b11111001, 0))?.payload).toHaveLength(0)
})

test('W-30 payloads of 2^24 bytes are refused', async () => {
  expect(() => encodeUnsigned(new Uint8Array(2 ** 24), new Uint8Array(1), false)).toThrow(
    expect.objectContaining({ code: 'payload-too-large', origin: 'caller' })
  )
  expect(encodeUnsigned(new Uint8Array(2 ** 24 - 1), new Uint8Array(0), false).subarray(0, 4)).toEqual(
    Uint8Array.of(3, 255, 255, 255)
  )
})

test('W-31 the GCM nonce is the last 12 bytes; a wrong key yields nothing', () => {
  const nonce = random.bytes(12)
  const data = sealSymmetric(symmetricKey, nonce, utf8Bytes('text'))
  expect(data.subarray(-12)).toEqual(nonce)
  expect(openSymmetric(symmetricKey, data)).toEqual(utf8Bytes('text'))
  expect(openSymmetric(new Uint8Array(32).fill(8), data)).toBeUndefined()
  for (let length = 0; length < 30; length++) expect(openSymmetric(symmetricKey, data.slice(0, length))).toBeUndefined()
  expect(() => sealSymmetric(new Uint8Array(32), nonce, data)).toThrow(expect.objectContaining({ origin: 'caller' }))
})

test('W-32 the password key of status-offline-inbox', async () => {
  expect(bytesToHex(await symmetricKeyFromPassword('status-offline-inbox'))).toBe(
    '765df27c0765526f920ba742ff4b9452bb0064e016435ffccd81186aa6feaae8'
  )
})

test('W-33 ECIES data of every length up to 130 bytes never throws', () => {
  const good = eciesEncrypt(alice.publicKey, new Uint8Array(17))
  expect(openAsymmetric(alice, good)).toEqual(new Uint8Array(17))
  for (let length = 0; length < 130; length++) expect(openAsymmetric(alice, good.slice(0, length))).toBeUndefined()
  const offCurve = concatBytes(Uint8Array.of(4), new Uint8Array(64).fill(1), new Uint8Array(60))
  expect(openAsymmetric(alice, offCurve)).toBeUndefined()
})

test('a symmetric and an asymmetric message open with their key only, in buffers of their own', () => {
  for (const [route, interest] of [
    [symmetric, symmetric],
    [
      { kind: 'asymmetric' as const, publicKey: alice.publicKey },
      { kind: 'asymmetric' as const, identity: alice }
    ]
  ] as const) {
    const data = sealMessage({ payload: utf8Bytes('hello'), key: route, signer: key(2) }, random)
    const opened = openEnvelope({ data }, interest)
    expect(opened).toMatchObject({ payload: utf8Bytes('hello'), signer: key(2).publicKey })
    // A view beside its padding, in a buffer that is the message's own; a lot of padding is not kept with the payload.
    expect(opened?.payload.buffer).toBe(opened?.padding.buffer)
    expect(opened?.payload.buffer.byteLength).toBe(256)
    const padding = new Uint8Array(257)
    const padded = sealMessage({ payload: utf8Bytes('hello'), key: route, padding }, random)
    expect(openEnvelope({ data: padded }, interest)?.payload.buffer.byteLength).toBe(5)
    expect(openEnvelope({ data }, { kind: 'asymmetric', identity: key(3) })).toBeUndefined()
    expect(openEnvelope({ data }, { kind: 'symmetric', key: new Uint8Array(32).fill(3) })).toBeUndefined()
  }
})

const work = { expiry: 1_600_000_050, ttl: 50, topic, data: new Uint8Array(284).fill(3) }

test('W-41 sealing reaches its target with the smallest nonce', async () => {
  const searcher = createInThreadSearcher(time().clock)
  const sealed = await sealEnvelope(work, { target: 0.2, timeSeconds: 5 }, searcher)
  expect(envelopePow(sealed)).toBeGreaterThanOrEqual(0.2)
  const bits = powTargetBits(0.2, 284, 50)
  for (let nonce = 0n; nonce < sealed.nonce; nonce++) expect(envelopePowBits({ ...work, nonce })).toBeLessThan(bits)
  expect((await sealEnvelope(work, { target: 0, timeSeconds: 0 }, searcher)).nonce).toBe(0n)
})

test('W-41 a time that is too short is an error, and 0 seconds always is', async () => {
  const clock = time()
  const searcher = createInThreadSearcher({
    nowMs: () => {
      ticks += 100
      return clock.clock.nowMs() + ticks
    }
  })
  let ticks = 0
  await expect(sealEnvelope(work, { target: 1e9, timeSeconds: 1 }, searcher)).rejects.toThrow(
    'failed to reach the PoW target, specified pow time (1 seconds) was insufficient'
  )
  await expect(sealEnvelope(work, { target: 0.000001, timeSeconds: 0 }, searcher)).rejects.toMatchObject({
    code: 'pow-not-reached'
  })
})

test('W-41 a negative target extends the expiry, works the whole time and never fails', async () => {
  let ticks = 0
  const searcher = createInThreadSearcher({ nowMs: () => (ticks += 100) })
  const sealed = await sealEnvelope(work, { target: -1, timeSeconds: 2 }, searcher)
  expect(sealed.expiry).toBe(work.expiry + 2)
  expect(ticks).toBeGreaterThan(2000)
  const best = envelopePowBits(sealed)
  for (let nonce = 0n; nonce < sealed.nonce; nonce++) {
    expect(envelopePowBits({ ...work, expiry: sealed.expiry, nonce })).toBeLessThan(best)
  }
})

test('payloadLimit is the longest payload that can be posted, one byte more is refused', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { maxMessageSize: 4096 })
  await whisper.start()
  const { route } = place()
  for (const chosen of [route, { ...route, key: { kind: 'asymmetric' as const, publicKey: alice.publicKey } }]) {
    const most = whisper.payloadLimit(chosen)
    expect(most).toBe(payloadLimitOf(chosen.key, 4096))
    await whisper.post({ route: chosen, payload: new Uint8Array(most), signer: alice })
    await expect(whisper.post({ route: chosen, payload: new Uint8Array(most + 1) })).rejects.toMatchObject({
      code: 'payload-too-large',
      origin: 'caller'
    })
  }
  expect(whisper.info().messages).toBe(2)
  await whisper.stop()
  for (let size = 1024; size < 5000; size += 37) {
    const most = payloadLimitOf(route.key, size)
    const data = sealMessage({ payload: new Uint8Array(most), key: route.key, signer: alice }, random)
    const bytes = encodeEnvelope({ expiry: 0xffffffff, ttl: 0xffffffff, topic, data, nonce: 2n ** 64n - 1n })
    expect(bytes.length + 4).toBeLessThanOrEqual(size)
    expect(envelopeSize({ data })).toBeLessThanOrEqual(size)
  }
})

test('post refuses what cannot be sent', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { minPow: 5 })
  const { route } = place()
  const message = { topic, key: symmetric, payload: Uint8Array.of(1), pow: { target: 0, timeSeconds: 0 } }
  await expect(whisper.postEnvelope(message)).rejects.toMatchObject({ code: 'not-running' })
  await whisper.start()
  const refusals = [
    [{ ...message, topic: new Uint8Array(3) }, 'invalid-argument'],
    [{ ...message, key: undefined as never }, 'no-key'],
    [{ ...message, key: { kind: 'symmetric' as const, key: new Uint8Array(32) } }, 'invalid-argument'],
    [{ ...message, key: { kind: 'asymmetric' as const, publicKey: new Uint8Array(65) } }, 'invalid-argument'],
    [{ ...message, ttlSeconds: -1 }, 'invalid-argument'],
    [{ ...message, ttlSeconds: 2 ** 32 }, 'invalid-argument'],
    [{ ...message, pow: { target: Number.NaN, timeSeconds: 1 } }, 'invalid-argument'],
    [{ ...message, targetPeer: 'nobody' }, 'unknown-peer'],
    [{ ...message, payload: new Uint8Array(2 ** 20) }, 'message-too-large'],
    [message, 'pow-too-low']
  ] as const
  for (const [refused, code] of refusals) {
    await expect(whisper.postEnvelope(refused)).rejects.toMatchObject({ code })
  }
  await expect(
    whisper.post({ route, payload: Uint8Array.of(1), signal: AbortSignal.abort(new Error('enough')) })
  ).rejects.toThrow('enough')
  await whisper.stop()
})

test('ttl 0 and a missing ttl mean 50 seconds', async () => {
  const clock = time()
  const whisper = node(clock, 'node')
  await whisper.start()
  const message = { topic, key: symmetric, payload: Uint8Array.of(1), pow: { target: 0, timeSeconds: 0 } }
  for (const ttlSeconds of [0, undefined]) {
    const posted = await whisper.postEnvelope({ ...message, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) })
    expect(posted.expiry).toBe(1_600_000_050)
  }
  await whisper.stop()
})
