import { describe, expect, test } from 'vitest'
import { type ArgumentChecks, createArgumentChecks } from '../../src/index.ts'

class Refused extends Error {
  readonly details: Readonly<Record<string, string | number>>
  constructor(message: string, details: Readonly<Record<string, string | number>>) {
    super(message)
    this.details = details
  }
}

const check: ArgumentChecks = createArgumentChecks((message, details) => new Refused(message, details))
const none: readonly unknown[] = [
  undefined,
  null,
  'deadbeef',
  7,
  {},
  [1, 2],
  new Uint16Array(4),
  new ArrayBuffer(4),
  new DataView(new ArrayBuffer(4))
]

describe('bytes', () => {
  test.each(none)('%o is refused', value => {
    expect(() => check.bytes('topic', value)).toThrow(Refused)
    expect(() => check.bytes('topic', value, 4)).toThrow(/^topic: expected a Uint8Array \(4 bytes\), got /)
  })
  test('of the right length pass, a Buffer too', () => {
    check.bytes('topic', new Uint8Array(4), 4)
    check.bytes('topic', Buffer.alloc(4), { min: 1, max: 4 })
    check.bytes('topic', new Uint8Array(0))
  })
  test.each([
    [5, 4, 'topic: expected 4 bytes, got 5'],
    [5, { max: 4 }, 'topic: expected at most 4 bytes, got 5'],
    [0, { min: 1 }, 'topic: expected at least 1 bytes, got 0'],
    [9, { min: 1, max: 8 }, 'topic: expected 1 to 8 bytes, got 9']
  ] as const)('%i bytes do not pass for %o', (got, length, message) => {
    expect(() => check.bytes('topic', new Uint8Array(got), length)).toThrow(message)
  })
})

test('no refusal shows what is in a value', () => {
  for (const refuse of [
    check.bytes,
    check.integer,
    check.boolean,
    check.object,
    check.function,
    check.array
  ] as readonly ((...args: never[]) => void)[]) {
    expect(() =>
      (refuse as (name: string, value: unknown, ...rest: number[]) => void)('key', 'secret words', 0, 1)
    ).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }))
  }
})

test.each([[1.5], [-1], [11], [Number.NaN], ['5'], [undefined], [Number.POSITIVE_INFINITY]])(
  'integer: %o is refused',
  value => {
    expect(() => check.integer('count', value, 0, 10)).toThrow(/^count: expected an integer from 0 to 10, got /)
  }
)

test.each([[Number.NaN], ['1'], [null], [-0.1]])('number: %o is refused', value => {
  expect(() => check.number('pow', value, 0, 10)).toThrow(/^pow: /)
})

test('what fits passes', () => {
  check.integer('count', 10, 0, 10)
  check.number('pow', 0.5, 0, 10)
  check.text('name', 'abc', 3)
  check.boolean('on', false)
  check.function('work', () => undefined)
  check.oneOf('mode', 'batch', ['batch', 'interactive'])
  check.object('options', {})
  check.array('list', [])
})

test('texts over their length, unknown choices and missing objects are refused', () => {
  expect(() => check.text('name', 'abcd', 3)).toThrow('name: expected at most 3 characters, got 4')
  expect(() => check.oneOf('mode', 'x', ['batch', 'interactive'])).toThrow(
    "mode: expected 'batch', 'interactive', got a value of type string"
  )
  expect(() => check.object('options', undefined)).toThrow('options: expected an object, got nothing')
  expect(() => check.object('options', null)).toThrow('got null')
  expect(() => check.array('list', {})).toThrow('list: expected an array')
})
