import { expect, test } from 'vitest'
import { WhisperError } from '../../src/errors.ts'
import { createWhisper } from '../../src/node.ts'
import { resolveOptions, type WhisperOptions } from '../../src/options.ts'
import { node, time } from '../support.ts'

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
    expect(() => createWhisper({}, options)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
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
  expect(WhisperError.is({ [Symbol.for('status-stack.whisper.error')]: true })).toBe(true)
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
