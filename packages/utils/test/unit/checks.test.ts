import { describe, expect, test } from 'vitest'
import { type ArgumentChecks, argumentIn, createArgumentChecks } from '../../src/index.ts'

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

describe('options', () => {
  const known = ['minPow', 'maxPeers', 'bloom']
  test('with names that there are pass, and what says nothing is passed over', () => {
    check.options('options', {}, known)
    check.options('options', { minPow: 1, nothing: undefined }, known)
    check.options('options', Object.create({ inherited: 1 }), known)
  })
  test.each([
    ['minPoW', 'options: no option is called minPoW; did you mean minPow?', 'minPoW'],
    ['maxPeer', 'options: no option is called maxPeer; did you mean maxPeers?', 'maxPeer'],
    ['timeout', 'options: no option is called timeout; there are minPow, maxPeers, bloom', 'timeout'],
    ['a text, which may be a secret', 'options: no option is called so; there are minPow, maxPeers, bloom', 'so']
  ])('the name %s is refused', (name, message, argument) => {
    expect(() => check.options('options', { [name]: 1 }, known)).toThrow(
      expect.objectContaining({ message, details: { argument } })
    )
  })
  test.each([[null], [[]], [7], ['x'], [new Uint8Array(3)]])('%o is no object of options', value => {
    expect(() => check.options('options', value, known)).toThrow(/^options: expected an object, got /)
  })
})

test('ports may be absent, and are whole where they are not', () => {
  const functions = { clock: ['nowMs'], logger: ['warn', 'error'] }
  check.ports({}, functions)
  check.ports({ clock: { nowMs: () => 1 }, logger: console, other: 7 }, functions)
  expect(() => check.ports({ clock: null }, functions)).toThrow('clock: expected an object, got null')
  expect(() => check.ports({ clock: { now: Date.now } }, functions)).toThrow(
    'clock.nowMs: expected a function, got nothing'
  )
  expect(() => check.ports({ logger: { warn: () => {} } }, functions)).toThrow('logger.error: expected a function')
})

test('a signal of another realm is one, what merely looks like a controller is none', () => {
  check.signal('signal', undefined)
  check.signal('signal', AbortSignal.abort())
  check.signal('signal', { aborted: false, addEventListener: () => {} })
  for (const value of [null, 'abort', {}, new AbortController()])
    expect(() => check.signal('signal', value)).toThrow(/^signal: expected an AbortSignal, got /)
})

test('a choice that is nearly right is told what was probably meant, and a secret in its place is not shown', () => {
  const modes = ['batch', 'interactive']
  expect(() => check.oneOf('mode', 'interactiv', modes)).toThrow(
    "mode: expected 'batch', 'interactive', got a value of type string; did you mean 'interactive'?"
  )
  expect(() => check.oneOf('mode', 'correct horse battery', modes)).toThrow(/got a value of type string$/)
})

test('a range without an end says so', () => {
  expect(() => check.number('minPow', -1, 0, Number.MAX_VALUE)).toThrow(
    'minPow: expected a number of at least 0, got -1'
  )
  expect(() => check.integer('seq', 0.5, 1, Number.MAX_SAFE_INTEGER)).toThrow(
    'seq: expected an integer of at least 1, got 0.5'
  )
})

test('what a sentence is about is read from its beginning', () => {
  expect(argumentIn('listen.port: expected an integer')).toEqual({ argument: 'listen.port' })
  expect(argumentIn('peers[3]: expected a text')).toEqual({ argument: 'peers[3]' })
  expect(argumentIn('the range ends before it begins: no')).toEqual({})
})
