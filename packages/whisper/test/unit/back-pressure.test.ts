import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { sealMessage } from '../../src/message/wrap.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createAnswerBudget } from '../../src/relay/answer-budget.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import { collect, type HandPeer, handPeer, node, peerIdOf, place, symmetricKey, time, topic } from '../support.ts'

const now = 1_600_000_000
const status = encodeStatus({ minPow: 0, light: false, confirmations: true })
const random = createSeededRandom('back-pressure')
const quiet = Uint8Array.of(7, 7, 7, 0)

function message(number: number, at: Uint8Array = topic): Uint8Array {
  const key = { kind: 'symmetric' as const, key: symmetricKey }
  const data = sealMessage({ payload: Uint8Array.of(number), key }, random)
  return encodeMessages([encodeEnvelope({ expiry: now + 100, ttl: 100, topic: at, data, nonce: 0n })])
}

test('a flooded chat with a slow reader delays neither other chats of other peers nor those peers themselves', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { maxQueuedMessages: 2 })
  await whisper.start()
  const flooded = whisper.subscribe(place().interest)
  const heard = collect(whisper.subscribe(place(quiet).interest))
  const [flooder, honest] = ['flooder', 'honest'].map(name => handPeer(whisper, name)) as [HandPeer, HandPeer]
  for (const peer of [flooder, honest]) await peer.send(packetCodes.status, status)
  for (let i = 0; i < 20; i++) await flooder.send(packetCodes.messages, message(i))
  await clock.settle()
  // The flood waits for its reader.
  expect(whisper.info().messages).toBe(2)
  for (let i = 0; i < 20; i++) await honest.send(packetCodes.messages, message(i, quiet))
  await clock.settle()
  // No time has passed: everything of the other peer is here.
  expect(heard.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 20 }, (_, i) => i))
  // The order within the flooded chat is that of the link.
  const got: (number | undefined)[] = []
  for await (const { payload } of flooded) {
    got.push(payload[0])
    if (got.length === 20) break
  }
  expect(got).toEqual(Array.from({ length: 20 }, (_, i) => i))
  await whisper.stop()
})

test('confirmations that wait behind a peer are bounded in bytes, for one peer', async () => {
  const clock = time()
  const whisper = node(clock, 'node')
  await whisper.start()
  let bytes = 0
  const bad = encodeMessages(
    Array.from({ length: 4000 }, (_, i) =>
      encodeEnvelope({ expiry: 1, ttl: 1, topic, data: new Uint8Array(0), nonce: BigInt(i) })
    )
  )
  let sent = 0
  const attached = whisper
    .attach({
      peerId: peerIdOf('sink'),
      flags: { static: false, trusted: false },
      packets: async function* () {
        yield { code: packetCodes.status, payload: status }
        for (; ; sent++) yield { code: packetCodes.messages, payload: bad }
      },
      send: (code, payload, { signal } = {}) => {
        if (code === packetCodes.status) return Promise.resolve()
        bytes += payload.length
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('gone'))))
      },
      close: async () => undefined
    })
    .catch((error: unknown) => error)
  await attached
  // Each packet asks for an answer of 230 KB: a handful, not a thousand.
  expect(sent).toBeLessThan(10)
  expect(bytes).toBeLessThan(limits.waitingAnswerBytes)
  expect(whisper.peers()).toEqual([])
  await whisper.stop()
})

test('over all peers, the one that makes us hold most is closed', () => {
  const budget = createAnswerBudget()
  const holder = () => ({ waitingAnswers: 0, waitingAnswerBytes: 0, abort: new AbortController() })
  const small = Array.from({ length: 100 }, holder)
  const large = Array.from({ length: 30 }, holder)
  const almost = limits.waitingAnswerBytes - 2 * limits.waitingPacketBytes
  for (const each of small) budget.add(each, 1000)
  for (const each of large) budget.add(each, almost)
  expect(small.every(({ abort }) => !abort.signal.aborted)).toBe(true)
  const open = large.filter(({ abort }) => !abort.signal.aborted)
  expect(open.length).toBeGreaterThan(0)
  for (const each of large) if (each.abort.signal.aborted) budget.remove(each, almost)
  expect(budget.bytes()).toBeLessThanOrEqual(limits.totalWaitingAnswerBytes)
  // A peer with too many small ones is closed by their number.
  const many = holder()
  for (let i = 0; i <= limits.waitingAnswers; i++) budget.add(many, 33)
  expect(many.abort.signal.aborted).toBe(true)
})
