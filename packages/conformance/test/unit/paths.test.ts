import { expect, test } from 'vitest'
import { spotsOf, without } from '../../src/protocol/paths.ts'

const value = {
  topic: 'a',
  envelope: { nonce: '7' },
  frames: [{ frame: 'x' }, { other: 1 }, { frame: null }],
  keys: { "m/0'": { address: 'q' } }
}

test('a pattern means a field, each item of a list, or each name of an object', () => {
  expect(spotsOf(value, 'topic')).toEqual([{ path: 'topic', value: 'a' }])
  expect(spotsOf(value, 'envelope.nonce')).toEqual([{ path: 'envelope.nonce', value: '7' }])
  expect(spotsOf(value, 'frames[].frame')).toEqual([
    { path: 'frames[0].frame', value: 'x' },
    { path: 'frames[2].frame', value: null }
  ])
  expect(spotsOf(value, 'keys.*.address')).toEqual([{ path: "keys.m/0'.address", value: 'q' }])
})

test('what is not there is meant by nothing, and neither is what every object has', () => {
  for (const pattern of ['no', 'topic.no', 'frames.*', 'envelope[]', 'toString', '__proto__.x', 'frames[].no.more'])
    expect(spotsOf(value, pattern)).toEqual([])
})

test('a copy lacks the fields, and the original keeps them', () => {
  const rest = without(value, ['topic', 'frames[].frame', 'keys.*.address'])
  expect(rest).toEqual({ envelope: { nonce: '7' }, frames: [{}, { other: 1 }, {}], keys: { "m/0'": {} } })
  expect(value.topic).toBe('a')
})
