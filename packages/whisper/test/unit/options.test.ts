import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { WhisperError } from '../../src/errors.ts'
import { createWhisper } from '../../src/node.ts'
import { resolveOptions, type WhisperOptions } from '../../src/options.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { handPeer, node, time, topic } from '../support.ts'

test('options outside their range are refused, undefined ones are defaults', () => {
  const bad: readonly WhisperOptions[] = [
    { minPow: -1 },
    { minPow: Number.NaN },
    { minPow: Number.POSITIVE_INFINITY },
    { maxMessageSize: 10 * 1024 * 1024 + 1 },
    { maxMessageSize: 0 },
    { forwarding: 0 },
    { randomDelayMs: -1 },
    { handshakeTimeoutMs: 0 },
    { defaultTtlSeconds: 0 },
    { poolMaxBytes: 1 },
    { maxPeers: 0 },
    { rateLimitPerPeer: -1 },
    { maxFilters: 0 },
    { powWorkers: 65 },
    { powWorkers: 1.5 }
  ]
  for (const options of bad) {
    expect(() => createWhisper({}, options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  }
  expect(resolveOptions({ minPow: undefined })).toMatchObject({ minPow: 0.000002, maxMessageSize: 1_048_576 })
  expect(Object.isFrozen(resolveOptions())).toBe(true)
})

test('setMaxMessageSize takes 1 byte to 10 MiB', () => {
  const whisper = node(time(), 'node')
  whisper.setMaxMessageSize(10 * 1024 * 1024)
  expect(whisper.info().maxMessageSize).toBe(10 * 1024 * 1024)
  for (const bytes of [0, -1, 1.5, 10 * 1024 * 1024 + 1]) {
    expect(() => whisper.setMaxMessageSize(bytes)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  }
})

test('errors are told by their brand, across copies of the package', () => {
  const error = new WhisperError('not-running', 'x', { origin: 'caller' })
  expect(WhisperError.is(error)).toBe(true)
  expect(WhisperError.is(new Error('x'))).toBe(false)
  const copy = { [Symbol.for('status-stack.error')]: true, name: 'WhisperError' }
  expect(WhisperError.is(copy)).toBe(true)
  expect(WhisperError.is({ ...copy, name: 'CryptoError' })).toBe(false)
})

test('start and stop are idempotent; a stopped node starts again', async () => {
  const whisper = node(time(), 'node')
  await whisper.stop()
  await whisper.start()
  await whisper.start()
  await whisper.stop()
  await whisper.stop()
  await expect(whisper.attach({} as never)).rejects.toMatchObject({ code: 'not-running' })
  await whisper.start()
  expect(whisper.info().messages).toBe(0)
  await whisper.stop()
})

test('stopping puts pending requirements into force, so a restarted node has them', async () => {
  const clock = time()
  const whisper = node(clock, 'node')
  await whisper.start()
  await whisper.setMinPow(1e6)
  await whisper.stop()
  await whisper.start()
  const peer = handPeer(whisper, 'peer')
  await peer.send(0, encodeStatus({ minPow: 0, light: false }))
  const bytes = encodeEnvelope({ expiry: 1_600_000_010, ttl: 10, topic, data: new Uint8Array(50), nonce: 0n })
  await peer.send(1, encodeMessages([bytes]))
  await clock.settle()
  expect(whisper.info()).toMatchObject({ minPow: 1e6, messages: 0 })
  await whisper.stop()
})

test('the cost of an envelope can be asked for', async () => {
  const whisper = node(time(), 'node')
  expect(await whisper.estimatePow(0.002, 304, 15)).toMatchObject({ bits: 4, tries: 16 })
})

test('a node disposes of itself', async () => {
  const whisper = node(time(), 'node')
  await whisper.start()
  await whisper[Symbol.asyncDispose]()
  await expect(whisper.attach({} as never)).rejects.toMatchObject({ code: 'not-running' })
})
