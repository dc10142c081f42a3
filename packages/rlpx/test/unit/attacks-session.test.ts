import { concatBytes, createKeccak256, type Keccak256 } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { createFrameSealer } from '../../src/frame/frame.ts'
import { createFrameReader } from '../../src/frame/reader.ts'
import { limits } from '../../src/limits.ts'
import { nest, noBytes, noise, rlp, snappy } from '../../src/testing/index.ts'
import { until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** Opens a session, sends one frame, and answers how it ended. */
async function afterFrame(
  code: number,
  payload: Uint8Array
): Promise<{ failure: string | undefined; by: string; packets: number; buffers: number }> {
  const { host, stranger, removed, sink } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  const before = process.memoryUsage().arrayBuffers
  x.frame(code, payload)
  await x.closed
  const buffers = process.memoryUsage().arrayBuffers - before
  expect(host.peers()).toEqual([])
  return { failure: removed[0]?.ending.failure, by: removed[0]?.ending.by ?? '', packets: sink.packets.length, buffers }
}

test('X02 a literal with a negative length is a protocol error: closed, no hang', async () => {
  expect(await afterFrame(17, bytes(0x00, 0xfc, 0xfa, 0xff, 0xff, 0xff))).toMatchObject({
    failure: 'bad-compression',
    packets: 0
  })
})

test('X03 the same in a Ping closes too', async () => {
  expect(await afterFrame(2, bytes(0x00, 0xfc, 0xfa, 0xff, 0xff, 0xff))).toMatchObject({ failure: 'bad-compression' })
})

test('X04 a claim of 2 GiB is refused before allocation: under 8 MiB of buffers', async () => {
  const { failure, packets, buffers } = await afterFrame(17, bytes(0xff, 0xff, 0xff, 0xff, 0x07))
  expect(failure).toBe('too-large')
  expect(packets).toBe(0)
  expect(buffers).toBeLessThan(8 << 20)
})

test('X05 deeply nested lists in Ping and Hello are never decoded', async () => {
  expect(await afterFrame(2, snappy(nest(300_000)))).toMatchObject({ failure: 'too-large' })
  expect(
    await afterFrame(2, snappy(concatBytes(bytes(0xfa, 0x0f, 0x42, 0x40), new Uint8Array(1_000_000).fill(0xc0))))
  ).toMatchObject({
    failure: 'too-large'
  })
  const { host, stranger, refused } = await target()
  const x = await stranger()
  await x.handshake()
  x.frame(0, nest(2_000))
  await x.closed
  expect(refused).toMatchObject([{ reason: 'bad-hello' }])
  expect(host.metrics().pendingInbound).toBe(0)
})

test('X15 20 000 more Hellos: ignored at first, closed after 16, no timer added', async () => {
  const { host, stranger, removed, time } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  const timers = time.pendingTimers()
  const hello = snappy(rlp([5, 'again', [['shh', 6]], 0, x.publicKey.subarray(1)]))
  x.raw(concatBytes(...Array.from({ length: limits.extraHellos }, () => x.sealFrame(0, hello))))
  await time.settle()
  expect(host.peers()).toHaveLength(1)
  expect(time.pendingTimers()).toBe(timers)
  x.raw(concatBytes(...Array.from({ length: 20_000 }, () => x.sealFrame(0, hello))))
  await x.closed
  await time.settle()
  expect(removed).toMatchObject([{ ending: { failure: 'unexpected-message' } }])
  // Nothing of the session waits any more.
  expect(time.pendingTimers()).toBe(0)
})

test('X16 a frame over the cap is refused at its header, before any of its body', async () => {
  const { host, stranger, removed } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  const frame = x.sealFrame(17, new Uint8Array(15_500_000))
  x.raw(frame.subarray(0, 32))
  await x.closed
  expect(removed).toMatchObject([{ ending: { failure: 'too-large' } }])
})

test('X16 reading in single bytes is linear: double the bytes, at most three times the work', () => {
  // Work is counted where it is done: bytes that the MAC absorbs, that are copied, and chunks that are made.
  const work = (size: number): number => {
    let counted = 0
    const counting = (state: Keccak256): Keccak256 => ({
      ...state,
      update: data => {
        counted += 1 + data.length
        state.update(data)
        return counting(state)
      },
      digest: () => state.digest()
    })
    const secrets = () => ({
      aes: new Uint8Array(32).fill(1),
      mac: new Uint8Array(32).fill(2),
      egress: createKeccak256(),
      ingress: counting(createKeccak256())
    })
    const frame = createFrameSealer(secrets()).seal(17, new Uint8Array(size))
    const set = Uint8Array.prototype.set
    Uint8Array.prototype.set = function (source, at) {
      counted += 1 + source.length
      set.call(this, source, at)
    }
    try {
      const reader = createFrameReader(secrets())
      let messages = 0
      for (let at = 0; at < frame.length; at++) {
        reader.push(frame.slice(at, at + 1))
        if (reader.next(0xffffff) !== undefined) messages++
      }
      expect(messages).toBe(1)
    } finally {
      Uint8Array.prototype.set = set
    }
    return counted
  }
  expect(work(600_000)).toBeLessThan(3 * work(300_000))
})

test('X17 a Snappy bomb is refused by its declared length', async () => {
  const copies = Array.from({ length: 100_000 }, () => bytes(0xfe, 0x01, 0x00))
  const length = 1 + 64 * copies.length
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
  const overLimit = 11 << 20
  const small = concatBytes(bytes(...varint(length)), bytes(0x00, 0x61), ...copies)
  const bomb = concatBytes(bytes(...varint(overLimit)), bytes(0x00, 0x61), ...copies)
  expect((await afterFrame(17, bomb)).failure).toBe('too-large')
  // The same shape within the limit is what an honest peer may send.
  const { host, stranger, sink } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  x.frame(17, small)
  await until(() => sink.packets.length === 1)
  expect(sink.packets[0]?.payload.length).toBe(length)
})

test('X18 a Disconnect with a list for a reason closes: no zombie in the table', async () => {
  const { by } = await afterFrame(1, snappy(rlp([[1, 2]])))
  expect(by).toBe('peer')
})

test('X19 a peer that never closes after our Disconnect loses its socket after 1 s', async () => {
  const { host, stranger, removed, time } = await target()
  const x = await stranger(undefined, undefined, { halfOpen: true })
  await x.session()
  await until(() => host.peers().length === 1)
  const removing = host.removePeer(removedId(host))
  await time.settle()
  // Gone from the table at once, the socket a second later.
  expect(removed).toMatchObject([{ ending: { by: 'us', reason: 'requested' } }])
  expect(host.peers()).toEqual([])
  let finished = false
  void removing.then(() => {
    finished = true
  })
  await time.advance(999)
  expect(finished).toBe(false)
  await time.advance(1)
  await removing
  expect(x.reason()).toBe(0)
})

const removedId = (host: { peers: () => readonly { peerId: string }[] }): string => host.peers()[0]?.peerId ?? ''

test('X27 a peer that never reads: memory stays under the limit, closed after 20 s', async () => {
  const { host, stranger, removed, sink, time } = await target({ sendHighWaterBytes: 1 << 20, sendLimitBytes: 8 << 20 })
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  x.stream.pause()
  const [link] = sink.links
  let taken = 0
  let refused = 0
  const megabyte = noise(1 << 20)
  for (let i = 0; i < 6; i++) {
    link?.send(1, megabyte).then(
      () => taken++,
      () => refused++
    )
  }
  await time.advance(19_000)
  expect(taken).toBeLessThan(6)
  expect(host.metrics().queuedBytes).toBeLessThan(4 << 20)
  expect(host.peers()).toHaveLength(1)
  await time.advance(1_001)
  expect(removed).toMatchObject([{ ending: { failure: 'timeout' } }])
  await time.settle()
  expect(taken + refused).toBe(6)
  expect(host.metrics().queuedBytes).toBe(0)
})

test('X27 a caller that does not wait gets the peer closed at the send limit', async () => {
  const { host, stranger, removed, sink, time } = await target({ sendHighWaterBytes: 1 << 20, sendLimitBytes: 8 << 20 })
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  x.stream.pause()
  const megabyte = noise(1 << 20)
  const sends = Array.from({ length: 200 }, () => sink.links[0]?.send(1, megabyte))
  const outcomes = await Promise.allSettled(sends)
  await time.settle()
  expect(removed).toMatchObject([{ ending: { failure: 'too-large' } }])
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(180)
})

test('X29 codes 126 and 127 of shh arrive as 126 and 127', async () => {
  const { host, stranger, sink } = await target()
  const x = await stranger()
  await x.session()
  await until(() => host.peers().length === 1)
  x.frame(0x8e, snappy(bytes(1)))
  x.frame(0x8f, snappy(bytes(2)))
  await until(() => sink.packets.length === 2)
  expect(sink.packets).toEqual([
    { code: 126, payload: bytes(1) },
    { code: 127, payload: bytes(2) }
  ])
})

test('X30 a peer that goes silent is removed at 30 s, one that pings is kept', async () => {
  const { host, stranger, removed, time } = await target()
  const silent = await stranger()
  const alive = await stranger()
  await silent.session()
  await alive.session()
  await until(() => host.peers().length === 2)
  await time.advance(20_000)
  alive.frame(2, snappy(bytes(0xc0)))
  await time.advance(9_999)
  expect(host.peers()).toHaveLength(2)
  await time.advance(1_001)
  expect(host.peers()).toHaveLength(1)
  expect(removed).toMatchObject([{ ending: { failure: 'timeout' } }])
  expect(silent.isClosed()).toBe(true)
})

test('X30 a capability that waits in vain for its first packet ends the connection with 16', async () => {
  const { host, stranger, removed, time } = await target(
    {},
    {
      capabilities: [
        {
          name: 'shh',
          version: 6,
          length: 128,
          run: async () => {
            throw new Error('no Status in time')
          }
        }
      ]
    }
  )
  const x = await stranger()
  await x.session()
  await time.settle()
  expect(x.reason()).toBe(16)
  expect(removed).toMatchObject([{ ending: { by: 'us', reason: 'subprotocol-error' } }])
  expect(host.peers()).toEqual([])
})

test('X31 a frame of length zero closes, before and after Hello', async () => {
  const { host, stranger, refused, removed } = await target()
  const early = await stranger()
  await early.handshake()
  early.raw(early.sealBody(noBytes))
  await early.closed
  expect(refused).toMatchObject([{ reason: 'bad-hello' }])
  const late = await stranger()
  await late.session()
  await until(() => host.peers().length === 1)
  late.raw(late.sealBody(noBytes))
  await late.closed
  expect(removed).toMatchObject([{ ending: { failure: 'malformed' } }])
  expect(host.metrics().pendingInbound).toBe(0)
})
