import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTimeSlicer, scanJsonCalls, scanJsonCallsSliced } from '../../src/index.ts'

const bounds = { maxDepth: 16, maxValues: 1000, maxCalls: 10 }
const unbounded = { maxDepth: 1e9, maxValues: 1e9 }
const idsOf = (json: string) => [...scanJsonCalls(json, bounds).ids]

describe('the ids of calls', () => {
  test.each([
    ['{"id":9007199254740993,"method":"chats"}', [[0, '9007199254740993']]],
    ['{"method":"chats","id" :\n 1.0}', [[0, '1.0']]],
    ['{"id":-1e400}', [[0, '-1e400']]],
    ['{"id":"9007199254740993"}', [[0, '"9007199254740993"']]],
    ['{"id":"\\\\"}', [[0, '"\\\\"']]],
    ['{"id":null}', [[0, 'null']]],
    ['{"id":true }', [[0, 'true']]],
    ['{"id":1,"id":"te\\"xt"}', [[0, '"te\\"xt"']]],
    ['{"id":1,"id":{"id":2}}', []],
    ['{"id":1,"id":[2]}', []],
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
            id: fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
            params: fc.json()
          })
        ),
        calls => {
          const json = JSON.stringify(calls, undefined, calls.length % 3)
          const parsed = JSON.parse(json) as { id: unknown }[]
          expect([...scanJsonCalls(json, unbounded).ids]).toEqual(
            parsed.map(({ id }, index) => [index, JSON.stringify(id)])
          )
        }
      )
    )
  })

  test('of a batch beyond maxCalls are not kept', () => {
    const json = `[${Array.from({ length: 100 }, (_, id) => `{"id":${id}}`).join()}]`
    expect(scanJsonCalls(json, bounds).ids.size).toBe(bounds.maxCalls)
  })
})

test('any text is looked through without an error, and alike in slices', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'[]{}",:\\ id1\n') })
  await fc.assert(
    fc.asyncProperty(text, async json => {
      expect(await scanJsonCallsSliced(json, bounds)).toEqual(scanJsonCalls(json, bounds))
    })
  )
})

test('other work has its turns while a long text is looked through', async () => {
  let turns = 0
  const slicer = createTimeSlicer({
    budgetMs: 0,
    nextTurn: callback =>
      void setImmediate(() => {
        turns++
        callback()
      })
  })
  const json = `{"id":7,"params":[${'1,'.repeat(500_000)}1]}`
  expect(await scanJsonCallsSliced(json, unbounded, slicer)).toEqual(scanJsonCalls(json, unbounded))
  expect(turns).toBeGreaterThan(50)
})

describe('bounds', () => {
  const exceeds = (json: string) => scanJsonCalls(json, bounds).exceeds
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  test('depth', () => {
    expect(exceeds(nested(bounds.maxDepth))).toBe(undefined)
    expect(exceeds(nested(bounds.maxDepth + 1))).toBe('depth')
    expect(exceeds(`{"a":${'{"a":'.repeat(bounds.maxDepth)}`)).toBe('depth')
    expect(exceeds(`"${nested(100)}"`)).toBe(undefined)
  })

  test('calls of a batch', () => {
    const calls = (count: number) => `[${Array.from({ length: count }, () => '{}').join()}]`
    expect(exceeds(calls(bounds.maxCalls))).toBe(undefined)
    expect(exceeds(calls(bounds.maxCalls + 1))).toBe('calls')
  })

  test('number of values, whatever they are', () => {
    const list = (item: string, count: number) => `{"a":[${Array.from({ length: count }, () => item).join(',')}]}`
    for (const item of ['1', '""', '"a":1']) {
      expect(exceeds(list(item, bounds.maxValues - 1)), item).toBe(undefined)
      expect(exceeds(list(item, bounds.maxValues)), item).toBe('values')
    }
    for (const item of ['[]', '{}']) expect(exceeds(list(item, bounds.maxValues / 2)), item).toBe('values')
  })
})
