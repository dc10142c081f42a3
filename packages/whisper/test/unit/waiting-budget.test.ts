import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { createDeliveryQueue } from '../../src/filters/delivery-queue.ts'
import { createWaitingBudget } from '../../src/filters/waiting-budget.ts'
import { limits } from '../../src/limits.ts'
import { sealMessage } from '../../src/message/wrap.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import { handPeer, node, place, symmetricKey, time, topic } from '../support.ts'

const key = { kind: 'symmetric' as const, key: symmetricKey }
const quiet = Uint8Array.of(7, 7, 7, 0)
const megabyte = 1_000_000
/** A message of the largest size holds this much while it waits; less than another 300 bytes of padding. */
const most = Math.ceil(limits.waitingMessageBytes / megabyte)

function large(at: Uint8Array, number: number): Uint8Array {
  const payload = new Uint8Array(megabyte)
  payload[0] = number
  const data = sealMessage({ payload, key }, createSeededRandom(`large ${number}`))
  return encodeMessages([encodeEnvelope({ expiry: 1_600_000_100, ttl: 100, topic: at, data, nonce: 0n })])
}

test('what waits in filters is bounded in bytes, and a flooded one loses its own', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { poolMaxBytes: 2 ** 30, rateLimitWorkPerPeer: 0 })
  await whisper.start()
  const [flooded, other] = [topic, quiet].map(at => whisper.filters.add({ key, topics: [at] }))
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await peer.send(packetCodes.messages, large(quiet, 0))
  for (let i = 1; i <= most + 3; i++) await peer.send(packetCodes.messages, large(topic, i))
  await clock.settle()
  const got = whisper.filters.messages(flooded ?? '') ?? []
  expect(got.length * megabyte).toBeLessThanOrEqual(limits.waitingMessageBytes - megabyte)
  expect(got.length * megabyte).toBeGreaterThan(limits.waitingMessageBytes - 3 * megabyte)
  expect(got.at(-1)?.payload[0]).toBe(most + 3)
  expect(whisper.filters.messages(other ?? '')).toHaveLength(1)
  // What was polled counts no more.
  await peer.send(packetCodes.messages, large(topic, 0))
  await clock.settle()
  expect(whisper.filters.messages(flooded ?? '')).toHaveLength(1)
  await whisper.stop()
})

test('a subscription that holds many bytes makes its links wait, however few messages they are', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { rateLimitWorkPerPeer: 0 })
  await whisper.start()
  const subscription = whisper.subscribe(place().interest)
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  const full = Math.ceil(limits.fullQueueBytes / megabyte)
  for (let i = 0; i < full + 3; i++) await peer.send(packetCodes.messages, large(topic, i))
  await clock.settle()
  expect(whisper.info().messages).toBe(full)
  // Room for one: the link goes on until there is none again.
  for await (const { payload } of subscription) {
    expect(payload[0]).toBe(0)
    await clock.settle()
    expect(whisper.info().messages).toBe(full + 1)
    break
  }
  await whisper.stop()
})

test('of several shares the largest gives way, and what is over counts no more', () => {
  const budget = createWaitingBudget(100)
  const dropped: string[] = []
  const waiting = { a: [60], b: [30] }
  const open = (name: 'a' | 'b') => {
    const share = budget.open(() => {
      const oldest = waiting[name].shift()
      if (oldest === undefined) return false
      dropped.push(`${name} ${oldest}`)
      share.remove(oldest)
      return true
    })
    return share
  }
  const [a, b] = [open('a'), open('b')]
  a.add(60)
  b.add(30)
  expect(dropped).toEqual([])
  waiting.b.push(20)
  b.add(20)
  expect(dropped).toEqual(['a 60'])
  expect(budget.bytes()).toBe(50)
  b.clear()
  expect(budget.bytes()).toBe(0)
  // Nothing is left that could go.
  a.add(101)
  expect(budget.bytes()).toBe(101)
})

test('a queue that was closed counts no more, and keeps what it has for its reader', async () => {
  const { clock, scheduler } = time()
  const budget = createWaitingBudget(100)
  const queue = createDeliveryQueue<number>({
    max: 10,
    sizeOf: item => item,
    budget,
    clock,
    scheduler,
    onDropped: () => undefined,
    onRoom: () => undefined,
    onReturn: () => undefined
  })
  queue.push(10)
  queue.hold()
  queue.push(20)
  expect(budget.bytes()).toBe(30)
  queue.close()
  expect(budget.bytes()).toBe(0)
  const rest: number[] = []
  for await (const item of queue.reader) rest.push(item)
  expect(rest).toEqual([10, 20])
  expect(budget.bytes()).toBe(0)
})
