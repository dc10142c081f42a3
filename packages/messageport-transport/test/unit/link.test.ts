import { getEventListeners } from 'node:events'
import type { Packet } from '@status-stack/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits, MessagePortError, messagePortLink, type PortLike } from '../../src/index.ts'
import { createWindow } from '../../src/window.ts'

const other = { peerId: 'b'.repeat(64) }

/** A port of which the test plays the other end. */
function scripted() {
  const posted: unknown[] = []
  let closed = 0
  const port: PortLike = {
    onmessage: null,
    postMessage: (message: unknown) => void posted.push(message),
    close: () => void closed++
  }
  const say = (data: unknown): void => port.onmessage?.call(port as MessagePort, { data } as MessageEvent)
  return { port, posted, say, closed: () => closed }
}

async function collect(packets: AsyncIterable<Packet>): Promise<readonly Packet[]> {
  const got: Packet[] = []
  for await (const packet of packets) got.push(packet)
  return got
}

describe('what is no packet ends the link', () => {
  test.each<[string, unknown]>([
    ['a text', 'hello'],
    ['nothing', null],
    ['a code that is no integer', { code: 1.5, payload: new Uint8Array() }],
    ['a payload that is no bytes', { code: 1, payload: 'text' }],
    ['bytes that both ends share', { code: 1, payload: new Uint8Array(new SharedArrayBuffer(8)) }],
    [
      'a short view of a long buffer',
      { code: 1, payload: new Uint8Array(new ArrayBuffer(limits.payloadBytes + 1), 0, 1) }
    ],
    ['more taken than was sent', { taken: 1 }],
    ['a taken that is no number', { taken: 'all' }]
  ])('%s', async (_, data) => {
    const { port, say, closed } = scripted()
    const link = messagePortLink(port, other)
    say({ code: 1, payload: Uint8Array.of(7) })
    say(data)
    expect(await collect(link.packets())).toEqual([{ code: 1, payload: Uint8Array.of(7) }])
    expect(closed()).toBe(1)
    await expect(link.send(1, Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-closed', origin: 'environment' })
  })
})

test('an end that ignores the window is held to windowBytes and one packet', () => {
  const { port, say, closed } = scripted()
  messagePortLink(port, other)
  const packet = { code: 1, payload: new Uint8Array(1 << 16) }
  let said = 0
  for (; closed() === 0 && said < 1000; said++) say(packet)
  expect(said * packet.payload.length).toBeLessThanOrEqual(limits.windowBytes + 2 * packet.payload.length)
})

test('empty packets count too', () => {
  const { port, say, closed } = scripted()
  messagePortLink(port, other)
  let said = 0
  for (; closed() === 0 && said < 1_000_000; said++) say({ code: 1, payload: new Uint8Array() })
  expect(said).toBeLessThanOrEqual(limits.windowBytes / limits.packetOverheadBytes + 2)
})

test('the reader tells the sender what it has taken, so that more can come', async () => {
  const { port, posted, say } = scripted()
  const reader = messagePortLink(port, other).packets()[Symbol.asyncIterator]()
  say({ code: 1, payload: new Uint8Array(100) })
  await reader.next()
  expect(posted).toEqual([{ taken: 100 + limits.packetOverheadBytes }])
})

test('a packet longer than the window goes alone; one that is too long is refused', async () => {
  const { port, posted } = scripted()
  const link = messagePortLink(port, other)
  await link.send(1, new Uint8Array(2 * limits.windowBytes))
  expect(posted).toHaveLength(1)
  await expect(link.send(1, new Uint8Array(limits.payloadBytes + 1))).rejects.toMatchObject({ code: 'too-large' })
})

test('the end of a port is noticed where ports tell of it', async () => {
  const { port1, port2 } = new MessageChannel()
  const link = messagePortLink(port1, other)
  port2.close()
  expect(await collect(link.packets())).toEqual([])
})

test.each<[string, () => unknown]>([
  ['a port that is none', () => messagePortLink({} as PortLike, other)],
  ['options without a peer id', () => messagePortLink(scripted().port, {} as typeof other)],
  ['no message ids', () => messagePortLink(scripted().port, { ...other, codes: 0 })]
])('%s is refused', (_, make) => {
  const error = (() => {
    try {
      make()
    } catch (caught) {
      return caught
    }
  })()
  expect(MessagePortError.is(error) && error.code).toBe('invalid-argument')
})

test('the window: never more than its size on the way, in order, nothing forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 40 }),
      fc.array(fc.nat({ max: 10 }), { minLength: 1, maxLength: 40 }),
      async (sizes, turns) => {
        const window = createWindow(100)
        const onWay: number[] = []
        const order: number[] = []
        const all = sizes.map((size, index) =>
          window.acquire(size).then(() => {
            onWay.push(size)
            order.push(index)
            const sum = onWay.reduce((a, b) => a + b, 0)
            expect(sum <= 100 || onWay.length === 1).toBe(true)
          })
        )
        for (let turn = 0; order.length < sizes.length || onWay.length > 0; turn++) {
          await Promise.resolve()
          for (let n = 1 + (turns[turn % turns.length] ?? 0); n > 0; n--) {
            const size = onWay.shift()
            if (size !== undefined) expect(window.release(size)).toBe(true)
          }
        }
        await Promise.all(all)
        expect(order).toEqual(sizes.map((_, index) => index))
      }
    )
  )
})

test('who leaves the queue lets the next one go', async () => {
  const window = createWindow(10)
  await window.acquire(10)
  const leaving = new AbortController()
  const first = window.acquire(20, leaving.signal)
  const second = window.acquire(1)
  leaving.abort(new Error('changed my mind'))
  await expect(first).rejects.toThrow('changed my mind')
  expect(window.release(9)).toBe(true)
  await second
})

test('many who wait under one signal are one listener, and leave none behind', async () => {
  const window = createWindow(10)
  const { signal } = new AbortController()
  await window.acquire(10)
  const waiting = Array.from({ length: 20 }, () => window.acquire(1, signal))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  window.release(10)
  window.end()
  await Promise.all(waiting)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})
