import { hexToBytes } from '@status-stack/crypto'
import { loadVectors, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  groupId,
  messageId,
  statusGoSendEpoch
} from '../../src/index.ts'
import { alice, bob, counts, receiveAndAccept, testClock, testNode } from '../support/node.ts'

const { sections } = await loadVectors('mvds')
const section = (name: string) => {
  const cases = sections[name]
  if (cases === undefined || cases.length === 0) throw new Error(`no vectors of ${name}`)
  return cases.map(vector => [vector.name, vector] as const)
}
const hexOf = (list: readonly Uint8Array[]) => list.map(vectorHex)

describe('message_id uses the ASCII prefix and a little-endian 64-bit timestamp', () => {
  test.each(section('message_id'))('D-2 %s', (_name, vector) => {
    const message = decodeMessage(vectorBytes(vector.messageProtobuf))
    expect(message.timestamp).toBe(BigInt(vector.timestamp))
    expect(vectorHex(message.groupId)).toBe(vector.groupId)
    expect(vectorHex(message.body)).toBe(vector.body)
    expect(vectorHex(messageId(message))).toBe(vector.messageId)
    expect(vectorHex(encodeMessage(message))).toBe(vector.messageProtobuf)
  })
})

describe('group_id is symmetric in its arguments', () => {
  test.each(section('group_id'))('D-3 %s', (_name, vector) => {
    const [a, b] = [vectorBytes(vector.publicKeyA), vectorBytes(vector.publicKeyB)]
    expect(vectorHex(groupId(a, b))).toBe(vector.groupId)
    expect(vectorHex(groupId(b, a))).toBe(vector.groupId)
  })
})

describe('a payload encodes to the vector bytes', () => {
  test.each(section('payload'))('D-1 %s', (_name, vector) => {
    const payload = decodePayload(vectorBytes(vector.protobuf))
    expect(payload !== undefined).toBe(vector.isValid)
    const fields = {
      acks: vector.acks.map(vectorBytes),
      offers: vector.offers.map(vectorBytes),
      requests: vector.requests.map(vectorBytes),
      messages: vector.messages.map((message: { groupId: string; timestamp: string; body: string }) => ({
        groupId: vectorBytes(message.groupId),
        timestamp: BigInt(message.timestamp),
        body: vectorBytes(message.body)
      }))
    }
    expect(vectorHex(encodePayload(fields))).toBe(vector.protobuf)
    if (payload === undefined) return
    expect(payload).toEqual(fields)
    expect(vectorHex(encodePayload(payload))).toBe(vector.protobuf)
    expect(hexOf(payload.messages.map(messageId))).toEqual(
      vector.messages.map((message: { messageId: string }) => message.messageId)
    )
  })

  test('D-1 the example of the digest', () => {
    const message = { groupId: groupId(alice, bob), timestamp: 1_546_300_800n, body: new TextEncoder().encode('test') }
    expect(vectorHex(message.groupId)).toBe('0xdc89de8da5443321f7861e199ea4373e0ba13fd8eef1401fa3d1d8d65fff7b61')
    expect(vectorHex(messageId(message))).toBe('0x6c9fa7b767db6e03f8a1724ebbd5f78b0b7119448e8496a8e8e08fcbb380efe8')
    const payload = { acks: [messageId(message)], offers: [], requests: [], messages: [message] }
    expect(encodePayload(payload)).toEqual(
      hexToBytes(
        'cab802206c9fa7b767db6e03f8a1724ebbd5f78b0b7119448e8496a8e8e08fcbb380efe8e2b802348af70220dc89de8da5443321f7861e199ea4373e0ba13fd8eef1401fa3d1d8d65fff7b6190f70280dbaae1059af7020474657374'
      )
    )
  })
})

describe('the reference schedule of status-go', () => {
  test.each(section('send_epoch'))('%s', (_name, vector) => {
    expect(statusGoSendEpoch(vector.epoch, vector.sendCount)).toBe(vector.next)
  })
})

describe('what is handed up for a decrypted payload', () => {
  test.each(section('handle'))('D-4 %s', (_name, vector) => {
    const input = vectorBytes(vector.input)
    const payload = decodePayload(input)
    const handedUp = payload === undefined ? [input] : payload.messages.map(({ body }) => body)
    expect(hexOf(handedUp)).toEqual(vector.applicationPayloads)
  })
})

describe('exchanges of two Go nodes', () => {
  test.each(section('exchange'))('the same kinds in the same order: %s', async (name, vector) => {
    const keys = { a: vectorBytes(vector.peerA), b: vectorBytes(vector.peerB) }
    const first = decodePayload(vectorBytes(vector.payloads.at(-2).protobuf))?.messages[0]
    if (first === undefined) throw new Error('the exchange has no message')
    const clock = testClock(Number(first.timestamp) * 1000)
    const options = { mode: name === 'interactive' ? 'interactive' : 'batch' } as const
    const nodes = {
      a: testNode({ self: keys.a, clock, options }),
      b: testNode({ self: keys.b, clock, options })
    }
    await nodes.a.sync.enqueue({ peer: keys.b, body: vectorBytes(vector.body), tracking: 'one' })
    for (const step of vector.payloads) {
      const from = step.from as 'a' | 'b'
      const to = from === 'a' ? 'b' : 'a'
      await nodes[from].sync.tick()
      const sent = nodes[from].sent.shift()
      if (sent === undefined) throw new Error(`nothing was sent by ${from}`)
      // The Go node in interactive mode repeats its offer beside the message; ours has replaced it by then.
      const { messages, offers, ...rest } = step.counts
      expect(counts(sent.payload)).toEqual({ ...rest, messages, offers: messages > 0 ? 0 : offers })
      if (messages === 0 || offers === 0) expect(vectorHex(sent.bytes)).toBe(step.protobuf)
      await receiveAndAccept(nodes[to].sync, keys[from], sent.bytes)
    }
    expect(nodes.a.facts.map(({ outcome }) => outcome)).toEqual(['acknowledged'])
  })

  test.each(section('exchange'))('their payloads are understood: %s', async (_name, vector) => {
    const keys = { a: vectorBytes(vector.peerA), b: vectorBytes(vector.peerB) }
    const node = testNode({ self: keys.b, options: { mode: 'interactive' } })
    const bodies: string[] = []
    for (const step of vector.payloads) {
      if (step.from !== 'a') continue
      const received = await node.sync.receive(keys.a, vectorBytes(step.protobuf))
      if (received.kind === 'payload') bodies.push(...received.bodies.map(({ body }) => vectorHex(body)))
    }
    expect(bodies).toEqual([vector.body])
  })
})
