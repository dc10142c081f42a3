import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { scanRequest } from '../../src/request-text.ts'

const idsOf = (json: string) => [...scanRequest(json).ids]

describe('the ids of a call', () => {
  test.each([
    ['{"id":9007199254740993,"method":"chats"}', [[0, '9007199254740993']]],
    ['{"method":"chats","id" :\n 1.0}', [[0, '1.0']]],
    ['{"id":-1e400}', [[0, '-1e400']]],
    ['{"id":"9007199254740993"}', [[0, '"9007199254740993"']]],
    ['{"id":null}', []],
    ['{"id":1,"id":"te\\"xt"}', [[0, '"te\\"xt"']]],
    ['{"id":1,"id":{"id":2}}', []],
    ['{"id":"text","id":2}', [[0, '2']]],
    ['{"\\u0069d":12345678901234567890}', [[0, '12345678901234567890']]],
    ['{"params":{"id":5},"method":"id"}', []],
    ['{"params":["id",5],"x":"\\"id\\":7"}', []],
    [
      ' [{"id":1},{"params":[{"id":8},9]},5,{"id":20000000000000000003}]',
      [
        [0, '1'],
        [3, '20000000000000000003']
      ]
    ]
  ])('%s', (json, expected) => {
    expect(idsOf(json)).toEqual(expected)
  })

  test('are those that the parser finds, in any JSON', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            id: fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
            params: fc.json()
          })
        ),
        calls => {
          const json = JSON.stringify(calls, undefined, calls.length % 3)
          const { ids } = scanRequest(json, { callDepth: 1e9, callValues: 1e9 })
          const parsed = JSON.parse(json) as { id: unknown }[]
          expect([...ids]).toEqual(parsed.map(({ id }, index) => [index, JSON.stringify(id)]))
        }
      )
    )
  })

  test('any text is looked through without an error', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:\\ id1\n') }), text => void scanRequest(text)))
  })
})

describe('bounds before the parse', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  test('depth', () => {
    expect(scanRequest(nested(limits.callDepth)).tooMuch).toBe(undefined)
    expect(scanRequest(nested(limits.callDepth + 1)).tooMuch).toBe('values')
    expect(scanRequest(`{"a":${'{"a":'.repeat(limits.callDepth)}`).tooMuch).toBe('values')
    expect(scanRequest(`"${nested(100)}"`).tooMuch).toBe(undefined)
  })

  test('calls of a batch', () => {
    const calls = (count: number) => `[${Array.from({ length: count }, () => '{}').join()}]`
    expect(scanRequest(calls(limits.batchCalls)).tooMuch).toBe(undefined)
    expect(scanRequest(calls(limits.batchCalls + 1)).tooMuch).toBe('calls')
  })

  test('number of values, whatever they are', () => {
    const list = (item: string, count: number) => `{[${Array.from({ length: count }, () => item).join(',')}]}`
    for (const item of ['1', '""', '[]', '{}', '"a":1']) {
      expect(scanRequest(list(item, limits.callValues / 2 - 2)).tooMuch, item).toBe(undefined)
      expect(scanRequest(list(item, limits.callValues + 1)).tooMuch, item).toBe('values')
    }
  })
})
