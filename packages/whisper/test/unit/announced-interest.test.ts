import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterBloom } from '../../src/bloom.ts'
import { judgeEnvelope } from '../../src/relay/acceptance.ts'
import {
  interestAdmits,
  interestWidens,
  plainInterest,
  topicSetOf,
  topicSetOfBytes,
  topicSetOfNumbers
} from '../../src/relay/announced-interest.ts'
import { topicBytes, topicNumber } from '../../src/topic.ts'

const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const numbers = fc.array(number, { maxLength: 60 })

test('a set of topics is a set, however it was made', () => {
  fc.assert(
    fc.property(numbers, numbers, (given, more) => {
      const set = topicSetOfNumbers(given)
      const expected = new Set(given)
      expect(set.size).toBe(expected.size)
      for (const topic of [...given, ...more]) expect(set.has(topic)).toBe(expected.has(topic))
      // Ascending as bytes, so that what a node announces does not depend on the order of its subscriptions.
      const texts = set.topics().map(topic => topic.join())
      const sorted = [...expected].map(topic => topic >>> 0).sort((a, b) => a - b)
      expect(texts).toEqual(sorted.map(topic => topicBytes(topic).join()))
      const both = set.with(more)
      expect(new Set(both.topics().map(topicNumber))).toEqual(new Set([...given, ...more]))
      expect(set.size).toBe(expected.size)
      expect(topicSetOf(set.topics()).topics()).toEqual(set.topics())
    })
  )
})

test('topics are read where they lie', () => {
  const bytes = Uint8Array.of(0x84, 0xff, 2, 3, 4, 0x84, 1, 2, 3, 4, 0x84, 0xff, 2, 3, 4)
  const set = topicSetOfBytes(bytes.subarray(0), 1, 5)
  expect(set.topics()).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(0xff, 2, 3, 4)])
  expect(topicSetOfBytes(new Uint8Array(0), 1, 5).size).toBe(0)
})

const [one, two] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(0xde, 0xad, 0xbe, 0xef)]

test('topics beat a filter, and a filter of everything is none', () => {
  const topics = topicSetOf([one])
  expect(plainInterest({ bloom: filterBloom([two]), topics })).toEqual({ topics })
  for (const bloom of [new Uint8Array(0), new Uint8Array(64).fill(255)]) expect(plainInterest({ bloom })).toEqual({})
  expect(interestAdmits({ topics }, topicNumber(two))).toBe(false)
  expect(interestAdmits({ bloom: filterBloom([two]) }, topicNumber(two))).toBe(true)
  expect(interestAdmits({}, topicNumber(two))).toBe(true)
})

test('a change widens when it admits something new', () => {
  const kinds = { all: {}, one: { topics: topicSetOf([one]) }, none: { topics: topicSetOf([]) } }
  const both = { topics: topicSetOf([one, two]) }
  const [bloomOne, bloomBoth] = [{ bloom: filterBloom([one]) }, { bloom: filterBloom([one, two]) }]
  const widening = [
    [kinds.one, both],
    [kinds.one, kinds.all],
    [kinds.none, kinds.one],
    [bloomOne, both],
    [bloomOne, bloomBoth],
    [bloomOne, kinds.all],
    [kinds.one, bloomOne]
  ] as const
  for (const [before, next] of widening) expect(interestWidens(before, next)).toBe(true)
  const narrowing = [
    [kinds.all, kinds.one],
    [both, kinds.one],
    [kinds.one, kinds.none],
    [bloomBoth, kinds.one],
    [bloomBoth, bloomOne],
    [kinds.one, kinds.one]
  ] as const
  for (const [before, next] of narrowing) expect(interestWidens(before, next)).toBe(false)
})

test('with topics an envelope is judged by them, now and before the last change, and not by a filter', () => {
  const judge = (topic: Uint8Array, toleratedTopics?: ReturnType<typeof topicSetOf>) =>
    judgeEnvelope(
      { expiry: 100, ttl: 10, topic, data: new Uint8Array(4) },
      { pow: () => 1, bloom: () => filterBloom([topic]) },
      {
        minPow: 0,
        toleratedMinPow: 0,
        bloom: new Uint8Array(64),
        toleratedBloom: new Uint8Array(64),
        topics: topicSetOf([one]),
        toleratedTopics,
        maxMessageSize: 1000,
        syncAllowanceSeconds: 10
      },
      95
    )
  expect(judge(one)).toMatchObject({ kind: 'accepted' })
  expect(judge(two)).toMatchObject({ kind: 'refused', reason: 'topic-mismatch', pow: 1 })
  expect(judge(two, topicSetOf([two]))).toMatchObject({ kind: 'accepted' })
})
