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

test('over all peers, the one is closed behind which many have waited for longest, not who had to wait last', () => {
  const budget = createAnswerBudget()
  const holder = () => {
    const abort = new AbortController()
    return { ...budget.open(abort), isClosed: () => abort.signal.aborted }
  }
  const almost = limits.waitingAnswerBytes - 2 * limits.waitingPacketBytes
  const small = Array.from({ length: 100 }, holder)
  for (const each of small) each.add(1000)
  const fit = Math.floor(limits.totalWaitingAnswerBytes / (almost + limits.waitingPacketBytes))
  const large = Array.from({ length: fit + 4 }, holder)
  for (const each of large.slice(0, -1)) each.add(Math.floor(almost * 0.99))
  const before = large.filter(({ isClosed }) => isClosed()).length
  // Most of all behind one that was quick until now.
  large.at(-1)?.add(almost)
  const closed = large.map(({ isClosed }) => isClosed())
  expect(small.some(({ isClosed }) => isClosed())).toBe(false)
  expect(closed).toEqual([...closed].sort().reverse())
  expect(closed.filter(Boolean).length).toBe(before + 1)
  expect(closed.at(-1)).toBe(false)
  expect(budget.bytes()).toBeLessThanOrEqual(limits.totalWaitingAnswerBytes)
  // What a closed one could not be sent is counted no more.
  const counted = budget.bytes()
  large[0]?.remove(Math.floor(almost * 0.99))
  expect(budget.bytes()).toBe(counted)
  small[0]?.remove(1000)
  expect(budget.bytes()).toBe(counted - 1000 - limits.waitingPacketBytes)
  // A peer with too many small ones is closed by their number.
  const many = holder()
  for (let i = 0; i < limits.waitingAnswers; i++) many.add(33)
  expect(many.isClosed()).toBe(false)
  many.add(33)
  expect(many.isClosed()).toBe(true)
})
