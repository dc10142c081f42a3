import type { ByteStream } from '@status-stack/rlpx'
import { until } from '@status-stack/rlpx/testing'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { closeCodes, flowProtocol } from '../../src/socket.ts'
import { webSocketStream } from '../../src/stream.ts'
import { type FakeSocket, fakeSocket } from '../helpers/fake-socket.ts'

interface Watched {
  readonly stream: ByteStream
  readonly chunks: Uint8Array[]
  readonly drains: () => number
  readonly endings: unknown[]
}

function watch(socket: FakeSocket): Watched {
  const stream = webSocketStream(socket)
  const chunks: Uint8Array[] = []
  const endings: unknown[] = []
  let drains = 0
  stream.start({
    data: chunk => chunks.push(chunk),
    drain: () => drains++,
    closed: error => endings.push(error)
  })
  return { stream, chunks, drains: () => drains, endings }
}

const data = (...bytes: number[]): Uint8Array => Uint8Array.of(0, ...bytes)

test('write takes the bytes as they are at the call, in messages of 64 KiB at most', () => {
  const socket = fakeSocket()
  const { stream } = watch(socket)
  const bytes = new Uint8Array(150_000).fill(5)
  stream.write(bytes)
  bytes.fill(9)
  expect(socket.sent.map(({ length }) => length)).toEqual([65_536, 65_536, 18_928])
  expect(socket.sent.every(message => message.every(byte => byte === 5))).toBe(true)
})

test('write says wait at the window, holds the rest, and goes on when the network has taken some', () => {
  const socket = fakeSocket()
  const { stream, drains } = watch(socket)
  socket.buffered = limits.writeWindowBytes
  expect(stream.write(Uint8Array.of(1))).toBe(false)
  expect(socket.sent).toEqual([])
  expect(stream.pendingBytes()).toBe(limits.writeWindowBytes + 1)
  socket.progress()
  expect(drains()).toBe(0)
  socket.buffered = 0
  socket.progress()
  expect(socket.sent).toEqual([Uint8Array.of(1)])
  expect(drains()).toBe(1)
})

test('H-4 with flow control write waits for credit, although the network takes everything', () => {
  const socket = fakeSocket(flowProtocol)
  const { stream, drains } = watch(socket)
  expect(stream.write(new Uint8Array(limits.flowWindowBytes))).toBe(true)
  expect(stream.write(Uint8Array.of(7))).toBe(false)
  const before = socket.sent.length
  socket.receive(Uint8Array.of(1, 0, 0, 0, 1))
  expect(socket.sent.slice(before)).toEqual([data(7)])
  expect(drains()).toBe(1)
})

test('H-4 a reader that pauses gets nothing and gives no credit; then it gets everything in order', async () => {
  const socket = fakeSocket(flowProtocol)
  const { stream, chunks } = watch(socket)
  stream.pause()
  const piece = new Uint8Array(1 + limits.flowWindowBytes / 8)
  for (let i = 0; i < 8; i++) socket.receive(piece.map((_, at) => (at === 1 ? i : 0)))
  expect(chunks).toEqual([])
  expect(socket.sent).toEqual([])
  stream.resume()
  await until(() => chunks.length === 8)
  expect(chunks.map(chunk => chunk[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(socket.sent).toHaveLength(4)
})

test.each([
  ['text', '', undefined, closeCodes.textReceived],
  ['an empty message', '', new Uint8Array(0), closeCodes.brokenRule],
  ['a message over the limit', '', new Uint8Array(limits.messageBytes + 1), closeCodes.tooLarge],
  ['credit that was not asked for', flowProtocol, Uint8Array.of(1, 0, 0, 0, 1), closeCodes.brokenRule]
])('%s closes, the other side is told with which kind of rule', async (_, protocol, message, code) => {
  const socket = fakeSocket(protocol)
  const { endings, chunks } = watch(socket)
  socket.receive(message)
  expect(socket.closes.map(close => close.code)).toEqual([code])
  await until(() => endings.length === 1)
  expect(endings[0]).toMatchObject({ origin: 'peer' })
  socket.receive(Uint8Array.of(0, 1))
  socket.closedByOther({ code: 1000, reason: '' })
  expect(chunks).toEqual([])
  expect(endings).toHaveLength(1)
})

test.each([
  ['bytes', limits.messageBytes],
  ['messages, however small', 1]
])('where receiving cannot be stopped, unread %s are bounded', (_, length) => {
  const socket = fakeSocket()
  const { stream } = watch(socket)
  stream.pause()
  const message = new Uint8Array(length)
  const most = Math.floor(limits.unreadBytes / (length + limits.messageOverheadBytes))
  for (let i = 0; i < most; i++) socket.receive(message)
  expect(socket.closes).toEqual([])
  socket.receive(message)
  expect(socket.closes).toEqual([{ code: closeCodes.tooLarge, reason: 'too-large' }])
})

test('with flow control unread messages are bounded by what they cost, and a window of the smallest frames passes', () => {
  const honest = fakeSocket(flowProtocol)
  watch(honest).stream.pause()
  const frame = new Uint8Array(1 + 64)
  for (let sent = 0; sent < limits.flowWindowBytes; sent += 64) honest.receive(frame)
  expect(honest.closes).toEqual([])
  const hostile = fakeSocket(flowProtocol)
  watch(hostile).stream.pause()
  for (let i = 0; i < limits.unreadBytes / limits.messageOverheadBytes; i++) hostile.receive(data(1))
  expect(hostile.closes).toEqual([{ code: closeCodes.tooLarge, reason: 'too-large' }])
})

test('with flow control unread bytes are bounded by the window', () => {
  const socket = fakeSocket(flowProtocol)
  const { stream } = watch(socket)
  stream.pause()
  const message = new Uint8Array(1 + limits.flowWindowBytes / 8)
  for (let i = 0; i < 8; i++) socket.receive(message)
  expect(socket.closes).toEqual([])
  socket.receive(data(1))
  expect(socket.closes).toEqual([{ code: closeCodes.tooLarge, reason: 'too-large' }])
})

test('the last words of the other side are read before its Close counts', async () => {
  const socket = fakeSocket()
  const { stream, chunks, endings } = watch(socket)
  stream.pause()
  socket.receive(Uint8Array.of(1))
  socket.closedByOther({ code: 4000, reason: 'bad-mac' })
  expect(stream.write(Uint8Array.of(1))).toBe(false)
  stream.resume()
  await until(() => endings.length === 1)
  expect(chunks).toEqual([Uint8Array.of(1)])
  expect(endings[0]).toMatchObject({ code: 'network', details: { code: 4000, why: 'bad-mac' } })
})

test('a reason in words of the other side is not repeated', () => {
  const socket = fakeSocket()
  const { endings } = watch(socket)
  socket.closedByOther({ code: 4000, reason: 'Visit https://example.org now' })
  expect(String(endings[0])).not.toContain('example')
  expect(endings[0]).toMatchObject({ details: { code: 4000 } })
})

test('end sends what waits before it closes; destroy closes at once and says why, or cuts a line that takes nothing', async () => {
  const ending = fakeSocket()
  const ended = watch(ending)
  ending.buffered = limits.writeWindowBytes
  ended.stream.write(Uint8Array.of(1))
  ended.stream.end()
  expect(ending.closes).toEqual([])
  ending.buffered = 0
  ending.progress()
  expect(ending.sent).toEqual([Uint8Array.of(1)])
  expect(ending.closes[0]).toEqual({ code: closeCodes.normal, reason: '' })

  const broken = fakeSocket()
  const destroyed = watch(broken)
  destroyed.stream.destroy('bad-mac')
  destroyed.stream.destroy('again')
  expect(broken.closes).toEqual([{ code: closeCodes.session, reason: 'bad-mac' }])
  await until(() => destroyed.endings.length === 1)

  const stuck = fakeSocket()
  const cut = watch(stuck)
  stuck.buffered = 1
  cut.stream.destroy('timeout')
  expect(stuck.closes).toEqual([])
  expect(stuck.isTerminated()).toBe(true)
})
