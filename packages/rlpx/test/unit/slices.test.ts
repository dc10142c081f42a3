import { createKeccak256, equalBytes } from '@status-stack/crypto'
import { createTimeSlicer, type TimeSlicer } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { createFrameSealer } from '../../src/frame/frame.ts'
import { createFrameReader, type Message } from '../../src/frame/reader.ts'
import { limits } from '../../src/limits.ts'
import { decompressSliced } from '../../src/p2p/snappy.ts'
import { createFramePump } from '../../src/session/frame-pump.ts'
import { noise, snappy } from '../../src/testing/index.ts'
import { until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** A slicer whose clock goes on by one millisecond with each look at it, and that counts the turns it gave to others. */
function countedSlicer(): { readonly slicer: TimeSlicer; readonly turns: () => number } {
  let now = 0
  let turns = 0
  const slicer = createTimeSlicer({
    nowMs: () => now++,
    nextTurn: callback => {
      turns++
      setImmediate(callback)
    }
  })
  return { slicer, turns: () => turns }
}

const secrets = () => ({
  aes: new Uint8Array(32).fill(1),
  mac: new Uint8Array(32).fill(2),
  egress: createKeccak256(),
  ingress: createKeccak256()
})

test('each frame that is finished begins the count of unfinished bytes anew', () => {
  const sealer = createFrameSealer(secrets())
  const stream = Uint8Array.from([1, 2, 3].flatMap(value => [...sealer.seal(16, bytes(value))]))
  const length = stream.length / 3
  const held: number[] = []
  const pump = createFramePump({
    reader: createFrameReader(secrets()),
    stream: { pause: () => undefined, resume: () => undefined },
    unfinished: count => void held.push(count),
    maxFrameBytes: () => 100,
    handle: () => undefined,
    failed: error => {
      throw error
    }
  })
  pump.push(stream.slice(0, length + 10))
  pump.push(stream.slice(length + 10, 2 * length + 20))
  pump.stop()
  expect(held).toEqual([0, 10, 0, 20, 0])
})

test('the frames of one chunk are handled in slices; the stream is paused while others run', async () => {
  const sealer = createFrameSealer(secrets())
  const frames = Array.from({ length: 1_000 }, (_, i) => sealer.seal(16 + (i % 3), bytes(i & 255)))
  const chunk = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const frame of frames) {
    chunk.set(frame, at)
    at += frame.length
  }
  const { slicer, turns } = countedSlicer()
  const calls: string[] = []
  const got: number[] = []
  const mostInOneTurn: number[] = [0]
  const pump = createFramePump({
    reader: createFrameReader(secrets()),
    stream: { pause: () => calls.push('pause'), resume: () => calls.push('resume') },
    unfinished: () => undefined,
    maxFrameBytes: () => 100,
    handle: ({ id }) => {
      got.push(id)
      mostInOneTurn[mostInOneTurn.length - 1] = (mostInOneTurn.at(-1) ?? 0) + 1
    },
    failed: error => {
      throw error
    },
    slicer
  })
  const count = (): void => {
    mostInOneTurn.push(0)
    if (got.length < frames.length) setImmediate(count)
  }
  setImmediate(count)
  pump.push(chunk)
  expect(got.length).toBeLessThan(50)
  expect(calls).toEqual(['pause'])
  await until(() => got.length === frames.length)
  await until(() => calls.at(-1) === 'resume')
  expect(got).toEqual(frames.map((_, i) => 16 + (i % 3)))
  expect(calls).toEqual(['pause', 'resume'])
  expect(turns()).toBeGreaterThan(20)
  expect(Math.max(...mostInOneTurn)).toBeLessThan(50)
})

test('a message that takes long is waited for before the next, and a failure ends the pump', async () => {
  const sealer = createFrameSealer(secrets())
  const got: number[] = []
  const failures: unknown[] = []
  let finish = (): void => undefined
  const pump = createFramePump({
    reader: createFrameReader(secrets()),
    stream: { pause: () => undefined, resume: () => undefined },
    unfinished: () => undefined,
    maxFrameBytes: () => 100,
    handle: ({ id }) => {
      got.push(id)
      if (id === 18) throw new Error('bad')
      if (id === 16)
        return new Promise(resolve => {
          finish = resolve
        })
    },
    failed: error => failures.push(error.code),
    slicer: createTimeSlicer({ nowMs: () => 0 })
  })
  for (const id of [16, 17, 18, 19]) pump.push(sealer.seal(id, bytes(1)))
  await new Promise(resolve => setImmediate(resolve))
  expect(got).toEqual([16])
  finish()
  await until(() => failures.length > 0)
  expect(got).toEqual([16, 17, 18])
  expect(failures).toEqual(['malformed'])
})

test('what was received before the end is handled before the end is told', async () => {
  const sealer = createFrameSealer(secrets())
  const happened: (number | string)[] = []
  let finish = (): void => undefined
  const pump = createFramePump({
    reader: createFrameReader(secrets()),
    stream: { pause: () => undefined, resume: () => undefined },
    unfinished: () => undefined,
    maxFrameBytes: () => 100,
    handle: ({ id }) => {
      happened.push(id)
      if (id === 18) throw new Error('bad')
      if (id === 16)
        return new Promise(resolve => {
          finish = resolve
        })
    },
    failed: () => happened.push('failed'),
    slicer: createTimeSlicer({ nowMs: () => 0 })
  })
  for (const id of [16, 17, 18]) pump.push(sealer.seal(id, bytes(1)))
  pump.end(() => happened.push('end'))
  expect(happened).toEqual([16])
  finish()
  await until(() => happened.includes('end'))
  expect(happened).toEqual([16, 17, 18, 'failed', 'end'])
  pump.end(() => happened.push('end at once'))
  expect(happened.at(-1)).toBe('end at once')
})

test('a large body is read as it comes, and nothing of it is handed out before its MAC is right', () => {
  const payload = noise(1_000_000)
  const frame = createFrameSealer(secrets()).seal(17, payload)
  const whole = createFrameReader(secrets())
  whole.push(frame.slice())
  const same = (message: Message | undefined): boolean => message?.id === 17 && equalBytes(message.payload, payload)
  expect(same(whole.next(0xff_ffff))).toBe(true)
  const spoiled = frame.slice()
  spoiled[500_000] = (spoiled[500_000] ?? 0) ^ 1
  const reader = createFrameReader(secrets())
  const step = 30_000
  expect(() => {
    for (let at = 0; at < spoiled.length; at += step) {
      reader.push(spoiled.slice(at, at + step))
      expect(reader.next(0xff_ffff)).toBeUndefined()
    }
  }).toThrow(expect.objectContaining({ code: 'bad-mac' }))
  const pieces = createFrameReader(secrets())
  let got: Message | undefined
  for (let at = 0; at < frame.length; at += step) {
    pieces.push(frame.slice(at, at + step))
    expect(pieces.bufferedBytes()).toBeLessThanOrEqual(at + step)
    got = pieces.next(0xff_ffff)
  }
  expect(same(got)).toBe(true)
})

test('a block of many small elements is inflated in slices; double the elements, at most three times the turns', async () => {
  // A literal of one byte each: the most elements for their bytes.
  const block = (count: number): Uint8Array => {
    const header: number[] = []
    for (let rest = count; ; rest >>>= 7) {
      header.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80)
      if (rest < 0x80) break
    }
    const out = new Uint8Array(header.length + 2 * count)
    out.set(header)
    for (let i = 0; i < count; i++) out[header.length + 2 * i + 1] = i & 255
    return out
  }
  const turns = async (count: number): Promise<number> => {
    const counted = countedSlicer()
    const out = await decompressSliced(block(count), 1 << 24, counted.slicer)
    expect(out).toHaveLength(count)
    expect(out.every((byte, i) => byte === (i & 255))).toBe(true)
    return counted.turns()
  }
  const once = await turns(200_000)
  expect(once).toBeGreaterThan(20)
  expect(await turns(400_000)).toBeLessThan(3 * once)
  await expect(decompressSliced(block(100).subarray(0, 150), 1 << 24)).rejects.toMatchObject({
    code: 'bad-compression'
  })
})

test('a message that inflates slowly arrives whole and in order among others', async () => {
  const t = await target()
  const x = await t.stranger()
  await x.session()
  await until(() => t.host.peers().length === 1)
  const large = noise(300_000)
  x.frame(17, snappy(bytes(1)))
  x.frame(18, snappy(large))
  x.frame(19, snappy(bytes(2)))
  await until(() => t.sink.packets.length === 3)
  expect(t.sink.packets.map(({ code, payload }) => [code, payload.length])).toEqual([
    [1, 1],
    [2, 300_000],
    [3, 1]
  ])
  expect(equalBytes(t.sink.packets[1]?.payload ?? bytes(), large)).toBe(true)
})

test.each([
  ['Pings', 2],
  ['Pongs that nothing asked for', 3],
  ['reserved messages', 9]
])('a flood of %s ends the connection after a burst; a Ping in 15 s does not', async (_, id) => {
  const t = await target()
  const quiet = await t.stranger()
  await quiet.session()
  const x = await t.stranger()
  await x.session()
  await until(() => t.host.peers().length === 2)
  const before = t.host.metrics().framesIn
  const message = snappy(bytes(0xc0))
  for (let i = 0; i < 20; i++) {
    quiet.frame(id, message)
    await t.time.advance(15_000)
  }
  expect(t.host.peers().length).toBeGreaterThan(0)
  const other = await t.stranger()
  await other.session()
  for (let i = 0; i < 2 * limits.baseMessageBurst; i++) other.frame(id, message)
  await other.closed
  await t.time.settle()
  expect(t.removed.map(({ ending }) => ending.failure)).toContain('unexpected-message')
  expect(other.received.filter(message => message.id === 3).length).toBeLessThanOrEqual(limits.baseMessageBurst)
  expect(t.host.metrics().framesIn - before).toBeLessThan(2 * limits.baseMessageBurst)
})
