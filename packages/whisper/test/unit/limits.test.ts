import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { decodeRequestPayload, encodeRequestPayload } from '../../src/mailserver/request.ts'
import { decodeMessageResponse } from '../../src/packets/confirmations.ts'
import { decodeMessages } from '../../src/packets/messages.ts'
import { joinList } from '../../src/packets/rlp-list.ts'

test('of one packet 12 only so many errors are looked at', () => {
  const error = encodeRlp([new Uint8Array(32), 1, ''])
  const errors = joinList(new Array(limits.responseErrors + 5).fill(error))
  const response = joinList([encodeRlp(1), joinList([encodeRlp(new Uint8Array(32)), errors])])
  expect(decodeMessageResponse(response)?.errors).toHaveLength(limits.responseErrors)
  const endless = joinList([
    encodeRlp(1),
    joinList([encodeRlp(new Uint8Array(32)), joinList(new Array(8 * limits.responseErrors).fill(Uint8Array.of(0xc0)))])
  ])
  expect(() => decodeMessageResponse(endless)).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
})

test('a request payload with more items than any needs is refused', () => {
  const request = (topics: number) =>
    encodeRequestPayload({
      lower: 0,
      upper: 1,
      bloom: new Uint8Array(64),
      topics: new Array(topics).fill(new Uint8Array(4)),
      limit: 1,
      cursor: new Uint8Array(0),
      batch: true
    })
  expect(decodeRequestPayload(request(1000)).topics).toHaveLength(1000)
  expect(() => decodeRequestPayload(request(limits.requestItems))).toThrow(
    expect.objectContaining({ code: 'invalid-packet' })
  )
})

test('every layout of a request payload that was ever sent is read', () => {
  const bloom = new Uint8Array(64).fill(1)
  const topic = Uint8Array.of(1, 2, 3, 4)
  const cursor = new Uint8Array(36).fill(2)
  const base = { lower: 1, upper: 2, bloom, limit: 3, cursor }
  const read = (items: Parameters<typeof encodeRlp>[0]) => decodeRequestPayload(encodeRlp(items))
  expect(read([1, 2, bloom, 3, cursor])).toEqual({ ...base, batch: false })
  expect(read([1, 2, bloom, 3, cursor, true])).toEqual({ ...base, batch: true })
  expect(read([1, 2, bloom, [topic], 3, cursor])).toEqual({ ...base, topics: [topic], batch: false })
  expect(read([1, 2, bloom, [topic], 3, cursor, true])).toEqual({ ...base, topics: [topic], batch: true })
  const refused = [
    [1, 2, bloom, 3],
    [1, 2, bloom, 3, cursor, true, 1],
    [1, 2, bloom, [topic], 3, cursor, true, 1],
    [1, 2, new Uint8Array(63), 3, cursor],
    [1, 2, bloom, [new Uint8Array(3)], 3, cursor, true],
    [2 ** 32, 2, bloom, 3, cursor]
  ]
  for (const items of refused) expect(() => read(items)).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
})

test('a packet of items too short to be envelopes is refused before they are counted', () => {
  expect(() => decodeMessages(joinList([new Uint8Array(100_000).fill(0xc0)]))).toThrow(
    expect.objectContaining({ code: 'invalid-packet' })
  )
})

test('as many of the shortest envelopes as a packet takes are packed and read', () => {
  const shortest = encodeRlp([0, 0, new Uint8Array(4), '', 0])
  expect(shortest).toHaveLength(10)
  const most = Math.floor((1 << 20) / shortest.length) - 1
  const packet = joinList(new Array(most).fill(shortest))
  expect(decodeMessages(packet)).toHaveLength(most)
})
